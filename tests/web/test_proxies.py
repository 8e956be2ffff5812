"""Proxies: by the rule of the group free, to be approved, or not allowed."""

import pytest

from seminar.audit.models import AuditEntry
from seminar.checkin.queries import as_entry, people
from seminar.delegates.models import Delegate
from seminar.invitations import actions, queries
from seminar.invitations.models import Answer, Invitation, Proxy, ProxyOutcome
from seminar.invitations.queries import State
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.mail.models import Mail
from tests import cast
from tests.web.inviting import HERE, count, in_force, invite, set_deadline

DATA = {"name": "Lê Thị Thay", "phone": "0912 345 678", "email": "thay@example.vn", "reason": "bận", "channel": "phone"}


def propose(delegate_id: int, **values):
    data = {"name": "Lê Thị Thay", "position": "", "phone": "", "email": "", "reason": "bận"} | values
    return actions.propose_proxy(db.session.get(Delegate, delegate_id), **data, by=cast.OFFICE, now=cast.NOW)


def test_where_the_group_is_free_the_proxy_is_approved_at_once(app, office):
    with app.app_context():
        one = invite(("Nguyễn Văn Mời", "G2", {}))["Nguyễn Văn Mời"]
        old = in_force(one).code
    assert office.post(f"{HERE}/delegates/{one}/proxy", data=DATA).status_code == 303
    with app.app_context():
        new = in_force(one)
        assert (new.proxy.name, new.proxy.phone, new.proxy.outcome) == (
            "Lê Thị Thay",
            "0912345678",
            ProxyOutcome.APPROVED,
        )
        assert new.delegate.name == "Nguyễn Văn Mời"
        assert queries.invitation_by_code(old).revoked_because == "Người dự thay: Lê Thị Thay"
        assert (count(State.PROXIED), count(State.NO_ANSWER)) == (1, 0)
        verbs = db.session.scalars(db.select(AuditEntry.verb).where(AuditEntry.noun == "proxy").order_by(AuditEntry.id))
        assert list(verbs) == ["propose", "approve"]


def test_an_honorific_is_no_part_of_the_name_of_the_proxy(app):
    with app.app_context():
        one = invite(("Nguyễn Văn Mời", "G2", {}))["Nguyễn Văn Mời"]
        assert propose(one, name="Đ/c Lê Thị Thay").name == "Lê Thị Thay"
        db.session.rollback()


def test_where_approval_is_needed_the_office_decides(app, office):
    with app.app_context():
        one = invite(("Bí Thư Một", "T2", {}))["Bí Thư Một"]
        old = in_force(one).code
    office.post(f"{HERE}/delegates/{one}/proxy", data=DATA)
    page = office.get(f"{HERE}/proxies").text
    assert 'data-total="1"' in page
    with app.app_context():
        proxy_id = db.session.scalars(db.select(Proxy.id)).one()
        assert in_force(one).code == old
    done = office.post(f"{HERE}/proxies/{proxy_id}/decision", data={"outcome": "approve", "note": "đồng ý"})
    assert (done.status_code, done.location) == (303, f"{HERE}/proxies")
    with app.app_context():
        assert in_force(one).proxy_id == proxy_id
        assert queries.invitation_by_code(old).revoked_at is not None
    again = office.post(f"{HERE}/proxies/{proxy_id}/decision", data={"outcome": "refuse"})
    assert again.status_code == 422
    assert "Đề nghị này đã được quyết định." in again.text


def test_a_refused_request_leaves_the_code_in_force_and_may_be_made_again(app, office):
    with app.app_context():
        one = invite(("Bí Thư Một", "T2", {}))["Bí Thư Một"]
        old = in_force(one).code
        propose(one)
        with pytest.raises(Refused, match="already proposed"):
            propose(one, name="Người Khác")
        db.session.commit()
        proxy_id = db.session.scalars(db.select(Proxy.id)).one()
    assert office.post(f"{HERE}/proxies/{proxy_id}/decision", data={"outcome": "maybe"}).status_code == 422
    assert office.post(f"{HERE}/proxies/{proxy_id}/decision", data={"outcome": "refuse"}).status_code == 303
    with app.app_context():
        assert in_force(one).code == old
        assert propose(one).outcome is None
        db.session.rollback()


def test_where_nobody_may_come_instead_a_sentence_says_so(app, office):
    with app.app_context():
        one = invite(("Đảng Viên Trẻ", "T5", {}))["Đảng Viên Trẻ"]
    answer = office.post(f"{HERE}/delegates/{one}/proxy", data=DATA)
    assert answer.status_code == 422
    assert "không cử người dự thay" in answer.text
    with app.app_context():
        assert db.session.query(Proxy).count() == 0


