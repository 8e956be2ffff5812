"""Reminders by rule: confirmed with a count, done on the day to those who still wait, each once."""

from datetime import UTC, date, datetime, timedelta

import pytest

from seminar.access.actor import Channel
from seminar.invitations import actions, queries, worker
from seminar.invitations.models import Answer, ReminderRule, Reminding
from seminar.lib.database import db
from seminar.mail.models import Mail
from tests import cast
from tests.web.inviting import HERE, in_force, invite, set_deadline
from tests.web.test_sendings import PEOPLE

PAGE = f"{HERE}/reminders"
HONG, DAT, NOBODY = (person[0] for person in PEOPLE)
RUNS_AT = datetime(2024, 3, 4, 1, tzinfo=UTC)
"""08:00 in Vietnam, three days before the last day in time of "trước ngày 08/3"."""


@pytest.fixture
def people(app, at):
    """Three who had their letter on 1/3, two of them with an address."""
    with app.app_context():
        set_deadline()
        ids = invite(*PEOPLE)
        for one in ids.values():
            actions.hand_over(in_force(one), Channel.LETTER, "", cast.OFFICE, cast.NOW)
        db.session.commit()
    return ids


def add(client, seen_count=2, **values):
    return client.post(PAGE, data={"days_before": 3, "at": "08:00", "seen_count": seen_count} | values)


def tick(app) -> int:
    with app.app_context():
        return worker.remind_due()


def reminded(app) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(db.select(Mail.to_name).where(Mail.purpose == "reminder").order_by(Mail.id)))


def test_the_office_confirms_a_rule_with_its_count_and_sees_when_it_runs(app, office, people):
    assert "sẽ gửi cho khoảng 2 người" in office.get(PAGE).text
    assert add(office).status_code == 303
    page = office.get(PAGE).text
    assert "3 ngày trước hạn trả lời, lúc 08:00" in page
    assert "08:00 04/03/2024" in page
    assert reminded(app) == []


@pytest.mark.parametrize(
    "values", [{"seen_count": 3}, {"seen_count": "x"}, {"days_before": 61}, {"days_before": ""}, {"at": "25:00"}]
)
def test_another_count_or_no_time_is_refused_and_kept_in_the_form(app, office, people, values):
    assert add(office, **values).status_code == 422
    with app.app_context():
        assert db.session.query(ReminderRule).count() == 0


def test_the_same_rule_twice_and_a_moment_that_has_passed_are_refused(app, office, people, at):
    assert add(office).status_code == 303
    assert "Đã có quy tắc như vậy" in add(office).text
    at(RUNS_AT + timedelta(hours=1))
    assert "Thời điểm ấy đã qua" in add(office, at="07:00").text


def test_on_the_day_only_those_who_still_wait_are_reminded_and_each_once(app, office, people, at):
    add(office)
    at(RUNS_AT - timedelta(minutes=1))
    assert tick(app) == 0
    with app.app_context():
        actions.answer(in_force(people[DAT]).delegate, Answer.ATTENDING, "", cast.OFFICE, cast.NOW)
        db.session.commit()
    at(RUNS_AT)
    assert tick(app) == 1
    assert tick(app) == 0
    assert reminded(app) == [HONG]
    with app.app_context():
        done = db.session.scalars(db.select(Reminding)).one()
        assert (done.delegate_id, done.mail_id is not None) == (people[HONG], True)
        mail = db.session.get(Mail, done.mail_id)
        assert "theo quy tắc nhắc của Trần Thị Oanh" in mail.created_by
    assert "1 người" in office.get(PAGE).text


def test_two_rules_remind_once_each(app, office, people, at):
    add(office)
    add(office, days_before=1)
    at(RUNS_AT)
    assert tick(app) == 2
    at(RUNS_AT + timedelta(days=2))
    assert tick(app) == 2
    assert sorted(reminded(app)) == sorted([HONG, DAT] * 2)


