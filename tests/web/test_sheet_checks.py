"""A sheet begun earlier keeps the checks it was begun with; those that the program has learnt come when the office adds them."""

import pytest

from seminar.audit.models import AuditEntry
from seminar.lib.database import db
from seminar.statistics.models import Sheet
from seminar.statistics.rules import read_definition
from seminar.statistics.rules.starters import QUARTERLY, starters
from tests import cast
from tests.web.returning import add_period, definition, units
from tests.web.test_consolidated import accept

HERE = f"/seminars/{cast.SLUG}/statistics/sheets"
OWN = {"kind": "jump", "left": "introduced", "right": None, "percent": 30, "level": "warning", "note": ""}
ASKED = "thêm 5 phép kiểm tra cho biểu này"


@pytest.fixture
def old(app):
    """Address of a quarterly sheet of an earlier version: two checks of the program's seven, and one of the office."""
    with app.app_context():
        period = add_period(cast.find_seminar(), starter="quarterly", name="quý I/2021")
        made = definition("quarterly")
        made["checks"] = [made["checks"][0] | {"level": "warning"}, made["checks"][1], OWN]
        period.sheet.definition = made
        accept(period, units()[0], {"schools.members": "5", "schools.outstanding": "5"})
        db.session.commit()
        return f"{HERE}/{period.sheet_id}"


def checks_of(app):
    with app.app_context():
        return read_definition(db.session.scalars(db.select(Sheet)).one().definition).checks


def test_newer_checks_are_named_and_added_once_and_nothing_of_the_office_changes(app, office, old):
    before = checks_of(app)
    page = office.get(old).text
    assert ASKED in page
    assert "“Đoàn viên ưu tú từ 02 năm trở lên chưa kết nạp”" in page
    for _ in range(2):
        assert office.post(f"{old}/checks").status_code == 303
    after = checks_of(app)
    assert after == (*before, *starters()[QUARTERLY].checks[2:])
    assert "phép kiểm tra cho biểu này" not in office.get(old).text
    with app.app_context():
        entries = db.session.scalars(db.select(AuditEntry).filter_by(verb="change", noun="sheet")).all()
        assert len(entries) == 1


def test_a_sheet_as_the_program_has_it_lacks_nothing(app, office):
    office.post(HERE, data={"code": QUARTERLY})
    with app.app_context():
        sheet_id = db.session.scalars(db.select(Sheet.id)).one()
    assert "phép kiểm tra cho biểu này" not in office.get(f"{HERE}/{sheet_id}").text


def test_readers_cannot_add_them(app, staff, old):
    before = checks_of(app)
    assert ASKED not in staff("chung").get(old).text
    assert staff("chung").post(f"{old}/checks").status_code == 403
    assert staff("oanh").post(f"{HERE}/999/checks").status_code == 404
    assert checks_of(app) == before
