"""Answers: given by the delegate or on their behalf, late, closed, counted and listed."""

import re
from datetime import UTC, datetime

import pytest

from seminar.access.actor import ActorKind, Channel
from seminar.audit.models import AuditEntry
from seminar.delegates.models import Delegate
from seminar.invitations import actions, queries
from seminar.invitations.models import Answer, Invitation, Rsvp
from seminar.invitations.queries import State
from seminar.lib.database import db
from seminar.lib.errors import Refused
from tests import cast
from tests.web.inviting import HERE, count, in_force, invite, set_deadline

IN_TIME = datetime(2024, 3, 7, 16, 0, tzinfo=UTC)
TOO_LATE = datetime(2024, 3, 7, 17, 0, tzinfo=UTC)  # midnight of the 8th in Vietnam

GUEST = ("Nguyễn Thị Hồng", "G2", {"email": "hong@example.vn"})
SUMMONED = ("Trần Quốc Đạt", "T5", {})


def answer(delegate_id, choice, now=IN_TIME, reason=""):
    invitation = in_force(delegate_id)
    return actions.answer(invitation.delegate, choice, reason, actions.delegate_actor(invitation), now)


def rows(client, query=""):
    page = client.get(f"{HERE}/answers{query}").text
    return int(re.search(r'data-total="(\d+)"', page)[1]), page.count("<tr data-row")


def test_the_latest_of_two_answers_counts_and_both_stay(app):
    with app.app_context():
        one = invite(GUEST)["Nguyễn Thị Hồng"]
        answer(one, Answer.ATTENDING)
        answer(one, Answer.DECLINED, reason="bận")
        assert queries.current_rsvp(db.session.get(Delegate, one)).answer == Answer.DECLINED
        assert db.session.query(Rsvp).count() == 2
        assert (count(State.DECLINED), count(State.ATTENDING)) == (1, 0)
        db.session.rollback()


def test_the_same_answer_again_changes_nothing(app):
    with app.app_context():
        one = invite(GUEST)["Nguyễn Thị Hồng"]
        assert answer(one, Answer.ATTENDING) is answer(one, Answer.ATTENDING)
        assert db.session.query(Rsvp).count() == 1
        db.session.rollback()


def test_an_answer_after_the_deadline_is_taken_and_marked_late(app, office):
    with app.app_context():
        set_deadline()
        ids = invite(GUEST, SUMMONED)
        assert answer(ids["Nguyễn Thị Hồng"], Answer.ATTENDING, IN_TIME).is_late is False
        assert answer(ids["Trần Quốc Đạt"], Answer.ATTENDING, TOO_LATE).is_late is True
        db.session.commit()
    assert rows(office, "?state=late") == (1, 1)
    assert "trễ" in office.get(f"{HERE}/answers?state=late").text


def test_a_guest_cannot_answer_after_the_office_closed_the_answers(app):
    with app.app_context():
        one = invite(GUEST)["Nguyễn Thị Hồng"]
        set_deadline(closed_at=cast.NOW)
        with pytest.raises(Refused, match="Answers are closed"):
            answer(one, Answer.ATTENDING)
        db.session.rollback()


def test_who_is_summoned_must_say_why_they_cannot_come(app, office):
    with app.app_context():
        ids = invite(GUEST, SUMMONED)
        answer(ids["Nguyễn Thị Hồng"], Answer.DECLINED)
        db.session.commit()
    here = f"{HERE}/delegates/{ids['Trần Quốc Đạt']}/answer"
    refused = office.post(here, data={"answer": "declined", "channel": "phone"})
    assert refused.status_code == 422
    assert "Hãy ghi lý do không dự được." in refused.text
    assert re.search(r'<input checked[^>]*value="declined"', refused.text)
    taken = office.post(here, data={"answer": "declined", "channel": "phone", "reason": "đi công tác"})
    assert taken.status_code == 303


def test_a_revoked_or_unknown_code_is_refused(app):
    with app.app_context():
        one = invite(GUEST)["Nguyễn Thị Hồng"]
        old = in_force(one)
        actions.reissue(old.delegate, "mất", cast.OFFICE, cast.NOW)
        db.session.commit()
        with pytest.raises(Refused, match="no longer valid"):
            actions.require_in_force(queries.invitation_by_code(old.code))
        with pytest.raises(Refused, match="not known"):
            actions.require_in_force(queries.invitation_by_code("1" * 20))
        assert actions.require_in_force(queries.invitation_by_code(in_force(one).code)).id == in_force(one).id


