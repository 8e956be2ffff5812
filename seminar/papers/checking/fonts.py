"""Vietnamese typed in old fonts inside a Word file (.VnTime, VNI-Times): found run by run, and turned into Unicode.

The font of a run is its own, or its character style's, its paragraph style's, or the document's; text in a font of today
may be old too, which only its words tell (lib/legacy.py). Converting changes letters and names of fonts and nothing else.
Runs in the isolated child, on files that the check has let in.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from seminar.lib import legacy
from seminar.lib.legacy import Legacy
from seminar.lib.text import shorten

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
FONTS = ("hAnsi", "ascii", "cs", "eastAsia")
TODAY = "Times New Roman"
TEXT_PART = re.compile(r"word/(?:document|footnotes|endnotes|comments|header\d*|footer\d*)\d*\.xml", re.IGNORECASE)
FONT_PART = re.compile(r"word/(?:styles|numbering|stylesWithEffects|theme/theme\d+|glossary/\w+)\.xml", re.IGNORECASE)
SAMPLES = 3
SAMPLE_LENGTH = 160
CAPITALS = (Legacy.TCVN3, Legacy.TCVN3_CAPITALS)


@dataclass(frozen=True)
class Fonts:
    """What was found: the kinds, each once, in order of their names; and a few sentences as typed and in Unicode."""

    kinds: tuple[str, ...] = ()
    samples: tuple[tuple[str, str], ...] = ()


@dataclass
class Styles:
    """The font that each style names or inherits, and the document's own."""

    named: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Style -> (its own font or "", the style it is based on or "")."""
    paragraph: str = ""
    """The style of paragraphs that name none."""
    document: str = ""

    def font(self, style: str) -> str:
        seen: set[str] = set()
        while style in self.named and style not in seen:
            seen.add(style)
            own, style = self.named[style]
            if own:
                return own
        return ""


def examine(content: bytes) -> Fonts:
    kinds: set[Legacy] = set()
    samples: dict[str, str] = {}
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = _Parts(package)
        for name in parts.texts():
            for pieces in parts.groups(parts.tree(name)):
                kind = pieces[0][1]
                before = "".join(node.text or "" for node, _ in pieces)
                after = _decoded(before, kind)
                if kind is None or after == before:
                    continue
                kinds.add(kind)
                if len(samples) < SAMPLES and len(before.split()) > 2:
                    samples.setdefault(shorten(before.strip(), SAMPLE_LENGTH), shorten(after.strip(), SAMPLE_LENGTH))
                elif not samples:
                    samples[shorten(before.strip(), SAMPLE_LENGTH)] = shorten(after.strip(), SAMPLE_LENGTH)
    found = list(samples.items())
    if len(found) > 1:
        found.sort(key=lambda pair: len(pair[0].split()) <= 2)
    return Fonts(tuple(sorted(kind.value for kind in kinds)), tuple(found[:SAMPLES]))


def convert(content: bytes) -> bytes:
    """The same document with its old letters in Unicode and its old fonts called Times New Roman."""
    from lxml import etree

    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as package,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        parts = _Parts(package)
        for member in package.infolist():
            name, raw = member.filename, package.read(member)
            if TEXT_PART.fullmatch(name) or FONT_PART.fullmatch(name):
                tree = parts.tree(name)
                if TEXT_PART.fullmatch(name):
                    for pieces in parts.groups(tree):
                        _rewrite(pieces)
                _rename(tree)
                raw = etree.tostring(tree.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True)
            target.writestr(member, raw, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def words_in(content: bytes) -> list[str]:
    """The words of all its text, for comparing."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = _Parts(package)
        return [
            word
            for name in parts.texts()
            for _, nodes in parts.paragraphs(parts.tree(name))
            for word in "".join(node.text or "" for node in nodes).split()
        ]


def _decoded(text: str, kind: Legacy | None) -> str:
    """Whoever typed letters that no old font draws typed Unicode, in whatever font."""
    if kind is None or kind != Legacy.TCVN3_CAPITALS and text.isascii() or legacy.UNICODE_ONLY.search(text):
        return text
    return legacy.decode(text, kind)


def _rewrite(pieces: list[tuple[Any, Legacy | None]]) -> None:
    """Decodes the whole and gives each node its share: Word cuts runs anywhere, also between a letter and its mark."""
    kind = pieces[0][1]
    texts = [node.text or "" for node, _ in pieces]
    whole = "".join(texts)
    decoded = _decoded(whole, kind)
    if kind is None or decoded == whole:
        return
    at, done = 0, 0
    for number, (node, _) in enumerate(pieces):
        at += len(texts[number])
        end = len(decoded) if number == len(pieces) - 1 else len(_decoded(whole[:at], kind))
        node.text = decoded[done:end]
        if node.text != node.text.strip():
            node.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        done = end


