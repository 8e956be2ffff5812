"""Lists out: chosen, arranged, kept under a name, and taken as Excel, Word and print."""

import re
from html import unescape
from io import BytesIO

import openpyxl
import pytest
from docx import Document
from docx.oxml.ns import qn

from seminar.audit.models import AuditEntry
from seminar.checkin.models import Desk
from seminar.delegates.importing import read_list, unpack
from seminar.delegates.models import ListShape
from seminar.delegates.queries import everyone, group_names, unit_names
from seminar.invitations import actions as inviting
from seminar.invitations.models import Answer
from seminar.lib.database import db
from seminar.reports.rules.lists import COLUMNS, READY_MADE
from tests import cast

HERE = f"/seminars/{cast.SLUG}/lists"
SHAPES = f"{HERE}/shapes"
PAPERS = (HERE, f"{HERE}.xlsx", f"{HERE}.docx", f"{HERE}/print")
DANGEROUS = ("=cmd|' /C calc'!A0", "+84912345678", "@x", "-1")
FORM = {
    "chosen": "1",
    "columns": ["ordinal", "name", "phone", "answer"],
    "grouping": "group",
    "order": "name",
    "numbering": "section",
    "counted_as": "người",
    "has_total": "1",
    "title": "Khách mời",
    "name": "Danh sách của tôi",
}


def hold(count=3):
    """A seminar with guests, a secretary of a unit who is exemplary too, and somebody without a group."""
    seminar = cast.find_seminar()
    guests = [
        cast.add_delegate(
            seminar,
            f"Nguyễn Văn {'ABCDĐEGHK'[n % 9]}{n}",
            "G1",
            position="Bí thư",
            body=f"Cơ quan {n}",
            phone=f"09120{n:05d}",
            email=f"g{n}@example.vn",
            gender="Nam",
            birth_year=1970 + n % 20,
        )
        for n in range(1, count + 1)
    ]
    cast.add_delegate(
        seminar,
        "Đặng Thị Dung",
        "T2",
        "T5",
        body="Thành Đoàn Thử Một",
        unit_id=1,
        phone="0987654321",
        gender="Nữ",
        birth_year=1996,
    )
    cast.add_delegate(seminar, "Người Chưa Phân", "KHAC", birth_year=1990)
    inviting.issue_letters(seminar, guests, cast.OFFICE, cast.NOW)
    db.session.flush()
    inviting.answer(guests[0], Answer.DECLINED, "Bận họp", cast.OFFICE, cast.NOW)
    if count > 1:
        inviting.propose_proxy(guests[1], "Trần Thay Mặt", "Phó Bí thư", "", "", "Ốm", cast.OFFICE, cast.NOW)
    db.session.commit()


@pytest.fixture
def listed(app):
    with app.app_context():
        hold()


def rows_of(client, **asked):
    """The cells of each row of the print view."""
    page = client.get(f"{HERE}/print", query_string={"chosen": "1", **asked})
    assert page.status_code == 200
    found = re.findall(r"<tr data-row>(.*?)</tr>", page.text, re.S)
    return [[unescape(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)] for row in found]


def lines_across(client, **asked):
    page = client.get(f"{HERE}/print", query_string={"chosen": "1", **asked})
    return re.findall(r'<tr class="across"><th[^>]*>(.*?)</th>', page.text)


def sheet_of(client, **asked):
    answer = client.get(f"{HERE}.xlsx", query_string=asked)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return answer.data


@pytest.mark.parametrize("key", list(READY_MADE))
def test_each_ready_made_list_opens_and_comes_as_every_kind_of_paper(listed, office, key):
    page = office.get(HERE, query_string={"shape": key})
    assert READY_MADE[key].name in page.text
    assert office.get(f"{HERE}/print", query_string={"shape": key}).status_code == 200
    assert openpyxl.load_workbook(BytesIO(sheet_of(office, shape=key)))
    assert Document(BytesIO(office.get(f"{HERE}.docx", query_string={"shape": key}).data))


