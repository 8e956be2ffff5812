"""The outbox and its messages."""

import json
import re

import pytest

from seminar.audit.models import AuditEntry
from seminar.lib import clock
from seminar.lib.database import db
from seminar.lib.qr import png
from seminar.mail import actions
from seminar.mail.models import Mail, MailStatus
from tests import cast
from tests.postbox import use

OUTBOX = f"/seminars/{cast.SLUG}/outbox"
HTML = '<h1 style="color:#1b4b9b">Kính mời</h1><script>alert(1)</script><img src="cid:qr" alt="QR">'


def put_in(app, *addresses: str, name: str = "Lê An", **options) -> list[int]:
    with app.app_context():
        seminar_id = options.pop("seminar_id", None) or cast.find_seminar().id
        mails = [
            actions.enqueue(
                name,
                address,
                "Thư mời dự tọa đàm",
                "Kính gửi đồng chí Lê An",
                HTML,
                "invitation",
                cast.OFFICE,
                clock.now(),
                seminar_id=seminar_id,
                inline_png=png("HTTPS://EXAMPLE.VN/I/12345678901234567890"),
                calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
                **options,
            )
            for address in addresses
        ]
        db.session.commit()
        return [mail.id for mail in mails]


def set_status(app, mail_id: int, status: MailStatus, **values) -> None:
    with app.app_context():
        db.session.execute(db.update(Mail).where(Mail.id == mail_id).values(status=status, **values))
        db.session.commit()


def status_of(app, mail_id: int) -> str:
    with app.app_context():
        return db.session.get(Mail, mail_id).status


def test_without_a_server_messages_are_held_and_the_page_never_says_sent(app, office):
    put_in(app, "an@example.vn")
    page = office.get(OUTBOX).text
    assert "Chưa cấu hình máy chủ thư" in page
    assert "SEMINAR_MAIL_SERVER" in page
    row = re.search(r"<tr data-row.*?</tr>", page, re.S)[0]
    assert "đang giữ" in row
    assert "đã gửi" not in row


def test_with_a_server_they_are_queued_and_nothing_asks_to_configure_one(app, office, monkeypatch):
    use(app, monkeypatch, 1)
    put_in(app, "an@example.vn")
    page = office.get(OUTBOX).text
    assert "Chưa cấu hình máy chủ thư" not in page
    assert "chờ gửi" in page


def test_the_last_answer_of_a_server_in_trouble_stands_above_the_list(app, office, monkeypatch):
    use(app, monkeypatch, 1)
    (mail_id,) = put_in(app, "an@example.vn")
    set_status(app, mail_id, MailStatus.RETRY, answer="451 greylisted")
    assert "Máy chủ thư trả lời gần nhất: 451 greylisted" in office.get(OUTBOX).text


def test_every_figure_leads_to_exactly_so_many_rows(app, office):
    ids = put_in(app, *(f"{number}@example.vn" for number in range(12)))
    for mail_id, status in zip(ids, [*MailStatus, MailStatus.SENT, MailStatus.RETRY], strict=False):
        set_status(app, mail_id, status, maybe_twice=status == MailStatus.RETRY)
    figures = re.findall(r'<a class="figure" href="([^"]+)">(\d+)</a>', office.get(OUTBOX).text)
    assert len(figures) == 9
    for href, count in figures:
        page = office.get(href.replace("&amp;", "&")).text
        assert (page.count("data-row"), f'data-total="{count}"' in page) == (int(count), True), href


def test_the_list_pages_by_fifty_and_costs_the_same_for_one_and_three_hundred(app, office, query_count):
    put_in(app, "one@example.vn")
    cost = query_count(lambda: office.get(OUTBOX))
    put_in(app, *(f"{number}@example.vn" for number in range(299)))
    assert query_count(lambda: office.get(OUTBOX)) == cost
    page = office.get(OUTBOX).text
    assert (page.count("data-row"), 'data-total="300"' in page) == (50, True)
    assert office.get(OUTBOX + "?page=6").text.count("data-row") == 50
    assert office.get(OUTBOX + "?page=99").text.count("data-row") == 50
    assert office.get(OUTBOX + "?page=-1").status_code == 200
    assert office.get(OUTBOX + "?page=x&status=nonsense&delegate=x").text.count("data-row") == 50


