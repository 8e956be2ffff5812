"""The queue that a desk saved as a file, read in by the office."""

import json
from io import BytesIO
from uuid import uuid4

import pytest

from seminar.audit.models import AuditEntry
from seminar.checkin.models import Arrival, Desk, DoubleEntry, RehearsalScan, Scan, WalkIn
from seminar.lib.database import db
from tests import cast, reception
from tests.reception import device, earlier, scan
from tests.web.test_rehearsal import rehearse

PAGE = f"/seminars/{cast.SLUG}/desks/queue"
STORE = f"{PAGE}/scans"
HTMX = {"HX-Request": "true", "HX-Request-Type": "full"}


@pytest.fixture
def desk(app):
    return device(app)


@pytest.fixture
def person(app):
    with app.app_context():
        return reception.add_person("Nguyễn Văn Bình")


def row(of, *given, minutes=30, **values):
    """A row as static/desk/handing.js writes it: told half an hour ago without connection."""
    told = scan(*given, offline=True, at=earlier(minutes + 180), server_at=earlier(minutes), rehearsal=False)
    return told | {"seminar": cast.SLUG, "desk_id": of.desk_id, "desk": "Bàn 1", "verdict": "admitted"} | values


def guest(desk, **values):
    told = row(desk, kind="walk-in", minutes=20) | {"name": "Trần Văn Khách"} | values
    return {name: value for name, value in told.items() if name not in ("source", "payload")}


def look(client, rows, headers=None, **more):
    content = rows if isinstance(rows, bytes) else json.dumps(rows).encode()
    return client.post(PAGE, data={"file": (BytesIO(content), "hang-cho.json"), **more}, headers=headers)


def store(client, rows, chosen=None, headers=None, **more):
    ticks = [str(one) for one in (range(len(rows)) if chosen is None else chosen)]
    return client.post(STORE, data={"content": json.dumps(rows), "row": ticks, **more}, headers=headers)


def counts(app):
    """(scans, arrivals, walk-ins, scans of rehearsals)"""
    with app.app_context():
        models = (Scan, Arrival, WalkIn, RehearsalScan)
        return tuple(db.session.scalar(db.select(db.func.count()).select_from(model)) for model in models)


def entries(app):
    with app.app_context():
        return list(db.session.scalars(db.select(AuditEntry).where(AuditEntry.noun == "desk queue")))


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_office_looks_and_stores_what_an_ended_desk_kept(app, office, desk, person, headers):
    office.post(f"/seminars/{cast.SLUG}/desks/{desk.desk_id}/revocation")
    rows = [row(desk, person[1]), guest(desk), row(desk, "9" * 20, minutes=10)]
    page = look(office, rows, headers).text
    for said in ("Nguyễn Văn Bình", "Trần Văn Khách", "Bàn 1", 'data-fresh="3"', "Mời vào"):
        assert said in page, said
    assert counts(app) == (0, 0, 0, 0)
    assert entries(app) == []
    assert store(office, rows, headers=headers).status_code == 303
    assert counts(app) == (3, 2, 1, 0)
    assert "Đã ghi 3 lượt từ tệp" in office.get(PAGE).text
    with app.app_context():
        came = db.session.scalars(db.select(Arrival.arrived_at).order_by(Arrival.arrived_at)).all()
        ago = [round((reception.moment() - one).total_seconds() / 60) for one in came]
        assert ago == [30, 20]
        stored = db.session.get_one(Scan, rows[0]["id"])
        assert (stored.desk_id, stored.entered_by) == (desk.desk_id, "Trần Thị Oanh")
        assert db.session.get_one(Desk, desk.desk_id).last_seen_at is None
    (entry,) = entries(app)
    assert (entry.actor_name, entry.summary) == ("Trần Thị Oanh", "3 lượt của Bàn 1")
    assert person[1] not in json.dumps(entry.detail)


