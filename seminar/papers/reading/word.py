"""In the child: a Word file as HTML of our own making. Only the elements named here pass, every attribute is written anew."""

import hashlib
import io
import re
import zipfile
from html import escape
from html.parser import HTMLParser
from typing import Any

PREFIX = "paper-"
"""Of ids within the text, so that a note of the paper is none of the page's."""
BLOCKS = ("p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "td", "th", "tr", "table", "ul", "ol", "dl", "dt", "dd")
PASSING = {*BLOCKS, "thead", "tbody", "strong", "em", "sup", "sub", "s", "u", "a", "img", "br"}
VOID = ("img", "br")
SILENT = ("script", "style", "iframe", "object", "template", "svg", "math", "title", "noscript", "textarea")
"""With these goes what stands inside of them, too."""
HEADINGS_BELOW = 2
"""A heading of the paper stands below those of the page."""
WEB = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
PICTURES = 200
PICTURE_BYTES = 50_000_000
"""Of all pictures of a paper; the server takes them over as they are."""
LARGEST_SIDE = 2000
STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => h2:fresh
u => u
"""
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
LINK = re.compile(r"https?://[^\s\"'<>\\]+", re.IGNORECASE)


def read(content: bytes) -> dict[str, Any]:
    """{"html", "pictures": [(media type, bytes)], "paragraphs", "has_equations"} of a checked .docx."""
    import mammoth

    content, has_equations = _with_spelt_equations(content)
    pictures: list[tuple[str, bytes]] = []
    numbers: dict[bytes, int] = {}

    def keep(image: Any) -> dict[str, str]:
        with image.open() as file:
            sent = file.read()
        digest = hashlib.sha256(sent).digest()
        if digest not in numbers:
            if len(pictures) >= PICTURES or sum(len(one) for _, one in pictures) > PICTURE_BYTES:
                return {"src": ""}
            numbers[digest] = len(pictures)
            pictures.append(picture_for_browsers(sent))
        return {"src": f"{numbers[digest]}"}

    made = mammoth.convert_to_html(
        io.BytesIO(content),
        id_prefix=PREFIX,
        style_map=STYLES,
        include_embedded_style_map=False,
        convert_image=mammoth.images.img_element(keep),
        ignore_empty_paragraphs=True,
    )
    cleaner = Cleaner([kind for kind, _ in pictures])
    cleaner.feed(made.value)
    cleaner.close()
    return {
        "html": cleaner.html(),
        "pictures": pictures,
        "paragraphs": cleaner.paragraphs,
        "has_equations": has_equations,
    }


def picture_for_browsers(content: bytes) -> tuple[str, bytes]:
    """(media type, bytes) by content, never by name; large ones smaller; ("", b"") for what cannot be shown, as EMF."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content)) as image:
            if image.format in WEB and max(image.size) <= LARGEST_SIDE:
                image.verify()
                return WEB[image.format], content
            if image.format in ("WMF", "EMF", "EPS"):
                return "", b""
            image.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
            out = io.BytesIO()
            image.convert("RGBA" if "A" in image.getbands() else "RGB").save(out, "PNG")
            return "image/png", out.getvalue()
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a picture that cannot be read is no reason not to show the text
        return "", b""


def _with_spelt_equations(content: bytes) -> tuple[bytes, bool]:
    """Equations in one line of plain letters, which otherwise would vanish; whether there are any."""
    from lxml import etree

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {
            name: package.read(name)
            for name in package.namelist()
            if re.fullmatch(r"word/(document\d*|footnotes|endnotes)\.xml", name)
        }
        changed = {}
        for name, part in parts.items():
            if b"oMath" not in part:
                continue
            root = etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
            for one in root.findall(f".//{MATH}oMath"):
                _spell(one, etree)
            for one in root.findall(f".//{MATH}oMathPara"):
                one.getparent().replace(one, _run("".join(one.itertext()), etree))
            changed[name] = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
        if not changed:
            return content, False
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as target:
            for name in package.namelist():
                target.writestr(name, changed.get(name) or package.read(name))
        return out.getvalue(), True


def _spell(equation: Any, etree: Any) -> None:
    said = "".join(one.text or "" for one in equation.iter(f"{MATH}t"))
    equation.getparent().replace(equation, _run(said, etree, equation.tail))


def _run(text: str, etree: Any, tail: str | None = None) -> Any:
    run = etree.Element(f"{WORD}r")
    etree.SubElement(run, f"{WORD}t").text = f" {text} "
    run.tail = tail
    return run


class Cleaner(HTMLParser):
    """Writes anew what may pass: names from a closed list, attributes of its own, all text escaped."""

    def __init__(self, pictures: list[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.pictures = pictures
        self.paragraphs: list[str] = []
        self._out: list[str] = []
        self._open: list[str] = []
        self._silent = 0
        self._text: list[str] = []

    def html(self) -> str:
        return "".join(self._out) + "".join(f"</{name}>" for name in reversed(self._open))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self._silent += 1
        if self._silent or tag not in PASSING:
            return
        if tag in BLOCKS or tag == "br":
            self._end_paragraph() if tag in BLOCKS else self._text.append(" ")
        name = _below(tag)
        said = {key: value or "" for key, value in attrs}
        if tag == "img":
            self._out.append(self._picture(said))
        else:
            self._out.append(f"<{name}{_attributes(tag, said)}>")
            if tag not in VOID:
                self._open.append(name)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self._silent = max(0, self._silent - 1)
            return
        name = _below(tag)
        if self._silent or tag not in PASSING or name not in self._open:
            return
        if tag in BLOCKS:
            self._end_paragraph()
        while self._open:
            last = self._open.pop()
            self._out.append(f"</{last}>")
            if last == name:
                return

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._out.append(escape(data))
            self._text.append(data)

    def close(self) -> None:
        super().close()
        self._end_paragraph()

    def _end_paragraph(self) -> None:
        text = " ".join("".join(self._text).split())
        self._text = []
        if text:
            self.paragraphs.append(text)

    def _picture(self, said: dict[str, str]) -> str:
        number, alt = said.get("src", ""), escape(said.get("alt", ""))
        if number.isascii() and number.isdecimal() and int(number) < len(self.pictures) and self.pictures[int(number)]:
            return f'<img src="pictures/{int(number)}" alt="{alt}" loading="lazy">'
        return f'<span class="muted">[{alt or "…"}]</span>'


def _below(tag: str) -> str:
    if re.fullmatch(r"h[1-6]", tag):
        return f"h{min(6, int(tag[1]) + HEADINGS_BELOW)}"
    return tag


def _attributes(tag: str, said: dict[str, str]) -> str:
    found = {}
    if re.fullmatch(rf"{PREFIX}[\w-]{{1,80}}", said.get("id", "")):
        found["id"] = said["id"]
    if tag in ("td", "th"):
        found |= {name: said[name] for name in ("colspan", "rowspan") if re.fullmatch(r"[1-9]\d?", said.get(name, ""))}
    if tag == "a":
        href = said.get("href", "")
        if re.fullmatch(rf"#{PREFIX}[\w-]{{1,80}}", href):
            found["href"] = href
        elif LINK.fullmatch(href) and len(href) < 2000:
            found |= {"href": href, "rel": "noopener noreferrer nofollow", "target": "_blank"}
    return "".join(f' {name}="{escape(value)}"' for name, value in found.items())
