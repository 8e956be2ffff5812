"""The board: every figure by group and unit, in people, memberships and places, opens exactly its rows."""

import re
from datetime import date, timedelta

import pytest

from seminar.access.actor import ActorKind, Channel
from seminar.delegates.models import Nomination
from seminar.invitations import actions as inviting
from seminar.invitations.models import Answer
from seminar.invitations.queries import State
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.planning.actions import allot_places
from seminar.planning.models import Milestone, MilestoneRule, Place, Unit, UnitKind
from seminar.portal import queries
from seminar.reports.queries import Column, facts
from tests import cast
from tests.web.test_figures import Figures, rows_of

HERE = f"/seminars/{cast.SLUG}"
BOARD = f"{HERE}/board"


def add_milestone(code: str, due_on: date) -> None:
    seminar_id = cast.find_seminar().id
    rule = MilestoneRule.UNTIL
    db.session.add(Milestone(seminar_id=seminar_id, position=1, code=code, rule=rule, due_on=due_on, text=code))
    db.session.commit()


def nominate(place: Place, name: str, instead_of_id: int | None = None) -> Nomination:
    """A name straight into the tables, waiting for the office."""
    seminar = cast.find_seminar()
    nomination = Nomination(
        seminar_id=seminar.id,
        group_id=place.group_id,
        unit_id=place.unit_id,
        place_id=place.id,
        instead_of_id=instead_of_id,
        name=name,
        name_folded=name,
        nominated_at=cast.NOW,
        nominated_by="Đơn vị",
        actor_kind=ActorKind.UNIT,
        channel=Channel.PAGE,
    )
    db.session.add(nomination)
    db.session.flush()
    return nomination


def place_of(code: str, unit_id: int | None = None) -> Place:
    group = next(group for group in cast.find_seminar().groups if group.code == code)
    return db.session.scalars(db.select(Place).where(Place.group_id == group.id, Place.unit_id == unit_id)).first()


@pytest.fixture
def varied(app):
    """Everybody in another state: 53 guests (more than a page), two of T5 of whom one in two groups, T2 held by one unit
    and named for by the other; answers of each kind, late ones, proxies asked for and approved, one removed."""
    with app.app_context():
        add_milestone("answers", date(2024, 2, 1))
        seminar = cast.find_seminar()
        guests = [cast.add_delegate(seminar, f"Khách Mời {number}", "G1") for number in range(53)]
        chair = cast.add_delegate(seminar, "Chủ Trì", "CT2", "G1", "G2")
        secretary = cast.add_delegate(seminar, "Bí Thư Một", "T2", "T5", unit_id=1)
        young = [cast.add_delegate(seminar, f"Đảng Viên {number}", "T5", unit_id=2) for number in range(2)]
        cast.add_delegate(seminar, "Chưa Phân", "KHAC", unit_id=2)
        gone = cast.add_delegate(seminar, "Đã Rút", "G2", unit_id=1)
        nominate(place_of("T2", 2), "Bí Thư Hai")
        inviting.issue_letters(seminar, [*guests, chair, secretary, *young, gone], cast.OFFICE, cast.NOW)
        gone.removed_at = cast.NOW
        early = cast.NOW - timedelta(days=90)
        for guest in guests[:5]:
            inviting.answer(guest, Answer.ATTENDING, "", cast.OFFICE, early)
        inviting.answer(guests[5], Answer.DECLINED, "Bận họp", cast.OFFICE, early)
        inviting.answer(guests[6], Answer.DECLINED, "", cast.OFFICE, cast.NOW)
        inviting.answer(guests[7], Answer.ATTENDING, "", cast.OFFICE, cast.NOW)
        inviting.propose_proxy(guests[8], "Người Thay", "", "", "", "Ốm", cast.OFFICE, cast.NOW)
        inviting.propose_proxy(guests[9], "Thay Rồi Bận", "", "", "", "Ốm", cast.OFFICE, cast.NOW)
        inviting.answer(guests[9], Answer.DECLINED, "Cũng bận", cast.OFFICE, cast.NOW)
        inviting.propose_proxy(secretary, "Phó Bí Thư", "", "", "", "Họp", cast.OFFICE, cast.NOW)
        inviting.answer(chair, Answer.ATTENDING, "", cast.OFFICE, cast.NOW)
        inviting.answer(young[0], Answer.DECLINED, "Đi học", cast.OFFICE, cast.NOW)
        db.session.commit()


def board(**asked) -> queries.Board:
    return queries.board_of(cast.find_seminar(), now(), **asked)


@pytest.mark.parametrize(
    "query", ["", "?count=memberships", "?group=T5", "?count=memberships&group=T5", "?only=behind"]
)
def test_every_figure_of_the_board_opens_a_list_of_exactly_that_many_rows(varied, office, query):
    page = office.get(BOARD + query)
    assert page.status_code == 200
    figures = set(Figures(page.text).figures)
    assert len(figures) > 30
    for address, number in figures:
        text = office.get(address).text
        totals = {int(total) for total in re.findall(r'data-total="(\d+)"', text)}
        assert number in totals, address
        assert rows_of(office, address) == number, address


