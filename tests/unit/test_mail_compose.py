"""Messages as they go over the wire: what Flask-Mail 0.10 did wrong is gone (recipes.md, Mail)."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header

import pytest

from seminar.mail.transport import Outgoing, compose, sender_of

SENDER = "Tỉnh Đoàn thử <moi@example.vn>"
LONG_NAME = "Đồng chí đại diện lãnh đạo Ban Tuyên giáo Tỉnh ủy và các cơ quan tham mưu, giúp việc"
SUBJECT = "Thư mời dự tọa đàm “Vì sao thanh niên ngại vào Đảng” tổ chức tại Hội trường A ngày 15/3/2024"


def outgoing(**changes) -> Outgoing:
    values = {
        "to_name": "Nguyễn Thị Ánh",
        "to_address": "anh@example.vn",
        "subject": SUBJECT,
        "text": "Kính gửi đồng chí.\n.\n" + "rất dài " * 400,
        "html": "<p>" + "một đoạn văn rất dài " * 500 + '<img src="cid:qr" alt="QR"></p>',
        "message_id": "<0123456789abcdef0123456789abcdef@toadam.example.vn>",
        "created_at": datetime(2024, 3, 1, 2, 0, tzinfo=UTC),
        "inline_png": b"\x89PNG\r\n\x1a\n" + b"x" * 900,
        "calendar": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nSUMMARY:Tọa đàm\r\nEND:VCALENDAR\r\n",
    }
    return Outgoing(**{**values, **changes})


def words(content: bytes, name: str) -> str:
    return str(make_header(decode_header(message_from_bytes(content)[name])))


def test_the_parts_are_nested_as_mail_programs_expect_them():
    message = compose(outgoing(), SENDER)
    kinds = [part.get_content_type() for part in message.walk()]
    assert kinds == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
        "text/calendar",
    ]
    png = next(part for part in message.walk() if part.get_content_type() == "image/png")
    assert (png["Content-ID"], png.get_content_disposition()) == ("<qr>", "inline")
    calendar = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    assert (calendar.get_param("method"), calendar.get_filename()) == ("PUBLISH", "toa-dam.ics")


def test_plain_text_alone_is_one_part():
    message = compose(outgoing(html="", inline_png=None, calendar=""), SENDER)
    assert [part.get_content_type() for part in message.walk()] == ["text/plain"]


def test_no_line_is_longer_than_mail_servers_take_and_all_is_ascii():
    content = compose(outgoing(to_name=LONG_NAME), SENDER).as_bytes()
    assert max(len(line) for line in content.split(b"\r\n")) <= 78
    assert content.count(b"\n") == content.count(b"\r\n")
    assert content.isascii()


@pytest.mark.parametrize("name", ["Nguyễn Thị Ánh", LONG_NAME, 'Lê Văn "Bé" An, Bí thư', "A, B", "Ann Bell", ""])
def test_names_and_subject_arrive_letter_by_letter(name):
    content = compose(outgoing(to_name=name), SENDER).as_bytes()
    assert words(content, "Subject") == SUBJECT
    shown = message_from_bytes(content, policy=policy.default)["To"].addresses[0]
    assert shown.addr_spec == "anh@example.vn"
    assert (
        words(content, "To").removesuffix(" <anh@example.vn>") if not name.isascii() else shown.display_name
    ) == name


def test_the_bodies_arrive_letter_by_letter():
    message = message_from_bytes(compose(outgoing(), SENDER).as_bytes(), policy=policy.default)
    assert message.get_body(("plain",)).get_content().replace("\r\n", "\n").rstrip("\n") == outgoing().text
    assert message.get_body(("html",)).get_content().rstrip() == outgoing().html


def test_the_message_id_is_the_rows_own_and_on_one_line_however_long_the_host():
    own = "<" + "f" * 32 + "@" + "tinhdoan." * 8 + "example.vn>"
    content = compose(outgoing(message_id=own), SENDER).as_bytes()
    assert f"\r\nMessage-ID: {own}\r\n".encode() in content


def test_a_vietnamese_domain_is_sent_in_ascii():
    message = compose(outgoing(to_address="anh@đoàn.vn"), SENDER)
    assert message["To"].addresses[0].addr_spec == "anh@xn--on-jia8q.vn"


@pytest.mark.parametrize("field", ["to_name", "to_address", "subject", "message_id"])
@pytest.mark.parametrize("ending", ["\r\nBcc: evil@example.vn", "\nX-Evil: 1", "\rX-Evil: 1"])
def test_a_line_break_never_becomes_a_header(field, ending):
    with pytest.raises(ValueError, match="line break"):
        compose(outgoing(**{field: "a" + ending}), SENDER)


def test_what_is_no_address_is_refused():
    with pytest.raises(ValueError, match="not an e-mail address"):
        compose(outgoing(to_address="ánh@example.vn"), SENDER)


@pytest.mark.parametrize(
    ("setting", "address", "name"),
    [
        ("moi@example.vn", "moi@example.vn", ""),
        (SENDER, "moi@example.vn", "Tỉnh Đoàn thử"),
        ("seminar@127.0.0.1", "seminar@[127.0.0.1]", ""),
        ("seminar@localhost", "seminar@localhost", ""),
    ],
)
def test_the_sender_of_the_settings(setting, address, name):
    assert (sender_of(setting).addr_spec, sender_of(setting).display_name) == (address, name)