@pytest.mark.parametrize("column", [key for key in COLUMNS if key != "signature"])
def test_each_column_can_be_printed_alone(listed, office, column):
    rows = rows_of(office, columns=column)
    assert len(rows) == 5
    assert {len(row) for row in rows} == {len(COLUMNS[column].parts)}


def test_columns_come_in_the_order_in_which_they_were_chosen(listed, office):
    rows = rows_of(office, columns=["number", "answer", "reason", "proxy", "letter"], grouping="none", order="number")
    assert rows[:4] == [
        ["1", "Vắng", "Bận họp", "", "01-TM/TĐTN-TCKT"],
        ["2", "Cử người dự thay", "Ốm", "Trần Thay Mặt, Phó Bí thư", "01-TM/TĐTN-TCKT"],
        ["3", "Chưa trả lời", "", "", "01-TM/TĐTN-TCKT"],
        ["4", "", "", "", ""],
    ]


def test_a_button_moves_a_column_without_javascript(listed, office):
    asked = {"chosen": "1", "columns": ["ordinal", "name", "note"]}
    page = office.get(HERE, query_string=asked | {"move": "note.up"})
    assert re.findall(r'name="columns" value="(\w+)" checked', page.text) == ["ordinal", "note", "name"]
    assert "<script" not in page.text.split('id="builder"')[1]


def test_people_are_chosen_by_group_audience_unit_answer_and_search(listed, office):
    def numbers(**asked):
        return [row[0] for row in rows_of(office, columns="number", grouping="none", order="number", **asked)]

    assert numbers() == ["1", "2", "3", "4", "5"]
    assert numbers(group=["T2", "KHAC"]) == ["4", "5"]
    assert numbers(group="T5") == []
    assert numbers(group="T5", secondary="1") == ["4"]
    assert numbers(audience="guest") == ["1", "2", "3"]
    assert numbers(unit="1") == ["4"]
    assert numbers(unit="none") == ["1", "2", "3", "5"]
    assert numbers(state="declined") == ["1"]
    assert numbers(without="declined") == ["2", "3", "4", "5"]
    assert numbers(presence="arrived") == []
    assert numbers(presence="absent", search="dang thi") == ["4"]
    assert numbers(several="1") == ["4"]
    assert numbers(gender="female") == ["4"]
    assert numbers(gender="unknown") == ["5"]
    assert numbers(group="x", state="x", unit="x", age="x", birth_year="x") == []


def test_memberships_are_said_to_be_no_people(listed, office):
    asked = {"columns": ["ordinal", "name"], "grouping": "group", "has_total": "1"}
    assert lines_across(office, **asked)[-1] == "Tổng cộng: 5 đồng chí"
    every = lines_across(office, **asked, in_every_group="1")
    assert every[-1] == "Tổng cộng: 6 lượt (5 người)"
    assert [line for line in every if "Đảng viên trẻ" in line] == ["III. Đảng viên trẻ tiêu biểu"]
    page = office.get(HERE, query_string={"chosen": "1", **asked, "in_every_group": "1"})
    assert "5 người · 6 lượt" in page.text


def test_the_preview_shows_ten_rows_and_says_of_how_many(app, office):
    with app.app_context():
        hold(30)
    page = office.get(HERE, query_string={"chosen": "1", "columns": "name", "grouping": "none"})
    assert page.text.count("<tr data-row>") == 10
    assert "10 dòng đầu trong 32 dòng." in page.text


def test_a_year_that_stands_in_neither_column_is_counted(listed, office):
    page = office.get(HERE, query_string={"chosen": "1", "columns": "split_birth_year"})
    assert "1 năm sinh không in được" in page.text


def test_nobody_is_an_empty_list_and_no_error(app, office):
    for paper in PAPERS:
        assert office.get(paper).status_code == 200
    assert "Không có ai" in office.get(HERE).text or 'class="empty"' in office.get(HERE).text


