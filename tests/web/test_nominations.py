"""Units name their people within their quotas; the office approves, returns, keeps in reserve, moves places."""

import re
import threading
from datetime import UTC, date, datetime

import pytest
from sqlalchemy.exc import IntegrityError

from seminar.delegates.models import Delegate, Membership, Nomination, NominationOutcome
from seminar.delegates.rules import RESERVES
from seminar.invitations.models import Invitation
from seminar.lib.database import db
from seminar.mail.models import Mail
from seminar.planning.models import Group, Milestone, MilestoneRule, Place, QuotaKind, Unit, UnitLink
from tests import cast

OFFICE = f"/seminars/{cast.SLUG}/nominations"
PLACES = f"/seminars/{cast.SLUG}/board/places"
PERSON = {"name": "Hồ Thị Na", "position": "Bí thư", "phone": "0912 345 678", "email": "na@example.vn"}
HTMX = {"HX-Request": "true", "HX-Request-Type": "full"}


@pytest.fixture
def links(app, office):
    """The codes of the links of the two units."""
    office.post(f"/seminars/{cast.SLUG}/units/links")
    with app.app_context():
        query = db.select(UnitLink.code).join(Unit, Unit.id == UnitLink.unit_id).order_by(Unit.position)
        return list(db.session.scalars(query))


@pytest.fixture
def link(links):
    return links[0]


def name(client, link, headers=None, **values):
    return client.post(f"/u/{link}/nominations", data={"group": "T2"} | PERSON | values, headers=headers or {})


def nominations(app):
    with app.app_context():
        return list(db.session.scalars(db.select(Nomination).order_by(Nomination.id)))


def decide(office, nomination_id, verb, **values):
    return office.post(f"{OFFICE}/{nomination_id}/{verb}", data=values)


def deadline(app, due_on):
    with app.app_context():
        seminar = cast.find_seminar()
        seminar.milestones.append(
            Milestone(position=1, code="nominations", rule=MilestoneRule.UNTIL, due_on=due_on, text="Cử đại biểu")
        )
        db.session.commit()


def holders(app, code="T2"):
    """(name, unit) of those in the group."""
    with app.app_context():
        query = (
            db.select(Delegate.name, Unit.name)
            .join(Membership, Membership.delegate_id == Delegate.id)
            .join(Group, Group.id == Membership.group_id)
            .outerjoin(Unit, Unit.id == Delegate.unit_id)
            .where(Group.code == code, Delegate.removed_at.is_(None))
        )
        return sorted(tuple(row) for row in db.session.execute(query))


def test_a_unit_names_somebody_and_the_office_puts_them_on_the_list(app, visitor, office, link):
    assert name(visitor, link).status_code == 303
    page = visitor.get(f"/u/{link}").text
    assert "Hồ Thị Na" in page
    assert "chờ Tỉnh Đoàn duyệt" in page
    assert not cast.tells(page, PERSON["phone"])
    assert "na@example.vn" not in page
    [one] = nominations(app)
    assert (one.name, one.phone, one.outcome, one.nominated_by, one.actor_kind) == (
        "Hồ Thị Na",
        "0912345678",
        None,
        "Thành Đoàn Thử Một",
        "unit",
    )
    assert holders(app) == []
    assert "Hồ Thị Na" in office.get(OFFICE).text
    assert decide(office, one.id, "approval").status_code == 303
    assert holders(app) == [("Hồ Thị Na", "Thành Đoàn Thử Một")]
    assert decide(office, one.id, "approval").status_code == 422
    assert "Hồ Thị Na" not in office.get(OFFICE).text
    assert "Hồ Thị Na" in office.get(f"{OFFICE}?state=approved").text


def test_an_honorific_is_no_part_of_the_name(app, visitor, link):
    assert name(visitor, link, name="Đ/c HỒ THỊ NA").status_code == 303
    assert [one.name for one in nominations(app)] == ["HỒ THỊ NA"]


def test_it_works_through_htmx_and_refuses_get_and_strangers(app, visitor, link):
    assert name(visitor, link, HTMX).status_code == 303
    assert visitor.get(f"/u/{link}/nominations").status_code == 405
    assert name(visitor, "1" * 20).status_code == 404
    assert visitor.post(f"/u/{link}/nominations/999/withdrawal").status_code == 404


