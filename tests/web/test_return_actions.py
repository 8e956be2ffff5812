"""Drafts, versions, rulings of the units' returns, as actions: what is refused, what counts, what two who type get."""

from datetime import UTC, datetime, timedelta

import pytest

from seminar.access.actor import Actor, ActorKind, Channel
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.statistics import actions
from seminar.statistics.models import Return, RulingKind
from seminar.statistics.queries import counted_values, returns_of
from seminar.statistics.rules import ReturnState, state_of
from tests import cast
from tests.web.returning import add_period, cells, units

IN_TIME = datetime(2024, 2, 9, 16, 59, tzinfo=UTC)
"""23:59 of 9/2 in Vietnam: the last minute of "trước ngày 10/2"."""
ACCEPTED, RETURNED = RulingKind.ACCEPTED, RulingKind.RETURNED


@pytest.fixture
def period(app):
    with app.app_context():
        found = add_period(cast.find_seminar())
        db.session.commit()
        yield found


@pytest.fixture
def unit(period):
    return units()[0]


@pytest.fixture
def by(unit):
    return Actor(ActorKind.UNIT, unit.name, unit.id)


def sent(period, unit, by, now=IN_TIME, reason="", typed=None):
    one = actions.begin_return(period, unit, by, now)
    base = one.draft.revision if one.draft else 0
    draft = actions.keep_draft(period, unit, typed or cells(), by, now, base)
    return actions.send_return(period, unit, by, now, draft.revision, reason=reason)


def test_what_is_typed_is_kept_right_or_wrong_and_saves_are_counted(period, unit, by):
    first = actions.keep_draft(period, unit, {"2021.members": "hình như 12", "2021.none": "1"}, by, IN_TIME, 0)
    assert (first.cells, first.revision) == ({"2021.members": "hình như 12"}, 1)
    again = actions.keep_draft(period, unit, {"2021.members": "hình như 12"}, by, IN_TIME, 1)
    assert again.revision == 1
    with pytest.raises(Refused, match="cannot be right"):
        actions.send_return(period, unit, by, IN_TIME, 1)
    db.session.commit()


def test_two_who_type_into_different_cells_both_keep_theirs(period, unit, by):
    actions.keep_draft(period, unit, {"2021.members": "1"}, by, IN_TIME, 0)
    actions.keep_draft(period, unit, {"2021.members": "1", "2021.quota": "2"}, by, IN_TIME, 1)
    base = {"2021.members": "1"}
    both = actions.keep_draft(period, unit, base | {"2021.pupils": "3"}, by, IN_TIME, 1, base=base)
    assert both.cells == {"2021.members": "1", "2021.quota": "2", "2021.pupils": "3"}
    db.session.commit()


def test_two_who_type_into_the_same_cell_are_told_and_nothing_is_overwritten(period, unit, by):
    actions.keep_draft(period, unit, {"2021.members": "1"}, by, IN_TIME, 0)
    actions.keep_draft(period, unit, {"2021.members": "20"}, by, IN_TIME, 1)
    with pytest.raises(actions.TypedElsewhere) as told:
        actions.keep_draft(period, unit, {"2021.members": "30"}, by, IN_TIME, 1, base={"2021.members": "1"})
    assert (told.value.conflicts, told.value.cells, told.value.revision) == (
        ["2021.members"],
        {"2021.members": "20"},
        2,
    )
    with pytest.raises(actions.TypedElsewhere):
        actions.keep_draft(period, unit, {"2021.members": "30"}, by, IN_TIME, 1)
    db.session.commit()


def test_sending_reads_numbers_counts_late_days_and_keeps_warnings(period, unit, by):
    typed = cells() | {"2023.pupils": "4.000", "2023.students": ""}
    version = sent(period, unit, by, IN_TIME + timedelta(minutes=2), typed=typed)
    values = {(cell.row, cell.column): cell.value for cell in version.cells}
    assert values["2021", "members"] == 12000
    assert ("2023", "students") not in values
    assert len(values) == 20
    assert (version.number, version.late_days, version.warnings) == (1, 1, [])
    db.session.commit()


@pytest.mark.parametrize(("after", "days"), [(0, 0), (2, 1), (24 * 60, 1), (24 * 60 + 2, 2)])
def test_late_days_are_those_begun_after_the_deadline(period, unit, by, after, days):
    assert sent(period, unit, by, IN_TIME + timedelta(minutes=after)).late_days == days
    db.session.commit()


def test_a_sheet_that_cannot_be_right_is_refused_and_an_odd_one_is_not(period, unit, by):
    with pytest.raises(Refused, match="cannot be right"):
        sent(period, unit, by, typed=cells() | {"2021.outstanding": "12.001"})
    version = sent(period, unit, by, typed=cells() | {"2021.quota": "0"})
    assert [msgid for msgid, _values in version.warnings] == ["%(row)s: “%(left)s” is 0 and “%(right)s” is %(b)s."]
    db.session.commit()