def test_people_and_memberships_are_counted_apart(app, varied):
    with app.app_context():
        seen = board()
        by_code = {line.group.code: line.counts.total for line in seen.groups.lines}
        assert by_code == {"CT2": 1, "G1": 53, "T2": 1, "T5": 2, "KHAC": 1}
        assert (seen.groups.people.counts.total, seen.groups.memberships.counts.total) == (58, 61)
        assert sum(by_code.values()) == 58
        seen = board(in_memberships=True)
        by_code = {line.group.code: line.counts.total for line in seen.groups.lines}
        assert by_code == {"CT2": 1, "G1": 54, "G2": 1, "T2": 1, "T5": 3, "KHAC": 1}
        assert sum(by_code.values()) == seen.groups.memberships.counts.total == 61
        for one in (board(), board(in_memberships=True)):
            for state in queries.board.SHOWN:
                total = one.groups.memberships if one.groups.lines[0].scope.in_memberships else one.groups.people
                assert sum(line.counts[state] for line in one.groups.lines) == total.counts[state]
                assert sum(line.counts[state] for line in one.units.lines) == total.counts[state]


def test_answers_are_split_as_the_office_speaks_of_them(app, varied):
    with app.app_context():
        counts = board().groups.people.counts
    assert counts[State.INVITED] == 57
    assert counts[State.ANSWERED] == 12
    assert counts[State.ANSWERED] + counts[State.NO_ANSWER] == counts[State.INVITED]
    assert (counts[State.ATTENDING], counts[State.PROXIED]) == (7, 1)
    assert (counts[State.EXCUSED], counts[State.UNEXCUSED]) == (3, 1)
    assert counts[State.LATE] == 6


def test_places_are_allotted_named_pending_or_free(app, varied, office):
    with app.app_context():
        quota = {line.group.code: line.quota for line in board().groups.lines}
        assert (quota["T2"].allotted, quota["T2"].named, quota["T2"].pending, quota["T2"].free) == (2, 2, 1, 0)
        assert (quota["T5"].allotted, quota["T5"].named, quota["T5"].pending, quota["T5"].free) == (3, 3, 0, 0)
        assert quota["G1"] is None
        units = {line.unit.name: line.quota for line in board().units.lines if line.unit}
        assert (units["Thành Đoàn Thử Một"].named, units["Huyện Đoàn Thử Hai"].pending) == (1, 1)
    page = office.get(f"{BOARD}/places?group=T2").text
    assert page.index("Bí Thư Một") < page.index("Bí Thư Hai")
    assert 'data-total="1"' in office.get(f"{BOARD}/places?group=T2&state=pending").text


def test_a_place_whose_holder_is_to_be_replaced_is_named_once(app, office):
    with app.app_context():
        holder = cast.add_delegate(cast.find_seminar(), "Người Cũ", "T2", unit_id=1)
        nominate(place_of("T2", 1), "Người Mới", holder.id)
        db.session.commit()
        quota = next(line.quota for line in board().groups.lines if line.group.code == "T2")
        assert (quota.named, quota.pending, quota.free) == (1, 1, 1)
    page = office.get(f"{BOARD}/places?group=T2&state=named")
    assert 'data-total="1"' in page.text
    assert "Người Cũ" in page.text and "Người Mới" in page.text


def test_a_unit_that_has_not_filled_its_places_is_late_after_the_milestone_only(app, office):
    with app.app_context():
        cast.add_delegate(cast.find_seminar(), "Bí Thư Một", "T2", unit_id=1)
        add_milestone("nominations", date(2024, 3, 1))
        seminar = cast.find_seminar()
        before = queries.board_of(seminar, cast.NOW)
        assert (before.nominations_over, before.units_with_free) == (False, 1)
        assert not any(line.is_late for line in before.units.lines)
        after = queries.board_of(seminar, cast.NOW + timedelta(days=1))
        assert [line.unit.name for line in after.units.lines if line.is_late] == ["Huyện Đoàn Thử Hai"]
        assert [line.group.code for line in after.groups.lines if line.is_late] == ["T2", "T5"]
    page = office.get(f"{BOARD}?only=behind").text
    units = page[page.index('id="units"') :]
    assert "Huyện Đoàn Thử Hai" in units
    assert ">Thành Đoàn Thử Một" not in units


def test_answers_are_owed_after_their_milestone(app):
    with app.app_context():
        seminar = cast.find_seminar()
        add_milestone("answers", date(2024, 3, 8))
        guest = cast.add_delegate(seminar, "Khách", "G1")
        inviting.issue_letters(seminar, [guest], cast.OFFICE, cast.NOW)
        db.session.commit()
        assert not queries.board_of(seminar, cast.NOW).groups.people.owes_answers
        assert queries.board_of(seminar, cast.NOW + timedelta(days=9)).groups.people.owes_answers
        inviting.answer(guest, Answer.ATTENDING, "", cast.OFFICE, cast.NOW)
        assert not queries.board_of(seminar, cast.NOW + timedelta(days=9)).groups.people.owes_answers
        db.session.rollback()


