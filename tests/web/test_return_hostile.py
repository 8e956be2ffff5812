"""What strangers and slips send to a return: words too long, shapes that are none, two who write remarks, presses done twice."""

import json
import re
from html import unescape
from io import BytesIO

import pytest
from PIL import Image

from seminar.lib.database import db
from seminar.planning.models import UnitLink
from seminar.statistics.models import Period, ReturnDraft, ReturnVersion, Ruling, Sheet, SignedScan
from tests import cast
from tests.web.returning import add_period, cells, units

SCRIPT = {"Accept": "application/json", "HX-Request": "true"}
LONG = "dài " * 300_000


@pytest.fixture
def links(app, office):
    """(address of the first unit's return, of the second's, id of the period)."""
    office.post(f"/seminars/{cast.SLUG}/units/links")
    with app.app_context():
        period = add_period(cast.find_seminar())
        db.session.commit()
        codes = [db.session.scalars(db.select(UnitLink.code).filter_by(unit_id=one.id)).one() for one in units()]
        return f"/u/{codes[0]}/returns/{period.id}", f"/u/{codes[1]}/returns/{period.id}", period.id


@pytest.fixture
def here(links):
    return links[0]


def typed(revision=0, base=None, remarks="", **more):
    return {"revision": str(revision), "base": json.dumps(base or {}), "remarks": remarks} | more


def keep(client, here, *said, **more):
    return client.post(f"{here}/draft", data=typed(*said, **more), headers=SCRIPT)


def send_both(visitor, links):
    for here in links[:2]:
        keep(visitor, here, **cells(prefix="cell."))
        assert visitor.post(f"{here}/versions", data={"revision": "1"}).status_code == 303


def photo():
    out = BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return out.getvalue()


def attach(client, here, content, name="ban-ky.png"):
    return client.post(f"{here}/versions/1/scans", data={"file": (BytesIO(content), name)})


def remarks(app):
    with app.app_context():
        return db.session.scalars(db.select(ReturnDraft.remarks)).one()


def test_remarks_that_are_too_long_are_told_and_not_cut(app, visitor, here):
    answer = keep(visitor, here, 0, {}, LONG, **{"cell.2021.members": "5"})
    assert answer.status_code == 422
    assert "1.199.999 ký tự" in answer.json["problem"]
    plain = visitor.post(f"{here}/draft", data=typed(0, {}, "x" * 2001, **{"cell.2021.members": "5"}))
    assert plain.status_code == 422
    assert "x" * 2001 in plain.text
    assert 'value="5"' in plain.text
    assert keep(visitor, here, 0, {}, "x\r\n" * 667 + "\0"[:0]).status_code == 200
    assert len(remarks(app)) == 667 * 2 - 1


def test_a_refused_page_still_merges_what_others_saved(app, visitor, here):
    keep(visitor, here, **{"cell.2021.quota": "7"})
    page = visitor.post(f"{here}/draft", data=typed(0, {}, "x" * 2001, **{"cell.2021.members": "5"})).text
    base = unescape(re.search(r'name="base" value="(.*?)"', page)[1])
    revision = re.search(r'name="revision" value="(\d+)"', page)[1]
    form = {"revision": revision, "base": base, "remarks": "x", "cell.2021.members": "5"}
    assert visitor.post(f"{here}/draft", data=form).status_code == 303
    with app.app_context():
        assert db.session.scalars(db.select(ReturnDraft.cells)).one() == {"2021.quota": "7", "2021.members": "5"}


def test_reasons_that_are_too_long_are_told_and_not_cut(app, visitor, office, links):
    send_both(visitor, links)
    here = links[0]
    keep(visitor, here, 1, {}, "", **(cells(prefix="cell.") | {"cell.2021.members": "13000"}))
    answer = visitor.post(f"{here}/versions", data={"revision": "2", "reason": LONG})
    assert answer.status_code == 422
    assert "tối đa 500" in answer.text
    assert LONG[:600] in answer.text
    with app.app_context():
        unit = units()[0].id
    ruling = f"/seminars/{cast.SLUG}/statistics/periods/{links[2]}/units/{unit}/versions/1/ruling"
    answer = office.post(ruling, data={"kind": "returned", "seen": "1", "reason": LONG})
    assert answer.status_code == 422
    assert "tối đa 500" in answer.text
    with app.app_context():
        assert db.session.query(ReturnVersion).count() == 2
        assert db.session.query(Ruling).count() == 0