def test_a_blank_sheet_and_another_draft_than_seen_are_refused(period, unit, by):
    actions.keep_draft(period, unit, {}, by, IN_TIME, 0)
    with pytest.raises(Refused, match="blank"):
        actions.send_return(period, unit, by, IN_TIME, 1)
    actions.keep_draft(period, unit, cells(), by, IN_TIME, 1)
    with pytest.raises(Refused, match="Meanwhile"):
        actions.send_return(period, unit, by, IN_TIME, 1)
    db.session.commit()


def test_a_later_version_says_why_and_says_something_new(period, unit, by):
    first = sent(period, unit, by)
    with pytest.raises(Refused, match="Nothing has changed"):
        sent(period, unit, by, reason="lại")
    with pytest.raises(Refused, match="why"):
        sent(period, unit, by, typed=cells() | {"2021.quota": "310"})
    second = sent(period, unit, by, reason="nhầm chỉ tiêu", typed=cells() | {"2021.quota": "310"})
    assert (first.number, second.number, second.reason) == (1, 2, "nhầm chỉ tiêu")
    db.session.commit()


def test_only_what_stands_accepted_counts_and_a_correction_takes_its_place_when_accepted(period, unit, by):
    first = sent(period, unit, by)
    one = db.session.scalars(db.select(Return)).one()

    def quota():
        found = counted_values(returns_of(period)).get(unit.id)
        return found and found["2021", "quota"]

    assert (state_of(one), quota()) == (ReturnState.SENT, None)
    actions.rule_on(first, ACCEPTED, "", cast.OFFICE, IN_TIME)
    assert (state_of(one), quota()) == (ReturnState.ACCEPTED, 300)
    second = sent(period, unit, by, reason="sửa", typed=cells() | {"2021.quota": "310"})
    assert (state_of(one), quota()) == (ReturnState.SENT, 300)
    actions.rule_on(second, RETURNED, "ghi nhầm cột", cast.OFFICE, IN_TIME)
    assert (state_of(one), quota()) == (ReturnState.RETURNED, 300)
    actions.rule_on(second, ACCEPTED, "", cast.OFFICE, IN_TIME)
    assert (state_of(one), quota()) == (ReturnState.ACCEPTED, 310)
    actions.rule_on(second, ACCEPTED, "", cast.OFFICE, IN_TIME)
    assert [ruling.kind for ruling in second.rulings] == [RETURNED, ACCEPTED]
    db.session.commit()


def test_to_return_needs_a_reason(period, unit, by):
    version = sent(period, unit, by)
    with pytest.raises(Refused, match="what the unit should correct"):
        actions.rule_on(version, RETURNED, "  ", cast.OFFICE, IN_TIME)
    db.session.commit()


def test_once_closed_only_the_office_and_what_was_returned_get_through(period, unit, by):
    version = sent(period, unit, by)
    period.closed_at, period.closed_by = IN_TIME, "Oanh"
    other = cells() | {"2021.quota": "310"}
    with pytest.raises(Refused, match="closed"):
        sent(period, unit, by, reason="sửa", typed=other)
    actions.rule_on(version, RETURNED, "ghi nhầm", cast.OFFICE, IN_TIME)
    assert sent(period, unit, by, reason="sửa", typed=other).number == 2
    phoned = cast.OFFICE.for_(unit.name, Channel.PHONE)
    third = sent(period, unit, phoned, reason="báo lại qua điện thoại")
    assert (third.actor_name, third.channel) == ("Trần Thị Oanh", Channel.PHONE)
    db.session.commit()


def test_undoing_goes_back_to_what_was_sent(period, unit, by):
    sent(period, unit, by)
    draft = actions.keep_draft(period, unit, {"2021.members": "7"}, by, IN_TIME, 1)
    assert actions.undo_draft(period, unit, by, IN_TIME, draft.revision).cells["2021.members"] == "12.000"
    with pytest.raises(Refused, match="Meanwhile"):
        actions.undo_draft(period, unit, by, IN_TIME, draft.revision - 1)
    db.session.commit()


def test_many_are_accepted_at_once_and_those_ruled_on_stay_as_they_are(period, unit, by):
    first = sent(period, unit, by)
    other = units()[1]
    second = sent(period, other, Actor(ActorKind.UNIT, other.name, other.id))
    actions.rule_on(first, RETURNED, "thiếu", cast.OFFICE, IN_TIME)
    assert actions.accept_returns([first, second], cast.OFFICE, IN_TIME) == 1
    assert state_of(first.of) == ReturnState.RETURNED
    assert state_of(second.of) == ReturnState.ACCEPTED
    db.session.commit()