def test_a_shape_is_kept_for_everybody_changed_and_let_go(app, listed, office, staff):
    answer = office.post(SHAPES, data=FORM)
    assert answer.status_code == 303
    kept = office.get(answer.location)
    assert "Danh sách của tôi" in kept.text
    with app.app_context():
        shape = db.session.scalars(db.select(ListShape)).one()
        key = shape.id
        assert (shape.columns, shape.title, shape.saved_by) == (FORM["columns"], "Khách mời", "Trần Thị Oanh")
    assert staff("an").get(HERE).text.count("Danh sách của tôi") >= 1
    assert re.findall(r'name="columns" value="(\w+)" checked', kept.text) == FORM["columns"]
    assert office.post(SHAPES, data=FORM).status_code == 303
    assert office.post(SHAPES, data=FORM | {"columns": ["name"], "group": ["G1"]}).status_code == 303
    with app.app_context():
        shape = db.session.scalars(db.select(ListShape)).one()
        assert (shape.columns, shape.who) == (["name"], {"group": ["G1"]})
        told = db.session.scalars(db.select(AuditEntry.verb).where(AuditEntry.noun == "list shape")).all()
        assert told == ["add", "change"]
    rows = office.get(f"{HERE}/print", query_string={"shape": key}).text
    assert rows.count("<tr data-row>") == 3
    assert office.post(f"{SHAPES}/{key}/removal").status_code == 303
    assert office.post(f"{SHAPES}/{key}/removal").status_code == 404
    assert "Danh sách của tôi" not in office.get(HERE).text


def test_the_list_kept_last_is_the_one_that_is_offered_first(listed, office):
    office.post(SHAPES, data=FORM)
    page = office.get(HERE).text
    assert re.findall(r'aria-current="true"[^>]*>(?:<svg.*?</svg>)?([^<]+)</a>', page) == ["Danh sách của tôi"]


def test_the_list_opened_last_is_remembered_for_the_visitor(listed, office, staff):
    current = r'aria-current="true"[^>]*>(?:<svg.*?</svg>)?([^<]+)</a>'
    assert re.findall(current, office.get(HERE).text) == [READY_MADE["summoned"].name]
    office.get(HERE, query_string={"shape": "answers"})
    assert re.findall(current, office.get(HERE).text) == [READY_MADE["answers"].name]
    assert re.findall(current, staff("an").get(HERE).text) == [READY_MADE["summoned"].name]


def test_what_narrows_the_list_from_elsewhere_can_be_seen_and_taken_back(listed, office):
    page = office.get(
        f"{HERE}?age=to-30&without=declined&birth_year=1996&lacks=position&state=answered&state=late"
    ).text
    for shown in (
        '<option value="to-30" lang="vi" selected>',
        'name="without" value="declined" checked',
        'name="birth_year" value="1996" checked',
        'name="lacks" value="position" checked',
        'name="state" value="late" checked',
    ):
        assert shown in page


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("  ", "Hãy đặt tên để lưu mẫu danh sách."),
        ("x" * 121, "Tên quá dài: nhiều nhất 120 ký tự."),
        ("Danh sách đại biểu triệu tập", "Tên này là của mẫu có sẵn. Hãy chọn tên khác."),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_a_bad_name_is_refused_and_the_choice_is_kept(app, listed, office, name, told, headers):
    answer = office.post(SHAPES, data=FORM | {"name": name}, headers=headers)
    assert answer.status_code == 422
    assert told in answer.text
    assert re.findall(r'name="columns" value="(\w+)" checked', answer.text) == FORM["columns"]
    with app.app_context():
        assert db.session.scalars(db.select(ListShape)).all() == []


def test_the_shape_of_another_seminar_is_not_found(app, listed, office):
    with app.app_context():
        cast.add_seminar("khac")
        db.session.commit()
    office.post("/seminars/khac/lists/shapes", data=FORM)
    with app.app_context():
        key = db.session.scalars(db.select(ListShape.id)).one()
    assert office.post(f"{SHAPES}/{key}/removal").status_code == 404
    assert office.post(f"{SHAPES}/999999999/removal").status_code == 404
    assert "Danh sách của tôi" not in office.get(HERE, query_string={"shape": key}).text


