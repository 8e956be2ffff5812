"""LibreOffice converts papers that point to the network and to this machine's disk: it asks nobody and shows nothing of it."""

import http.server
import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from seminar.papers import converting
from seminar.papers.checking import check_upload
from seminar.papers.sealing import sealed
from tests import corpus, manuscripts

SECRET = (255, 0, 255)
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHAPE = (
    '<w:p><w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    '<mc:Choice Requires="wps" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><w:drawing>'
    '<wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:extent cx="1000000" cy="1000000"/><wp:docPr id="9" name="s"/>'
    '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
    '<a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr/>'
    '<wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="1000000" cy="1000000"/></a:xfrm><a:prstGeom prst="rect">'
    f'<a:avLst/></a:prstGeom><a:blipFill><a:blip xmlns:r="{R}" r:link="far"/><a:stretch><a:fillRect/></a:stretch>'
    "</a:blipFill></wps:spPr><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>"
    "</mc:AlternateContent></w:r></w:p>"
)
BULLET = (
    '<office:automatic-styles><text:list-style style:name="L" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
    'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"><text:list-level-style-image text:level="1" '
    'xlink:href="{}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"><style:list-level-properties '
    'fo:width="2cm" fo:height="2cm"/></text:list-level-style-image></text:list-style></office:automatic-styles>'
)
FRAME = (
    '<draw:frame xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0" svg:width="5cm" svg:height="5cm">'
    '<draw:image xlink:href="{}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/></draw:frame>'
)


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """(address of a server on this machine, what it was asked for)."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            asked.append(f"{self.command} {self.path}")
            self.send_response(404)
            self.end_headers()

        do_GET = do_HEAD = do_OPTIONS = do_PROPFIND = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


def filled_shape(target: str) -> bytes:
    good = corpus.word("Một hai ba")
    document = corpus.part_of(good, "word/document.xml").replace(b"<w:sectPr", SHAPE.encode() + b"<w:sectPr", 1)
    relation = f'<Relationship Id="far" Type="{R}/image" Target="{target}" TargetMode="External"/></Relationships>'
    relations = corpus.part_of(good, "word/_rels/document.xml.rels").replace(b"</Relationships>", relation.encode())
    return corpus.rewritten(good, {"word/document.xml": document, "word/_rels/document.xml.rels": relations})


def bullets(target: str) -> bytes:
    content = corpus.odt("Một hai ba", "@", before=BULLET.format(target))
    text = corpus.part_of(content, "content.xml")
    listed = b'<text:list text:style-name="L"><text:list-item><text:p>b</text:p></text:list-item></text:list>'
    return corpus.odt("", extra={"content.xml": text.replace(b"<text:p>@</text:p>", listed)})


def colours(content: bytes) -> set[tuple[int, int, int]]:
    with pypdfium2.PdfDocument(content) as document:
        picture = document[0].render(scale=0.5).to_pil().convert("RGB")
    return {colour for _, colour in picture.getcolors(picture.width * picture.height)}


def test_nothing_is_fetched_from_the_network_or_from_the_disk(tmp_path: Path, listener):
    address, asked = listener
    Image.new("RGB", (200, 200), SECRET).save(tmp_path / "secret.png")
    disk = (tmp_path / "secret.png").as_uri()
    linked = corpus.odt("Một hai ba", FRAME.format(f"{address}/picture.png"))
    files = {
        "shapefar": filled_shape(f"{address}/shape.png"),
        "shapedisk": filled_shape(disk),
        "bulletfar": bullets(f"{address}/bullet.png"),
        "bulletdisk": bullets(disk),
        "olddoc": corpus.doc_of(linked, "odt"),
    }
    asked.clear()  # the old Word file was made without any seal
    for name, content in files.items():
        check_upload(f"{name}.docx", content)
    made = converting.convert(files, "pdf")
    assert made.keys() == files.keys()
    assert asked == []
    assert {name for name, content in made.items() if SECRET in colours(content)} == set()


def test_what_the_file_brings_along_and_what_is_clicked_stays():
    paper = manuscripts.word("pictures", 1).content
    assert parts_of(sealed(paper)) == parts_of(paper)
    picture = io.BytesIO()
    Image.new("RGB", (200, 200), SECRET).save(picture, "PNG")
    link = '<text:a xlink:href="https://example.vn/" xlink:type="simple">trang</text:a>'
    content = corpus.odt(link, FRAME.format("Pictures/a.png"), extra={"Pictures/a.png": picture.getvalue()})
    manifest = corpus.part_of(content, "META-INF/manifest.xml").decode()
    entry = (
        '<manifest:file-entry manifest:full-path="Pictures/a.png" manifest:media-type="image/png"/></manifest:manifest>'
    )
    content = corpus.rewritten(
        content, {"META-INF/manifest.xml": manifest.replace("</manifest:manifest>", entry).encode()}
    )
    assert b"https://example.vn/" in corpus.part_of(sealed(content), "content.xml")
    assert SECRET in colours(converting.convert({"own": content}, "pdf")["own"])


def parts_of(content: bytes) -> dict[str, bytes]:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if not name.endswith(".rels")}
