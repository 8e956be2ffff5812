"""The demo: the plan of Bình Dương, 151 fictional people in their groups, letters in force; loaded twice, cleared."""

from collections import Counter
from datetime import date

import pytest

from seminar.accounts.models import User
from seminar.agenda.models import Item
from seminar.delegates.models import Delegate
from seminar.documents.models import IssuedDocument
from seminar.invitations.models import Invitation
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.operations.demo.actions import clear_demo, data, load_demo
from seminar.planning.models import Seminar, Unit, UnitLink
from seminar.planning.queries import seminar_by_slug
from seminar.statistics.models import Return
from seminar.statistics.queries import sheets_of
from tests import cast

SLUG = "toa-dam-binh-duong-2024"


@pytest.fixture
def demo(app):
    with app.app_context():
        load_demo(cast.COMMAND, cast.NOW)
        db.session.commit()


def test_the_plan_is_there_with_its_bases_topics_items_and_findings(app, demo):
    with app.app_context():
        seminar = seminar_by_slug(SLUG)
        assert seminar.held_on == date(2024, 3, 15)
        assert (len(seminar.bases), len(seminar.topics), len(seminar.milestones)) == (5, 5, 10)
        assert db.session.query(Item).count() == 6
        assert [finding.code for finding in seminar.findings][:2] == ["Đ1", "Đ2"]
        assert [bool(venue.confirmed_at) for venue in seminar.venues] == [True, False]


def test_the_151_people_stand_in_their_groups_with_invitations_in_force(app, demo):
    with app.app_context():
        seminar = seminar_by_slug(SLUG)
        people = db.session.scalars(db.select(Delegate).where(Delegate.seminar_id == seminar.id)).all()
        groups = Counter(delegate.group.code for delegate in people)
        assert groups == {
            "T5": 94, "T2": 20, "T3": 9, "T4": 9, "G6": 9, "CT2": 4, "G2": 2, "G1": 1, "G3": 1, "G4": 1, "G5": 1,
        }  # fmt: skip
        assert sum(delegate.is_unnamed for delegate in people) == 3
        assert db.session.query(Invitation).where(Invitation.revoked_at.is_(None)).count() == 151
        runs = db.session.scalars(db.select(IssuedDocument).order_by(IssuedDocument.addressee_count)).all()
        assert [(run.symbol, run.addressee_count) for run in runs] == [
            ("01-TM/TĐTN-TCKT", 19),
            ("01-GTT/TĐTN-TCKT", 132),
        ]


def test_the_twenty_units_are_named_as_the_lists_name_them(app, demo):
    with app.app_context():
        names = [one["name"] for one in data()["units"]]
        assert len(names) == 20
        assert db.session.query(Unit).where(Unit.name.in_(names)).count() == 20
        lists = {delegate.body for delegate in db.session.scalars(db.select(Delegate)) if delegate.group.code == "T2"}
        assert lists == set(names)
        assert db.session.query(UnitLink).where(UnitLink.revoked_at.is_(None)).count() >= 20


def test_loading_again_changes_nothing(app, demo):
    with app.app_context():
        assert load_demo(cast.COMMAND, cast.NOW) is None
        assert db.session.query(Delegate).count() == 151


def test_clearing_leaves_no_row_of_the_demo_and_does_not_touch_another_seminar(app, demo):
    with app.app_context():
        seminar_id = seminar_by_slug(SLUG).id
        other = cast.add_delegate(cast.find_seminar(), "Người Ở Lại").id
        db.session.commit()
        clear_demo(cast.COMMAND, cast.NOW)
        db.session.commit()
        assert seminar_by_slug(SLUG) is None
        for table in db.metadata.sorted_tables:
            if "seminar_id" in table.c and table.name != "audit_entry":
                count = db.session.scalar(db.select(db.func.count()).where(table.c.seminar_id == seminar_id))
                assert (table.name, count) == (table.name, 0)
        assert db.session.scalars(db.select(Delegate.id)).all() == [other]
        assert db.session.query(User).count() >= 6
        assert db.session.query(Seminar).count() == 1
        with pytest.raises(Refused):
            clear_demo(cast.COMMAND, cast.NOW)


def test_no_person_named_in_the_plans_is_in_the_demo():
    text = str(data())
    for name in (
        "Trần Thị Diễm Trinh",
        "Nguyễn Hoàng Thảo",
        "Bùi Thanh Nhân",
        "Nguyễn Minh Thùy",
        "Nguyễn Thị Mỹ Hằng",
    ):
        assert name not in text


def test_every_guest_has_a_position_that_goes_with_the_body(app, demo):
    fitting = {
        "Sở ": ("Giám đốc", "Phó Giám đốc"),
        "Trường ": ("Hiệu trưởng", "Phó Hiệu trưởng"),
        "Thành ủy/Huyện ủy ": ("Phó Bí thư", "Phó Bí thư Thường trực", "Trưởng Ban Tổ chức", "Trưởng Ban Dân vận"),
        "Ban ": ("Trưởng ban", "Phó Trưởng ban"),
        "Văn phòng ": ("Chánh Văn phòng", "Phó Chánh Văn phòng"),
        "Ủy ban ": ("Chủ tịch", "Phó Chủ tịch"),
        "Thường trực ": ("Phó Bí thư",),
    }
    with app.app_context():
        guests = [one for one in db.session.scalars(db.select(Delegate)) if one.group.code.startswith(("G", "CT"))]
        assert len(guests) == 19
        for guest in guests:
            allowed = next(words for start, words in fitting.items() if guest.body.startswith(start))
            assert guest.position in (("",) if guest.is_unnamed else allowed), guest.name


def test_the_plans_form_is_asked_for_and_nobody_has_returned_it(app, demo):
    with app.app_context():
        [sheet] = sheets_of(seminar_by_slug(SLUG))
        [period] = sheet.periods
        assert (sheet.code, period.name) == ("phat-trien-dang", "giai đoạn 2021 - 2023")
        assert period.opened_at is not None
        assert db.session.query(Return).count() == 0
