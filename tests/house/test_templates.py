"""Templates: nothing inline, nothing from elsewhere, no words outside the catalog, no decisions about permissions."""

import re

import pytest
from jinja2 import Environment

from tests.house.sources import HOUSE

TEMPLATES = sorted(HOUSE.glob("templates/**/*.html"))
NAMES = [str(path.relative_to(HOUSE / "templates")) for path in TEMPLATES]
INLINE = re.compile(
    r"""<style\b|\sstyle\s*=|\son[a-z]+\s*=|\shx-on\b|javascript:|hx-vals\s*=\s*["']js:|<script(?![^>]*\bsrc=)""", re.I
)
ELSEWHERE = re.compile(r"""(?:src|href|action|srcset)\s*=\s*["'](?:https?:)?//""", re.I)
# Mail is read in programs that take styles only inline; the names printed in both languages are the same.
MAILS = re.compile(r"(^|/)(mail|messages|mails)(/|_)|_mail\.|mail\.html$")
PROPER = {
    "Seminar",
    "Message",
    "English",
    "QR",
    "SMS",
    "Zalo",
    "CSV",
    "Excel",
    "Word",
    "PDF",
    "USB",
    "xlsx",
    "docx",
    "Enter",
}
SPOKEN = ("title", "alt", "placeholder", "aria-label", "label", "content")
VIEWS = "\n".join(path.read_text(encoding="utf-8") for path in HOUSE.glob("seminar/**/*.py"))
RENDERED = set(re.findall(r'"([a-z]+/_[a-z_]+\.html)"', VIEWS))
ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)


def literal(text: str) -> str:
    """The template without comments, expressions and statements; {% trans %} blocks count as translated."""
    text = re.sub(r"\{#.*?#\}", "", text, flags=re.S)
    text = re.sub(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", "", text, flags=re.S)
    text = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "\x00", text, flags=re.S)
    return re.sub(
        r"""[?&](?:amp;)?\0?[\w-]+=|\b[\w-]+="[^"<>]*"(?![^<]*>)""", " ", text
    )  # addresses and attributes kept in a {% set %}


def is_mail(name: str) -> bool:
    return bool(MAILS.search(name)) or name.startswith("mail/")


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_nothing_is_inline_or_from_elsewhere(path):
    name, text = str(path.relative_to(HOUSE / "templates")), path.read_text(encoding="utf-8")
    if "<html" in text and "cid:" in text or is_mail(name) and "extends" not in text:
        return
    assert INLINE.findall(literal(text)) == []
    assert ELSEWHERE.findall(text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_no_word_stands_outside_the_catalog(path):
    text = literal(path.read_text(encoding="utf-8"))
    text = re.sub(r"<(script|template|code|kbd|samp)\b.*?</\1>", "", text, flags=re.S)
    spoken = [value for name in SPOKEN if name != "content" for value in re.findall(rf'\s{name}="([^"]*)"', text)]
    shown = re.sub(r"<[^>]*>", " ", text)
    words = set(re.findall(r"[A-Za-z]{3,}", " ".join([shown, *spoken]).replace("\x00", " ")))
    vietnamese = set(re.findall(r"[^\W\d_]+", " ".join([shown, *spoken])))
    words -= PROPER | {word for word in words if word.isupper()} | {word for word in vietnamese if not word.isascii()}
    if re.search(r"[À-ỹ]", shown):
        return  # a page in Vietnamese only, such as a document
    assert words - {"amp", "nbsp", "middot", "hellip"} == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_a_region_has_one_root_element_with_an_id(path):
    """A region that a view renders by itself, to be put in the place of the old one."""
    name = str(path.relative_to(HOUSE / "templates"))
    if not path.name.startswith("_") or name not in RENDERED:
        return
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    text = re.sub(r"\{%-?\s*macro\b.*?endmacro\s*-?%\}", "", text, flags=re.S)
    text = re.sub(r"\{%.*?%\}", "", text, flags=re.S).strip()
    opening = re.match(r"<([a-z]+)\b([^>]*(?:\{\{.*?\}\}[^>]*)*)>", text, re.S)
    assert opening, "begins with something else than its root element"
    assert re.search(r'\bid="', opening.group(2)), "the root element has no id"
    assert text.endswith((f"</{opening.group(1)}>", ">")), "something follows the root element"


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_templates_do_not_decide_permissions_or_run_queries(path):
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"\b(?:db\.|\.query\b|session\.execute|has_role|Role\.|in current_user\.roles)", text) == []


def test_every_template_is_used():
    sources = [*HOUSE.glob("seminar/**/*.py"), *TEMPLATES]
    texts = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    folders = set(re.findall(r'f"([a-z_/]+)\{', texts))
    unused = [
        name for name in NAMES if name not in texts and not any(name.startswith(folder) for folder in folders if folder)
    ]
    assert unused == []


@pytest.mark.parametrize("path", TEMPLATES, ids=NAMES)
def test_htmx_posts_belong_to_forms_that_work_without_it(path):
    """Tier 1: an element that posts by htmx is a form with the same action, or a button of one."""
    text = path.read_text(encoding="utf-8")
    for tag, attributes in re.findall(r"<([a-z]+)\b((?:[^>]|\}\}>)*?hx-post=(?:[^>])*)>", text, re.S):
        assert tag == "form", f"<{tag} {attributes.strip()[:60]}"
        assert "action=" in attributes
