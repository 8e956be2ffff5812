"""The province's table: page, figures opened down to their cells, PDF, Word, Excel and CSV; missing is never nought."""

import csv
import re
from io import BytesIO, StringIO

import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from seminar.access.actor import Actor, ActorKind
from seminar.lib.database import db
from seminar.statistics import actions
from seminar.statistics.models import ReturnVersion, RulingKind, Sheet
from tests import cast
from tests.web.returning import add_period, cells, units

STATISTICS = f"/seminars/{cast.SLUG}/statistics"
ONE = (
    ("1000", "100", "20", "4", "6", "3", "2"),
    ("1100", "120", "20", "5", "6", "4", "5"),
    ("1200", "150", "25", "6", "8", "4", "7"),
)
TWO = (
    ("500", "50", "10", "1", "0", "2", "2"),
    ("400", "40", "10", "0", "0", "0", "5"),
    ("450", "", "10", "3", "", "1", "1"),
)


def accept(period, unit, typed, *, ruled=RulingKind.ACCEPTED, reason=""):
    """What the unit typed, sent, and ruled on; None leaves it with the office."""
    by = Actor(ActorKind.UNIT, unit.name, unit.id)
    draft = actions.begin_return(period, unit, by, cast.NOW).draft
    kept = actions.keep_draft(period, unit, typed, by, cast.NOW, draft.revision if draft else 0)
    version = actions.send_return(period, unit, by, cast.NOW, kept.revision, reason=reason)
    if ruled is not None:
        actions.rule_on(version, ruled, "" if ruled == RulingKind.ACCEPTED else "sửa lại", cast.OFFICE, cast.NOW)
    return version


@pytest.fixture
def period(app):
    """One unit accepted, the other sent and not yet ruled on."""
    with app.app_context():
        made = add_period(cast.find_seminar())
        first, second = units()
        accept(made, first, cells(*ONE))
        accept(made, second, cells(*TWO), ruled=None)
        db.session.commit()
        return made.id


@pytest.fixture
def both(app, period):
    with app.app_context():
        for version in db.session.scalars(db.select(ReturnVersion)):
            actions.rule_on(version, RulingKind.ACCEPTED, "", cast.OFFICE, cast.NOW)
        db.session.commit()
    return period


def plain(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page)).replace("\u00a0", " ")


def province_row(page: str, label: str) -> list[str]:
    """The figures of a row of the first table of figures."""
    table = page[page.index('id="province"') :]
    row = next(one for one in table.split("<tr")[1:] if f">{label}</th>" in one)
    return [plain(cell).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]


def test_only_what_is_accepted_counts_and_the_page_says_of_how_many_units_that_is(office, period):
    page = office.get(f"{STATISTICS}/periods/{period}/table")
    assert page.status_code == 200
    assert "1/2" in page.text and "Huyện Đoàn Thử Hai" in plain(page.text)
    assert province_row(page.text, "Năm 2021") == [
        *("1.000", "100", "20", "4", "6", "3", "2"),
        *("15", "75,0 %", "10,0 %", "15,0 %"),
    ]


def test_flows_are_summed_over_the_years_and_stocks_are_not(office, period):
    row = province_row(office.get(f"{STATISTICS}/periods/{period}/table").text, "Cộng")
    assert row == ["x", "x", "65", "15", "20", "11", "14", "60", "92,3 %", "x", "x"]


def test_a_blank_cell_leaves_the_unit_out_and_the_cell_says_so(office, both):
    row = province_row(office.get(f"{STATISTICS}/periods/{both}/table").text, "Năm 2023")
    assert row == [
        *("1.650", "150 1/2", "35", "9", "8 1/2", "5", "8"),
        *("25 1/2", "100,0 % 1/2", "12,5 % 1/2", "16,7 % 1/2"),
    ]


def test_nobody_accepted_is_missing_and_not_nought(office, app):
    with app.app_context():
        made = add_period(cast.find_seminar())
        db.session.commit()
        address = f"{STATISTICS}/periods/{made.id}/table"
    page = office.get(address).text
    assert province_row(page, "Năm 2021") == ["…"] * 11
    assert "<svg xmlns" not in page


@pytest.mark.parametrize("by", ["", "?by=rows"])
def test_every_unit_stands_there_line_by_line_and_who_is_missing_says_why(office, period, by):
    words = plain(office.get(f"{STATISTICS}/periods/{period}/table{by}").text)
    assert "Thành Đoàn Thử Một" in words and "Huyện Đoàn Thử Hai" in words
    assert "đã gửi, chờ kiểm tra" in words


def test_every_figure_opens_down_to_the_cells_of_its_units(office, both):
    page = office.get(f"{STATISTICS}/periods/{both}/table").text
    links = re.findall(r'class="opens" href="([^"]+)">([^<]+)</a>', page)
    assert len(links) > 100
    for address, text in dict.fromkeys(links):
        opened = office.get(address.replace("&amp;", "&"))
        assert opened.status_code == 200, address
        [value] = re.findall(r'id="value">([^<]*)</span>', opened.text)
        assert value == text, address