def test_a_secretary_prints_without_telephone_and_e_mail_and_keeps_nothing(listed, office, staff):
    office.post(SHAPES, data=FORM | {"columns": ["name", "phone", "email"]})
    secretary = staff("thu")
    asked = {"chosen": "1", "columns": ["name", "phone", "email"], "grouping": "none"}
    for client, sees in ((office, True), (secretary, False)):
        for path in (HERE, f"{HERE}/print"):
            for query in (asked, {}):
                text = client.get(path, query_string=query).text
                assert ("0912 000 001" in text, "g1@example.vn" in text) == (sees, sees), (path, query)
        assert ('value="phone"' in client.get(HERE).text) is sees
    made = openpyxl.load_workbook(BytesIO(sheet_of(secretary, **asked))).active
    assert not [
        cell for row in made.iter_rows(values_only=True) for cell in row if "0912" in str(cell).replace(" ", "")
    ]
    word = Document(BytesIO(secretary.get(f"{HERE}.docx", query_string=asked).data))
    assert not any(cast.tells(word.element.xml, f"09120{n:05d}") for n in range(1, 4))
    assert "Không in điện thoại và e-mail" in secretary.get(HERE).text
    assert secretary.post(SHAPES, data=FORM).status_code == 403


@pytest.mark.parametrize("login", ["vinh", "tam", "chung"])
def test_other_roles_open_no_list(listed, staff, login):
    client = staff(login)
    assert [client.get(path).status_code for path in PAPERS] == [403] * 4
    assert client.post(SHAPES, data=FORM).status_code == 403


def test_a_visitor_is_asked_to_sign_in(listed, visitor):
    assert [visitor.get(path).status_code for path in PAPERS] == [302] * 4
    assert visitor.post(SHAPES, data=FORM).status_code == 302


def test_a_seminar_that_is_not_there_is_404(office):
    assert [office.get(path.replace(cast.SLUG, "nix")).status_code for path in PAPERS] == [404] * 4