def test_a_second_time_or_the_desk_itself_changes_nothing(app, office, desk, person):
    rows = [row(desk, person[1]), guest(desk)]
    store(office, rows)
    before = counts(app)
    assert store(office, rows).status_code == 303
    assert "2 lượt đã có từ trước" in office.get(PAGE).text
    assert desk.verdicts(rows[0]) == ["admitted"]
    told = {name: value for name, value in rows[1].items() if name != "kind"}
    assert desk.walk_in(**told).json["verdict"] == "admitted"
    assert counts(app) == before == (2, 2, 1, 0)
    assert len(entries(app)) == 1
    page = look(office, rows).text
    assert 'data-fresh="0"' in page
    assert 'name="row"' not in page
    with app.app_context():
        assert db.session.query(DoubleEntry).count() == 0


def test_only_what_is_ticked_is_stored(app, office, desk, person):
    rows = [row(desk, person[1]), guest(desk)]
    answer = store(office, rows, chosen=[])
    assert (answer.status_code, "đánh dấu các dòng" in answer.text, "Trần Văn Khách" in answer.text) == (
        422,
        True,
        True,
    )
    assert store(office, rows, chosen=[0]).status_code == 303
    assert counts(app) == (1, 1, 0, 0)


def test_each_row_says_what_became_of_it(app, office, desk, person):
    with app.app_context():
        left = reception.add_person("Lê Văn Ra")
    out = row(desk, left[1], "exit", minutes=10)
    entry = row(desk, left[1])
    broken = row(desk, person[1]) | {"at": "sáng"}
    strange = row(desk, person[1], sitting=4242)
    other = guest(desk, instead_of=4242)
    back = row(desk, kind="annul", annuls=entry["id"], minutes=5)
    page = look(office, [entry, out, broken, strange, other, back]).text
    told = [part.split('"')[0] for part in page.split('<tr data-row data-verdict="')[1:]]
    assert told == ["admitted", "left", "refused", "refused", "refused", "annulled"]
    for said in ("Không đọc được dòng này", "Phiên ghi ở dòng này", "Người được thay không có", 'data-fresh="3"'):
        assert said in page, said
    assert store(office, [entry, out, broken, strange, other, back]).status_code == 303
    page = office.get(PAGE).text
    assert "Đã ghi 3 lượt" in page
    assert "Không đọc được dòng này" in page
    assert counts(app)[:3] == (3, 0, 0)


def test_what_was_practised_stays_practice(app, office, desk, person):
    rehearse(app, -60, -30, -30)
    rows = [row(desk, person[1], minutes=45), guest(desk, rehearsal=True)]
    assert look(office, rows).text.count("diễn tập") >= 2
    store(office, rows)
    assert counts(app) == (0, 0, 0, 1)


def test_a_desk_that_is_not_known_here_is_chosen(app, office, desk, person):
    rows = [row(desk, person[1], desk_id=4242), row(desk, person[1], desk="Bàn khác")]
    page = look(office, rows).text
    assert page.count("Không rõ bàn của dòng này") == 2
    assert '<select id="desk"' in page
    again = office.post(PAGE, data={"content": json.dumps(rows), "desk": str(desk.desk_id)}).text
    assert ('data-fresh="2"' in again, "selected" in again.split('id="desk"')[1].split("</select>")[0]) == (True, True)
    for nobody in ("", "4242", "x"):
        assert "Không rõ bàn" in office.post(PAGE, data={"content": json.dumps(rows), "desk": nobody}).text
    assert store(office, rows, desk=str(desk.desk_id)).status_code == 303
    assert counts(app)[:2] == (2, 1)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "chọn tệp"),
        (b"%PDF-1.4 \xff", "tệp đã hỏng"),
        (b"[" * 100_000, "tệp đã hỏng"),
        (b'[{"id": NaN}]', "tệp đã hỏng"),
        (b'[{"id": "\\ud800"}]', "tệp đã hỏng"),
        (b"{}", "không phải tệp do bàn lưu"),
        (b"[1, 2]", "không phải tệp do bàn lưu"),
        (b'[{"name": "x"}]', "không phải tệp do bàn lưu"),
        (b"[]", "Tệp trống"),
        (b" " * (1024 * 1024 + 1), "1 MB"),
        (json.dumps([{"id": "x", "seminar": cast.SLUG}] * 1501).encode(), "1500"),
        (b'[{"id": "x", "seminar": "toa-dam-khac"}]', "toa-dam-khac"),
        (b'[{"id": "x", "seminar": "<script>"}]', "&lt;script&gt;"),
        (b'[{"id": "x"}]', "tọa đàm khác"),
    ],
)
def test_what_is_no_queue_of_this_seminar_is_refused_with_a_sentence(app, office, content, sentence):
    for answer in (look(office, content), office.post(STORE, data={"content": content, "row": "0"})):
        assert answer.status_code == 422
        assert sentence in answer.text
    assert counts(app) == (0, 0, 0, 0)


