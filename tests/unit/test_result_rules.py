"""The prose of the result report as plain rules: sections, figures in the text, what changed since it was written."""

import pytest

from seminar.lib.errors import Refused
from seminar.minutes.models import NoteKind
from seminar.reports.rules import result
from seminar.reports.rules.result import Change, Section, Where, begun_with, checked_text, differences, pieces

MEDIA, OUTLOOK = result.MEDIA, result.OUTLOOK
TOPIC = Section("topic.3", "Giải pháp", Where.CONTENT)
THEN = {"all.arrived": 251, "all.absent": 9, "papers": 20, "G1.arrived": 12, "topic.3": 7, "topic.4": 1, "gone": 5}


def test_the_sections_stand_in_the_order_of_the_outline():
    keys = [one.key for one in result.sections([(3, "Một"), (4, "Hai")], has_other=True)]
    assert keys == [
        *("media", "topic.3", "topic.4", "topic.0"),
        *("strengths", "weaknesses", "causes", "lessons", "outlook"),
    ]
    dropped = result.sections([(3, "Một")], has_other=True, dropped=[9])
    assert [one.title for one in dropped if one.topic_id is not None] == [
        *("Một", "Nội dung không còn trong kế hoạch", "Nội dung khác")
    ]
    assert [one.key for one in result.sections([], has_other=False)] == [
        *("media", "strengths", "weaknesses", "causes", "lessons", "outlook")
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Có mặt {all.arrived} đại biểu.", [("Có mặt ", False), ("all.arrived", True), (" đại biểu.", False)]),
        ("{papers}{papers}", [("papers", True), ("papers", True)]),
        ("{{không phải số liệu}}", [("{không phải số liệu}", False)]),
        ("{ all.arrived }", [("all.arrived", True)]),
        ("một { ngoặc", [("một { ngoặc", False)]),
        ("", []),
    ],
)
def test_figures_in_the_text_are_found_and_doubled_braces_are_braces(text, found):
    assert pieces(text) == found


@pytest.mark.parametrize("text", ["{all.arived}", "Có {papers} bài, {x}"])
def test_an_unknown_figure_is_refused_by_its_name(text):
    with pytest.raises(Refused) as refusal:
        checked_text(text, THEN)
    assert refusal.value.message.values["keys"] in ("{all.arived}", "{x}")


def test_what_is_kept_is_clean_and_not_too_long():
    assert checked_text("  Ưu điểm\u200b: tốt \r\n\r\n- một ", THEN) == "Ưu điểm: tốt\n\n- một"
    with pytest.raises(Refused):
        checked_text("a" * (result.LONGEST_TEXT + 1), THEN)


def test_a_beginning_from_the_notes_can_be_saved_as_it_is():
    text = begun_with(["Nêu {arrived}\nhai dòng", "  ", "Ý hai"])
    assert text == "- Nêu {{arrived}} hai dòng\n- Ý hai"
    assert checked_text(text, {}) == text
    assert pieces(text)[0][0].startswith("- Nêu {arrived}")


@pytest.mark.parametrize(
    ("section", "kind", "topic", "is_source"),
    [
        (TOPIC, NoteKind.OPINION, 3, True),
        (TOPIC, NoteKind.OPINION, None, False),
        (Section("topic.0", "Khác", Where.CONTENT), NoteKind.OPINION, None, True),
        (OUTLOOK, NoteKind.CONCLUSION, 3, True),
        (OUTLOOK, NoteKind.OPINION, 3, False),
        (MEDIA, NoteKind.GUIDANCE, None, False),
    ],
)
def test_notes_begin_the_section_of_their_topic_and_guidance_the_outlook(section, kind, topic, is_source):
    assert result.is_source(section, kind, topic) == is_source


def test_totals_that_changed_are_told_and_what_did_not_change_is_not():
    now = {**THEN, "all.arrived": 253, "G1.arrived": 14, "topic.3": 8, "new": 3}
    del now["gone"]
    assert differences(MEDIA, "Chỉ lời.", THEN, now) == [Change("all.arrived", 251, 253)]


def test_a_topic_leans_on_its_own_figure_only():
    now = {**THEN, "all.arrived": 253, "topic.3": 8, "topic.4": 2}
    assert differences(TOPIC, "Chỉ lời.", THEN, now) == [Change("topic.3", 7, 8)]


def test_a_figure_that_the_text_names_or_types_is_watched_wherever_it_stands():
    now = {**THEN, "all.arrived": 253, "G1.arrived": 14}
    assert differences(TOPIC, "Có {G1.arrived} đồng chí.", THEN, now) == [Change("G1.arrived", 12, 14)]
    assert differences(TOPIC, "Có 251 đại biểu.", THEN, now) == [Change("all.arrived", 251, 253, is_typed=True)]


def test_what_is_typed_in_digits_comes_first():
    now = {**THEN, "all.absent": 7, "papers": 21}
    told = differences(MEDIA, "Nhận 20 bài.", THEN, now)
    assert told == [Change("papers", 20, 21, is_typed=True), Change("all.absent", 9, 7)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("có 251 đại biểu, 9.000 đoàn viên.", {"251", "9.000"}),
        ("ngày 15/3/2024", set()),
        ("đạt 55,56 %", set()),
        ("1250 người", {"1.250"}),
        ("{topic.3} và {G1.arrived}", set()),
    ],
)
def test_numbers_are_read_as_they_are_typed(text, numbers):
    assert result.numbers_in(text) == numbers
