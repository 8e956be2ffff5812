"""The database itself refuses what a quota does not allow, whatever the program above it does."""

import pytest
from sqlalchemy.exc import IntegrityError

from seminar.delegates.models import Delegate, Membership
from seminar.lib.database import db
from seminar.planning.models import Group, Place, Unit
from tests import cast


@pytest.fixture
def names(app):
    """Ids: the groups by code, the two units, a secretary of the first unit on its place, and somebody of no group."""
    with app.app_context():
        seminar = cast.find_seminar()
        first, second = db.session.scalars(db.select(Unit.id).order_by(Unit.position)).all()
        secretary = cast.add_delegate(seminar, "Hồ Thị Na", "T2", unit_id=first)
        other = cast.add_delegate(seminar, "Mai Văn Tư", "KHAC", unit_id=first)
        groups = {group.code: group.id for group in seminar.groups}
        found = {
            "groups": groups,
            "first": first,
            "second": second,
            "secretary": secretary.id,
            "other": other.id,
            "held": secretary.memberships[0].place_id,
            "place of second": db.session.scalars(db.select(Place.id).where(Place.unit_id == second)).one(),
            "place of T5": db.session.scalars(db.select(Place.id).where(Place.group_id == groups["T5"])).first(),
        }
        db.session.commit()
    return found


def refuses(app, statement):
    with app.app_context():
        with pytest.raises(IntegrityError):
            db.session.execute(statement)
            db.session.commit()
        db.session.rollback()


def member(names, **values):
    return db.insert(Membership).values(
        {
            "delegate_id": names["other"],
            "group_id": names["groups"]["T2"],
            "quota_kind": "per_unit",
            "is_primary": False,
        }
        | values
    )


def test_nobody_is_in_a_group_with_places_without_a_place(app, names):
    refuses(app, member(names, place_id=None, unit_id=names["first"]))
    refuses(app, member(names, group_id=names["groups"]["T5"], quota_kind="closed", place_id=None))


def test_a_place_has_one_holder(app, names):
    refuses(app, member(names, place_id=names["held"], unit_id=names["first"]))


def test_a_place_of_another_group_does_not_count(app, names):
    refuses(app, member(names, place_id=names["place of T5"], unit_id=names["first"]))


def test_a_place_of_another_unit_does_not_count_nor_does_no_unit(app, names):
    refuses(app, member(names, place_id=names["place of second"], unit_id=names["second"]))
    refuses(app, member(names, place_id=names["place of second"], unit_id=names["first"]))
    refuses(app, member(names, place_id=names["place of second"], unit_id=None))


def test_nobody_says_that_a_group_is_open_to_get_in(app, names):
    refuses(app, member(names, quota_kind="open"))


def test_a_holder_does_not_change_the_unit_and_keep_the_place(app, names):
    refuses(app, db.update(Delegate).where(Delegate.id == names["secretary"]).values(unit_id=names["second"]))


def test_a_held_place_is_not_taken_away_nor_given_to_another_unit(app, names):
    refuses(app, db.delete(Place).where(Place.id == names["held"]))
    refuses(app, db.update(Place).where(Place.id == names["held"]).values(unit_id=names["second"]))


def test_a_group_with_members_beyond_places_cannot_become_one_with_places(app, names):
    refuses(app, db.update(Group).where(Group.code == "KHAC").values(quota_kind="total", quota_count=9))


def test_what_is_within_the_quota_goes_in(app, names):
    with app.app_context():
        db.session.execute(db.update(Delegate).where(Delegate.id == names["other"]).values(unit_id=names["second"]))
        db.session.execute(member(names, place_id=names["place of second"], unit_id=names["second"]))
        db.session.commit()
        assert db.session.query(Membership).where(Membership.place_id.is_not(None)).count() == 2
