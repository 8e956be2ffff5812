"""The units' statistics in the result report, in prose, in the handover dossier and from the command line."""

import io
import re

import pytest
from docx import Document
from docx.oxml.ns import qn
from pypdf import PdfReader

from seminar.documents import content
from seminar.documents.word.document import content_docx
from seminar.lib.database import db
from seminar.reports.documents import result
from seminar.statistics import actions
from seminar.statistics.models import Period, ReturnVersion, RulingKind
from tests import cast
from tests.web.returning import add_period, cells, definition, units
from tests.web.test_consolidated import ONE, TWO, accept
from tests.web.test_figures import Figures, rows_of

REPORT = f"/seminars/{cast.SLUG}/report"


@pytest.fixture
def period(app):
    with app.app_context():
        made = add_period(cast.find_seminar())
        accept(made, units()[0], cells(*ONE))
        accept(made, units()[1], cells(*TWO), ruled=None)
        db.session.commit()
        return made.id


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page)).replace("\u00a0", " ")


def test_without_a_sheet_annex_three_says_that_there_are_no_figures(office):
    page = plain(office.get(REPORT).text)
    assert "Phụ lục 3. Biểu tổng hợp số liệu" in page and "Chưa có số liệu." in page


def test_the_text_says_of_how_many_units_and_the_sums_by_years(office, period):
    page = plain(office.get(REPORT).text)
    assert "giai đoạn 2021 - 2023: có số liệu của 1/2 đơn vị; còn 1 đơn vị chưa có số liệu (Phụ lục 4)" in page
    assert "- Cộng kết nạp ba nhóm – năm 2021: 15; năm 2022: 20; năm 2023: 25; cộng: 60." in page
    assert "năm 2021: 75,0 %" in page


def test_a_period_of_which_nothing_is_accepted_has_no_figures(office, app):
    with app.app_context():
        add_period(cast.find_seminar())
        db.session.commit()
    page = office.get(REPORT).text
    assert "giai đoạn 2021 - 2023: chưa có số liệu." in plain(page)
    assert "<svg xmlns" not in page


def test_every_figure_of_the_annex_opens_its_cells_and_those_of_units_their_rows(office, period):
    page = office.get(REPORT).text
    opened = dict(re.findall(r'class="opens" href="([^"]+)">([^<]+)</a>', page))
    assert len(opened) > 60
    for address, text in opened.items():
        answer = office.get(address.replace("&amp;", "&"))
        [value] = re.findall(r'id="value">([^<]*)</span>', answer.text)
        assert text.startswith(value), address
    found = [(address, number) for address, number in Figures(page).figures if "/statistics/" in address]
    assert found
    assert [number for _, number in found] == [rows_of(office, address) for address, _ in found]


def test_annex_four_names_the_units_with_the_state_of_their_return(office, period):
    page = plain(office.get(REPORT).text)
    [annex] = re.findall(r"2\. Biểu số liệu(.*?)Phụ lục 5", page)
    assert "1 đơn vị chưa có số liệu được tiếp nhận, trong đó 0 đơn vị chưa nộp." in annex
    assert "Huyện Đoàn Thử Hai" in annex and "đã gửi, chờ kiểm tra" in annex and "Thử Một" not in annex


def test_the_word_file_has_the_annex_on_its_side_with_the_charts(office, period):
    document = Document(io.BytesIO(office.get(f"{REPORT}.docx").data))
    wide = [section for section in document.sections if section.page_width > section.page_height]
    assert (len(wide), len(document.inline_shapes)) == (1, 4)
    texts = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "1.000" in texts and "Toàn tỉnh (1/2 đơn vị)" in texts


DOWN = ["TT", "Đơn vị", "Tổng số đoàn viên"]
OVER, UNDER = "Số TNCCN được kết nạp Đảng", ["Khu vực nhà nước", "Khu vực DN ngoài nhà nước"]


def test_the_headings_of_annex_three_stand_in_two_rows_on_the_page_and_on_paper(office, period):
    annex = office.get(REPORT).text.split("Phụ lục 3. ")[1]
    first, second = re.findall(r"<tr>(.*?)</tr>", re.search(r"<thead>(.*?)</thead>", annex, re.S)[1], re.S)
    assert re.findall(r">([^<]+)</th>", first)[:3] == DOWN
    assert f'colspan="2" class="num">{OVER}</th>' in first
    assert re.findall(r">([^<]+)</th>", second) == UNDER
    document = Document(io.BytesIO(office.get(f"{REPORT}.docx").data))
    [head, below] = next(
        table.rows[:2] for table in document.tables if [cell.text for cell in table.rows[0].cells][:3] == DOWN
    )
    assert [cell.text for cell in head.cells].count(OVER) == 2
    assert [cell.text for cell in below.cells if cell.text in UNDER] == UNDER
    assert all(row._tr.trPr.find(qn("w:tblHeader")) is not None for row in (head, below))


