"""Who is named first within a group, by what the position says."""

import pytest

from seminar.delegates.rules import protocol_level


@pytest.mark.parametrize(
    ("position", "level"),
    [
        ("Bí thư Tỉnh ủy", 0),
        ("Trưởng Ban Tổ chức", 0),
        ("Ủy viên Ban Thường vụ Tỉnh ủy, Trưởng Ban Tổ chức", 0),
        ("Quyền Chủ tịch", 0),
        ("Hiệu trưởng", 0),
        ("Chánh Văn phòng", 0),
        ("Tổng Giám đốc", 0),
        ("Phó Bí thư Thường trực", 1),
        ("Phó Bí thư", 2),
        ("Phó Chánh Văn phòng", 2),
        ("PHÓ HIỆU TRƯỞNG", 2),
        ("Ủy viên Ban Thường vụ", 3),
        ("Uỷ viên Ban Thường vụ", 3),
        ("Trưởng phòng Tổng hợp", 4),
        ("Phó Trưởng phòng", 4),
        ("Chuyên viên", 4),
        ("Ủy viên Ban Chấp hành", 5),
        ("Công nhân Công ty Sao Mai", 6),
        ("", 6),
        (" ,; ", 6),
    ],
)
def test_the_level_of_a_position(position, level):
    assert protocol_level(position) == level


def test_letters_made_of_parts_are_the_same_letters():
    import unicodedata

    assert protocol_level(unicodedata.normalize("NFD", "Phó Bí thư Thường trực")) == 1