def test_remarks_of_two_who_type_are_both_kept(app, visitor, here):
    """A page that only looks, or types into a cell, sends the remarks it showed along."""
    shown = visitor.get(here)
    assert '"remarks": ""' in unescape(shown.text)
    began = {"remarks": ""}
    assert keep(visitor, here, 0, began, "từ An").json["remarks"] == "từ An"
    looked = keep(visitor, here, 0, began, "", **{"cell.2021.members": "5"})
    assert (looked.status_code, looked.json["remarks"]) == (200, "từ An")
    again = keep(visitor, here, 2, {"2021.members": "5"} | began, "", **{"cell.2021.members": "5"})
    assert again.json["remarks"] == "từ An"
    both = keep(visitor, here, 0, {"2021.members": "5"} | began, "từ Bình", **{"cell.2021.members": "5"})
    assert both.json["remarks"] == "từ An\ntừ Bình"
    taken = keep(visitor, here, 3, both.json["cells"] | {"remarks": "từ An\ntừ Bình"}, "", **{"cell.2021.members": "5"})
    assert taken.json["remarks"] == ""


def test_remarks_outlast_a_conflict_about_a_cell(app, visitor, here):
    keep(visitor, here, 0, {"remarks": ""}, "từ An", **{"cell.2021.members": "5"})
    page = visitor.post(f"{here}/draft", data=typed(0, {"remarks": ""}, "từ Bình", **{"cell.2021.members": "6"}))
    assert page.status_code == 409
    base = unescape(re.search(r'name="base" value="(.*?)"', page.text)[1])
    form = {"revision": "1", "base": base, "remarks": "từ Bình", "cell.2021.members": "6"}
    assert visitor.post(f"{here}/draft", data=form).status_code == 303
    assert remarks(app) == "từ An\ntừ Bình"


@pytest.mark.parametrize(
    "base",
    [
        "[]",
        "5",
        '"x"',
        "[" * 5000,
        '{"2021.members":' + "[" * 940 + "]" * 940 + "}",
        '{"remarks": [1], "2021.members": {}}',
    ]
    + ['{"2021.members": %s}' % ("9" * 5000), '{"2021.members": NaN}', '{"a": "\\ud800", "remarks": "\\ud800"}'],
)
def test_a_base_of_any_shape_is_no_error_and_loses_nothing(app, visitor, here, base):
    keep(visitor, here, 0, {"remarks": ""}, "từ An", **{"cell.2021.members": "5"})
    for revision in ("", "-1", "9" * 5000, "٣", "1e3", "2147483648"):
        form = {"revision": revision, "base": base, "remarks": "", "cell.2021.members": "6"}
        assert visitor.post(f"{here}/draft", data=form, headers=SCRIPT).status_code == 409
    with app.app_context():
        draft = db.session.scalars(db.select(ReturnDraft)).one()
        assert (draft.cells, draft.remarks, draft.revision) == ({"2021.members": "5"}, "từ An", 1)


def test_a_number_is_not_read_off_the_beginning_of_a_longer_text(app, visitor, here):
    for text in ("1" + " " * 120 + "000", "9" * 5000, "1" + "\u00a0" * 120 + "x"):
        answer = keep(visitor, here, 0, {}, **{"cell.2021.members": text})
        with app.app_context():
            db.session.query(ReturnDraft).delete()
            db.session.commit()
        assert answer.status_code == 200
        assert answer.json["cells"] == {"2021.members": "1 000"} or answer.json["wrong"], text[:5]