def test_without_an_invitation_in_force_there_is_nothing_to_answer(app):
    with app.app_context():
        one = invite(GUEST)["Nguyễn Thị Hồng"]
        actions.revoke(in_force(one), "rút", cast.OFFICE, cast.NOW)
        with pytest.raises(Refused, match="no invitation in force"):
            actions.answer(db.session.get(Delegate, one), Answer.ATTENDING, "", cast.OFFICE, cast.NOW)
        db.session.rollback()


def test_the_office_answers_for_somebody_and_the_record_says_so(app, office):
    with app.app_context():
        one = invite(GUEST)["Nguyễn Thị Hồng"]
    assert office.get(f"{HERE}/delegates/{one}/answer").status_code == 200
    done = office.post(f"{HERE}/delegates/{one}/answer", data={"answer": "attending", "channel": "zalo"})
    assert (done.status_code, done.location) == (303, f"{HERE}/delegates/{one}")
    with app.app_context():
        rsvp = db.session.scalars(db.select(Rsvp)).one()
        assert (rsvp.actor_name, rsvp.actor_kind, rsvp.channel) == ("Trần Thị Oanh", ActorKind.STAFF, Channel.ZALO)
        entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.verb == "answer")).one()
        assert (entry.on_behalf_of, entry.channel) == ("Nguyễn Thị Hồng", Channel.ZALO)


@pytest.mark.parametrize(
    "data", [{}, {"answer": "maybe", "channel": "phone"}, {"answer": "attending", "channel": "desk"}]
)
def test_an_answer_that_is_none_is_shown_again(app, office, data):
    with app.app_context():
        one = invite(GUEST)["Nguyễn Thị Hồng"]
    assert office.post(f"{HERE}/delegates/{one}/answer", data=data).status_code == 422
    with app.app_context():
        assert db.session.query(Rsvp).count() == 0


def test_only_the_office_answers_for_others_and_strangers_find_nobody(app, staff, office):
    with app.app_context():
        one = invite(GUEST)["Nguyễn Thị Hồng"]
        other = cast.add_delegate(cast.add_seminar("toa-dam-khac"), "Người Khác", "G2").id
        db.session.commit()
    for login in ("chung", "thu", "tam", "vinh"):
        assert staff(login).post(f"{HERE}/delegates/{one}/answer", data={}).status_code == 403
    assert staff("thu").get(f"{HERE}/answers").status_code == 200
    assert staff("chung").get(f"{HERE}/answers").status_code == 403
    assert office.get(f"{HERE}/delegates/{2**40}/answer").status_code == 404
    for missing in (other, 999):
        assert office.get(f"{HERE}/delegates/{missing}/answer").status_code == 404
        assert office.post(f"{HERE}/delegates/{missing}/answer", data={"answer": "attending"}).status_code == 404


def test_a_new_code_ends_the_old_one_and_a_revocation_ends_all(app, office):
    with app.app_context():
        one = invite(GUEST)["Nguyễn Thị Hồng"]
        first = in_force(one).code
    assert office.post(f"{HERE}/delegates/{one}/invitation/reissue", data={}).status_code == 422
    assert office.post(f"{HERE}/delegates/{one}/invitation/reissue", data={"reason": "mất"}).status_code == 303
    with app.app_context():
        assert in_force(one).code != first
        assert queries.invitation_by_code(first).revoked_because == "mất"
    for _ in range(2):
        assert office.post(f"{HERE}/delegates/{one}/invitation/revocation", data={"reason": "x"}).status_code == 303
    with app.app_context():
        assert db.session.query(Invitation).filter(Invitation.revoked_at.is_(None)).count() == 0
        assert count(State.NO_INVITATION) == 1
    assert office.post(f"{HERE}/delegates/{one}/invitation/reissue", data={"reason": "mất"}).status_code == 422
    assert "cancellation" not in office.get(f"{HERE}/delegates/{one}").text  # nothing was ever sent


def test_an_invitation_given_by_zalo_counts_as_sent(app, office):
    with app.app_context():
        one = invite(GUEST)["Nguyễn Thị Hồng"]
        assert count(State.NOT_SENT) == 1
    page = office.get(f"{HERE}/delegates/{one}/answer").text
    assert "trân trọng kính mời đồng chí dự" in page
    assert office.post(f"{HERE}/delegates/{one}/deliveries", data={"channel": "zalo"}).status_code == 303
    assert office.post(f"{HERE}/delegates/{one}/deliveries", data={"channel": "desk"}).status_code == 422
    with app.app_context():
        assert count(State.NOT_SENT) == 0