def test_somebody_removed_frees_the_place_and_counts_nowhere(app, office):
    with app.app_context():
        one = cast.add_delegate(cast.find_seminar(), "Bí Thư Một", "T2", unit_id=1)
        db.session.commit()
        number = one.id
    assert 'data-total="1"' in office.get(f"{BOARD}/places?group=T2&state=free").text
    office.post(f"{HERE}/delegates/{number}/removal", data={"reason": "nghỉ"})
    assert 'data-total="2"' in office.get(f"{BOARD}/places?group=T2&state=free").text
    with app.app_context():
        seen = board()
        assert (seen.groups.people.counts.total, seen.groups.memberships.counts.total) == (0, 0)


def test_a_unit_that_is_no_more_keeps_its_line_while_somebody_is_of_it(app):
    with app.app_context():
        unit = Unit(position=9, name="Huyện Đoàn Cũ", kind=UnitKind.DISTRICT, valid_to=date(2020, 1, 1))
        db.session.add(unit)
        db.session.flush()
        assert "Huyện Đoàn Cũ" not in [line.unit.name for line in board().units.lines]
        cast.add_delegate(cast.find_seminar(), "Người Huyện Cũ", "G2", unit_id=unit.id)
        assert [line.unit.name for line in board().units.lines][-1] == "Huyện Đoàn Cũ"
        db.session.rollback()


def test_the_board_agrees_with_the_overview_and_the_report(app, varied):
    with app.app_context():
        seminar = cast.find_seminar()
        lines = {line.group.code: line for line in board().groups.lines}
        for line in queries.overview_of(seminar, now()).lines:
            mine = lines[line.group.code]
            assert (line.counts.total, line.allotted) == (
                mine.counts.total,
                mine.quota.allotted if mine.quota else line.group.quota_count,
            )
            for state in (State.INVITED, State.ATTENDING, State.PROXIED, State.NO_ANSWER):
                assert line.counts[state] == mine.counts[state]
            assert line.counts[State.DECLINED] == mine.counts[State.EXCUSED] + mine.counts[State.UNEXCUSED]
        for row in facts(seminar).groups:
            mine = lines[row.group.code].counts
            assert row[Column.LISTED].count == mine.total
            assert row[Column.ISSUED].count == mine[State.INVITED]
            assert row[Column.DECLINED].count == mine[State.EXCUSED] + mine[State.UNEXCUSED]


def test_the_board_costs_the_same_for_one_and_for_many(app, office, query_count):
    with app.app_context():
        seminar = cast.find_seminar()
        one = cast.add_delegate(seminar, "Một", "T2", unit_id=1)
        inviting.issue_letters(seminar, [one], cast.OFFICE, cast.NOW)
        db.session.commit()
    pages = ("", "/places", "/memberships")
    few = [query_count(lambda page=page: office.get(BOARD + page)) for page in pages]
    with app.app_context():
        db.session.add_all(
            Unit(position=number, name=f"Huyện Đoàn {number}", kind=UnitKind.DISTRICT) for number in range(10, 28)
        )
        seminar = cast.find_seminar()
        allot_places(seminar)
        many = [cast.add_delegate(seminar, f"Người {number}", "G1", "G2", unit_id=2) for number in range(300)]
        inviting.issue_letters(seminar, many, cast.OFFICE, cast.NOW)
        for delegate in many[::3]:
            inviting.answer(delegate, Answer.ATTENDING, "", cast.OFFICE, cast.NOW)
        db.session.commit()
    assert [query_count(lambda page=page: office.get(BOARD + page)) for page in pages] == few
    assert max(few) < 15


def test_the_lists_behind_the_board_come_in_pages(varied, office):
    address = f"{BOARD}/memberships"
    page = office.get(address).text
    assert page.count("<tr data-row") == 50
    assert rows_of(office, address) == 61
    assert office.get(f"{BOARD}/places?page=99&unit=x&state=nonsense&group=NONE").status_code == 200
    assert 'data-total="5"' in office.get(f"{BOARD}/places?page=99&state=nonsense").text
    for unit in ("none", "99999999999", "-1", "each"):
        assert office.get(f"{BOARD}/memberships?unit={unit}").status_code == 200
        assert office.get(f"{BOARD}/places?unit={unit}").status_code == 200


def test_the_board_is_the_offices(app, staff, visitor):
    for page in ("", "/places", "/memberships"):
        assert visitor.get(BOARD + page).status_code == 302
        for login in ("vinh", "tam", "thu", "chung"):
            assert staff(login).get(BOARD + page).status_code == 403
        assert staff("an").get(BOARD + page).status_code == 200
        assert staff("oanh").get(f"/seminars/nowhere/board{page}").status_code == 404
        assert staff("oanh").post(BOARD + page).status_code == 405