def test_another_units_link_reaches_nothing_of_this_unit(app, visitor, office, links):
    mine, theirs, _period = links
    send_both(visitor, links)
    keep(visitor, mine, 1, {}, "riêng tư", **(cells(prefix="cell.") | {"cell.2022.members": "77777"}))
    assert attach(visitor, mine, photo()).status_code == 303
    with app.app_context():
        scan = db.session.scalars(db.select(SignedScan.id)).one()
    assert visitor.get(f"{mine}/versions/1/scans/{scan}").status_code == 200
    assert visitor.get(f"{theirs}/versions/1/scans/{scan}").status_code == 404
    assert visitor.post(f"{theirs}/versions/1/scans/{scan}/withdrawal").status_code == 404
    for path in ("", "?correct=1", "/review"):
        page = visitor.get(f"{theirs}{path}", follow_redirects=True).text
        assert "riêng tư" not in page
        assert "77777" not in page
    with app.app_context():
        assert db.session.scalars(db.select(SignedScan.withdrawn_at)).one() is None


def test_a_revoked_link_opens_nothing_and_takes_nothing(app, visitor, office, links):
    here = links[0]
    send_both(visitor, links)
    attach(visitor, here, photo())
    with app.app_context():
        unit, scan = units()[0].id, db.session.scalars(db.select(SignedScan.id)).one()
    assert office.post(f"/seminars/{cast.SLUG}/units/{unit}/link/revocation").status_code == 303
    for path in (
        "",
        "/review",
        "/sheet.xlsx",
        "/form.pdf",
        "/form.docx",
        "/versions/1/form.pdf",
        f"/versions/1/scans/{scan}",
    ):
        assert visitor.get(f"{here}{path}").status_code in (404, 410), path
    for path in (
        "draft",
        "draft/reversal",
        "workbook",
        "versions",
        "versions/1/scans",
        f"versions/1/scans/{scan}/withdrawal",
    ):
        assert visitor.post(f"{here}/{path}", data={"revision": "1"}).status_code in (404, 410), path
    with app.app_context():
        assert db.session.query(ReturnVersion).count() == 2


def test_periods_never_opened_and_of_another_seminar_are_not_reached(app, visitor, links):
    here = links[0]
    with app.app_context():
        other = add_period(cast.add_seminar("toa-dam-khac"))
        sheet = db.session.scalars(db.select(Sheet).where(Sheet.seminar_id == cast.find_seminar().id)).one()
        hidden = Period(sheet=sheet, name="chưa mở", position=2)
        db.session.add(hidden)
        db.session.commit()
        strange = (other.id, hidden.id)
    root = here.rpartition("/")[0]
    for period in strange:
        for path in ("", "/review", "/sheet.xlsx", "/form.pdf", "/versions/1/form.pdf", "/versions/1/scans/1"):
            assert visitor.get(f"{root}/{period}{path}").status_code == 404, path
        for path in ("draft", "draft/reversal", "workbook", "versions", "versions/1/scans"):
            assert visitor.post(f"{root}/{period}/{path}", data=typed(**cells(prefix="cell."))).status_code == 404, path
    with app.app_context():
        assert db.session.query(ReturnDraft).count() == 0


def test_a_photo_and_a_pdf_are_served_so_that_nothing_in_them_runs(app, visitor, links):
    here = links[0]
    send_both(visitor, links)
    attach(visitor, here, photo() + b"<script>alert(1)</script>", '../../x"\r\nSet-Cookie: a=b.html')
    with app.app_context():
        one = db.session.scalars(db.select(SignedScan)).one()
        name, number = one.filename, one.id
    assert "/" not in name and name.endswith(".png")
    answer = visitor.get(f"{here}/versions/1/scans/{number}")
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.mimetype == "image/png"
    assert b"<script>" not in answer.data
    assert "Set-Cookie" not in answer.headers


def test_presses_sent_twice_are_one_or_told(app, visitor, office, links):
    send_both(visitor, links)
    here, _, period = links
    assert visitor.post(f"{here}/versions", data={"revision": "1"}).status_code == 422
    attach(visitor, here, photo())
    attach(visitor, here, photo())
    with app.app_context():
        unit = units()[0].id
        assert db.session.query(SignedScan).count() == 1
    base = f"/seminars/{cast.SLUG}/statistics/periods/{period}"
    for _ in range(2):
        answer = office.post(f"{base}/units/{unit}/versions/1/ruling", data={"kind": "accepted", "seen": "1"})
        assert answer.status_code == 303
    with app.app_context():
        assert db.session.query(Ruling).count() == 1