def _rename(tree: Any) -> None:
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        local = element.tag.rpartition("}")[2]
        if local == "rFonts":
            for name, value in element.attrib.items():
                if legacy.FONT.match(value):
                    element.set(name, TODAY)
        elif local in ("latin", "ea", "cs", "font") and legacy.FONT.match(element.get("typeface", "")):
            element.set("typeface", TODAY)
        elif local == "lvl":
            _rename_level(element)


def _rename_level(level: Any) -> None:
    """A numbering such as "§iÒu 1" is text too."""
    space = level.tag.rpartition("}")[0] + "}"
    fonts, text = level.find(f"{space}rPr/{space}rFonts"), level.find(f"{space}lvlText")
    kind = legacy.of_font(_named_font(fonts, space)) if fonts is not None else None
    if kind is not None and text is not None:
        text.set(f"{space}val", _decoded(text.get(f"{space}val", ""), kind))


def _named_font(fonts: Any, space: str) -> str:
    return next((value for name in FONTS[:2] if (value := fonts.get(f"{space}{name}"))), "")


class _Parts:
    """The parts of one document, read once, with the fonts of its styles."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.package = package
        self.styles = self._styles()
        self.evidence = legacy.Evidence(
            text
            for name in self.texts()
            for paragraph, nodes in self.paragraphs(self.tree(name))
            if (text := "".join(node.text or "" for node in nodes if self._kind_of_font(node, paragraph) is None))
        )

    def tree(self, name: str) -> Any:
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
        return etree.fromstring(self.package.read(name), parser)

    def texts(self) -> list[str]:
        return [name for name in self.package.namelist() if TEXT_PART.fullmatch(name)]

    def _styles(self) -> Styles:
        found = Styles()
        name = next((one for one in self.package.namelist() if one.lower() == "word/styles.xml"), None)
        if name is None:
            return found
        tree = self.tree(name)
        space = tree.tag.rpartition("}")[0] + "}"
        default = tree.find(f"{space}docDefaults/{space}rPrDefault/{space}rPr/{space}rFonts")
        found.document = _named_font(default, space) if default is not None else ""
        for style in tree.iter(f"{space}style"):
            fonts, base = style.find(f"{space}rPr/{space}rFonts"), style.find(f"{space}basedOn")
            key = style.get(f"{space}styleId", "")
            found.named[key] = (
                _named_font(fonts, space) if fonts is not None else "",
                base.get(f"{space}val", "") if base is not None else "",
            )
            if style.get(f"{space}type") == "paragraph" and style.get(f"{space}default") in ("1", "true"):
                found.paragraph = key
        return found

    @staticmethod
    def paragraphs(tree: Any) -> Iterator[tuple[Any, list[Any]]]:
        """Each paragraph with the text nodes that are its own and no inner paragraph's."""
        nodes = [node for space in (W, STRICT) for node in tree.iter(f"{space}t", f"{space}delText")]

        def paragraph_of(node: Any) -> Any:
            return next((one for one in node.iterancestors() if one.tag in (f"{W}p", f"{STRICT}p")), None)

        for paragraph, own in groupby(nodes, paragraph_of):
            yield paragraph, list(own)

    def _kind_of_font(self, node: Any, paragraph: Any) -> Legacy | None:
        space = node.tag.rpartition("}")[0] + "}"
        run = node.getparent()
        font = style = ""
        fonts = run.find(f"{space}rPr/{space}rFonts")
        if fonts is not None:
            font = _named_font(fonts, space)
        if not font and (named := run.find(f"{space}rPr/{space}rStyle")) is not None:
            font = self.styles.font(named.get(f"{space}val", ""))
        if not font and paragraph is not None:
            named = paragraph.find(f"{space}pPr/{space}pStyle")
            style = named.get(f"{space}val", "") if named is not None else ""
            font = self.styles.font(style or self.styles.paragraph)
        font = font or self.styles.document
        return legacy.of_font(font) if font else None

    def groups(self, tree: Any) -> Iterator[list[tuple[Any, Legacy | None]]]:
        """Neighbouring text nodes of one paragraph that were typed alike, with how; only those that may be old."""
        for paragraph, nodes in self.paragraphs(tree):
            fonts = [self._kind_of_font(node, paragraph) for node in nodes]
            others = "".join(node.text or "" for node, kind in zip(nodes, fonts, strict=True) if kind is None)
            told = self.evidence.kind_of(others)
            kinds = [kind or told for kind in fonts]
            pieces: list[tuple[Any, Legacy | None]] = []
            for node, kind in zip(nodes, kinds, strict=True):
                if pieces and (kind != pieces[-1][1] or not _follows(node)):
                    yield pieces
                    pieces = []
                pieces.append((node, kind))
            if pieces:
                yield pieces


def _follows(node: Any) -> bool:
    """Whether nothing but properties stands before the node in its run, so that its letters go on those before."""
    before = node.getprevious()
    return before is None or before.tag.rpartition("}")[2] == "rPr"
