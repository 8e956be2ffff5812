"""Words: every msgid has its Vietnamese, none is left over, and the code uses the glossary's words (style.md)."""

import ast
import re
from collections import Counter

import pytest
from babel.messages.pofile import read_po

from seminar.audit.rules import NOUNS, VERBS
from seminar.lib.language import FOLDER, merged
from tests.house.msgids import extracted, key_of, of_the_library
from tests.house.sources import trees

FILES = sorted((FOLDER / "vi").glob("*.po"))
VALUE = re.compile(r"%\((\w+)\)")
# style.md's "not" column, as whole words of names. Their own meaning elsewhere is given where it is allowed.
FORBIDDEN = {
    "attendee",
    "attendees",
    "participant",
    "participants",
    "ticket",
    "tickets",
    "conference",
    "org",
    "department",
    "substitute",
    "moderator",
    "talk",
    "talks",
    "article",
    "slot",
    "slots",
    "redeem",
    "checkin_flag",
    "suggestion",
    "suggestions",
    "checked_in",
}
PHRASES = ("is_checked_in", "checked_in", "check_in_flag")


def translated() -> dict[str, str]:
    """msgid -> Vietnamese; the one Vietnamese form of a counted sentence."""
    return {
        key_of(entry): entry.string if isinstance(entry.string, str) else entry.string[0]
        for entry in merged()
        if entry.id
    }


def test_every_sentence_has_its_vietnamese():
    known = {msgid for msgid, text in translated().items() if text}
    missing = {msgid: places for msgid, places in extracted().items() if msgid not in known}
    assert missing == {}


def test_no_translation_is_left_over():
    used = set(extracted()) | of_the_library()
    left = [
        f"{path.name}: {entry.id!r}"
        for path in FILES
        for entry in read_po(path.open("rb"), locale="vi")
        if entry.id and key_of(entry) not in used
    ]
    assert left == []


def test_one_sentence_has_one_translation_wherever_it_stands():
    found: dict[str, set[str]] = {}
    for path in FILES:
        for entry in read_po(path.open("rb"), locale="vi"):
            if entry.id:
                found.setdefault(key_of(entry), set()).add(str(entry.string))
    assert {msgid: texts for msgid, texts in found.items() if len(texts) > 1} == {}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_sentence_stands_once_in_its_file(path):
    entries = re.findall(r'^((?:msgctxt "[^\n]*"\n)?msgid (?:"[^\n]*"\n)+)', path.read_text(encoding="utf-8"), re.M)
    counted = Counter(entries)
    assert [msgid for msgid, count in counted.items() if count > 1] == []


def test_translations_carry_the_same_values():
    wrong = {
        msgid: text
        for msgid, text in translated().items()
        if sorted(set(VALUE.findall(msgid))) != sorted(set(VALUE.findall(text)))
    }
    assert wrong == {}


def test_vietnamese_is_composed_and_is_not_the_english():
    import unicodedata

    wrong = [msgid for msgid, text in translated().items() if unicodedata.normalize("NFC", text) != text]
    assert wrong == []
    words = re.compile(r"[A-Za-z]{3,}")
    same = {
        msgid
        for msgid, text in translated().items()
        if msgid == text and len(words.findall(VALUE.sub("", msgid.replace("%s", "")))) > 1
    }
    assert same == set()


def test_the_log_has_words_for_every_deed():
    """`record(by, now, "issue", "letters", …)` is shown as a sentence: verb and noun are in audit/rules.py."""
    wrong = []
    for path, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record" and len(node.args) >= 4:
                for argument, known in zip(node.args[2:4], (VERBS, NOUNS), strict=True):
                    if isinstance(argument, ast.Constant) and argument.value not in known:
                        wrong.append(f"{path}:{node.lineno}: {argument.value}")
    assert wrong == []


def names_of(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
            found.add(node.attr)
    return found


def test_names_use_the_words_of_the_glossary():
    wrong = []
    for path, tree in trees().items():
        for name in names_of(tree):
            plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
            if set(plain.split("_")) & FORBIDDEN or any(phrase in plain for phrase in PHRASES):
                wrong.append(f"{path}: {name}")
    assert wrong == []


def test_names_are_ascii():
    wrong = [f"{path}: {name}" for path, tree in trees().items() for name in names_of(tree) if not name.isascii()]
    assert wrong == []
