"""Units of a seminar: their personal links, made, revoked, copied, sent by the outbox and handed over."""

from datetime import date

import pytest

from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import fold
from seminar.mail.models import Mail, MailStatus
from seminar.planning import actions as planning
from seminar.planning import messages, queries
from seminar.planning.actions import allot_places
from seminar.planning.models import LinkDelivery, Milestone, MilestoneRule, Unit, UnitAlias, UnitKind, UnitLink
from tests import cast

UNITS = f"/seminars/{cast.SLUG}/units"
SENDINGS = f"{UNITS}/sendings"
PLAIN, HTMX = {}, {"HX-Request": "true", "HX-Request-Type": "full"}


def links(app):
    with app.app_context():
        return {
            link.unit_id: link.code
            for link in db.session.scalars(db.select(UnitLink).where(UnitLink.revoked_at.is_(None)))
        }


def give_addresses(app, *unit_ids):
    with app.app_context():
        for unit_id in unit_ids:
            unit = db.session.get(Unit, unit_id)
            unit.contact_email, unit.contact_name = f"don.vi{unit_id}@example.vn", f"Đồng chí {unit_id}"
        db.session.commit()


def send(client, count, without, who="not_sent", headers=PLAIN):
    data = {"who": who, "seen_count": count, "seen_without": without}
    return client.post(SENDINGS, data=data, headers=headers)


def test_links_are_made_once_for_every_unit_and_not_all_shown_on_one_page(app, office):
    assert office.post(f"{UNITS}/links").status_code == 303
    first = links(app)
    assert len(first) == 2
    assert office.post(f"{UNITS}/links").status_code == 303
    assert links(app) == first
    page = office.get(UNITS).text
    assert [code for code in first.values() if code in page] == []
    assert page.count("đã lập, chưa gửi") == 2
    for unit, code in first.items():
        assert f"http://localhost/u/{code}" in office.get(f"{UNITS}/{unit}/link").text


@pytest.mark.parametrize("headers", [PLAIN, HTMX])
def test_a_new_link_ends_the_old_one(app, office, visitor, headers):
    office.post(f"{UNITS}/links")
    with app.app_context():
        unit = db.session.scalars(db.select(Unit.id).order_by(Unit.position)).first()
    old = links(app)[unit]
    assert visitor.get(f"/u/{old}").status_code == 200
    assert office.post(f"{UNITS}/{unit}/link", headers=headers).status_code == 303
    new = links(app)[unit]
    assert new != old
    assert visitor.get(f"/u/{old}").status_code == 410
    assert visitor.get(f"/u/{new}").status_code == 200


def test_a_revoked_link_no_longer_opens_and_none_takes_its_place(app, office, visitor):
    office.post(f"{UNITS}/1/link")
    code = links(app)[1]
    assert office.get(f"{UNITS}/1/link/revocation").status_code == 405
    for _ in range(2):
        assert office.post(f"{UNITS}/1/link/revocation").status_code == 303
    assert visitor.get(f"/u/{code}").status_code == 410
    assert links(app) == {}
    assert "chưa có đường dẫn còn hiệu lực" in office.get(f"{UNITS}/1/link").text
    assert office.post(f"{UNITS}/1/link/deliveries", data={"channel": "zalo"}).status_code == 404


def test_the_text_to_copy_has_the_words_of_trust_and_the_deadline_with_and_without_accents(app, office):
    with app.app_context():
        seminar = cast.find_seminar()
        seminar.milestones.append(
            Milestone(position=1, code="nominations", rule=MilestoneRule.BEFORE, due_on=date(2099, 3, 1), text="cử")
        )
        db.session.commit()
    office.post(f"{UNITS}/links")
    page = office.get(f"{UNITS}/1/link").text
    code = links(app)[1]
    for words in (
        "cử đại biểu trong chỉ tiêu được phân bổ trước ngày 01/03/2099",
        "Nếu nghi ngờ, gọi Văn phòng, điện thoại 02740000000.",
        "không yêu cầu mật khẩu, mã OTP",
        f"http://localhost/u/{code}",
        "cu dai bieu trong chi tieu duoc phan bo truoc ngay 01/03/2099",
        "Neu nghi ngo, goi Van phong",
    ):
        assert words in page, words