def test_the_list_is_searched_by_receiver_address_subject_batch_and_delegate(app, office):
    put_in(app, "an@example.vn", name="Lê An", batch="first", delegate_id=7)
    put_in(app, "binh@example.vn", name="Trần Bình")
    for query in ("search=Bình", "search=binh@", "batch=first", "delegate=7", "search=100%25", "search=tọa đàm"):
        expected = {"search=100%25": 0, "search=tọa đàm": 2}.get(query, 1)
        assert office.get(f"{OUTBOX}?{query}").text.count("data-row") == expected, query


def test_an_address_that_is_none_is_seen_at_once_and_stops_nobody(app, office):
    (mail_id,) = put_in(app, "khong phai dia chi")
    assert status_of(app, mail_id) == "failed"
    assert "Đây không phải là địa chỉ thư điện tử" in office.get(f"{OUTBOX}?status=failed").text


def test_a_message_is_shown_as_its_receiver_sees_it(app, office):
    (mail_id,) = put_in(app, "an@example.vn")
    page = office.get(f"{OUTBOX}/{mail_id}")
    for words in (
        "Thư mời dự tọa đàm",
        "Kính gửi đồng chí Lê An",
        "an@example.vn",
        "BEGIN:VCALENDAR",
        "data:image/png;base64,",
    ):
        assert words in page.text
    assert f'src="{OUTBOX}/{mail_id}/body"' in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "<script>alert" not in page.text


def test_the_body_of_a_message_runs_nothing_and_fetches_nothing(app, office):
    (mail_id,) = put_in(app, "an@example.vn")
    body = office.get(f"{OUTBOX}/{mail_id}/body")
    policy = body.headers["Content-Security-Policy"]
    assert policy.endswith("sandbox")
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'self'" in policy
    assert 'src="data:image/png;base64,' in body.text
    assert "cid:" not in body.text


def test_what_the_server_said_stays_readable_on_the_message(app, office):
    (mail_id,) = put_in(app, "an@example.vn")
    set_status(app, mail_id, MailStatus.FAILED, answer="550 5.1.1 no such user", attempts=1)
    page = office.get(f"{OUTBOX}/{mail_id}").text
    assert "550 5.1.1 no such user" in page
    assert "không gửi được" in page


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Request-Type": "full"}])
def test_a_message_that_waits_is_stopped_and_doing_it_twice_is_harmless(app, office, headers):
    (mail_id,) = put_in(app, "an@example.vn")
    for _ in range(2):
        answer = office.post(f"{OUTBOX}/{mail_id}/cancellation", headers=headers)
        assert (answer.status_code, answer.location) == (303, f"{OUTBOX}/{mail_id}")
        assert status_of(app, mail_id) == "cancelled"
    with app.app_context():
        assert db.session.query(AuditEntry).filter_by(verb="cancel", noun="mail").count() == 1


@pytest.mark.parametrize("status", [MailStatus.SENDING, MailStatus.SENT, MailStatus.FAILED])
def test_what_has_left_cannot_be_stopped(app, office, status):
    (mail_id,) = put_in(app, "an@example.vn")
    set_status(app, mail_id, status)
    answer = office.post(f"{OUTBOX}/{mail_id}/cancellation")
    assert (answer.status_code, "Không dừng được nữa" in answer.text) == (422, True)
    assert status_of(app, mail_id) == status.value


@pytest.mark.parametrize("status", [MailStatus.RETRY, MailStatus.FAILED, MailStatus.CANCELLED])
def test_a_message_is_tried_again_at_once_with_the_same_id(app, office, monkeypatch, status):
    (mail_id,) = put_in(app, "an@example.vn")
    with app.app_context():
        message_id = db.session.get(Mail, mail_id).message_id
    set_status(app, mail_id, status, attempts=5)
    assert office.post(f"{OUTBOX}/{mail_id}/retry").status_code == 303
    assert status_of(app, mail_id) == "held"
    set_status(app, mail_id, status)
    use(app, monkeypatch, 1)
    assert office.post(f"{OUTBOX}/{mail_id}/retry").status_code == 303
    assert status_of(app, mail_id) == "queued"
    with app.app_context():
        mail = db.session.get(Mail, mail_id)
        assert (mail.message_id, mail.attempts) == (message_id, 0)