def test_a_sheet_wider_than_the_page_stands_in_bands_that_can_be_read(app, office):
    with app.app_context():
        made = add_period(cast.find_seminar())
        wide = definition()
        wide["columns"] = [
            {"key": f"c{number}", "label": f"Cột {number}", "kind": "flow", "heading": f"Nhóm {number // 5}"}
            for number in range(30)
        ]
        made.sheet.definition = wide | {"formulas": [], "checks": []}
        accept(made, units()[0], {f"2021.c{number}": str(70_000 + number) for number in range(30)})
        db.session.commit()
    page = office.get(REPORT).text.split("Phụ lục 3. ")[1].split("Phụ lục 4")[0]
    assert "Cột 11 đến 20 (trong 30 cột)" in page
    rows = [len(re.findall("<td", row)) for row in re.findall(r"<tr>(.*?)</tr>", page, re.S)]
    assert max(rows) == 12
    document = Document(io.BytesIO(office.get(f"{REPORT}.docx").data))
    assert max(len(table.columns) for table in document.tables) == 12
    texts = {cell.text for table in document.tables for row in table.rows for cell in row.cells}
    assert {f"70.0{number:02}" for number in range(30)} <= texts


def test_who_did_not_fill_in_what_is_free_is_not_named(office, app, period):
    with app.app_context():
        made = add_period(cast.find_seminar(), starter="annex", name="phụ lục")
        accept(made, units()[0], {"2021.new_party_members": "7"})
        db.session.commit()
    page = plain(office.get(REPORT).text)
    assert "Phụ lục bổ sung (không bắt buộc), phụ lục: có số liệu của 1/2 đơn vị. Biểu tổng hợp" in page
    assert "Phụ lục bổ sung (không bắt buộc), phụ lục: 1 đơn vị chưa có số liệu" not in page
    assert page.count("Còn 1 đơn vị chưa có số liệu được tiếp nhận") == 1


def test_before_it_is_issued_the_page_names_who_has_no_figures(office, period):
    assert "Còn 1 đơn vị chưa có số liệu được tiếp nhận" in plain(office.get(REPORT).text)


def test_as_it_is_issued_the_annex_lies_on_its_side_with_the_charts(app, period):
    with app.app_context():
        seminar = cast.find_seminar()
        printed = result.content_of(seminar, result.blocks(seminar, cast.NOW), cast.NOW)
        pages = PdfReader(io.BytesIO(content.content_pdf(printed))).pages
        document = Document(io.BytesIO(content_docx(printed, cast.NOW)))
    wide = [page for page in pages if page.mediabox.width > page.mediabox.height]
    assert len(wide) >= 5
    assert "PHỤ LỤC 3" in wide[0].extract_text().upper()
    assert len(document.inline_shapes) == 4


def test_prose_names_the_provinces_sums_and_they_stay_fresh(office, app, period):
    url = f"{REPORT}/sections/media"
    key = f"data.{period}.*.admitted"
    assert key in office.get(url).text
    written = office.post(url, data={"text": f"Kết nạp {{{key}}} đoàn viên.", "revision": "0"})
    assert written.status_code in (200, 303)
    assert "Kết nạp 60 đoàn viên." in plain(office.get(REPORT).text)
    with app.app_context():
        version = db.session.scalars(db.select(ReturnVersion).order_by(ReturnVersion.id.desc())).first()
        actions.rule_on(version, RulingKind.ACCEPTED, "", cast.OFFICE, cast.NOW)
        db.session.commit()
    page = plain(office.get(REPORT).text)
    assert "Kết nạp 60 đoàn viên." in page, "the unit with a blank year has no sum over the years"


@pytest.mark.parametrize("ending", ["xlsx", "docx", "pdf", "csv"])
def test_the_command_writes_the_table_by_the_ending_of_the_file(app, period, tmp_path, ending):
    out = tmp_path / f"bieu.{ending}"
    answer = app.test_cli_runner().invoke(args=["statistics", "export", "--seminar", cast.SLUG, "--out", str(out)])
    assert (answer.exit_code, answer.output) == (0, "")
    assert out.stat().st_size > 500


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--seminar", "khong-co", "--out", "x.csv"], "seminars list"),
        (["--seminar", cast.SLUG, "--out", "x.txt"], ".xlsx"),
        (["--seminar", cast.SLUG, "--period", "khác", "--out", "x.csv"], "giai đoạn 2021 - 2023"),
    ],
)
def test_the_command_refuses_with_one_sentence(app, period, tmp_path, words, said):
    *before, name = words
    answer = app.test_cli_runner().invoke(args=["statistics", "export", *before, str(tmp_path / name)])
    assert (answer.exit_code, said in answer.output, list(tmp_path.iterdir())) == (1, True, [])


def test_the_report_costs_the_same_for_one_return_and_for_many(app, office, period, query_count):
    one = query_count(lambda: office.get(REPORT))
    with app.app_context():
        found = db.session.get_one(Period, period)
        for unit in units():
            for quota in ("21", "22", "23"):
                draft = actions.begin_return(found, unit, cast.OFFICE, cast.NOW).draft
                typed = cells(*ONE) | {"2021.quota": quota}
                kept = actions.keep_draft(found, unit, typed, cast.OFFICE, cast.NOW, draft.revision)
                accept_latest(actions.send_return(found, unit, cast.OFFICE, cast.NOW, kept.revision, reason="x"))
        db.session.commit()
    assert query_count(lambda: office.get(REPORT)) <= one


def accept_latest(version):
    actions.rule_on(version, RulingKind.ACCEPTED, "", cast.OFFICE, cast.NOW)