def test_handing_over_is_written_down(app, office):
    office.post(f"{UNITS}/links")
    assert office.post(f"{UNITS}/1/link/deliveries", data={"channel": "email"}).status_code == 422
    assert office.post(f"{UNITS}/1/link/deliveries", data={"channel": "zalo", "to": "Chị Lan"}).status_code == 303
    page = office.get(UNITS).text
    assert "Zalo" in page
    assert "Chị Lan" in office.get(f"{UNITS}/1/link").text


def test_links_are_sent_counted_and_shown_as_sent(app, office):
    office.post(f"{UNITS}/links")
    give_addresses(app, 1)
    assert "Gửi cho 1 đơn vị, 1 đơn vị chưa có e-mail" in office.get(SENDINGS).text
    done = send(office, 1, 1)
    assert done.status_code == 303
    assert done.location.startswith(f"/seminars/{cast.SLUG}/outbox/batches/")
    code = links(app)[1]
    with app.app_context():
        mail = db.session.scalars(db.select(Mail)).one()
        assert (mail.to_address, mail.status, mail.purpose) == ("don.vi1@example.vn", MailStatus.HELD, "unit_link")
        assert f"http://localhost/u/{code}" in mail.text
        assert f"http://localhost/u/{code}" in mail.html
        assert "Nếu nghi ngờ, gọi Văn phòng" in mail.text
        assert db.session.scalars(db.select(LinkDelivery)).one().to == "don.vi1@example.vn"
    page = office.get(UNITS).text
    assert (page.count("đã lập, chưa gửi"), page.count("qua thư điện tử")) == (1, 1)
    assert "Gửi cho 0 đơn vị, 1 đơn vị chưa có e-mail" in office.get(SENDINGS).text
    assert send(office, 1, 1).status_code == 422  # the same press twice


def test_a_message_with_a_link_that_was_replaced_does_not_leave_any_more(app, office):
    office.post(f"{UNITS}/links")
    give_addresses(app, 1, 2)
    send(office, 2, 0)
    office.post(f"{UNITS}/1/link")
    with app.app_context():
        found = {one.to_address: one.status for one in db.session.scalars(db.select(Mail))}
        assert found == {"don.vi1@example.vn": MailStatus.CANCELLED, "don.vi2@example.vn": MailStatus.HELD}
    assert "Gửi cho 1 đơn vị, 0 đơn vị chưa có e-mail" in office.get(SENDINGS).text
    office.post(f"{UNITS}/2/link/revocation")
    with app.app_context():
        assert db.session.query(Mail).where(Mail.status == MailStatus.CANCELLED).count() == 2


def test_a_link_that_changed_after_the_message_was_composed_is_not_sent(app):
    with app.app_context():
        seminar = cast.find_seminar()
        unit = db.session.get(Unit, 1)
        unit.contact_email = "don.vi1@example.vn"
        planning.issue_missing_unit_links(seminar, cast.OFFICE, cast.NOW)
        db.session.flush()
        mails = messages.composed(queries.unit_links(seminar), seminar.milestones, "http://localhost", cast.NOW, own={})
        assert len(mails) == 1
        planning.issue_unit_link(seminar, unit, cast.OFFICE, cast.NOW)
        with pytest.raises(Refused, match="nothing was sent"):
            planning.send_unit_links(seminar, mails, cast.OFFICE, cast.NOW)
        db.session.rollback()


@pytest.mark.parametrize("seen", [(2, 1), (1, 0), ("", 1), ("x", 1)])
@pytest.mark.parametrize("headers", [PLAIN, HTMX])
def test_other_numbers_than_those_seen_send_nothing(app, office, seen, headers):
    office.post(f"{UNITS}/links")
    give_addresses(app, 1)
    answer = send(office, *seen, headers=headers)
    assert answer.status_code == 422
    assert "Số liệu vừa thay đổi nên chưa gửi gì" in answer.text
    assert "Gửi cho 1 đơn vị, 1 đơn vị chưa có e-mail" in answer.text
    with app.app_context():
        assert db.session.query(Mail).count() + db.session.query(LinkDelivery).count() == 0


