"""The office's own Word templates: filled in a child process and a sandbox, by plain values only (recipes.md, Documents).

A template is a stranger's program: docxtpl alone lets it run commands and lose text behind "&". What it asks for and
nobody knows is refused when a document is made, and stands in red in the preview.
"""

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from seminar.documents.content import END, HERE, MISSING, RAISED, STRONG, TABLE
from seminar.documents.models import DocumentKind
from seminar.documents.rules import UNKNOWN
from seminar.lib.errors import N_, Refused
from seminar.lib.isolated import run_isolated
from seminar.lib.text import shorten

Values = Mapping[str, str | Sequence[str] | Sequence[Mapping[str, str]]]
PICTURE = "ma_qr"
COMMON = {
    "co_quan_cap_tren": N_("superior body, a list of lines"),
    "co_quan_ban_hanh": N_("issuer, a list of lines"),
    "so_ky_hieu": N_("number and symbol"),
    "dia_danh_ngay_thang": N_("place and date"),
    "ten_loai": N_("kind of document in capitals"),
    "trich_yeu": N_("subject"),
    "du_thao": N_("the words “DỰ THẢO”, empty when issued"),
    "do_khan": N_("urgency, empty where there is none"),
    "chi_dan_tai_lieu": N_("mark of a meeting's document, empty where there is none"),
    "noi_nhan": N_("Nơi nhận, a list of lines"),
    "the_thuc_de_ky": N_("bold line of the signature"),
    "chuc_vu_nguoi_ky": N_("title under it"),
    "ho_ten_nguoi_ky": N_("name of the signer"),
    "ten_toa_dam": N_("title of the seminar"),
    "chu_de": N_("theme of the seminar"),
    "thoi_gian": N_("hour, day and weekday of the seminar"),
    "dia_diem": N_("venue with its address"),
    "dau_moi": N_("contact with telephone"),
}
LETTER = {
    "kinh_gui": N_("form of address and name"),
    "chuc_vu": N_("position"),
    "don_vi": N_("unit or body"),
    "thanh_phan": N_("group of the delegate"),
    "mo_dau": N_("opening sentence"),
    "cac_muc": N_("the numbered points, a list with nhan and noi_dung"),
    "ket_thuc": N_("closing sentences, a list"),
    "trang_phuc": N_("dress"),
    "ma_dai_bieu": N_("code of the delegate in groups of five digits"),
    "duong_dan": N_("address of the personal page"),
    PICTURE: N_("the QR code as a picture"),
    "ghi_chu": N_("how to check the letter, a list of lines"),
}
DISPATCH = {
    "cac_noi_gui": N_("Kính gửi, a list of lines"),
}
TEXT = {
    "noi_dung": N_("the text, a list of paragraphs; tables of the program stand where they were typed"),
}
PROGRAMME = {
    "chuong_trinh": N_("rows of the programme, a list with stt, thoi_gian, noi_dung, nguoi_thuc_hien, ghi_chu"),
}
FIELDS: dict[DocumentKind, dict[str, str]] = {
    DocumentKind.INVITATION: COMMON | LETTER,
    DocumentKind.SUMMONS: COMMON | LETTER,
    DocumentKind.DISPATCH: COMMON | DISPATCH | TEXT,
    DocumentKind.PROGRAMME: COMMON | TEXT | PROGRAMME,
}
"""What a template of the kind may ask for, and what it gets."""
LISTS: dict[str, str | dict[str, str]] = {
    **dict.fromkeys(("co_quan_cap_tren", "co_quan_ban_hanh", "noi_nhan", "ket_thuc", "ghi_chu"), "…"),
    **dict.fromkeys(("cac_noi_gui", "noi_dung"), "…"),
    "cac_muc": dict.fromkeys(("nhan", "noi_dung"), "…"),
    "chuong_trinh": dict.fromkeys(("stt", "thoi_gian", "noi_dung", "nguoi_thuc_hien", "ghi_chu"), "…"),
}
"""Fields that repeat, with one item as the trial fills it in."""
MOST_COPIES = 1_000
CHILD_SECONDS = 240
TRIAL_SECONDS = 15
RED = "C00000"
MARKED = re.compile(f"([{MISSING}{STRONG}{RAISED}][^{END}]*{END})")
BOOKKEEPING = re.compile(r"\{\{|\{%|\{#")


