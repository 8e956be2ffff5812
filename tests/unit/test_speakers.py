"""Who spoke, as a secretary types it: one delegate is meant, or nobody is guessed."""

import pytest

from seminar.agenda.models import ItemKind
from seminar.minutes.models import NoteKind
from seminar.minutes.rules import Speaker, printed, speaker_of, usual_kind

ANH = Speaker(11, 1, "Nguyễn Thị Ánh, Trưởng ban", "nguyen thi anh", True)
DAT = Speaker(12, 2, "Đỗ Văn Đạt, Bí thư", "do van dat", False)
TWIN = Speaker(13, 3, "Đỗ Văn Đạt, Phó Bí thư", "do van dat", False)
SAME = Speaker(14, 4, "Nguyễn Thị Ánh, Trưởng ban", "nguyen thi anh", False, is_unique=False)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Nguyễn Thị Ánh, Trưởng ban", ANH),
        ("nguyen thi anh", ANH),
        ("  NGUYỄN  THỊ ÁNH ", ANH),
        ("2", DAT),
        ("9", None),
        ("do van dat", None),
        ("Đỗ Văn Đạt, Phó Bí thư", TWIN),
        ("Đỗ", None),
        ("Một người dân", None),
        ("", None),
        ("²", None),
    ],
)
def test_the_delegate_is_the_one_that_only_these_words_can_mean(typed, meant):
    assert speaker_of(typed, [ANH, DAT, TWIN]) == meant


def test_a_proxy_is_meant_by_either_name_and_two_of_one_name_are_nobody():
    proxy = Speaker(15, 5, "Trần Thay Mặt, Phó Bí thư", "tran thay mat", True, "pham van em")
    for typed in ("tran thay mat", "Phạm Văn Em", "5", proxy.text):
        assert speaker_of(typed, [ANH, proxy]) == proxy
    other = Speaker(16, 6, "Phạm Văn Em, Bí thư", "pham van em", False)
    assert speaker_of("Phạm Văn Em", [proxy, other]) is None
    assert speaker_of(other.text, [proxy, other]) == other


def test_the_same_text_twice_means_nobody_until_the_number_is_typed():
    assert speaker_of(ANH.text, [ANH, SAME]) is None
    assert speaker_of(SAME.typed, [ANH, SAME]) == SAME
    assert SAME.typed == "4"


@pytest.mark.parametrize(
    ("name", "position", "body", "line"),
    [
        ("Đỗ Văn Đạt", "Bí thư", "Thành Đoàn", "Đỗ Văn Đạt, Bí thư Thành Đoàn"),
        ("Đỗ Văn Đạt", "", "Thành Đoàn", "Đỗ Văn Đạt, Thành Đoàn"),
        ("Đỗ Văn Đạt", "", "", "Đỗ Văn Đạt"),
    ],
)
def test_a_speaker_prints_with_position_and_body(name, position, body, line):
    assert printed(name, position, body) == line


@pytest.mark.parametrize("kind", ItemKind)
def test_every_kind_of_item_has_a_usual_kind_of_note(kind):
    assert usual_kind(kind) in NoteKind
    assert usual_kind(ItemKind.DISCUSSION) == NoteKind.OPINION