@pytest.mark.parametrize(
    ("values", "match"),
    [
        ({"name": "  "}, "name of the person"),
        ({"name": "Lê Văn Ba; Hồ Thị Na"}, "only one"),
        ({"phone": "12"}, "telephone"),
        ({"email": "a@"}, "e-mail"),
    ],
)
def test_bad_details_of_a_proxy_are_refused(app, values, match):
    with app.app_context():
        one = invite(("Nguyễn Văn Mời", "G2", {}))["Nguyễn Văn Mời"]
        with pytest.raises(Refused, match=match):
            propose(one, **values)
        db.session.rollback()


def test_what_was_typed_is_kept_where_it_was_refused(app, office):
    with app.app_context():
        one = invite(("Nguyễn Văn Mời", "G2", {}))["Nguyễn Văn Mời"]
    answer = office.post(f"{HERE}/delegates/{one}/proxy", data=DATA | {"phone": "12"})
    assert answer.status_code == 422
    assert 'value="Lê Thị Thay"' in answer.text


def test_the_one_who_declined_first_and_then_sends_a_proxy_is_no_longer_declined(app):
    with app.app_context():
        one = invite(("Nguyễn Văn Mời", "G2", {}))["Nguyễn Văn Mời"]
        actions.answer(db.session.get(Delegate, one), Answer.DECLINED, "", cast.OFFICE, cast.NOW)
        propose(one)
        assert (count(State.DECLINED), count(State.PROXIED)) == (0, 1)
        db.session.rollback()


def test_a_proxy_who_cannot_come_either_counts_as_declined(app):
    with app.app_context():
        one = invite(("Nguyễn Văn Mời", "G2", {}))["Nguyễn Văn Mời"]
        propose(one)
        invitation = in_force(one)
        by = actions.delegate_actor(invitation)
        actions.answer(invitation.delegate, Answer.DECLINED, "ốm", by, cast.NOW)
        assert by.name == "Lê Thị Thay"
        assert (count(State.DECLINED), count(State.PROXIED)) == (1, 0)
        db.session.rollback()


def test_a_new_code_for_a_proxy_stays_the_proxys(app):
    with app.app_context():
        one = invite(("Nguyễn Văn Mời", "G2", {}))["Nguyễn Văn Mời"]
        proxy = propose(one)
        assert actions.reissue(db.session.get(Delegate, one), "mất", cast.OFFICE, cast.NOW).proxy_id == proxy.id
        db.session.rollback()


def test_after_the_answers_are_closed_nobody_is_proposed(app):
    with app.app_context():
        one = invite(("Nguyễn Văn Mời", "G2", {}))["Nguyễn Văn Mời"]
        set_deadline(closed_at=cast.NOW)
        with pytest.raises(Refused, match="closed"):
            propose(one)
        db.session.rollback()


def test_requests_are_decided_by_the_office_alone_and_within_their_seminar(app, staff, office):
    with app.app_context():
        one = invite(("Bí Thư Một", "T2", {}))["Bí Thư Một"]
        propose(one)
        db.session.commit()
        proxy_id = db.session.scalars(db.select(Proxy.id)).one()
        cast.add_seminar("toa-dam-khac")
        db.session.commit()
    assert staff("thu").get(f"{HERE}/proxies").status_code == 200
    assert staff("chung").get(f"{HERE}/proxies").status_code == 403
    assert staff("thu").post(f"{HERE}/proxies/{proxy_id}/decision", data={}).status_code == 403
    assert office.post(f"/seminars/toa-dam-khac/proxies/{proxy_id}/decision", data={}).status_code == 404
    assert office.post(f"{HERE}/proxies/99/decision", data={"outcome": "approve"}).status_code == 404
    assert office.get(f"{HERE}/proxies/{proxy_id}/decision").status_code == 405
    with app.app_context():
        assert db.session.query(Invitation).count() == 1


def test_the_list_of_requests_costs_the_same_for_many(app, office, query_count):
    def add(*names):
        for delegate_id in invite(*((name, "T2", {}) for name in names)).values():
            propose(delegate_id)
        db.session.commit()

    with app.app_context():
        add("Một")
    few = query_count(lambda: office.get(f"{HERE}/proxies"))
    with app.app_context():
        add(*(f"Người {n}" for n in range(20)))
    assert query_count(lambda: office.get(f"{HERE}/proxies")) == few