def asked_fields(template: bytes) -> list[str]:
    """Fields that the template asks for, known or not. Refused where it cannot be read as a template."""
    found: list[str] = run_isolated(_asked_fields, template)
    return found


def unknown_fields(asked: Sequence[str], kind: DocumentKind) -> list[str]:
    return [name for name in asked if name not in FIELDS[kind]]


_LETTER = ("so_ky_hieu", "dia_danh_ngay_thang", "kinh_gui", "the_thuc_de_ky", "ho_ten_nguoi_ky", PICTURE)
NEEDED: dict[DocumentKind, tuple[str, ...]] = {
    DocumentKind.INVITATION: _LETTER,
    DocumentKind.SUMMONS: _LETTER,
    DocumentKind.DISPATCH: ("so_ky_hieu", "dia_danh_ngay_thang", "cac_noi_gui", "the_thuc_de_ky", "ho_ten_nguoi_ky"),
    DocumentKind.PROGRAMME: ("so_ky_hieu", "dia_danh_ngay_thang", "the_thuc_de_ky", "ho_ten_nguoi_ky"),
}
"""Without them a document lacks what it must have (domain.md 1.1) or, a letter, whom it is for and the code."""


def forgotten_fields(asked: Sequence[str], kind: DocumentKind) -> list[str]:
    """What a document of the kind must have and the template does not ask for. Refused where it asks for nothing known."""
    if not set(asked) & FIELDS[kind].keys():
        raise Refused(
            "The file has no field of the list: every document by it would be the same. Take the file to begin with."
        )
    return [name for name in NEEDED[kind] if name not in asked]


def is_without_text(asked: Sequence[str], kind: DocumentKind) -> bool:
    """A dispatch by such a template would print without what the office wrote."""
    return kind == DocumentKind.DISPATCH and "noi_dung" not in asked


def try_out(template: bytes, kind: DocumentKind, unknown: Sequence[str] = ()) -> None:
    """Fills it once, as for a letter, the unknown fields with a gap. Refused is here what would fail at the first letter."""
    values = {name: [LISTS[name]] if name in LISTS else "" for name in (*FIELDS[kind], *unknown)}
    run_isolated(
        _filled, template, [values], [], False, False, (), (), cpu_seconds=TRIAL_SECONDS, wall_seconds=TRIAL_SECONDS
    )


def _asked_fields(template: bytes) -> list[str]:
    from docxtpl import DocxTemplate

    with zipfile.ZipFile(io.BytesIO(template)) as package:
        for name in package.namelist():
            if re.match(r"word/(header|footer)\d*\.xml$", name):
                text = re.sub(r"<[^>]+>", "", package.read(name).decode("utf-8", "replace"))
                if BOOKKEEPING.search(text):
                    raise Refused("Fields in header or footer are not filled in. Put them into the text.")
    asked = _said(
        lambda: DocxTemplate(io.BytesIO(template)).get_undeclared_template_variables(jinja_env=_sandbox(False)),
        template,
    )
    return sorted(asked)


def _wrong_words(template: bytes) -> str:
    """Where the template is written wrongly, as far as it can be told: a line of it, or a command without its end."""
    from docx import Document
    from docx.oxml.ns import qn

    opened = dict.fromkeys(("for", "if"), 0)
    for paragraph in Document(io.BytesIO(template)).element.body.iter(qn("w:p")):
        text = "".join(one.text or "" for one in paragraph.iter(qn("w:t")))
        if any(text.count(begin) != text.count(end) for begin, end in (("{{", "}}"), ("{%", "%}"))):
            return shorten(text, 80)
        for word in re.findall(r"\{%-?(?:p|tr|tc|r)?\s*(\w+)", text):
            opened[word.removeprefix("end")] = opened.get(word.removeprefix("end"), 0) + (
                -1 if word.startswith("end") else 1
            )
    for word, count in opened.items():
        if word in ("for", "if") and count:
            return f"{{% {word} … %}}" if count > 0 else f"{{% end{word} %}}"
    return ""


