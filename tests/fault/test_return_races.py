"""Many who type into one return at the same moment, on both engines: no cell is lost, nothing is sent twice or too late."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.planning.models import UnitLink
from seminar.statistics import actions
from seminar.statistics.models import Period, Return, ReturnDraft, ReturnVersion, Ruling, RulingKind, SignedScan
from seminar.statistics.queries import return_of
from seminar.statistics.queries.sheets import hold_sheet
from tests import cast
from tests.web.returning import add_period, cells, units

ACCEPTED, RETURNED = RulingKind.ACCEPTED, RulingKind.RETURNED
SCRIPT = {"Accept": "application/json", "HX-Request": "true"}


@pytest.fixture
def here(app, office):
    office.post(f"/seminars/{cast.SLUG}/units/links")
    with app.app_context():
        period = add_period(cast.find_seminar())
        db.session.commit()
        code = db.session.scalars(db.select(UnitLink.code).where(UnitLink.unit_id == units()[0].id)).one()
        return f"/u/{code}/returns/{period.id}"


def typed(revision=0, base=None, **more):
    return {"revision": str(revision), "base": json.dumps(base or {}), "remarks": ""} | more


def at_once(app, asks):
    """The status codes of all, asked together by a browser each."""
    gate = threading.Barrier(len(asks))

    def go(ask):
        client = app.test_client()
        gate.wait()
        return ask(client).status_code

    with ThreadPoolExecutor(len(asks)) as pool:
        return sorted(pool.map(go, asks))


def test_eight_who_type_into_eight_cells_at_once_all_keep_theirs(app, here):
    wanted = dict(list(cells().items())[:8])
    asks = [
        lambda client, key=key, text=text: client.post(
            f"{here}/draft", data=typed(**{f"cell.{key}": text}), headers=SCRIPT
        )
        for key, text in wanted.items()
    ]
    assert at_once(app, asks) == [200] * 8
    with app.app_context():
        assert db.session.query(Return).count() == 1
        draft = db.session.scalars(db.select(ReturnDraft)).one()
        assert (draft.cells, draft.revision) == (wanted, 8)


def test_of_four_who_type_into_the_same_cell_one_is_kept_and_three_are_told(app, here):
    asks = [
        lambda client, text=text: client.post(
            f"{here}/draft", data=typed(**{"cell.2021.members": text}), headers=SCRIPT
        )
        for text in ("1", "2", "3", "4")
    ]
    assert at_once(app, asks) == [200, 409, 409, 409]


def test_sent_twice_at_once_it_is_one_version(app, visitor, here):
    visitor.post(f"{here}/draft", data=typed(**cells(prefix="cell.")))
    asks = [lambda client: client.post(f"{here}/versions", data={"revision": "1"})] * 3
    assert at_once(app, asks) == [303, 422, 422]
    with app.app_context():
        assert db.session.query(ReturnVersion).count() == 1


def test_what_is_sent_while_the_office_closes_comes_too_late(app, visitor, here):
    visitor.post(f"{here}/draft", data=typed(**cells(prefix="cell.")))
    answers = []
    client = app.test_client()
    other = threading.Thread(
        target=lambda: answers.append(client.post(f"{here}/versions", data={"revision": "1"}).status_code)
    )
    with app.app_context():
        actions.close_period(db.session.scalars(db.select(Period)).one(), cast.OFFICE, now())
        db.session.flush()
        other.start()
        time.sleep(0.7)
        db.session.commit()
    other.join(20)
    assert answers == [422]
    with app.app_context():
        assert db.session.query(ReturnVersion).count() == 0


@pytest.fixture
def sent(app, visitor, here):
    """The office's pages of the period and of the unit's return, of which version 1 waits."""
    visitor.post(f"{here}/draft", data=typed(**cells(prefix="cell.")))
    assert visitor.post(f"{here}/versions", data={"revision": "1"}).status_code == 303
    with app.app_context():
        version = db.session.scalars(db.select(ReturnVersion)).one()
        period = f"/seminars/{cast.SLUG}/statistics/periods/{version.of.period_id}"
        return period, f"{period}/units/{version.of.unit_id}/versions/1/ruling", version.id


def meanwhile(app, client, address, data, change):
    """The answer to what is asked while another request, which holds the sheet, makes the change and is then committed."""
    answers = []
    other = threading.Thread(target=lambda: answers.append(client.post(address, data=data)))
    with app.app_context():
        period = db.session.scalars(db.select(Period)).one()
        hold_sheet(period.sheet)
        change(period)
        db.session.flush()
        other.start()
        time.sleep(0.7)
        db.session.commit()
    other.join(20)
    return answers[0]


def rule(kind, reason=""):
    def change(period):
        actions.rule_on(return_of(period, units()[0]).versions[-1], kind, reason, cast.OFFICE, now())

    return change


def send_again(period):
    unit = units()[0]
    draft = actions.keep_draft(period, unit, cells() | {"2021.quota": "301"}, cast.OFFICE, now(), 1)
    actions.send_return(period, unit, cast.OFFICE, now(), draft.revision, reason="đính chính")


def kinds(app):
    with app.app_context():
        return [(one.version.number, one.kind) for one in db.session.scalars(db.select(Ruling).order_by(Ruling.id))]


def test_who_accepts_does_not_undo_what_was_returned_meanwhile(app, office, sent):
    _, ruling, _ = sent
    told = {"kind": "accepted", "seen": "1", "ruling": "0"}
    answer = meanwhile(app, office, ruling, told, rule(RETURNED, "năm 2022 chưa khớp"))
    assert answer.status_code == 422
    assert "đã có người khác kết luận" in answer.text
    assert kinds(app) == [(1, RETURNED)]


def test_accepting_many_leaves_what_was_returned_meanwhile(app, office, sent):
    period, _, version_id = sent
    answer = meanwhile(
        app, office, f"{period}/acceptances", {"version": version_id}, rule(RETURNED, "năm 2022 chưa khớp")
    )
    assert answer.status_code == 303
    assert kinds(app) == [(1, RETURNED)]


@pytest.mark.parametrize("many", [True, False])
def test_what_is_sent_meanwhile_is_not_accepted_unseen(app, office, sent, many):
    """Nor is the version before it, which nobody means any more."""
    period, ruling, version_id = sent
    if many:
        answer = meanwhile(app, office, f"{period}/acceptances", {"version": version_id}, send_again)
    else:
        told = {"kind": "accepted", "seen": "1", "ruling": "0"}
        answer = meanwhile(app, office, ruling, told, send_again)
    assert answer.status_code == (303 if many else 422)
    assert kinds(app) == []


def test_accepted_by_four_at_once_it_is_one_ruling(app, staff, sent):
    _, ruling, _ = sent
    clients = [staff("oanh") for _ in range(4)]
    told = {"kind": "accepted", "seen": "1", "ruling": "0"}
    gate = threading.Barrier(4)

    def go(client):
        gate.wait()
        return client.post(ruling, data=told).status_code

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(go, clients)) == [303] * 4
    assert kinds(app) == [(1, ACCEPTED)]


def test_the_signed_page_sent_thrice_at_once_is_kept_once(app, visitor, here):
    from io import BytesIO

    from PIL import Image

    visitor.post(f"{here}/draft", data=typed(**cells(prefix="cell.")))
    visitor.post(f"{here}/versions", data={"revision": "1"})
    page = BytesIO()
    Image.new("RGB", (40, 30), "white").save(page, "PNG")

    def attach(client):
        return client.post(f"{here}/versions/1/scans", data={"file": (BytesIO(page.getvalue()), "ky.png")})

    assert at_once(app, [attach] * 3) == [303] * 3
    with app.app_context():
        assert db.session.query(SignedScan).count() == 1


def test_accepted_thrice_at_once_is_one_ruling(app, visitor, office, here):
    visitor.post(f"{here}/draft", data=typed(**cells(prefix="cell.")))
    visitor.post(f"{here}/versions", data={"revision": "1"})
    with app.app_context():
        version = db.session.scalars(db.select(ReturnVersion)).one()
        address = f"/seminars/{cast.SLUG}/statistics/periods/{version.of.period_id}"
        one = f"{address}/units/{version.of.unit_id}/versions/1/ruling"
        ticked = {"version": str(version.id)}
    cookie = office.get_cookie("session").value

    def signed_in(client):
        client.set_cookie("session", cookie)
        return client

    asks = [lambda client: signed_in(client).post(one, data={"kind": "accepted", "seen": "1"})] * 2
    asks.append(lambda client: signed_in(client).post(f"{address}/acceptances", data=ticked))
    assert at_once(app, asks) == [303] * 3
    with app.app_context():
        assert db.session.query(Ruling).count() == 1