def test_a_figure_names_unit_version_sender_and_who_is_not_in_it(office, both):
    page = plain(office.get(f"{STATISTICS}/periods/{both}/figure?row=2023&key=admitted").text)
    assert "Thành Đoàn Thử Một" in page and "1/2" in page
    assert "để trống: Năm 2023: Số sinh viên được kết nạp đảng" in page


def test_a_ratio_shows_both_of_its_sums(office, both):
    page = plain(office.get(f"{STATISTICS}/periods/{both}/figure?row=2021&key=completion").text)
    assert "20 : 30" in page and "66,7 %" in page


@pytest.mark.parametrize(
    "query",
    [
        "row=2020&key=members",
        "row=2021&key=none",
        "row=*&key=members",
        "row=2021&key=members&reading=other",
        "row=2021&key=members&unit=999",
        "row=2021&key=members&unit=x",
    ],
)
def test_a_figure_that_there_is_not_is_not_found(office, period, query):
    assert office.get(f"{STATISTICS}/periods/{period}/figure?{query}").status_code == 404


def test_an_address_that_names_no_figure_leads_to_the_table(office, period):
    answer = office.get(f"{STATISTICS}/periods/{period}/figure")
    assert (answer.status_code, answer.location) == (303, f"{STATISTICS}/periods/{period}/table")


def test_the_units_of_the_table_and_those_missing_are_lists(office, period):
    with_figures = office.get(f"{STATISTICS}/periods/{period}/units").text
    without = office.get(f"{STATISTICS}/periods/{period}/units?which=missing").text
    assert (with_figures.count("data-row"), without.count("data-row")) == (1, 1)
    assert "Thử Hai" in without and "Thử Hai" not in with_figures


def test_with_one_period_the_tab_leads_to_its_table_and_with_two_to_their_list(office, app, period):
    assert office.get(f"{STATISTICS}/table").location.endswith(f"/periods/{period}/table")
    with app.app_context():
        add_period(cast.find_seminar(), starter="quarterly", name="quý I/2021", year=2021, quarter=1)
        db.session.commit()
    page = office.get(f"{STATISTICS}/table")
    assert (page.status_code, page.text.count("data-row")) == (200, 2)


def test_a_seminar_without_sheets_says_what_to_do(office):
    assert "data-row" not in office.get(f"{STATISTICS}/table").text


def test_charts_are_on_the_page_with_their_figures_as_text(office, period):
    page = office.get(f"{STATISTICS}/periods/{period}/table").text
    assert page.count('role="img"') == 4
    assert "Năm 2021: Số học sinh được kết nạp đảng 4" in page
    assert "style=" not in page[page.index('id="charts"') : page.index('id="units"')]


def test_a_chart_of_the_province_says_of_how_many_units_it_is(office, both):
    titles = re.findall(r"<title id[^>]*>([^<]*)<", office.get(f"{STATISTICS}/periods/{both}/table").text)
    assert titles[:2] == [
        "Cộng kết nạp ba nhóm, toàn tỉnh (1–2/2 đơn vị)",
        "Các tỷ lệ, toàn tỉnh (1–2/2 đơn vị)",
    ]


def test_the_pdf_is_landscape_and_has_every_figure(office, both):
    answer = office.get(f"{STATISTICS}/periods/{both}/table.pdf")
    assert answer.content_type == "application/pdf"
    pages = PdfReader(BytesIO(answer.data)).pages
    words = " ".join(page.extract_text() for page in pages).replace("\u00a0", " ")
    assert all(page.mediabox.width > page.mediabox.height for page in pages)
    for said in ("BIỂU TỔNG HỢP", "Toàn tỉnh (2/2 đơn vị)", "1.650", "66,7 %"):
        assert said in words


def test_the_word_file_is_landscape_with_the_charts_as_pictures(office, both):
    document = Document(BytesIO(office.get(f"{STATISTICS}/periods/{both}/table.docx").data))
    section = document.sections[0]
    assert section.page_width > section.page_height
    assert len(document.inline_shapes) == 4
    texts = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "1.650" in texts and "Toàn tỉnh (2/2 đơn vị)" in texts
    described = document.inline_shapes[0]._inline.docPr.get("descr")
    assert "Năm 2021" in described


def test_the_excel_has_numbers_and_no_formulas(office, both):
    book = load_workbook(BytesIO(office.get(f"{STATISTICS}/periods/{both}/table.xlsx").data))
    whole = [[cell.value for cell in row] for row in book["Toàn tỉnh"].iter_rows(min_row=4)]
    assert whole[0][:9] == ["Năm 2021", 1500, 150, 30, 5, 6, 5, 4, 20]
    assert whole[0][9] == pytest.approx(2 / 3)
    assert whole[2][:7] == ["Năm 2023", 1650, 150, 35, 9, 8, 5]
    assert whole[3][:7] == ["Số đơn vị có số liệu", 2, 1, 2, 2, 1, 2]
    assert whole[4][:4] == ["Cộng", "x", "x", 95]
    assert whole[5][:4] == ["Số đơn vị có số liệu", None, None, 2]
    assert len(whole) == 6
    units_page = [[cell.value for cell in row] for row in book["Theo đơn vị"].iter_rows(min_row=4)]
    assert units_page[6][:5] == [2, "Huyện Đoàn Thử Hai", "Năm 2023", 450, None]
    assert all(cell.data_type != "f" for page in book for row in page.iter_rows() for cell in row)