def filled(
    template: bytes,
    copies: Sequence[Values],
    pictures: Sequence[bytes] = (),
    *,
    is_preview: bool = False,
    double_sided: bool = False,
    tables: Sequence[str] = (),
    annexes: Sequence[str] = (),
) -> bytes:
    """One Word file with a copy of the template for each of the values, each a section of its own; with a picture for
    each where there are any. `tables` and `annexes` are XML of Word (word/): tables come where their marks stand,
    annexes behind. Refused where the template asks for what is not known, unless it is a preview.
    """
    if len(copies) > MOST_COPIES:
        raise Refused(
            "A Word file takes at most %(most)s letters. Take the PDF, or issue the groups one by one.", most="1.000"
        )
    made: bytes = run_isolated(
        _filled,
        template,
        list(copies),
        list(pictures),
        is_preview,
        double_sided,
        tuple(tables),
        tuple(annexes),
        cpu_seconds=CHILD_SECONDS,
        wall_seconds=CHILD_SECONDS,
    )
    return made


def _sandbox(is_preview: bool) -> Any:
    from jinja2 import ChainableUndefined, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    class Red(ChainableUndefined):
        """A field that nobody knows, marked for the preview."""

        def __str__(self) -> str:
            return f"{MISSING}{self._undefined_name or '?'}{END}"

        def __html__(self) -> str:
            return str(self)

    env = SandboxedEnvironment(autoescape=True, undefined=Red if is_preview else StrictUndefined)
    env.filters.pop("safe")
    return env


def _said(render: Any, template: bytes = b"") -> Any:
    """What the template's author should know, as a sentence; with the template, also where it is written wrongly."""
    from jinja2.exceptions import SecurityError, TemplateSyntaxError, UndefinedError

    try:
        return render()
    except UndefinedError as error:
        raise Refused(
            "The template asks for something that is not known: %(what)s. Mend it on the page of the Word templates, "
            "or take the program's own form there.",
            what=_named(error),
        ) from None
    except (SecurityError, ArithmeticError, LookupError, TypeError, ValueError):
        raise Refused("The template reaches for what no template may: only the fields of the list.") from None
    except TemplateSyntaxError:
        where = _wrong_words(template) if template else ""
        if where:
            raise Refused(
                "The template cannot be read: “%(text)s” is written wrongly, not closed, or has no beginning.",
                text=where,
            ) from None
        raise Refused(
            "The template cannot be read: a field or a command in braces is written wrongly or not closed."
        ) from None


def _named(error: Exception) -> str:
    """The name out of Jinja's English sentence: "'ho_ten' is undefined"."""
    quoted = re.findall(r"'([^']+)'", str(error))
    return quoted[-1] if quoted else "?"


def _prepared(values: Values, is_preview: bool) -> dict[str, Any]:
    """Empty values as gaps, in the preview in red; {% if … %} takes a gap as nothing."""

    class Gap(str):  # noqa: SLOT000 - a handful of them
        def __bool__(self) -> bool:
            return False

    gap = Gap(f"{MISSING}{UNKNOWN}{END}" if is_preview else UNKNOWN)
    may_be_empty = {"du_thao", "do_khan", "chi_dan_tai_lieu", "chuc_vu_nguoi_ky", "ghi_chu"}
    return {name: gap if value == "" and name not in may_be_empty else value for name, value in values.items()} | {
        PICTURE: HERE
    }


def _filled(
    template: bytes,
    copies: list[Values],
    pictures: list[bytes],
    is_preview: bool,
    double_sided: bool,
    tables: Sequence[str],
    annexes: Sequence[str],
) -> bytes:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docxtpl import DocxTemplate

    def rendered(values: Values) -> Any:
        made = DocxTemplate(io.BytesIO(template))
        context = _prepared(values, is_preview)
        _said(lambda: made.render(context, jinja_env=_sandbox(is_preview), autoescape=True))
        return made.docx

    whole = rendered(copies[0])
    body = whole.element.body
    last = body.get_or_add_sectPr()
    starts = [0]
    for values in copies[1:]:
        section = deepcopy(last)
        for old in section.findall(qn("w:type")) + section.findall(qn("w:pgNumType")):
            section.remove(old)
        _first_page_anew(last, double_sided)
        paragraph = OxmlElement("w:p")
        paragraph.get_or_add_pPr().append(section)
        last.addprevious(paragraph)
        starts.append(len(body) - 1)
        for element in rendered(values).element.body:
            if element.tag != qn("w:sectPr"):
                last.addprevious(element)
    if pictures:
        _put_pictures(whole, starts, pictures)
    _put_tables(body, tables)
    for run in list(body.iter(qn("w:r"))):
        _paint(run)
    if annexes:
        _append(body, annexes)
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()


