"""What no form of ours sends by itself: bytes that are no text, letters that grow, days before all days, blanks."""

from io import BytesIO

import pytest

from seminar.delegates.models import Nomination
from seminar.delegates.rules import NAME_LENGTH
from seminar.lib.database import db
from seminar.planning.models import Group, UnitLink, Venue
from tests import cast

HERE = f"/seminars/{cast.SLUG}"
GROUP = {
    "code": "MOI",
    "name": "Nhóm mới",
    "protocol_rank": "35",
    "audience": "guest",
    "letter_kind": "none",
    "quota_kind": "open",
    "proxy_rule": "free",
}
GROWING = {"case": "ß", "folding": "한", "composition": "\N{MUSICAL SYMBOL EIGHTH NOTE}"}
"""Letters that become two or three where text is folded or put into its normal form."""


@pytest.fixture
def code(app, office):
    office.post(f"{HERE}/units/links")
    with app.app_context():
        return db.session.scalars(db.select(UnitLink.code).where(UnitLink.unit_id == 1)).one()


@pytest.mark.parametrize("address", ["/", f"{HERE}/nominations", f"{HERE}/delegates", "/khong-co"])
def test_bytes_that_are_no_text_in_an_address_are_refused(office, visitor, address):
    for client in (office, visitor):
        answer = client.get(address, environ_overrides={"QUERY_STRING": "page=\xff\xfe"})
        assert answer.status_code == 400
        assert "Không hiểu được yêu cầu" in answer.text
    assert office.post(address, environ_overrides={"QUERY_STRING": "state=\xff"}).status_code == 400


@pytest.mark.parametrize("letter", GROWING.values(), ids=GROWING)
def test_letters_that_grow_fit_everywhere(app, office, visitor, code, letter):
    """PostgreSQL refuses what is longer than its column, and SQLite keeps it."""
    name = f"Lê An {letter * (NAME_LENGTH - 6)}"
    person = {"name": name, "position": letter * 300, "group": "T2"}
    assert visitor.post(f"/u/{code}/nominations", data=person).status_code == 303
    rows = f"Họ và tên,Chức vụ\n{name},Bí thư\n"
    read = office.post(f"{HERE}/imports", data={"file": (BytesIO(rows.encode()), "a.csv"), "group": "G1"})
    assert office.post(f"{read.location}/rows").status_code == 303
    with app.app_context():
        assert len(db.session.scalars(db.select(Nomination.name_folded)).one()) <= NAME_LENGTH
    forms = {
        f"{HERE}/delegates": {"name": f"{name[:-1]}b", "group": "G1", "position": letter * 300, "note": letter * 1000},
        f"{HERE}/venues": {"name": letter * 300, "address": letter * 300},
        f"{HERE}/topics": {"title": letter * 200},
        f"{HERE}/bases": {"kind": letter * 60, "number": letter * 60, "issuer": letter * 200, "subject": letter * 500},
        f"{HERE}/milestones": {"text": letter * 500, "rule": "on", "due_on": "2024-03-01", "owner": letter * 200},
        f"{HERE}/groups": GROUP | {"code": letter * 16, "name": letter * 300, "aliases": letter * 2000},
        f"{HERE}/plan": {"title": letter * 500, "issuer": letter * 200, "contact_name": letter * 200},
        "/units": {"name": name, "kind": "city", "aliases": letter * 200, "contact_name": letter * 200},
        "/units/list": {"text": f"Bê {name[:-3]}; Xã {letter * 197}"},
        f"{HERE}/units/1/link/deliveries": {"channel": "zalo", "to": letter * 254},
    }
    for address, data in forms.items():
        assert office.post(address, data=data).status_code in (303, 422), address


def test_what_slips_through_the_forms_is_a_sentence_and_no_error(office):
    """The programme's own form measures before it cleans."""
    sitting = {"name": GROWING["composition"] * 200, "day": "2024-03-15", "starts": "08:00", "ends": "11:00"}
    answer = office.post(f"{HERE}/programme/sittings", data=sitting)
    assert answer.status_code in (303, 422)


@pytest.mark.parametrize("day", ["0001-01-01", "0024-03-15", "9999-12-31"])
def test_days_that_nobody_means_are_refused(app, office, day):
    unit = {"name": "Đoàn xã Mới", "kind": "commune"}
    for address, data in (
        (f"{HERE}/milestones", {"text": "Cử đại biểu", "rule": "before", "due_on": day, "code": "nominations"}),
        (f"{HERE}/plan", {"title": "Tọa đàm", "held_on": day}),
        (f"{HERE}/plan", {"title": "Tọa đàm", "plan_issued_on": day}),
        ("/seminars/new", {"title": "Tọa đàm", "slug": "moi", "held_on": day}),
        ("/units", unit | {"valid_from": day}),
        ("/units/list", {"text": "Đoàn xã Mới", "valid_from": day}),
        ("/units/endings", {"unit": "1", "last_day": day}),
        (f"{HERE}/programme/sittings", {"name": "Phiên", "day": day, "starts": "00:00", "ends": "11:00"}),
        (
            f"{HERE}/nominations",
            {"name": "Hồ Thị Na", "group": "T2", "unit": "1", "channel": "phone", "told_at": f"{day}T00:00"},
        ),
    ):
        answer = office.post(address, data=data)
        assert answer.status_code == 422, address
        assert "1900" in answer.text, address
    assert office.get(f"{HERE}/plan").status_code == 200


@pytest.mark.parametrize("blank", [" ", "\u200b", "\u202e \u00a0", "\x85"])
def test_what_cannot_be_seen_is_no_name(app, office, blank):
    for address, data in (
        (f"{HERE}/venues", {"name": blank}),
        (f"{HERE}/topics", {"title": blank}),
        (f"{HERE}/bases", {"kind": blank, "subject": "Đại hội"}),
        (f"{HERE}/milestones", {"text": blank, "rule": "on", "due_on": "2024-03-01"}),
        (f"{HERE}/groups", GROUP | {"code": blank}),
        (f"{HERE}/groups", GROUP | {"name": blank}),
        (f"{HERE}/plan", {"title": blank}),
    ):
        assert office.post(address, data=data).status_code == 422, address
    with app.app_context():
        assert db.session.scalars(db.select(Venue.name).order_by(Venue.id)).all() == ["Hội trường A", "Hội trường B"]
        assert db.session.scalars(db.select(Group).where(Group.name == "")).all() == []
