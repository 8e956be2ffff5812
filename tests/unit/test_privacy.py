"""Telephone numbers and e-mail addresses are found in running text, and figures are not taken for them."""

import pytest

from seminar.reports.rules.privacy import Contact, ContactKind, contacts, contacts_in


@pytest.mark.parametrize(
    "written",
    [
        "0912345678",
        "0912 345 678",
        "0912.345.678",
        "0912-345-678",
        "091 234 5678",
        "09.12.34.56.78",
        "+84 912 345 678",
        "+84912345678",
        "(+84) 912 345 678",
        "+84 (0) 912 345 678",
        "0084 912 345 678",
        "84912345678",
        "0274 3 822 123",
        "(0274) 3822 123",
        "0274.3822.123",
        "028 3822 1234",
        "01234 567 890",
        "O912 345 678",
        "0912\r\n345 678",
        "0912\u00a0345\u00a0678",
        "0912\u2013345\u2013678",
        "0912\u200b345678",
        "\uff10\uff19\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18",
        "zalo.me/0912345678",
        "ĐT: 912 345 678",
        "SĐT 09 12 34 56 78",
        "Điện thoại: 84.912.345.678",
        "Điện thoại cơ quan: 3822 123",
        "đường dây nóng 1900 1234",
        "liên hệ số 0912 345 678",
    ],
)
def test_a_telephone_number_is_found(written):
    assert [one.kind for one in contacts(f"Bài của đơn vị, {written}, xin cảm ơn.")] == [ContactKind.PHONE]


@pytest.mark.parametrize(
    "written",
    [
        "ngày 08.05.2024 07:30",
        "từ 01/01/2021 đến 31/12/2023",
        "giai đoạn 2021 - 2025",
        "9.000 đoàn viên",
        "84.912.345.678 đồng",
        "912.345.678 đồng",
        "tỷ lệ 0,912345678",
        "tỷ lệ 0.912345678",
        "05 12 08 34 56",
        "CCCD 074201001234",
        "Số 0912/QĐ-TWĐTN",
        "mục 0.1.2.3.4.5.6.7",
        "Ông @ ở nhà",
    ],
)
def test_figures_are_no_telephone_number(written):
    assert contacts(f"Bảng: {written} người") == []


@pytest.mark.parametrize(
    "written",
    ["tac.gia@example.vn", "Tac_Gia+1@thu.example.com.vn", "tac.gia @ example.vn", "tac.gia[at]example.vn"],
)
def test_an_address_is_found(written):
    assert [(one.kind, one.text) for one in contacts(f"Thư về {written}.")] == [(ContactKind.EMAIL, written)]


def test_an_address_of_figures_is_one_finding():
    assert [one.kind for one in contacts("0912345678@example.vn")] == [ContactKind.EMAIL]


def test_two_numbers_side_by_side_are_two_findings():
    assert [one.text for one in contacts("ĐT 0912345678/0987654321 hoặc 0355 111 222")] == [
        "0912345678",
        "0987654321",
        "0355 111 222",
    ]


def test_each_finding_says_where_it_stands():
    assert contacts_in(["Trang bìa", "Tác giả: a@example.vn"]) == [
        Contact(ContactKind.EMAIL, "a@example.vn", 2, "Tác giả: a@example.vn")
    ]