def test_whoever_got_the_letter_after_the_moment_is_not_reminded_of_it(app, office, people, at):
    add(office)
    at(RUNS_AT)
    assert tick(app) == 2
    with app.app_context():
        late = invite(("Người Muộn", "G2", {"email": "muon@example.vn"}), now=RUNS_AT + timedelta(hours=1))
        actions.hand_over(in_force(late["Người Muộn"]), Channel.ZALO, "", cast.OFFICE, RUNS_AT + timedelta(hours=1))
        db.session.commit()
    at(RUNS_AT + timedelta(hours=2))
    assert tick(app) == 0


@pytest.mark.parametrize("why", ["paused", "closed", "past", "over", "removed"])
def test_nothing_goes_once_it_is_paused_closed_past_or_over(app, office, people, at, why):
    add(office)
    with app.app_context():
        rule_id = db.session.scalar(db.select(ReminderRule.id))
    at(RUNS_AT)
    if why == "paused":
        assert office.post(f"{PAGE}/{rule_id}/pause").status_code == 303
    elif why == "removed":
        assert office.post(f"{PAGE}/{rule_id}/removal").status_code == 303
    elif why == "past":
        at(RUNS_AT + timedelta(days=4))
    else:
        with app.app_context():
            if why == "closed":
                set_deadline(closed_at=RUNS_AT)
            else:
                cast.find_seminar().held_on = date(2024, 3, 1)
                db.session.commit()
    assert tick(app) == 0
    assert reminded(app) == []


def test_a_paused_rule_goes_on_with_the_count_seen(app, office, people, at):
    add(office)
    with app.app_context():
        rule_id = db.session.scalar(db.select(ReminderRule.id))
    office.post(f"{PAGE}/{rule_id}/pause")
    assert "tạm dừng" in office.get(PAGE).text
    assert office.post(f"{PAGE}/{rule_id}/resumption", data={"seen_count": 5}).status_code == 422
    assert office.post(f"{PAGE}/{rule_id}/resumption", data={"seen_count": 2}).status_code == 303
    at(RUNS_AT)
    assert tick(app) == 2
    assert office.post(f"{PAGE}/{rule_id}/removal").status_code == 422


def test_an_answer_between_composing_and_sending_is_not_answered_with_a_reminder(app, office, people, at):
    from seminar.invitations import messages

    add(office)
    with app.app_context():
        seminar = cast.find_seminar()
        composed = messages.composed(queries.to_remind(seminar), "http://localhost", queries.REMINDS)
        actions.answer(in_force(people[HONG]).delegate, Answer.ATTENDING, "", cast.OFFICE, cast.NOW)
        rule = db.session.scalars(db.select(ReminderRule)).one()
        assert actions.remind_by_rule(rule.id, composed, RUNS_AT) == 1
        assert actions.remind_by_rule(rule.id, composed, RUNS_AT) == 0
        db.session.commit()
    assert reminded(app) == [DAT]


def test_the_database_itself_keeps_a_rule_from_reminding_twice(app, office, people, at):
    from sqlalchemy.exc import IntegrityError

    add(office)
    with app.app_context():
        rule_id = db.session.scalar(db.select(ReminderRule.id))
        for _ in range(2):
            db.session.add(Reminding(rule_id=rule_id, delegate_id=people[HONG], at=RUNS_AT))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def test_the_command_does_what_is_due(app, office, people, at):
    add(office)
    at(RUNS_AT)
    outcome = app.test_cli_runner().invoke(args=["invitations", "remind-due"])
    assert (outcome.exit_code, outcome.output) == (0, "2\n")
    assert len(reminded(app)) == 2


def test_without_a_deadline_no_rule_can_be_made(app, office, at):
    with app.app_context():
        invite(*PEOPLE)
    assert "Kế hoạch chưa có hạn trả lời" in office.get(PAGE).text
    assert add(office).status_code == 422


def test_strangers_and_other_roles(app, staff, office):
    for login in ("thu", "chung", "tam", "vinh"):
        assert staff(login).get(PAGE).status_code == 403
    assert office.post(f"{PAGE}/99/pause").status_code == 404
    assert office.get(f"{PAGE}/99/pause").status_code == 405