def test_a_proxy_hands_the_place_on_only_through_the_office(app, office, visitor):
    with app.app_context():
        one = invite(("Nguyễn Văn Mời", "G2", {}))["Nguyễn Văn Mời"]
    office.post(f"{HERE}/delegates/{one}/proxy", data=DATA)
    with app.app_context():
        code = in_force(one).code
    answer = visitor.post(f"/i/{code}/proxy", data={"name": "Người Thứ Ba", "reason": "bận"})
    assert answer.status_code == 422
    with app.app_context():
        assert (in_force(one).code, in_force(one).proxy.name) == (code, "Lê Thị Thay")
    assert office.post(f"{HERE}/delegates/{one}/proxy", data=DATA | {"name": "Người Thứ Ba"}).status_code == 303
    with app.app_context():
        assert in_force(one).proxy.name == "Người Thứ Ba"


def propose_and(delegate_id: int, approve: bool, **values) -> int:
    proxy = propose(delegate_id, **values)
    actions.decide_proxy(proxy, approve, "", cast.OFFICE, cast.NOW)
    db.session.commit()
    return proxy.id


def test_a_delegate_who_comes_in_person_after_all_gets_a_new_code_and_the_proxys_ends(app, office):
    with app.app_context():
        one = invite(("Bí Thư Một", "T2", {}))["Bí Thư Một"]
        first = in_force(one).code
        proxy_id = propose_and(one, True)
        theirs = in_force(one).code
    for _ in range(2):  # twice is harmless
        done = office.post(f"{HERE}/proxies/{proxy_id}/withdrawal", data={"reason": "họp hoãn"})
        assert (done.status_code, done.location) == (303, f"{HERE}/proxies")
    with app.app_context():
        invitation = in_force(one)
        assert invitation.proxy_id is None
        assert invitation.code not in (first, theirs)
        assert queries.invitation_by_code(theirs).revoked_because == "Đại biểu trực tiếp dự. họp hoãn"
        assert db.session.query(Invitation).count() == 3
        assert db.session.get(Proxy, proxy_id).outcome == ProxyOutcome.APPROVED  # the record of the decision stays
        assert (count(State.PROXIED), count(State.ATTENDING)) == (0, 1)
    page = office.get(f"{HERE}/proxies").text
    assert "Đại biểu trực tiếp dự. họp hoãn" in page
    assert "Lê Thị Thay" in page and "Bí Thư Một" in page


def test_a_request_that_waits_can_be_withdrawn_and_a_refused_one_cannot(app, office):
    with app.app_context():
        ids = invite(("Bí Thư Một", "T2", {}), ("Bí Thư Hai", "T2", {}))
        waiting = propose(ids["Bí Thư Một"]).id
        refused = propose_and(ids["Bí Thư Hai"], False)
    assert office.post(f"{HERE}/proxies/{waiting}/withdrawal", data={}).status_code == 303
    answer = office.post(f"{HERE}/proxies/{refused}/withdrawal", data={})
    assert answer.status_code == 422
    assert "Đề nghị này đã được quyết định." in answer.text
    with app.app_context():
        assert db.session.get(Proxy, waiting).outcome == ProxyOutcome.WITHDRAWN
        assert (count(State.ASKS_PROXY), count(State.NO_ANSWER)) == (0, 2)


def test_the_letter_of_the_proxy_is_printed_or_sent_from_the_page(app, at, office, visitor):
    with app.app_context():
        ids = invite(("Bí Thư Một", "T2", {}), ("Bí Thư Hai", "T2", {}))
        with_address = propose_and(ids["Bí Thư Một"], True, email="thay@example.vn")
        without = propose_and(ids["Bí Thư Hai"], True)
        code = in_force(ids["Bí Thư Một"]).code
    page = office.get(f"{HERE}/proxies").text
    assert f"/i/{code}/letter.pdf" in page
    assert page.count("chưa gửi văn bản") == 2
    assert office.post(f"{HERE}/proxies/{with_address}/sending").status_code == 303
    refused = office.post(f"{HERE}/proxies/{without}/sending")
    assert refused.status_code == 422
    assert "không có e-mail" in refused.text
    with app.app_context():
        mail = db.session.scalars(db.select(Mail)).one()
        assert (mail.to_name, mail.to_address, mail.purpose) == ("Lê Thị Thay", "thay@example.vn", queries.INVITES)
        assert code in mail.text
    assert office.get(f"{HERE}/proxies").text.count("chưa gửi văn bản") == 1