def add_mixed_house() -> None:
    """Delegates in every state, over several groups and units."""
    set_deadline()
    ids = invite(
        ("Đến Một", "G2", {"email": "a@example.vn"}),
        ("Đến Trễ", "G1", {}),
        ("Vắng Một", "T5", {"email": "b@example.vn", "unit_id": 1}),
        ("Im Lặng", "T5", {"email": "c@example.vn", "unit_id": 1}),
        ("Im Lặng Hai", "G2", {"unit_id": 2}),
        ("Thay Rồi", "G1", {"email": "d@example.vn"}),
        ("Xin Thay", "T2", {"unit_id": 2}),
    )
    cast.add_delegate(cast.find_seminar(), "Chưa Mời", "KHAC")
    cast.add_delegate(cast.find_seminar(), "Đã Rút", "G2", removed_at=cast.NOW)
    answer(ids["Đến Một"], Answer.ATTENDING)
    answer(ids["Đến Trễ"], Answer.ATTENDING, TOO_LATE)
    answer(ids["Vắng Một"], Answer.DECLINED, reason="ốm")
    for name in ("Thay Rồi", "Xin Thay"):
        actions.propose_proxy(in_force(ids[name]).delegate, "Người Thay", "", "", "", "bận", cast.OFFICE, IN_TIME)
    db.session.commit()


def test_everybody_is_in_exactly_one_state(app):
    with app.app_context():
        add_mixed_house()
        assert {state: count(state) for state in queries.PARTITION} == {
            State.ATTENDING: 2,
            State.PROXIED: 1,
            State.DECLINED: 1,
            State.NO_ANSWER: 3,
            State.NO_INVITATION: 1,
        }
        assert (count(State.LATE), count(State.ASKS_PROXY), count(State.INVITED)) == (1, 1, 7)
        assert (count(State.HAS_EMAIL), count(State.NO_EMAIL)) == (3, 4)


def test_every_figure_of_the_pages_opens_a_list_of_exactly_that_many(app, office):
    with app.app_context():
        add_mixed_house()
    for page in ("answers", "letters", "sendings", "sendings?purpose=reminder&group=T5"):
        figures = re.findall(r'<a class="figure" href="([^"]+)">([\d.]+)</a>', office.get(f"{HERE}/{page}").text)
        assert len(figures) >= 2
        for href, shown in figures:
            text = office.get(href.replace("&amp;", "&")).text
            assert (href, int(shown)) == (href, text.count("<tr data-row"))
            assert f'data-total="{shown}"' in text


def test_the_list_and_the_row_agree_on_the_state(app):
    with app.app_context():
        add_mixed_house()
        everybody = db.session.scalars(db.select(Delegate).where(Delegate.removed_at.is_(None))).all()
        for row in queries.answer_rows(everybody):
            query = queries.with_state(db.select(Delegate.id).where(Delegate.id == row.delegate.id), row.state)
            assert db.session.scalar(query) == row.delegate.id


def test_filters_narrow_by_group_unit_and_name(app, office):
    with app.app_context():
        add_mixed_house()
    assert rows(office) == (8, 8)
    assert rows(office, "?group=T5") == (2, 2)
    assert rows(office, "?unit=2") == (2, 2)
    assert rows(office, "?unit=2&state=no_answer") == (2, 2)
    assert rows(office, "?search=im lang&state=no_answer&state=has_email") == (1, 1)
    assert rows(office, "?state=nonsense&page=x&letter=y") == (8, 8)


def test_the_list_costs_the_same_for_one_and_for_many(app, office, query_count):
    with app.app_context():
        invite(("Nguyễn Thị Hồng", "G2", {"unit_id": 1}))
    few = query_count(lambda: office.get(f"{HERE}/answers"))
    with app.app_context():
        invite(*((f"Đại biểu {n}", "G2", {"unit_id": 1}) for n in range(60)))
    assert query_count(lambda: office.get(f"{HERE}/answers")) == few
    assert rows(office) == (61, 50)
    assert rows(office, "?page=2") == (61, 11)


