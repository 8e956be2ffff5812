"""Hostile spreadsheets: each is a sentence, never a 500, quickly, and nothing of it stays."""

import io
import os
import random
import time
import zipfile

import openpyxl
import pytest

from seminar.delegates.models import Delegate, ImportDraft
from seminar.lib import files, sheets
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.isolated import run_isolated
from tests import cast

IMPORTS = f"/seminars/{cast.SLUG}/imports"
SHEET = "xl/worksheets/sheet1.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def good() -> bytes:
    return sheets.workbook("Danh sách", ["Họ và tên", "Chức vụ"], [["Lê Văn A", "Bí thư"]])


def rewritten(parts: dict[str, bytes], *, drop: tuple[str, ...] = ()) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good())) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for member in source.infolist():
            if member.filename not in parts and member.filename not in drop:
                target.writestr(member.filename, source.read(member))
        for name, part in parts.items():
            target.writestr(name, part)
    return out.getvalue()


def far_cell(place: str) -> bytes:
    book = openpyxl.Workbook()
    book.active["A1"], book.active["B1"], book.active[place] = "Họ và tên", "Chức vụ", "x"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def zip_bomb() -> bytes:
    row = b'<row><c t="inlineStr"><is><t>%s</t></is></c></row>' % (b"A" * 60)
    body = f"<worksheet {MAIN}><sheetData>".encode() + row * 2_400_000 + b"</sheetData></worksheet>"
    return rewritten({SHEET: body})


def many_members() -> bytes:
    return rewritten({f"xl/media/{number}.txt": b"" for number in range(6_000)})


def entity_bomb() -> bytes:
    lines = ['<!DOCTYPE x [<!ENTITY a0 "lol">']
    lines += [f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)]
    text = (
        "".join(lines)
        + f']><worksheet {MAIN}><sheetData><row><c t="inlineStr"><is><t>&a9;</t></is></c></row></sheetData></worksheet>'
    )
    return rewritten({SHEET: text.encode()})


def external_entity() -> bytes:
    text = f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><sst {MAIN}><si><t>&a;</t></si></sst>'
    return rewritten({"xl/sharedStrings.xml": text.encode()})


def hidden_part() -> bytes:
    """The far cell in a part that the scan does not look at: the reader in the child dies alone."""
    body = f'<worksheet {MAIN}><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'
    with zipfile.ZipFile(io.BytesIO(good())) as archive:
        relations = archive.read("xl/_rels/workbook.xml.rels").replace(
            b"worksheets/sheet1.xml", b"elsewhere/sheet1.xml"
        )
    return rewritten({"xl/_rels/workbook.xml.rels": relations, "xl/elsewhere/sheet1.xml": body.encode()})


def word() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    return out.getvalue()


