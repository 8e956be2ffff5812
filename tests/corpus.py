"""Files as strangers send them, good and hostile, made when they are needed and never kept."""

import io
import os
import re
import struct
import subprocess
import zipfile
from collections.abc import Mapping

import docx
import pypdf
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, TextStringObject

MAIN_TYPE = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO_TYPE = b"application/vnd.ms-word.document.macroEnabled.main+xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def word(*paragraphs: str) -> bytes:
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def pdf(pages: int = 1) -> bytes:
    writer = pypdf.PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def printed(*lines: str) -> bytes:
    """A PDF with text that can be read out of it."""
    import json

    import typst

    source = "#let lines = json(bytes(sys.inputs.lines))\n#for line in lines [#line #parbreak()]"
    return typst.compile(source.encode(), format="pdf", sys_inputs={"lines": json.dumps(lines)})


def rewritten(content: bytes, parts: Mapping[str, bytes | None]) -> bytes:
    """The archive with parts replaced, added, or (None) left out."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            if member.filename not in parts:
                target.writestr(member.filename, source.read(member))
        for name, part in parts.items():
            if part is not None:
                target.writestr(name, part)
    return out.getvalue()


def part_of(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def types_of(content: bytes) -> bytes:
    return part_of(content, "[Content_Types].xml")


ODT_TYPE = "application/vnd.oasis.opendocument.text"
ODT_SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:script="urn:oasis:names:tc:opendocument:xmlns:script:1.0" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"'
)


def odt(*paragraphs: str, extra: Mapping[str, bytes] | None = None, before: str = "", manifest: str = "") -> bytes:
    """An OpenDocument text; `before` stands before its body, `manifest` inside the entry of its content."""
    text = "".join(f"<text:p>{paragraph}</text:p>" for paragraph in paragraphs)
    parts = {
        "mimetype": ODT_TYPE.encode(),
        "content.xml": f'<?xml version="1.0"?><office:document-content {ODT_SPACES} office:version="1.2">{before}'
        f"<office:body><office:text>{text}</office:text></office:body></office:document-content>".encode(),
        "META-INF/manifest.xml": (
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ODT_TYPE}"/>'
            f'<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{manifest}'
            "</manifest:file-entry></manifest:manifest>"
        ).encode(),
    } | dict(extra or {})
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return out.getvalue()


def doc(*paragraphs: str) -> bytes:
    """An old Word file as LibreOffice writes it, where it is installed."""
    return doc_of(word(*paragraphs), "docx")


def doc_of(content: bytes, extension: str) -> bytes:
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from seminar.papers import converting

    with TemporaryDirectory() as folder:
        (Path(folder) / f"a.{extension}").write_bytes(content)
        subprocess.run(
            [
                *(str(converting.program()), f"-env:UserInstallation=file://{folder}/profile", "--headless"),
                *("--convert-to", "doc:MS Word 97", "--outdir", folder, f"{folder}/a.{extension}"),
            ],
            check=True,
            capture_output=True,
            timeout=120,
            env={"PATH": os.environ["PATH"], "HOME": folder},
        )
        return (Path(folder) / "a.doc").read_bytes()


def old_word(*runs: tuple[str, str], style: str = "") -> bytes:
    """A document of one paragraph for each (text as it is stored, name of its font); "" takes the font of the style."""
    document = docx.Document()
    if style:
        fonts = document.styles["Normal"].element.get_or_add_rPr().get_or_add_rFonts()
        for side in ("ascii", "hAnsi", "cs"):
            fonts.set(docx.oxml.ns.qn(f"w:{side}"), style)
    for text, font in runs:
        run = document.add_paragraph().add_run(text)
        if font:
            run.font.name = font
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


def fonts_of(content: bytes) -> set[str]:
    """Every name of a font in the parts that carry text or styles."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = [archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")]
    return {name for part in parts for name in re.findall(r'w:(?:ascii|hAnsi|cs|eastAsia)="([^"]+)"', part)}


def _deflated(content: bytes, name: str, part: bytes) -> bytes:
    return rewritten(content, {name: part})


def _locked_zip(content: bytes) -> bytes:
    """Every member marked as encrypted, as WinZip does."""
    marked = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = marked.find(signature)
        while at >= 0:
            flags = struct.unpack_from("<H", marked, at + offset)[0]
            struct.pack_into("<H", marked, at + offset, flags | 1)
            at = marked.find(signature, at + 4)
    return bytes(marked)


