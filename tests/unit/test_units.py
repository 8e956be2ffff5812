"""What a list of units says, which name leads where, and who succeeds whom (domain.md 4.1)."""

from datetime import date

import pytest

from seminar.planning.models import Unit, UnitKind
from seminar.planning.rules import (
    MOST_UNITS,
    kind_of_name,
    name_refusal,
    read_units,
    succeeds_itself,
    successor_on,
)

TAKEN = {"thanh doan di an": "Thành Đoàn Dĩ An", "di an": "Thành Đoàn Dĩ An"}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Thành Đoàn Dĩ An", UnitKind.CITY),
        ("Thị Đoàn Bến Cát", UnitKind.TOWN),
        ("Huyện Đoàn Phú Giáo", UnitKind.DISTRICT),
        ("Đoàn xã Bàu Bàng", UnitKind.COMMUNE),
        ("Đoàn phường Thuận Giao", UnitKind.WARD),
        ("Đoàn đặc khu Côn Đảo", UnitKind.SPECIAL_ZONE),
        ("Đoàn trường Đại học Thủ Dầu Một", UnitKind.AFFILIATED),
        ("Ban Công nhân", UnitKind.AFFILIATED),
    ],
)
def test_the_first_words_of_a_name_say_the_kind(name, kind):
    assert kind_of_name(name) == kind


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("Đoàn xã A", ("Đoàn xã A", UnitKind.COMMUNE, [], "", "")),
        ("Khối Cơ quan; trực thuộc; KCQ; Khối CQ", ("Khối Cơ quan", UnitKind.AFFILIATED, ["KCQ", "Khối CQ"], "", "")),
        ("Đoàn A; ward", ("Đoàn A", UnitKind.WARD, [], "", "")),
        ("Đoàn A ;; a@b.vn ; 912345678", ("Đoàn A", UnitKind.AFFILIATED, [], "a@b.vn", "0912345678")),
        ("7.\tĐoàn A\tĐặc khu", ("Đoàn A", UnitKind.SPECIAL_ZONE, [], "", "")),
        ("7. Đoàn xã C", ("Đoàn xã C", UnitKind.COMMUNE, [], "", "")),
        ("- Đoàn xã C", ("Đoàn xã C", UnitKind.COMMUNE, [], "", "")),
        ("  Đoàn  phường   B  ", ("Đoàn phường B", UnitKind.WARD, [], "", "")),
    ],
)
def test_a_line_is_name_kind_other_names_and_the_contact(line, read):
    [found] = read_units(line, TAKEN)
    assert (found.name, found.kind, found.aliases, found.email, found.phone) == read
    assert found.error is None


@pytest.mark.parametrize(
    "line", ["", "   ", "TT\tĐơn vị\tLoại", "Tên đơn vị; loại", ";;;", "Tổng cộng: 4 đơn vị", "Tổng số\t4"]
)
def test_empty_lines_and_headings_are_no_units(line):
    assert read_units(line, TAKEN) == []


def test_what_leads_to_another_unit_is_refused_and_the_same_unit_known():
    same, other, alias, twice = read_units("Thành Đoàn Dĩ An\nDĩ An\nĐoàn C; Thành đoàn Dĩ An\nĐoàn C", TAKEN)
    assert (same.is_known, same.error) == (True, None)
    assert str(other.error) == "Message('“Dĩ An” is another name of “Thành Đoàn Dĩ An”.')"
    assert "already" in str(alias.error)
    assert "already" in str(twice.error)


def test_a_list_has_an_end():
    lines = read_units("\n".join(f"Đoàn xã {number} A" for number in range(MOST_UNITS * 200)), {})
    assert [line.error is not None for line in lines[-2:]] == [False, True]
    assert len(lines) == MOST_UNITS + 1


@pytest.mark.parametrize("email", ["a@", "@", "ten@coquan.vn, khac@noi.vn", "x" * 250 + "@coquan.vn", "Tên <a@b.vn>"])
def test_what_is_no_address_is_said_and_not_kept(email):
    [line] = read_units(f"Đoàn xã A; {email}", {})
    assert line.email == ""
    assert "not an e-mail address" in str(line.error)


def test_a_name_needs_letters():
    assert name_refusal(["1."], {}) is not None
    assert name_refusal(["Đoàn A", "Đ.A"], {}) is None


def chain():
    one = Unit(id=1, name="Huyện Đoàn", valid_to=date(2024, 4, 30), successor_id=2)
    two = Unit(id=2, name="Thành Đoàn", valid_from=date(2024, 5, 1), valid_to=date(2025, 6, 30), successor_id=3)
    three = Unit(id=3, name="Đoàn phường", valid_from=date(2025, 7, 1))
    return {one.id: one, two.id: two, three.id: three}


@pytest.mark.parametrize(
    ("day", "found"),
    [
        (date(2024, 3, 15), 1),
        (date(2024, 4, 30), 1),
        (date(2024, 5, 1), 2),
        (date(2025, 6, 30), 2),
        (date(2025, 7, 1), 3),
    ],
)
def test_a_name_of_the_past_leads_to_the_unit_of_the_day(day, found):
    units = chain()
    assert successor_on(units[1], units, day).id == found


def test_a_unit_without_a_successor_and_a_ring_end_somewhere():
    units = chain()
    units[3].valid_to = date(2025, 8, 1)
    assert successor_on(units[1], units, date(2026, 1, 1)).id == 3
    units[3].successor_id = 1
    assert successor_on(units[1], units, date(2026, 1, 1)).id in units


def test_nobody_succeeds_themselves():
    assert succeeds_itself(1, 1, {})
    assert succeeds_itself(1, 2, {2: 3, 3: 1})
    assert not succeeds_itself(1, 2, {2: 3, 3: None})
    assert not succeeds_itself(1, None, {})