def test_a_refused_request_is_told_by_mail_and_on_the_personal_page(app, office, visitor):
    with app.app_context():
        ids = invite(("Bí Thư Một", "T2", {"email": "mot@example.vn"}), ("Bí Thư Hai", "T2", {}))
        one, two = ids["Bí Thư Một"], ids["Bí Thư Hai"]
        requests = [propose(delegate_id).id for delegate_id in (one, two)]
        db.session.commit()
        code = in_force(one).code
    for proxy_id in requests:
        office.post(f"{HERE}/proxies/{proxy_id}/decision", data={"outcome": "refuse", "note": "cần người đứng đầu"})
    assert office.get(f"{HERE}/proxies").text.count("cần báo lại") == 2
    assert office.post(f"{HERE}/proxies/{requests[0]}/sending").status_code == 303
    assert office.post(f"{HERE}/proxies/{requests[1]}/sending").status_code == 422
    with app.app_context():
        mail = db.session.scalars(db.select(Mail)).one()
        assert (mail.to_name, mail.purpose) == ("Bí Thư Một", queries.REFUSES_PROXY)
        assert "không chấp thuận" in mail.text and "cần người đứng đầu" in mail.text and code in mail.text
        assert count(State.NOT_SENT) == 2  # it is not the letter
    page = office.get(f"{HERE}/proxies").text
    assert (page.count("cần báo lại"), page.count("đã báo qua thư")) == (1, 1)
    personal = visitor.get(f"/i/{code}").text
    assert "Đề nghị cử Lê Thị Thay dự thay không được Ban Tổ chức chấp thuận. cần người đứng đầu" in personal
    with app.app_context():
        propose(one, name="Người Khác")
        db.session.commit()
    assert "không được Ban Tổ chức chấp thuận" not in visitor.get(f"/i/{code}").text


def test_the_primary_group_decides_whether_somebody_may_come_instead(app):
    """domain.md Đ9: one primary group decides; further groups do not."""
    with app.app_context():
        seminar = cast.find_seminar()
        free = cast.add_delegate(seminar, "Khách Trẻ", "G2", "T5")
        bound = cast.add_delegate(seminar, "Đảng Viên Khách", "T5", "G2")
        actions.issue_letters(seminar, [free, bound], cast.OFFICE, cast.NOW)
        assert propose(free.id).outcome == ProxyOutcome.APPROVED
        with pytest.raises(Refused, match="in person"):
            propose(bound.id)
        db.session.rollback()


def test_at_the_desk_and_in_the_lists_both_names_stand(app, office, staff):
    with app.app_context():
        one = invite(("Nguyễn Văn Mời", "G2", {}))["Nguyễn Văn Mời"]
        propose(one)
        db.session.commit()
        person = db.session.execute(people().where(Delegate.id == one)).one()
        entry = as_entry(person)
        assert (entry["name"], entry["proxy"]["name"]) == ("Nguyễn Văn Mời", "Lê Thị Thay")
    for page in ("answers", "proxies", f"delegates/{one}", "board/memberships", "arrivals", "arrivals/print"):
        text = office.get(f"{HERE}/{page}").text
        assert "Nguyễn Văn Mời" in text and "Lê Thị Thay" in text, page


def test_of_somebody_taken_off_the_list_nothing_is_decided_any_more(app, office, visitor):
    with app.app_context():
        one = invite(("Bí Thư Một", "T2", {}))["Bí Thư Một"]
        code = in_force(one).code
        proxy_id = propose(one).id
        db.session.commit()
    office.post(f"{HERE}/delegates/{one}/removal", data={"reason": "thay người khác"})
    assert 'data-total="0"' in office.get(f"{HERE}/proxies").text
    refused = office.post(f"{HERE}/proxies/{proxy_id}/decision", data={"outcome": "approve"})
    assert refused.status_code == 422
    page = visitor.get(f"/i/{code}")
    assert page.status_code == 410
    assert "Danh sách đại biểu đã có thay đổi" in page.text
    assert "02740000000" in page.text
    assert "Bí Thư Một" not in page.text
    assert visitor.post(f"/i/{code}/answer", data={"answer": "attending"}).status_code == 410


def test_somebody_on_the_list_with_the_name_of_the_proxy_is_pointed_out(app, office):
    with app.app_context():
        seminar = cast.find_seminar()
        cast.add_delegate(seminar, "LÊ THỊ THAY", "G2")
        one = invite(("Bí Thư Một", "T2", {}))["Bí Thư Một"]
        propose(one)
        db.session.commit()
    assert "trùng tên đại biểu số 1" in office.get(f"{HERE}/proxies").text


def test_only_the_office_takes_back_and_tells(app, staff, office):
    with app.app_context():
        one = invite(("Bí Thư Một", "T2", {}))["Bí Thư Một"]
        proxy_id = propose(one).id
        cast.add_seminar("toa-dam-khac")
        db.session.commit()
    for path in ("withdrawal", "sending"):
        assert office.get(f"{HERE}/proxies/{proxy_id}/{path}").status_code == 405
        assert office.post(f"/seminars/toa-dam-khac/proxies/{proxy_id}/{path}").status_code == 404
        for login in ("thu", "chung", "tam", "vinh"):
            assert staff(login).post(f"{HERE}/proxies/{proxy_id}/{path}").status_code == 403