def _lying_sizes(content: bytes) -> bytes:
    """A bomb that says in the directory that it is small."""
    bomb = bytearray(_deflated(content, "word/media/a.bin", b"\0" * 60_000_000))
    at = bomb.rfind(b"PK\x01\x02")
    struct.pack_into("<I", bomb, at + 24, 1000)
    return bytes(bomb)


def _many_members(content: bytes, count: int) -> bytes:
    return rewritten(content, {f"word/media/{number}.txt": b"x" for number in range(count)})


def _doubled(content: bytes) -> bytes:
    import warnings

    out = io.BytesIO(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(out, "a") as archive:
            archive.writestr("word/document.xml", "<x/>")
    return out.getvalue()


def _with_text(document: bytes, old: bytes, new: bytes) -> bytes:
    return rewritten(document, {"word/document.xml": part_of(document, "word/document.xml").replace(old, new, 1)})


LOL = b"".join(
    b'<!ENTITY l%d "%s">' % (number, b"&l%d;" % (number - 1) * 10 if number else b"ha") for number in range(10)
)
ENTITY_BOMB = b'<?xml version="1.0"?><!DOCTYPE x [' + LOL + b"]><x>&l9;</x>"
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'


def _nested(content: bytes) -> bytes:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.zip", _zip_of(b"\0" * 3_000_000))
    return rewritten(content, {"word/embeddings/a.xlsx": inner.getvalue()})


def _zip_of(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", content)
    return out.getvalue()


def _pdf_with(key: str, value: object) -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.root_object[NameObject(key)] = value
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def _entry(**values: object) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in values.items()})


def _script(sort: str = "/JavaScript") -> DictionaryObject:
    return DictionaryObject({NameObject("/S"): NameObject(sort), NameObject("/JS"): TextStringObject("app.alert(1)")})


def _locked_pdf() -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="RC4-128")
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def _looping_pdf() -> bytes:
    """The page tree is its own child."""
    body = b"%PDF-1.4\n"
    offsets = []
    for part in (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 1>>"):
        offsets.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (len(offsets), part)
    start = len(body)
    body += b"xref\n0 3\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % at for at in offsets)
    return body + b"trailer<</Size 3/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start


def _swollen_pdf() -> bytes:
    """A page whose content unpacks to 300 MB."""
    import zlib

    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(100, 100)
    stream = pypdf.generic.EncodedStreamObject()
    stream._data = zlib.compress(b"(a) Tj " * 40_000_000, 9)
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    page[NameObject("/Contents")] = writer._add_object(stream)
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def ole(stream: str, beside: str = "", sort: int = 2, content: bytes = b"x" * 4096) -> bytes:
    """A compound file with one stream of 4096 bytes, as old Word files and locked new ones are; `beside` is an empty
    stream (2) or storage (1) next to it.
    """
    free, end, fat_sector = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = OLE + b"\0" * 16 + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<I", 0) + b"\xff" * 432
    fat = struct.pack("<128I", fat_sector, end, *range(3, 10), end, *[free] * 118)

    def entry(name: str, sort: int, child: int, start: int, size: int, right: int = free) -> bytes:
        text = name.encode("utf-16-le").ljust(64, b"\0")
        head = struct.pack("<HBBIII", len(name) * 2 + 2 if name else 0, sort, 1, free, right, child)
        return text + head + b"\0" * 36 + struct.pack("<IQ", start, size)

    other = entry(beside, sort, free, end if sort == 2 else 0, 0) if beside else entry("", 0, free, 0, 0)
    main = entry(stream, 2, free, 2, 4096, 2 if beside else free)
    folder = entry("Root Entry", 5, 1, end, 0) + main + other + entry("", 0, free, 0, 0)
    return header + fat + folder + content


def fib(flags: int = 0) -> bytes:
    """The first stream of an old Word file with these flags in its header."""
    return struct.pack("<6H", 0xA5EC, 0x00C1, 0, 0x0409, 0, flags).ljust(4096, b"\0")


def with_template(content: bytes, target: str) -> bytes:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"'
        f' Target="{target}" TargetMode="External"/></Relationships>'
    )
    return rewritten(content, {"word/_rels/settings.xml.rels": relations.encode()})


def _png() -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"\0" * 64