def record(office, delegate_id, **values):
    data = {"answer": "attending", "channel": "phone"} | values
    return office.post(f"{HERE}/delegates/{delegate_id}/answer", data=data)


def test_who_told_the_office_and_when_stand_in_the_history(app, office):
    with app.app_context():
        set_deadline()
        one = invite(GUEST)["Nguyễn Thị Hồng"]
    told = {"told_by": "Lê Thị Bình, thư ký", "told_at": "2024-03-07T16:30", "channel": "in_person"}
    assert record(office, one, **told).status_code == 303
    with app.app_context():
        rsvp = db.session.scalars(db.select(Rsvp)).one()
        assert (rsvp.actor_name, rsvp.channel) == (
            "Trần Thị Oanh, theo lời Lê Thị Bình, thư ký",
            Channel.IN_PERSON,
        )
        assert rsvp.at == datetime(2024, 3, 7, 9, 30, tzinfo=UTC)
        assert rsvp.is_late is False  # written down years later, but given in time
        entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.verb == "answer")).one()
        assert entry.at.year > 2024
    for page in (f"{HERE}/delegates/{one}", f"{HERE}/delegates/{one}/answer", f"{HERE}/answers"):
        text = office.get(page).text
        assert "16:30 07/03/2024, Trần Thị Oanh, theo lời Lê Thị Bình, thư ký, trực tiếp" in text


@pytest.mark.parametrize(
    ("told_at", "sentence"),
    [
        ("2099-01-01T08:00", "chưa đến: hãy sửa lại thời điểm trả lời"),
        ("2014-03-07T08:00", "không thể có trả lời trước đó"),
        ("2024-03-06T08:00", "Đã có trả lời mới hơn, lúc 23:00 07/03/2024"),
    ],
)
def test_a_time_that_cannot_be_is_refused_and_kept_in_the_form(app, office, told_at, sentence):
    with app.app_context():
        one = invite(GUEST)["Nguyễn Thị Hồng"]
        answer(one, Answer.DECLINED)
        db.session.commit()
    refused = record(office, one, told_at=told_at)
    assert refused.status_code == 422
    assert sentence in refused.text
    assert f'value="{told_at}"' in refused.text
    assert record(office, one, told_at="").status_code == 303


def test_a_time_that_is_none_is_shown_again(app, office):
    with app.app_context():
        one = invite(GUEST)["Nguyễn Thị Hồng"]
    assert record(office, one, told_at="hôm qua").status_code == 422
    with app.app_context():
        assert db.session.query(Rsvp).count() == 0


def test_absences_with_and_without_a_reason_are_told_apart(app, office):
    with app.app_context():
        ids = invite(GUEST, SUMMONED, ("Khách Im", "G2", {}))
    record(office, ids["Nguyễn Thị Hồng"], answer="declined", reason="  ")
    record(office, ids["Trần Quốc Đạt"], answer="declined", reason="đi công tác")
    assert (rows(office, "?state=excused"), rows(office, "?state=unexcused")) == ((1, 1), (1, 1))
    assert "Trần Quốc Đạt" in office.get(f"{HERE}/answers?state=excused").text
    assert (rows(office, "?state=declined"), rows(office, "?state=answered")) == ((2, 2), (2, 2))
    assert rows(office, "?unit=none&state=answered") == (2, 2)
    assert rows(office, "?unit=1") == (0, 0)
    assert rows(office, "?group=T5&secondary=1&state=answered") == (1, 1)


def test_a_page_of_what_is_wrong_holds_nobody_off(app, office):
    """A 422 page is drawn after the writing transaction has ended: a desk can scan meanwhile."""
    from flask import template_rendered

    with app.app_context():
        ids = invite(GUEST, ("Bí Thư Một", "T2", {}))
        one, two = ids["Nguyễn Thị Hồng"], ids["Bí Thư Một"]
        by = actions.delegate_actor(in_force(two))
        asked = actions.propose_proxy(in_force(two).delegate, "Người Thay", "", "", "", "bận", by, cast.NOW).id
        db.session.commit()
    held = []

    def look(sender, **extra):
        held.append(bool(db.session.connection().info.get("writes")))

    with template_rendered.connected_to(look, app):
        for path in (
            f"delegates/{one}/answer",
            f"delegates/{one}/proxy",
            "letters",
            "sendings",
            f"proxies/{asked}/decision",
        ):
            assert office.post(f"{HERE}/{path}", data={}).status_code == 422
    assert held and not any(held)