def _first_page_anew(section: Any, double_sided: bool) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    if section.find(qn("w:type")) is None:
        kind = OxmlElement("w:type")
        kind.set(qn("w:val"), "oddPage" if double_sided else "nextPage")
        section.insert_element_before(kind, "w:pgSz", "w:pgMar", "w:cols")
        number = OxmlElement("w:pgNumType")
        number.set(qn("w:start"), "1")
        section.insert_element_before(number, "w:cols", "w:titlePg", "w:docGrid")


def _put_pictures(whole: Any, starts: Sequence[int], pictures: Sequence[bytes]) -> None:
    """Each copy's own picture where its mark stands."""
    from docx.oxml.ns import qn
    from docx.oxml.shape import CT_Inline
    from docx.shared import Mm

    body = list(whole.element.body)
    side = Mm(31)
    for number, png in enumerate(pictures):
        end = starts[number + 1] if number + 1 < len(starts) else len(body)
        for element in body[starts[number] : end]:
            for run in list(element.iter(qn("w:r"))):
                if any(HERE in (text.text or "") for text in run.iter(qn("w:t"))):
                    relation, _image = whole.part.get_or_add_image(io.BytesIO(png))
                    run.add_drawing(CT_Inline.new_pic_inline(10_000 + number, relation, f"ma-{number}.png", side, side))


def _put_tables(body: Any, tables: Sequence[str]) -> None:
    """Each table instead of the paragraph in which its mark stands; a mark without a table goes."""
    from docx.oxml import parse_xml
    from docx.oxml.ns import qn

    for paragraph in list(body.iter(qn("w:p"))):
        found = re.search(f"{TABLE}(\\d+)", "".join(text.text or "" for text in paragraph.iter(qn("w:t"))))
        if found:
            for element in parse_xml(tables[int(found[1])]) if int(found[1]) < len(tables) else ():
                paragraph.addprevious(element)
            paragraph.getparent().remove(paragraph)


def _append(body: Any, annexes: Sequence[str]) -> None:
    """Annexes behind the filled template; their pages have its header. In Word the end of a section says its form."""
    from docx.oxml import OxmlElement, parse_xml

    closing = body.get_or_add_sectPr()
    body.remove(closing)
    for xml in annexes:
        *blocks, section = parse_xml(xml)
        paragraph = OxmlElement("w:p")
        paragraph.get_or_add_pPr().append(closing)
        for element in (paragraph, *blocks):
            body.append(element)
        closing = section
    body.append(closing)


def _paint(run: Any) -> None:
    """Takes the marks out of a run; what is missing, bold or raised becomes a run of its own."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for text in list(run.iter(qn("w:t"))):
        text.text = (text.text or "").replace(HERE, "")
        first, *pieces = MARKED.split(text.text)
        if not pieces:
            continue
        text.text = first
        text.set(qn("xml:space"), "preserve")
        behind = run
        for piece in filter(None, pieces):
            fresh = OxmlElement("w:r")
            if run.rPr is not None:
                fresh.append(deepcopy(run.rPr))
            if piece.endswith(END):
                _look(fresh.get_or_add_rPr(), piece[0])
            part = OxmlElement("w:t")
            part.text = piece[1:-1] if piece.endswith(END) else piece
            part.set(qn("xml:space"), "preserve")
            fresh.append(part)
            behind.addnext(fresh)
            behind = fresh


def _look(properties: Any, mark: str) -> None:
    from docx.oxml.ns import qn

    if mark == STRONG:
        properties.get_or_add_b().val = True
    elif mark == RAISED:
        properties.get_or_add_vertAlign().set(qn("w:val"), "superscript")
    else:
        properties.get_or_add_color().set(qn("w:val"), RED)