def hostile() -> dict[str, tuple[str, bytes]]:
    """Case -> (name as sent, content); each must be refused with a sentence and leave nothing behind."""
    good, book = word("Một hai ba"), pdf()
    types, main = types_of(good), part_of(good, "word/document.xml")
    macro_types = types.replace(MAIN_TYPE, MACRO_TYPE)
    text = b"<w:p><w:r><w:t>" + b"ha " * 70_000_000 + b"</w:t></w:r></w:p>"
    deep = b"<w:p>" * 5000 + b"</w:p>" * 5000
    return {
        "nothing": ("a.docx", b""),
        "far too large": ("a.docx", b"PK\x03\x04" + b"\0" * (20 * 1024 * 1024)),
        "zip bomb": ("a.docx", _deflated(good, "word/media/a.bin", b"\0" * 210_000_000)),
        "zip bomb in the text": ("a.docx", _with_text(good, b"<w:sectPr", text + b"<w:sectPr")),
        "zip bomb below the limit but far beyond any ratio": (
            "a.docx",
            _deflated(good, "word/media/a.bin", b"\0" * 60_000_000),
        ),
        "zip bomb that lies": ("a.docx", _lying_sizes(good)),
        "archive in an archive": ("a.docx", rewritten(good, {"word/media/a.zip": _zip_of(b"a")})),
        "archive in an archive in an archive": ("a.docx", _nested(good)),
        "too many members": ("a.docx", _many_members(good, 5001)),
        "doubled member": ("a.docx", _doubled(good)),
        "member above the folder": ("a.docx", rewritten(good, {"../../evil.sh": b"x"})),
        "member at the root": ("a.docx", rewritten(good, {"/etc/evil": b"x"})),
        "two documents in one": ("a.docx", good + word("Khác hẳn")),
        "locked zip": ("a.docx", _locked_zip(good)),
        "entity bomb": ("a.docx", rewritten(good, {"word/footnotes.xml": ENTITY_BOMB})),
        "entity bomb in UTF-16": (
            "a.docx",
            rewritten(good, {"word/footnotes.xml": ENTITY_BOMB.decode().encode("utf-16")}),
        ),
        "entity bomb in the main part": ("a.docx", rewritten(good, {"word/document.xml": ENTITY_BOMB})),
        "file from outside": ("a.docx", rewritten(good, {"docProps/app.xml": OUTSIDE})),
        "entities in the list of types": (
            "a.docx",
            rewritten(good, {"[Content_Types].xml": types.replace(b"<Types", b"<!DOCTYPE x><Types", 1)}),
        ),
        "macros under another name": ("a.docx", rewritten(good, {"[Content_Types].xml": macro_types})),
        "macros": ("a.docm", rewritten(good, {"word/vbaProject.bin": OLE})),
        "template": (
            "a.dotx",
            rewritten(good, {"[Content_Types].xml": types.replace(b"document.main+xml", b"template.main+xml")}),
        ),
        "no main part": ("a.docx", rewritten(good, {"word/document.xml": None})),
        "no list of types": ("a.docx", rewritten(good, {"[Content_Types].xml": None})),
        "no relationships": ("a.docx", rewritten(good, {"_rels/.rels": None})),
        "main part that is no XML": ("a.docx", rewritten(good, {"word/document.xml": b"Xin chao"})),
        "main part cut off": ("a.docx", rewritten(good, {"word/document.xml": main[: len(main) // 2]})),
        "nested too deep": ("a.docx", _with_text(good, b"<w:sectPr", deep + b"<w:sectPr")),
        "no text": ("a.docx", word()),
        "truncated": ("a.docx", good[: len(good) // 2]),
        "changed byte": ("a.docx", _with_changed_byte(good)),
        "plain archive": ("a.docx", _zip_of(b"hello")),
        "empty archive": ("a.docx", b"PK\x05\x06" + b"\0" * 18),
        "document with a password": ("a.docx", ole("EncryptedPackage")),
        "old Word file that is none": ("a.doc", ole("WordDocument")),
        "old Word file with a password": ("a.doc", ole("WordDocument", "1Table", content=fib(0x0100))),
        "old Word file with macros": ("a.doc", ole("WordDocument", "Macros", 1, content=fib())),
        "old Word file without its table": ("a.doc", ole("WordDocument", content=fib())),
        "OpenDocument with macros": ("a.odt", odt("Một", extra={"Basic/Standard/Module1.xml": b"<x/>"})),
        "OpenDocument with scripts": ("a.odt", odt("Một", extra={"Scripts/python/x.py": b"pass"})),
        "OpenDocument that listens": (
            "a.odt",
            odt("Một", before='<office:scripts><script:event-listener script:event-name="dom:load"/></office:scripts>'),
        ),
        "OpenDocument with a password": ("a.odt", odt("Một", manifest="<manifest:encryption-data/>")),
        "OpenDocument with entities": (
            "a.odt",
            odt("Một", extra={"styles.xml": ENTITY_BOMB.decode().encode("utf-16")}),
        ),
        "OpenDocument bomb": ("a.odt", odt("Một", extra={"Pictures/a.png": b"\0" * 210_000_000})),
        "OpenDocument sheet": (
            "a.odt",
            odt("Một", extra={"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
        ),
        "OpenDocument cut off": ("a.odt", odt("Một " * 5000)[:-200]),
        "OpenDocument above its folder": ("a.odt", odt("Một", extra={"../../evil.sh": b"x"})),
        "OpenDocument with an archive": ("a.odt", odt("Một", extra={"Pictures/a.png": _zip_of(b"a")})),
        "template from another machine": ("a.docx", with_template(good, "https://example.vn/x.dotm")),
        "template from another share": ("a.docx", with_template(good, "\\\\server\\x.dotm")),
        "damaged compound file": ("a.doc", OLE + b"\0" * 2000),
        "picture named as a document": ("a.docx", _png()),
        "drawing named as a PDF": ("a.pdf", b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'),
        "page named as a PDF": ("a.pdf", b"<!DOCTYPE html><script>alert(1)</script>"),
        "page before a PDF": ("a.pdf", b"<html>" + book),
        "rich text": ("a.docx", b"{\\rtf1 hello}"),
        "program": ("a.docx", b"MZ\x90\x00" + b"\0" * 500),
        "script": ("a.docx", b"#!/bin/sh\nrm -rf /\n"),
        "truncated PDF": ("a.pdf", book[: len(book) // 2]),
        "PDF of nothing": ("a.pdf", b"%PDF-1.7\n%%EOF"),
        "PDF whose pages loop": ("a.pdf", _looping_pdf()),
        "PDF without pages": ("a.pdf", pdf(pages=0)),
        "PDF of 61 pages": ("a.pdf", pdf(pages=61)),
        "PDF of 10,000 pages": ("a.pdf", pdf(pages=10_000)),
        "PDF that swells": ("a.pdf", _swollen_pdf()),
        "locked PDF": ("a.pdf", _locked_pdf()),
        "PDF with a script": ("a.pdf", _pdf_with("/OpenAction", _script())),
        "PDF that starts a program": ("a.pdf", _pdf_with("/OpenAction", _script("/Launch"))),
        "PDF with a script behind a harmless action": (
            "a.pdf",
            _pdf_with("/OpenAction", _entry(S=NameObject("/GoTo"), Next=ArrayObject([_entry(Next=_script())]))),
        ),
        "PDF with a script in a field": (
            "a.pdf",
            _pdf_with("/AcroForm", _entry(Fields=ArrayObject([_entry(AA=_entry(C=_script()))]))),
        ),
        "PDF with a script in its bookmarks": ("a.pdf", _pdf_with("/Outlines", _entry(First=_entry(A=_script())))),
        "PDF that sends a form": ("a.pdf", _pdf_with("/OpenAction", _script("/SubmitForm"))),
        "PDF with a file inside": (
            "a.pdf",
            _pdf_with("/Names", DictionaryObject({NameObject("/EmbeddedFiles"): DictionaryObject()})),
        ),
        "PDF whose table is elsewhere": ("a.pdf", re.sub(rb"startxref\s+\d+", b"startxref\n7", book)),
        "PDF with a live form": (
            "a.pdf",
            _pdf_with("/AcroForm", DictionaryObject({NameObject("/XFA"): NumberObject(1)})),
        ),
        "PDF and archive in one": ("a.pdf", book + _zip_of(b"%%EOF")),
    }


def _with_changed_byte(content: bytes) -> bytes:
    changed = bytearray(content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        member = archive.getinfo("word/document.xml")
    at = member.header_offset + 30 + len(member.filename) + member.compress_size // 2
    changed[at] ^= 0xFF
    return bytes(changed)
