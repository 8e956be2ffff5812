"""Notes without a database: times as typed, texts out of Word, speeches in parts, wordings compared."""

from datetime import UTC, date, datetime

import pytest

from seminar.minutes.rules import (
    LONGEST_TEXT,
    clock_of,
    day_of_new,
    differences,
    key_of_part,
    names_in,
    parts_of,
    said_at,
    tidied,
)

KEY = "0b9c7f5e-1111-4222-8333-444455556666"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("8:05", (8, 5)),
        ("08:05", (8, 5)),
        ("8h05", (8, 5)),
        ("8g5", None),
        ("805", (8, 5)),
        ("0805", (8, 5)),
        ("1530", (15, 30)),
        (" 15.30 ", (15, 30)),
        ("8h", (8, 0)),
        ("24:00", None),
        ("8:60", None),
        ("8", None),
        ("", None),
        ("mai", None),
        ("²:30", None),
    ],
)
def test_a_time_is_read_as_secretaries_write_it(typed, meant):
    assert clock_of(typed) == meant


def test_a_typed_time_is_of_today_or_of_a_sitting_that_is_over():
    starts = datetime(2024, 3, 15, 1, 0, tzinfo=UTC)
    assert day_of_new(datetime(2024, 3, 15, 3, 0, tzinfo=UTC), starts) == date(2024, 3, 15)
    assert day_of_new(datetime(2024, 3, 17, 3, 0, tzinfo=UTC), starts) == date(2024, 3, 15)
    assert day_of_new(datetime(2024, 3, 14, 18, 0, tzinfo=UTC), starts) == date(2024, 3, 15)
    assert said_at(8, 5, date(2024, 3, 15)) == datetime(2024, 3, 15, 1, 5, tzinfo=UTC)


def test_what_word_gives_is_cleaned_and_no_word_is_lost():
    word = "\ufeffKính thưa hội nghị,\r\n\r\n\r\n\r\n•\tMột là,  nhà ở;\r\n\uf0b7 Hai là,\u00a0việc làm.\x0b– Ba là, học nghề.\u00ad"
    assert tidied(word) == "Kính thưa hội nghị,\n\n- Một là, nhà ở;\n- Hai là, việc làm.\n– Ba là, học nghề."
    assert tidied("Một câu.\n\nHai câu.") == "Một câu.\n\nHai câu."


@pytest.mark.parametrize("between", ["\n\n", "\n", " ", ""])
def test_a_long_speech_is_cut_where_a_paragraph_a_sentence_or_a_word_ends(between):
    words = [f"chữ{number}." for number in range(6_000)]
    speech = between.join(words)
    parts = parts_of(speech)
    assert all(0 < len(part) <= LONGEST_TEXT for part in parts)
    assert "".join(between.join(parts).split()) == "".join(speech.split())
    assert len(parts) == -(-len(speech) // LONGEST_TEXT)
    if between:
        assert all(part.endswith(".") and part.startswith("chữ") for part in parts)


def test_a_short_text_is_one_part_and_an_empty_one_none():
    assert parts_of("Một câu.") == ["Một câu."]
    assert parts_of("") == []


def test_each_part_has_a_key_of_its_own_and_the_same_each_time():
    keys = [key_of_part(KEY, number) for number in (1, 2, 3)]
    assert keys[0] == KEY
    assert len(set(keys)) == 3
    assert keys == [key_of_part(KEY, number) for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("one", "other", "ours", "theirs"),
    [
        ("Một hai ba", "Một ba bốn", ["hai "], ["bốn"]),
        ("Một hai.", "Một hai.", [], []),
        ("", "Một hai.", [], ["Một hai."]),
        ("Xây nhà\n\nMở lớp", "Xây nhà\n\nMở trường", ["lớp"], ["trường"]),
    ],
)
def test_the_words_that_stand_in_one_wording_only_are_marked(one, other, ours, theirs):
    left, right = differences(one, other)
    assert "".join(piece.text for piece in left) == one
    assert "".join(piece.text for piece in right) == other
    assert [piece.text for piece in left if piece.is_own] == ours
    assert [piece.text for piece in right if piece.is_own] == theirs


def test_the_longest_notes_are_compared_whole():
    one = " ".join(f"{number % 97}" for number in range(7_000))[:LONGEST_TEXT]
    other = one.replace("13", "mười ba")[:LONGEST_TEXT]
    left, right = differences(one, other)
    assert ("".join(piece.text for piece in left), "".join(piece.text for piece in right)) == (one, other)


def test_a_name_may_be_the_beginning_of_what_was_typed():
    assert names_in("Đỗ Văn Đạt, Bí thư, Thành Đoàn") == {
        "do van dat, bi thu, thanh doan",
        "do van dat",
        "do van dat, bi thu",
    }