def test_nothing_is_sent_without_links(app, office):
    give_addresses(app, 1, 2)
    page = office.get(SENDINGS).text
    assert "2 đơn vị chưa có đường dẫn nên không được gửi" in page
    answer = send(office, 0, 0)
    assert answer.status_code == 422
    assert "Không có nơi nào để gửi" in answer.text


def test_no_link_leaves_before_a_unit_can_read_whom_to_call_in_doubt(app, office):
    office.post(f"{UNITS}/links")
    give_addresses(app, 1)
    with app.app_context():
        cast.find_seminar().contact_phone = ""
        db.session.commit()
    assert "Còn thiếu: điện thoại của đầu mối" in " ".join(office.get(SENDINGS).text.split())
    answer = send(office, 1, 1)
    assert answer.status_code == 422
    assert "đơn vị phải biết gọi cho ai" in answer.text
    with app.app_context():
        assert db.session.query(Mail).count() == 0


def test_units_with_free_places_alone_are_reminded(app, office):
    office.post(f"{UNITS}/links")
    give_addresses(app, 1, 2)
    with app.app_context():
        cast.add_delegate(cast.find_seminar(), "Hồ Thị Na", "T2", unit_id=1)
        db.session.commit()
    assert send(office, 2, 0).status_code == 303
    assert "Gửi cho 1 đơn vị, 0 đơn vị chưa có e-mail" in office.get(f"{SENDINGS}?who=free").text
    assert send(office, 1, 0, who="free").status_code == 303
    assert send(office, 2, 0, who="everybody").status_code == 303
    with app.app_context():
        sent = [one.to_address for one in db.session.scalars(db.select(Mail).order_by(Mail.id))]
        assert sent.count("don.vi2@example.vn") == 3
        assert len(sent) == 5


def test_the_page_of_a_unit_names_its_own_delegates_and_no_telephone(app, office, visitor):
    office.post(f"{UNITS}/links")
    with app.app_context():
        seminar = cast.find_seminar()
        first, second = db.session.scalars(db.select(Unit.id).order_by(Unit.position)).all()
        cast.add_delegate(seminar, "Hồ Thị Na", "T2", unit_id=first, phone="0912345678", email="na@example.vn")
        cast.add_delegate(seminar, "Lý Văn Ba", "T5", unit_id=first)
        cast.add_delegate(seminar, "Mai Văn Tư", "T2", unit_id=second)
        db.session.commit()
    page = visitor.get(f"/u/{links(app)[first]}").text
    assert [name in page for name in ("Hồ Thị Na", "Lý Văn Ba", "Mai Văn Tư")] == [True, True, False]
    assert "đã cử 1/1" in page
    assert not cast.tells(page, "0912345678")
    assert "na@example.vn" not in page


def test_strangers_and_other_roles_do_not_come_in(visitor, staff, office):
    assert visitor.get(UNITS).status_code == 302
    assert staff("tam").get(UNITS).status_code == 403
    assert staff("thu").post(f"{UNITS}/links").status_code == 403
    assert staff("thu").get(f"{UNITS}/1/link").status_code == 403
    assert staff("thu").get(SENDINGS).status_code == 403
    assert staff("chung").post(SENDINGS).status_code == 403
    assert office.get(f"{UNITS}/99/link").status_code == 404
    assert visitor.get("/u/12345678901234567890").status_code == 404
    assert visitor.get("/u/abc").status_code == 404


@pytest.mark.parametrize("page", [UNITS, SENDINGS, f"{SENDINGS}?who=free"])
def test_three_hundred_units_cost_as_many_statements_as_two(app, office, query_count, page):
    office.post(f"{UNITS}/links")
    office.get(UNITS)
    few = query_count(lambda: office.get(page))
    with app.app_context():
        for number in range(300):
            name = f"Đoàn xã {number}"
            unit = Unit(position=10 + number, name=name, kind=UnitKind.COMMUNE, contact_email=f"a{number}@example.vn")
            unit.aliases = [UnitAlias(folded=fold(name))]
            db.session.add(unit)
        db.session.flush()
        allot_places(cast.find_seminar())
        db.session.commit()
    office.post(f"{UNITS}/links")
    office.get(UNITS)
    assert query_count(lambda: office.get(page)) == few