def test_the_csv_has_every_cell_that_counts_and_its_sum_is_the_tables(office, both):
    text = office.get(f"{STATISTICS}/periods/{both}/table.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text)))
    members = [int(row["Số"]) for row in rows if row["Cột"] == "Tổng số đoàn viên" and row["Hàng"] == "Năm 2023"]
    assert (len(rows), sum(members)) == (21 + 19, 1650)


def test_the_table_costs_the_same_for_one_unit_and_for_two(office, period, query_count, app):
    address = f"{STATISTICS}/periods/{period}/table"
    one = query_count(lambda: office.get(address))
    with app.app_context():
        for version in db.session.scalars(db.select(ReturnVersion)):
            actions.rule_on(version, RulingKind.ACCEPTED, "", cast.OFFICE, cast.NOW)
        db.session.commit()
    assert query_count(lambda: office.get(address)) == one


@pytest.mark.parametrize(
    "path", ["table", "table.pdf", "table.docx", "table.xlsx", "table.csv", "units", "figure?row=2021&key=members"]
)
def test_who_may_not_read_statistics_reads_no_table(staff, visitor, period, path):
    address = f"{STATISTICS}/periods/{period}/{path}"
    assert staff("tam").get(address).status_code == 403
    assert visitor.get(address).status_code in (302, 303, 401)
    assert staff("chung").get(address).status_code == 200


def test_a_period_of_another_seminar_is_not_found(office, app, period):
    with app.app_context():
        cast.add_seminar("toa-dam-khac")
        db.session.commit()
    assert office.get(f"/seminars/toa-dam-khac/statistics/periods/{period}/table").status_code == 404


def annex_of(unit, typed, ruled=RulingKind.ACCEPTED):
    sheet = db.session.scalar(db.select(Sheet).where(Sheet.code == "phu-luc-bo-sung"))
    made = sheet.periods[0] if sheet else add_period(cast.find_seminar(), starter="annex", name="phụ lục")
    accept(made, unit, typed, ruled=ruled)
    return made.id


def test_with_the_annex_members_and_admitted_are_compared_by_group(app, office, both):
    """Members of a group by all members, admitted of a group by all admitted; of units of which both sheets count."""
    with app.app_context():
        first, second = units()[:2]
        typed = {"2021.members_pupils": "250", "2021.members_workers": "500", "2021.admitted_outstanding": "30"}
        annex_of(first, typed)
        annex = annex_of(second, {"2021.members_pupils": "50", "2022.admitted_outstanding": "10"}, ruled=None)
        db.session.commit()
    page = office.get(f"{STATISTICS}/periods/{annex}/table").text
    part = page[page.index("Tỷ lệ theo nhóm") :]
    found = {
        plain(label).strip(): [
            plain(cell).split(" 0/2")[0].strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", rest)
        ]
        for label, rest in re.findall(r"<th scope=.row.>(.*?)</th>(.*?)</tr>", part, re.DOTALL)[:6]
    }
    of_all = "trên đoàn viên ưu tú được kết nạp (mọi đối tượng)"
    assert found["Học sinh trên tổng số đoàn viên"] == ["25,0 %", "…", "…", "x"]
    assert found["Sinh viên trên tổng số đoàn viên"] == ["…", "…", "…", "x"]
    assert found["Thanh niên công nhân trên tổng số đoàn viên"] == ["50,0 %", "…", "…", "x"]
    assert found[f"Học sinh {of_all}"] == ["13,3 %", "…", "…", "…"]
    assert found[f"Thanh niên công nhân {of_all}"] == ["16,7 %", "…", "…", "…"]
    for address in re.findall(r'href="([^"]+groups=1[^"]*)"', part):
        opened = office.get(address.replace("&amp;", "&"))
        assert opened.status_code == 200
    opened = plain(
        office.get(f"{STATISTICS}/periods/{annex}/figure?row=2021&key=members_pupils_by_members&groups=1").text
    )
    assert "250 : 1.000" in opened and "giai đoạn 2021 - 2023" in opened
    assert office.get(f"{STATISTICS}/periods/{both}/figure?row=2021&key=members&groups=1").status_code == 404


def test_without_the_form_the_annex_compares_nothing(app, office):
    with app.app_context():
        annex = annex_of(units()[0], {"2021.members_pupils": "250"})
        db.session.commit()
    page = office.get(f"{STATISTICS}/periods/{annex}/table")
    assert page.status_code == 200 and "Tỷ lệ theo nhóm" not in page.text