# Made when they are needed: some are large.
CASES = {
    "nothing": (lambda: b"", "a.xlsx"),
    "far cell": (lambda: far_cell("XFD1048576"), "a.xlsx"),
    "far row": (lambda: far_cell("A1048576"), "a.xlsx"),
    "far column": (lambda: far_cell("AZZ1"), "a.xlsx"),
    "far cell out of sight": (hidden_part, "a.xlsx"),
    "zip bomb": (zip_bomb, "a.xlsx"),
    "many members": (many_members, "a.xlsx"),
    "entity bomb": (entity_bomb, "a.xlsx"),
    "external entity": (external_entity, "a.xlsx"),
    "truncated": (lambda: good()[:-200], "a.xlsx"),
    "half": (lambda: good()[: len(good()) // 2], "a.xlsx"),
    "no workbook": (lambda: rewritten({}, drop=("xl/workbook.xml",)), "a.xlsx"),
    "broken workbook": (lambda: rewritten({"xl/workbook.xml": b"<workbook"}), "a.xlsx"),
    "broken sheet": (lambda: rewritten({SHEET: b"<worksheet><sheetData><row><c"}), "a.xlsx"),
    "a Word document": (word, "a.xlsx"),
    "html named xls": (lambda: b"<html><table><tr><td>Ho va ten</td></tr></table></html>", "a.xls"),
    "a PDF": (lambda: b"%PDF-1.7\n1 0 obj", "a.xls"),
    "random bytes": (lambda: random.Random(7).randbytes(20_000), "a.xlsx"),  # noqa: S311
    "random bytes after the mark of a zip": (lambda: b"PK\x03\x04" + random.Random(8).randbytes(20_000), "a.xlsx"),  # noqa: S311
    "random bytes after the mark of an xls": (lambda: bytes.fromhex("d0cf11e0a1b11ae1") + random.Random(9).randbytes(20_000), "a.xls"),  # noqa: S311
    "an endless line": (lambda: b"Ho va ten,Chuc vu\n" + b"a" * 5_000_000, "a.csv"),
    "an endless row": (lambda: b"Ho va ten,Chuc vu\n" + b"a," * 100_000, "a.csv"),
    "too many rows": (lambda: b"Ho va ten,Chuc vu\n" + b"Le Van A,x\n" * 70_000, "a.csv"),
    "NUL": (lambda: b"Ho va ten,Chuc vu\nLe\x00Van,x\n", "a.csv"),
    "half a UTF-16 letter": (lambda: b"\xff\xfeH\x00o", "a.csv"),
    "too large": (lambda: b"x" * (20 * 1024 * 1024 + 1), "a.csv"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_page_answers_with_a_sentence_and_keeps_nothing(app, office, case):
    make, name = CASES[case]
    content = make()
    begun = time.monotonic()
    answer = office.post(
        IMPORTS, data={"file": (io.BytesIO(content), name), "group": ""}, content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "root:" not in answer.text
    assert time.monotonic() - begun < 20
    with app.app_context():
        assert db.session.query(ImportDraft).count() == db.session.query(Delegate).count() == 0
        assert not files.path_of(files.sha256(content)).exists()


def test_ghost_formatting_far_below_is_no_far_cell():
    with zipfile.ZipFile(io.BytesIO(good())) as archive:
        sheet = archive.read(SHEET)
    ghost = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    book = sheets.read(rewritten({SHEET: sheet.replace(b"</sheetData>", ghost)}))
    assert [row[:2] for row in book.sheets[0].rows] == [["Họ và tên", "Chức vụ"], ["Lê Văn A", "Bí thư"]]


def test_an_xlsx_with_another_ending_is_read_all_the_same(office):
    data = {"file": (io.BytesIO(good()), "danh-sach.csv"), "group": ""}
    assert office.post(IMPORTS, data=data, content_type="multipart/form-data").status_code == 303


def test_a_hidden_sheet_is_named_and_not_read():
    book = openpyxl.load_workbook(io.BytesIO(good()))
    book.create_sheet("Bí mật").append(["Họ và tên", "Chức vụ"])
    book["Bí mật"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    read = sheets.read(out.getvalue())
    assert ([sheet.name for sheet in read.sheets], read.hidden) == (["Danh sách"], ["Bí mật"])


# The child itself


def dies() -> None:
    os.abort()


def eats() -> int:
    return len(bytearray(3_000_000_000))


def turns() -> None:
    while True:
        pass


def sleeps() -> None:
    time.sleep(60)


def refuses() -> None:
    raise Refused("Cell %(cell)s is wrong.", cell="A1")


def answers(text: str) -> str:
    print("noise on standard output does not disturb the answer")
    return text.upper()


def test_the_child_answers_and_refuses_as_if_it_were_here():
    assert run_isolated(answers, "đại biểu") == "ĐẠI BIỂU"
    with pytest.raises(Refused, match="Cell A1 is wrong."):
        run_isolated(refuses)


@pytest.mark.parametrize("work", [dies, eats, turns, sleeps])
def test_whatever_the_child_does_is_one_sentence_here(work):
    begun = time.monotonic()
    with pytest.raises(Refused, match="too much memory or time"):
        run_isolated(work, cpu_seconds=1, wall_seconds=5)
    assert time.monotonic() - begun < 15