@pytest.mark.parametrize("status", [MailStatus.SENDING, MailStatus.SENT])
def test_what_has_left_is_not_sent_again(app, office, status):
    (mail_id,) = put_in(app, "an@example.vn")
    set_status(app, mail_id, status)
    assert office.post(f"{OUTBOX}/{mail_id}/retry").status_code == 422
    assert status_of(app, mail_id) == status.value


def test_an_address_that_is_none_is_not_tried_again(app, office):
    (mail_id,) = put_in(app, "khong phai dia chi")
    answer = office.post(f"{OUTBOX}/{mail_id}/retry")
    assert (answer.status_code, "không phải là địa chỉ thư điện tử" in answer.text) == (422, True)


def test_the_outbox_belongs_to_office_and_administrator(app, staff, visitor):
    (mail_id,) = put_in(app, "an@example.vn")
    paths = (OUTBOX, f"{OUTBOX}/{mail_id}", f"{OUTBOX}/{mail_id}/body")
    for path in paths:
        assert visitor.get(path).status_code == 302
        for login, status in {"an": 200, "oanh": 200, "vinh": 403, "tam": 403, "thu": 403, "chung": 403}.items():
            assert staff(login).get(path).status_code == status, (path, login)
    for verb in ("cancellation", "retry"):
        assert visitor.post(f"{OUTBOX}/{mail_id}/{verb}").status_code == 302
        assert staff("tam").post(f"{OUTBOX}/{mail_id}/{verb}").status_code == 403
        assert staff("oanh").get(f"{OUTBOX}/{mail_id}/{verb}").status_code == 405
    assert status_of(app, mail_id) == "held"


def test_another_seminars_message_and_a_missing_one_are_not_found(app, office):
    with app.app_context():
        other = cast.add_seminar("khac")
        db.session.commit()
        other_id = other.id
    (mail_id,) = put_in(app, "an@example.vn", seminar_id=other_id)
    for number in (mail_id, 999, 2**31, 2**63):
        assert office.get(f"{OUTBOX}/{number}").status_code == 404
        assert office.get(f"{OUTBOX}/{number}/body").status_code == 404
        assert office.post(f"{OUTBOX}/{number}/cancellation").status_code == 404
        assert office.post(f"{OUTBOX}/{number}/retry").status_code == 404
    assert office.get("/seminars/nobody/outbox").status_code == 404
    assert office.get(OUTBOX).text.count("data-row") == 0
    assert office.get(f"/seminars/khac/outbox/{mail_id}").status_code == 200


def test_a_line_break_in_a_header_is_refused_when_it_is_put_in(app):
    from seminar.lib.errors import Refused

    for broken in ({"name": "An\r\nBcc: x@example.vn"}, {}):
        with pytest.raises(Refused, match="one line"):
            put_in(app, "an@example.vn\nBcc: x@example.vn" if not broken else "an@example.vn", **broken)


def test_the_command_tells_the_states_as_text_and_json(app):
    put_in(app, "an@example.vn", "binh@example.vn")
    runner = app.test_cli_runner()
    answer = runner.invoke(args=["mail", "status", "--format", "json"])
    assert answer.exit_code == 0
    told = json.loads(answer.stdout)
    assert (told["held"], told["sent"], told["has_server"]) == (2, 0, False)
    answer = runner.invoke(args=["mail", "status"])
    assert "2  đang giữ" in answer.stdout
    assert "SEMINAR_MAIL_SERVER" in answer.stderr


def test_all_that_wait_for_another_try_go_now_by_one_button(app, office, staff):
    with app.app_context():
        seminar = cast.find_seminar()
        for number in range(3):
            mail = actions.enqueue(
                f"Người {number}", f"n{number}@example.vn", "Thư", "Kính gửi", "", "invitation", cast.OFFICE, cast.NOW,
                seminar_id=seminar.id,
            )  # fmt: skip
            mail.status = MailStatus.RETRY if number else MailStatus.SENT
        db.session.commit()
    address = f"/seminars/{cast.SLUG}/outbox/retries"
    assert office.get(address).status_code == 405
    assert staff("thu").post(address).status_code == 403
    assert office.post(address).status_code == 303
    assert office.post(address).status_code == 303
    with app.app_context():
        found = db.session.scalars(db.select(Mail.status).order_by(Mail.id)).all()
        assert found == [MailStatus.SENT, MailStatus.QUEUED, MailStatus.QUEUED]