def test_names_that_look_like_formulas_are_text(app, office):
    with app.app_context():
        seminar = cast.find_seminar()
        for name in DANGEROUS:
            cast.add_delegate(seminar, name, "G1", position=name, note=name)
        db.session.commit()
    asked = {"chosen": "1", "columns": ["ordinal", "name", "position", "note"], "title": "=1+1"}
    made = openpyxl.load_workbook(BytesIO(sheet_of(office, **asked))).active
    cells = [cell for row in made.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert sorted(cell.value for cell in cells if cell.value in DANGEROUS) == sorted(DANGEROUS * 3)
    assert "=1+1" in [cell.value for cell in cells]


@pytest.mark.parametrize("grouping", ["none", "group", "unit", "group_unit"])
@pytest.mark.parametrize("names", [["name"], ["split_name"]])
@pytest.mark.parametrize("born", [["birth_year", "gender"], ["split_birth_year"]])
def test_the_importer_reads_the_same_people_back(app, office, grouping, names, born):
    with app.app_context():
        hold(12)
    columns = ["ordinal", *names, *born, "position", "body", "phone", "email", "note", "signature"]
    asked = {"chosen": "1", "columns": columns, "grouping": grouping, "has_total": "1", "has_subtotals": "1"}
    content = sheet_of(office, **asked, order="number", title="Đại biểu", subtitle="(Kèm theo …)", names_seminar="1")
    with app.app_context():
        read = unpack(read_list(content, group_names(cast.find_seminar()), unit_names(cast.find_seminar())))
        back = sorted(
            (
                row.delegate.name,
                row.delegate.phone,
                row.delegate.email,
                row.delegate.position,
                row.delegate.birth_year or 0,
            )
            for row in read.rows
            if row.delegate
        )
        lost = {"Người Chưa Phân"} if born == ["split_birth_year"] else set()
        there = sorted(
            (one.name, one.phone, one.email, one.position, 0 if one.name in lost else one.birth_year or 0)
            for one in everyone(cast.find_seminar())
        )
    assert back == there
    assert [row.error for row in read.rows if row.error] == []
    if grouping.startswith("group"):
        assert {row.group for row in read.rows if row.delegate} == {"G1", "T2", "KHAC"}


@pytest.mark.parametrize("path", PAPERS)
def test_a_list_costs_the_same_however_long_it_is(app, office, query_count, path):
    asked = {"chosen": "1", "columns": list(COLUMNS), "grouping": "group_unit", "in_every_group": "1"}
    with app.app_context():
        hold(1)
    costs = [query_count(lambda: office.get(path, query_string=asked))]
    for more in (2, 297):
        with app.app_context():
            seminar = cast.find_seminar()
            people = [
                cast.add_delegate(seminar, f"Lê Thị {'ABCD'[n % 4]}{n}", "G2", "CT2", unit_id=1 + n % 2)
                for n in range(more)
            ]
            inviting.issue_letters(seminar, people, cast.OFFICE, cast.NOW)
            db.session.commit()
        costs.append(query_count(lambda: office.get(path, query_string=asked)))
    assert costs[0] == costs[1] == costs[2]
    assert costs[0] < 25


def test_the_print_view_has_sections_heads_and_room_to_sign(listed, office):
    asked = {"chosen": "1", "columns": ["ordinal", "name", "signature"], "grouping": "table", "tables": "2"}
    page = office.get(f"{HERE}/print", query_string=asked | {"starts_pages": "1", "is_landscape": "1"}).text
    assert page.count('<tbody class="new-page">') == 1
    for part in ("ĐOÀN TNCS HỒ CHÍ MINH", "DANH SÁCH", "NGƯỜI LẬP", "landscape", "to-sign", "Bàn 1: tên vần"):
        assert part in page
    assert 'data-total="5"' in page


def test_lists_by_table_are_for_the_desks_in_use(app, listed, office):
    with app.app_context():
        seminar = cast.find_seminar()
        for number, revoked_at in enumerate((None, None, cast.NOW)):
            db.session.add(
                Desk(
                    seminar_id=seminar.id,
                    name=f"Bàn {number}",
                    token_sha256=str(number),
                    paired_at=cast.NOW,
                    paired_by="Tâm",
                    revoked_at=revoked_at,
                )
            )
        db.session.commit()
    page = office.get(f"{HERE}/print?shape=signatures").text
    assert re.findall(r"Bàn \d", page) == ["Bàn 1", "Bàn 2"]


def test_a_list_of_what_the_delegates_page_shows_is_one_click_away(listed, office):
    page = office.get(f"/seminars/{cast.SLUG}/delegates?group=G1").text
    [address] = re.findall(r'href="([^"]+/lists\?[^"]+)"', page)
    made = office.get(unescape(address)).text
    assert "3 người" in made
    assert re.findall(r'value="(\w+)" checked><span>\w+ · ', made) == ["G1"]


def test_the_command_writes_both_kinds_of_file(app, listed, tmp_path):
    runner = app.test_cli_runner()
    for ending in ("xlsx", "docx"):
        out = tmp_path / f"list.{ending}"
        done = runner.invoke(
            args=[
                "report",
                "list",
                "--seminar",
                cast.SLUG,
                "--shape",
                "Danh sách đại biểu triệu tập",
                "--out",
                str(out),
            ]
        )
        assert (done.exit_code, done.output) == (0, "")
    word = Document(tmp_path / "list.docx")
    assert "Đặng Thị" in "".join(t.text or "" for t in word.element.body.iter(qn("w:t")))
    for shape, out, told in (
        ("nix", "a.docx", "Không có mẫu danh sách “nix”"),
        ("guests", "a.pdf", "phải kết thúc bằng"),
    ):
        done = runner.invoke(
            args=["report", "list", "--seminar", cast.SLUG, "--shape", shape, "--out", str(tmp_path / out)]
        )
        assert done.exit_code == 1
        assert told in done.output