@pytest.mark.parametrize(
    ("bad", "sentence"),
    [
        ({"name": ""}, ""),
        ({"name": "Đồng chí đại diện lãnh đạo"}, "Hãy ghi đầy đủ họ và tên"),
        ({"name": "Hồ Thị Na, Lê Văn Ba"}, "Mỗi suất chỉ cử một người"),
        ({"phone": "12"}, "không phải là số điện thoại"),
        ({"email": "na@"}, "không phải là địa chỉ e-mail"),
        ({"birth_year": "95"}, "không phải là năm sinh"),
        ({"group": "T5"}, "không do đơn vị cử"),
        ({"group": "KHAC"}, "không do đơn vị cử"),
        ({"group": "nope"}, "Hãy chọn thành phần"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(app, visitor, link, bad, sentence):
    answer = name(visitor, link, position="Bí thư giữ lại", place="", **bad)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert nominations(app) == []
    if "group" not in bad:
        with app.app_context():
            place = db.session.scalars(db.select(Place.id).where(Place.unit_id.is_not(None)).order_by(Place.id)).first()
        again = name(visitor, link, position="Bí thư giữ lại", place=place, **bad)
        assert "Bí thư giữ lại" in again.text


def test_the_closed_list_is_not_the_units_to_change(app, visitor, link):
    with app.app_context():
        seminar = cast.find_seminar()
        unit = db.session.scalars(db.select(Unit).order_by(Unit.position)).first()
        cast.add_delegate(seminar, "Lý Văn Ba", "T5", unit_id=unit.id)
        db.session.commit()
    page = visitor.get(f"/u/{link}").text
    assert "Lý Văn Ba" in page
    assert "Danh sách này do Tỉnh Đoàn lập" in page
    assert name(visitor, link, group="T5").status_code == 422


def test_a_second_name_for_the_only_place_is_told_who_has_it_and_may_wait_in_reserve(app, visitor, link):
    name(visitor, link)
    answer = name(visitor, link, name="Mai Văn Tư", phone="")
    assert answer.status_code == 422
    assert "đã đủ người: Hồ Thị Na" in answer.text
    assert name(visitor, link, name="Mai Văn Tư", phone="", is_reserve="1").status_code == 303
    assert [(one.name, one.place_id is None) for one in nominations(app)] == [
        ("Hồ Thị Na", False),
        ("Mai Văn Tư", True),
    ]
    assert "dự bị" in visitor.get(f"/u/{link}").text


def test_nobody_is_named_twice(app, visitor, office, link):
    name(visitor, link)
    assert name(visitor, link, is_reserve="1").status_code == 422
    decide(office, nominations(app)[0].id, "approval")
    answer = name(visitor, link, is_reserve="1")
    assert answer.status_code == 422
    assert "đã có trong" in answer.text


def test_two_who_name_the_last_place_at_the_same_moment(app, link):
    """Two people of the unit press the button together: one wins, the other is told by name who did."""
    answers = {}
    ready = threading.Barrier(2)

    def press(who):
        with app.test_client() as client:
            ready.wait()
            answers[who] = name(client, link, name=who, phone="")

    threads = [threading.Thread(target=press, args=(who,)) for who in ("Hồ Thị Na", "Mai Văn Tư")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers.values()) == [303, 422]
    winner = next(who for who, answer in answers.items() if answer.status_code == 303)
    loser = next(answer for answer in answers.values() if answer.status_code == 422)
    assert f"đã đủ người: {winner}" in loser.text
    assert [one.name for one in nominations(app)] == [winner]


def test_the_database_itself_refuses_a_second_open_nomination_for_a_place(app, visitor, link):
    name(visitor, link)
    with app.app_context():
        first = db.session.scalars(db.select(Nomination)).one()
        values = {
            column.name: getattr(first, column.name) for column in Nomination.__table__.columns if column.name != "id"
        }
        db.session.add(Nomination(**values))
        with pytest.raises(IntegrityError):
            db.session.flush()
        db.session.rollback()


def test_a_unit_corrects_and_withdraws_what_the_office_has_not_decided(app, visitor, link):
    name(visitor, link)
    first = nominations(app)[0]
    assert name(visitor, link, name="Hồ Thị Nà", phone="", email="", correcting=first.id).status_code == 303
    before, after = nominations(app)
    assert (before.outcome, after.outcome) == (NominationOutcome.WITHDRAWN, None)
    assert (after.name, after.phone, after.email, after.place_id) == (
        "Hồ Thị Nà",
        "0912345678",
        "na@example.vn",
        before.place_id,
    )
    withdrawal = f"/u/{link}/nominations/{after.id}/withdrawal"
    assert visitor.get(withdrawal).status_code == 405
    assert visitor.post(withdrawal).status_code == 303
    assert visitor.post(withdrawal, headers=HTMX).status_code == 303
    assert nominations(app)[1].outcome == NominationOutcome.WITHDRAWN
    assert "đã cử 0/1" in visitor.get(f"/u/{link}").text


def test_what_the_office_returns_comes_back_with_its_reason_and_is_sent_again(app, visitor, office, link):
    name(visitor, link)
    first = nominations(app)[0]
    refused = decide(office, first.id, "return", reason="")
    assert refused.status_code == 422
    assert "lý do trả lại" in refused.text
    assert decide(office, first.id, "return", reason="Không đúng thành phần").status_code == 303
    page = visitor.get(f"/u/{link}").text
    assert "Không đúng thành phần" in page
    assert "bị trả lại, cần cử lại" in page
    assert name(visitor, link, phone="", email="", correcting=first.id).status_code == 303
    assert nominations(app)[1].phone == "0912345678"
    assert "Không đúng thành phần" not in visitor.get(f"/u/{link}").text
    assert nominations(app)[0].outcome == NominationOutcome.RETURNED


def test_a_replacement_keeps_the_holder_until_it_is_approved(app, visitor, office, link):
    name(visitor, link)
    decide(office, nominations(app)[0].id, "approval")
    office.post(f"/seminars/{cast.SLUG}/letters", data={"groups": "T2"})
    with app.app_context():
        holder = db.session.scalars(db.select(Delegate)).one().id
        old = db.session.scalars(db.select(Invitation.code)).one()
    other = {"name": "Mai Văn Tư", "phone": "0987654321", "email": ""}
    assert name(visitor, link, instead_of=holder, **other).status_code == 422
    assert name(visitor, link, instead_of=holder, reason="Chuyển công tác", **other).status_code == 303
    assert holders(app) == [("Hồ Thị Na", "Thành Đoàn Thử Một")]
    assert visitor.get(f"/i/{old}").status_code == 200
    waiting = nominations(app)[1]
    assert decide(office, waiting.id, "approval").status_code == 303
    assert holders(app) == [("Mai Văn Tư", "Thành Đoàn Thử Một")]
    assert visitor.get(f"/i/{old}").status_code == 410


def test_a_replaced_holder_stays_in_their_other_groups(app, visitor, office, link):
    with app.app_context():
        unit = db.session.scalars(db.select(Unit).order_by(Unit.position)).first()
        holder = cast.add_delegate(cast.find_seminar(), "Hồ Thị Na", "T2", "G1", unit_id=unit.id).id
        db.session.commit()
    name(visitor, link, name="Mai Văn Tư", phone="", instead_of=holder, reason="Bận")
    decide(office, nominations(app)[0].id, "approval")
    assert holders(app) == [("Mai Văn Tư", "Thành Đoàn Thử Một")]
    assert holders(app, "G1") == [("Hồ Thị Na", "Thành Đoàn Thử Một")]
    with app.app_context():
        assert db.session.get(Delegate, holder).group.code == "G1"


def test_somebody_on_the_list_joins_the_group_and_is_one_person(app, visitor, office, link):
    with app.app_context():
        cast.add_delegate(cast.find_seminar(), "Hồ Thị Na", "G1", phone="0912345678")
        db.session.commit()
    name(visitor, link, birth_year="1995")
    page = office.get(OFFICE).text
    assert "đã có trong danh sách, số 1" in page
    assert decide(office, nominations(app)[0].id, "approval").status_code == 303
    with app.app_context():
        person = db.session.scalars(db.select(Delegate)).one()
        assert {one.group.code for one in person.memberships} == {"G1", "T2"}
        assert (person.group.code, person.birth_year, person.email) == ("G1", 1995, "na@example.vn")


def test_whoever_is_only_alike_is_decided_by_a_person(app, visitor, office, link):
    with app.app_context():
        other = cast.add_delegate(cast.find_seminar(), "Hồ Thị Na", "G1", phone="0900000009").id
        db.session.commit()
    name(visitor, link)
    one = nominations(app)[0]
    assert "giống số 1" in office.get(OFFICE).text
    assert decide(office, one.id, "approval", same="ask").status_code == 422
    assert decide(office, one.id, "approval", same=other).status_code == 303
    with app.app_context():
        assert db.session.query(Delegate).count() == 1


def test_a_place_of_a_unit_is_not_taken_by_the_nomination_of_another(app, office, visitor, link):
    """The delegate is of the second unit, which has a free place; the first names them."""
    with app.app_context():
        cast.add_delegate(cast.find_seminar(), "Hồ Thị Na", "G1", phone="0912345678", unit_id=2)
        db.session.commit()
    assert name(visitor, link).status_code == 303
    [one] = nominations(app)
    answer = decide(office, one.id, "approval")
    assert answer.status_code == 422
    assert "đơn vị khác" in answer.text
    with app.app_context():
        assert (
            db.session.query(Membership).join(Group, Group.id == Membership.group_id).filter_by(code="T2").all() == []
        )
        assert db.session.scalars(db.select(Delegate.unit_id)).one() == 2
    assert holders(app) == []
    assert nominations(app)[0].outcome is None


def test_ticked_ones_are_approved_together_or_not_at_all(app, visitor, office, links):
    for link, who in zip(links, ("Hồ Thị Na", "Mai Văn Tư"), strict=True):
        name(visitor, link, name=who, phone="", email="")
    first, second = nominations(app)
    assert office.post(f"{OFFICE}/approval").status_code == 422
    decide(office, second.id, "return", reason="Trùng")
    assert office.post(f"{OFFICE}/approval", data={"nomination": [first.id, second.id]}).status_code == 422
    assert holders(app) == []
    assert office.post(f"{OFFICE}/approval", data={"nomination": [first.id] * 2}, headers=HTMX).status_code == 303
    assert holders(app) == [("Hồ Thị Na", "Thành Đoàn Thử Một")]


def test_the_reserve_list_takes_a_place_when_one_is_free(app, visitor, office, link):
    name(visitor, link)
    name(visitor, link, name="Mai Văn Tư", phone="", is_reserve="1")
    first, second = nominations(app)
    assert decide(office, second.id, "approval").status_code == 422
    assert decide(office, second.id, "place").status_code == 422
    assert decide(office, first.id, "reserve").status_code == 303
    assert "Cấp suất trống" in office.get(f"{OFFICE}?state=reserve").text
    assert decide(office, second.id, "place").status_code == 303
    assert decide(office, second.id, "place").status_code == 303
    assert decide(office, second.id, "approval").status_code == 303
    assert holders(app) == [("Mai Văn Tư", "Thành Đoàn Thử Một")]
    assert decide(office, first.id, "withdrawal").status_code == 303
    assert nominations(app)[0].outcome == NominationOutcome.WITHDRAWN


def test_what_comes_late_is_marked_until_the_office_closes_the_naming(app, visitor, office, link):
    deadline(app, date(2024, 3, 1))
    assert name(visitor, link).status_code == 303
    assert nominations(app)[0].is_late
    assert "chờ duyệt, gửi trễ" in office.get(f"{OFFICE}?state=late").text
    with app.app_context():
        db.session.scalars(db.select(Milestone)).one().closed_at = datetime.now(UTC)
        db.session.commit()
    assert name(visitor, link, is_reserve="1", name="Mai Văn Tư").status_code == 422
    assert visitor.post(f"/u/{link}/nominations/{nominations(app)[0].id}/withdrawal").status_code == 422
    assert "Đã ngừng nhận danh sách cử đại biểu" in visitor.get(f"/u/{link}").text


def test_a_unit_that_is_too_late_reads_whom_to_call_beside_what_is_missing(app, visitor, link):
    deadline(app, date(2024, 3, 1))
    assert "đã ngừng nhận, hãy gọi Văn phòng" not in visitor.get(f"/u/{link}").text
    with app.app_context():
        db.session.scalars(db.select(Milestone)).one().closed_at = datetime.now(UTC)
        db.session.commit()
    assert "đã ngừng nhận, hãy gọi Văn phòng" in visitor.get(f"/u/{link}").text


def test_a_late_name_stays_marked_when_it_is_decided_and_nothing_is_left_to_tick(app, visitor, office, link):
    deadline(app, date(2024, 3, 1))
    name(visitor, link)
    assert "Duyệt các mục đã đánh dấu" in office.get(f"{OFFICE}?state=all").text
    decide(office, nominations(app)[0].id, "approval")
    page = office.get(f"{OFFICE}?state=all").text
    assert "Duyệt các mục đã đánh dấu" not in page
    assert re.search(r'data-row.*<span class="pill" data-tone="danger">\s*trễ', page, re.DOTALL)


def test_the_office_names_for_a_unit_that_telephoned(app, office, links):
    with app.app_context():
        unit = db.session.scalars(db.select(Unit).order_by(Unit.position)).first().id
    assert office.get(f"{OFFICE}/new?group=T2&unit={unit}").status_code == 200
    values = PERSON | {"group": "T2", "unit": unit, "channel": "phone", "told_by": "đ/c Bí thư", "told_at": ""}
    answer = office.post(OFFICE, data=values)
    assert answer.status_code == 303
    [one] = nominations(app)
    assert (one.channel, one.nominated_by, one.actor_kind) == ("phone", "Trần Thị Oanh, theo lời đ/c Bí thư", "staff")
    assert office.post(OFFICE, data=values | {"told_at": "2099-01-01T08:00", "name": "Mai Văn Tư"}).status_code == 422
    kept = office.post(OFFICE, data=values | {"unit": "", "name": "Mai Văn Tư"})
    assert kept.status_code == 422
    assert "Hãy chọn đơn vị" in kept.text
    assert "Mai Văn Tư" in kept.text
    assert office.post(OFFICE, data={}, headers=HTMX).status_code == 422


def test_a_place_that_is_not_used_goes_to_another_unit_and_comes_back(app, visitor, office, links):
    with app.app_context():
        first, second = db.session.scalars(db.select(Unit.id).order_by(Unit.position)).all()
        place = db.session.scalars(db.select(Place.id).where(Place.unit_id == second)).one()
    assert "Chuyển cho đơn vị khác" in office.get(f"{PLACES}?state=free").text
    assert office.post(f"{PLACES}/{place}/unit", data={"unit": ""}).status_code == 422
    assert office.post(f"{PLACES}/999999/unit", data={"unit": first}).status_code == 404
    assert office.post(f"{PLACES}/{place}/unit?state=free", data={"unit": first}).status_code == 303
    page = visitor.get(f"/u/{links[0]}").text
    assert "đã cử 0/2" in page
    assert "Huyện Đoàn Thử Hai chuyển" in page
    assert name(visitor, links[1]).status_code == 422
    assert name(visitor, links[0], place=place).status_code == 303
    taken = office.post(f"{PLACES}/{place}/unit", data={"unit": second})
    assert taken.status_code == 422
    assert "không chuyển cho đơn vị khác được" in taken.text
    visitor.post(f"/u/{links[0]}/nominations/{nominations(app)[0].id}/withdrawal")
    assert office.post(f"{PLACES}/{place}/unit", data={"unit": second}).status_code == 303
    with app.app_context():
        assert db.session.get(Place, place).moved_from_id is None


def test_one_unit_cannot_touch_what_is_anothers(app, visitor, office, links):
    name(visitor, links[1])
    [one] = nominations(app)
    assert visitor.post(f"/u/{links[0]}/nominations/{one.id}/withdrawal").status_code == 404
    assert name(visitor, links[0], correcting=one.id).status_code == 404
    decide(office, one.id, "approval")
    with app.app_context():
        holder = db.session.scalars(db.select(Delegate.id)).one()
    assert name(visitor, links[0], instead_of=holder, reason="x", name="Mai Văn Tư").status_code == 404


@pytest.mark.parametrize("login", ["vinh", "tam", "thu", "chung"])
def test_other_roles_do_not_decide(staff, login):
    assert staff(login).get(OFFICE).status_code == 403
    assert staff(login).post(f"{OFFICE}/1/approval").status_code == 403


def test_a_missing_nomination_is_404(office):
    for verb in ("approval", "return", "reserve", "place", "withdrawal"):
        assert decide(office, 4242, verb, reason="x").status_code == 404
        assert office.get(f"{OFFICE}/4242/{verb}").status_code == 405


def fill(app, count):
    """A unit with so many places, each named."""
    with app.app_context():
        seminar = cast.find_seminar()
        group = next(one for one in seminar.groups if one.code == "T2")
        unit = db.session.scalars(db.select(Unit).order_by(Unit.position)).first()
        for number in range(count):
            place = Place(group_id=group.id, unit_id=unit.id)
            db.session.add(place)
            db.session.flush()
            db.session.add(
                Nomination(seminar_id=seminar.id, group_id=group.id, unit_id=unit.id, place_id=place.id, name=f"Người {number}",
                           name_folded=f"nguoi {number}", nominated_at=cast.NOW, nominated_by="x", actor_kind="unit", channel="page")
            )  # fmt: skip
        db.session.commit()


def test_the_pages_cost_the_same_for_1_and_for_40_names(app, visitor, office, link, query_count):
    fill(app, 1)
    visitor.get(f"/u/{link}"), office.get(OFFICE)
    few = query_count(lambda: visitor.get(f"/u/{link}")), query_count(lambda: office.get(OFFICE))
    fill(app, 39)
    many = query_count(lambda: visitor.get(f"/u/{link}")), query_count(lambda: office.get(OFFICE))
    assert many == few


def test_a_group_that_is_open_has_no_places_and_no_reserve(app, office):
    with app.app_context():
        unit = db.session.scalars(db.select(Unit).order_by(Unit.position)).first().id
        assert cast.find_seminar().groups[0].quota_kind == QuotaKind.OPEN
    answer = office.post(OFFICE, data=PERSON | {"group": "CT2", "unit": unit, "channel": "phone", "is_reserve": "y"})
    assert answer.status_code == 422


def test_the_office_keeps_a_reserve_list_for_the_closed_list(app, office):
    values = PERSON | {"group": "T5", "unit": "", "channel": "phone"}
    assert office.post(OFFICE, data=values).status_code == 422
    assert office.post(OFFICE, data=values | {"is_reserve": "y"}).status_code == 303
    [one] = nominations(app)
    assert decide(office, one.id, "place").status_code == 303
    assert decide(office, one.id, "approval").status_code == 303
    assert holders(app, "T5") == [("Hồ Thị Na", None)]


def test_a_link_does_not_fill_the_disk(app, visitor, link):
    name(visitor, link)
    for number in range(RESERVES):
        assert name(visitor, link, name=f"Người số {number}", phone="", is_reserve="1").status_code == 303
    answer = name(visitor, link, name="Một người nữa", phone="", is_reserve="1")
    assert answer.status_code == 422
    assert "gọi Văn phòng" in answer.text


def test_units_that_owe_something_are_told_what_and_only_they(app, visitor, office, links):
    """One unit had its name returned, the other owes its paper only: each mail says what that unit owes."""
    sendings = f"/seminars/{cast.SLUG}/units/sendings"
    with app.app_context():
        for unit in db.session.scalars(db.select(Unit).order_by(Unit.position)):
            unit.contact_email = f"don.vi{unit.position}@example.vn"
        db.session.commit()
    name(visitor, links[0])
    name(visitor, links[1], name="Mai Văn Tư", phone="")
    first, second = nominations(app)
    decide(office, first.id, "return", reason="Không đúng thành phần")
    decide(office, second.id, "approval")
    page = office.get(f"{sendings}?who=behind").text
    assert "Gửi cho 2 đơn vị, 0 đơn vị chưa có e-mail" in page
    assert "cử lại thay đồng chí Hồ Thị Na đã trả lại (Không đúng thành phần)" in page
    answer = office.post(sendings, data={"who": "behind", "seen_count": 2, "seen_without": 0})
    assert answer.status_code == 303
    with app.app_context():
        texts = {one.to_address: one.text for one in db.session.scalars(db.select(Mail))}
    assert "cử lại thay đồng chí Hồ Thị Na" in texts["don.vi1@example.vn"]
    assert "cử lại" not in texts["don.vi2@example.vn"]
    assert "Đến nay đơn vị còn:\n- gửi bài tham luận của đơn vị." in texts["don.vi2@example.vn"]