def test_hostile_rows_are_shown_as_text_and_store_nothing(app, office, desk, person):
    nasty = [
        row(desk, person[1], name="<script>alert(1)</script>", at=10**400),
        row(desk, person[1], id="x" * 5000),
        row(desk, "x" * 9000),
        row(desk, person[1], kind=["entry"], desk={"a": 1}, desk_id="1", name=[1]),
        row(desk, person[1], kind="walk-in", name="a" * 300),
        row(desk, person[1], desk_id=True),
    ]
    page = look(office, nasty)
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert page.text.count("Không đọc được dòng này") == 5
    assert store(office, nasty).status_code == 303
    assert counts(app) == (0, 0, 0, 0)


def test_no_file_chosen_is_asked_for(office):
    assert "Hãy chọn tệp" in office.post(PAGE).text


@pytest.mark.parametrize(("login", "status"), [("an", 200), ("oanh", 200), ("tam", 200), ("thu", 403), ("vinh", 403)])
def test_who_may_read_a_queue_in(staff, login, status):
    client = staff(login)
    assert client.get(PAGE).status_code == status
    assert look(client, b"[]").status_code == (422 if status == 200 else 403)
    assert client.post(STORE).status_code == (422 if status == 200 else 403)
    assert client.get(STORE).status_code == (405 if status == 200 else 405)


def test_a_stranger_and_a_missing_seminar(visitor, office):
    assert visitor.get(PAGE).status_code == 302
    assert office.get("/seminars/khong-co/desks/queue").status_code == 404
    assert office.post("/seminars/khong-co/desks/queue/scans").status_code == 404


def test_the_page_of_the_desks_leads_here(office):
    assert f'href="{PAGE}"' in office.get(f"/seminars/{cast.SLUG}/desks").text


def test_many_rows_cost_as_many_statements_as_few(app, office, desk, query_count):
    with app.app_context():
        codes = [reception.add_person(f"Người {number}")[1] for number in range(20)]
    few = query_count(lambda: look(office, [row(desk, codes[0])]))
    many = query_count(lambda: look(office, [row(desk, one) for one in codes]))
    assert many == few


def test_the_same_row_twice_counts_once(app, office, desk, person):
    one = row(desk, person[1])
    other = one | {"payload": "9" * 20}
    guests = guest(desk), guest(desk)
    same = guests[0] | {"id": guests[1]["id"], "name": "Người Khác"}
    rows = [one, one, other, guests[1], same]
    assert "chép tay" in look(office, rows).text
    store(office, rows)
    assert counts(app) == (2, 2, 1, 0)


def test_ids_are_compared_as_uuids(app, office, desk, person):
    one = row(desk, person[1], id=str(uuid4()).upper())
    store(office, [one])
    assert 'data-fresh="0"' in look(office, [one | {"id": one["id"].lower()}]).text
