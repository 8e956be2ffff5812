"""Lists come in: read, looked at row by row, stored once; by page and by command."""

import json
import re
from io import BytesIO
from pathlib import Path

import pytest

from seminar.audit.models import AuditEntry
from seminar.delegates import queries
from seminar.delegates.models import Delegate, ImportDraft, Membership
from seminar.lib import sheets
from seminar.lib.database import db
from seminar.operations.demo.actions import add_units, data
from seminar.planning.actions import allot_places
from seminar.planning.models import Group
from tests import cast

DATA = Path(__file__).parents[1] / "data"
IMPORTS = f"/seminars/{cast.SLUG}/imports"
FULL = DATA / "94-dang-vien-tre-tieu-bieu.xlsx"
SUMMONED = DATA / "dai-bieu-trieu-tap.xlsx"
GUESTS = DATA / "khach-moi.xlsx"
HEAD = ["Họ và tên", "Chức vụ", "Đơn vị", "Điện thoại", "Email", "Thành phần"]


@pytest.fixture
def plan(app):
    """The small seminar with the groups that the three workbooks name, and room for 94."""
    with app.app_context():
        add_units(data()["units"])
        seminar = cast.find_seminar()
        groups = {group.code: group for group in seminar.groups}
        groups["T2"].name = "Bí thư các Huyện, Thị, Thành đoàn và Đoàn trực thuộc"
        groups["T5"].quota_count = 94
        for rank, code, name in ((41, "T3", "Bí thư Đoàn trường THPT"), (42, "T4", "Cán bộ chuyên trách Đề án 03")):
            db.session.add(
                Group(
                    seminar_id=seminar.id,
                    code=code,
                    name=name,
                    protocol_rank=rank,
                    audience="summoned",
                    letter_kind="summons",
                    quota_kind="open",
                    proxy_rule="approval",
                )
            )
        db.session.flush()
        allot_places(seminar)
        db.session.commit()


def workbook(*rows, head=HEAD):
    return sheets.workbook("Danh sách", head, rows)


def send(client, content, name="danh-sach.xlsx", group="", **headers):
    if isinstance(content, Path):
        content, name = content.read_bytes(), content.name
    data = {"file": (BytesIO(content), name), "group": group}
    return client.post(IMPORTS, data=data, content_type="multipart/form-data", **headers)


def read(client, content, group=""):
    answer = send(client, content, group=group)
    assert answer.status_code == 303, answer.text
    return answer.location


def figures(page):
    """{verdict: count} of the preview's cards; None is all rows."""
    found = re.findall(r'<a class="figure" href="[^"]*?(?:\?verdict=(\w+))?">([\d.]+)</a>', page.text)
    return {verdict or None: int(count.replace(".", "")) for verdict, count in found}


def count(app, model=Delegate):
    with app.app_context():
        return db.session.query(model).count()


def members(app, code):
    with app.app_context():
        query = queries.matching(cast.find_seminar(), queries.Wanted(group=code, secondary=True))
        return queries.counted(query)


def import_all(client):
    for path, group in ((FULL, "T5"), (SUMMONED, ""), (GUESTS, "")):
        assert client.post(f"{read(client, path, group)}/rows").status_code == 303


def test_the_upload_page_offers_the_groups(office):
    page = office.get(IMPORTS)
    assert page.status_code == 200
    assert "T5 · Đảng viên trẻ tiêu biểu" in page.text


def test_nothing_is_stored_before_it_was_seen(app, office, plan):
    page = office.get(read(office, SUMMONED))
    assert (count(app), count(app, Membership)) == (0, 0)
    assert figures(page) == {None: 47, "new": 38, "error": 0, "skipped": 9}
    assert "Phạm Minh Long" in page.text
    assert "Danh sách này chưa lưu gì" in page.text
    assert "tiêu đề cột ở dòng 5" in page.text


def test_every_figure_of_the_preview_is_a_list_of_so_many_rows(office, plan):
    address = read(office, GUESTS)
    for verdict, number in figures(office.get(address)).items():
        page = office.get(address if verdict is None else f"{address}?verdict={verdict}")
        assert f'data-total="{number}"' in page.text
        assert page.text.count("<tr data-row") == min(number, 50)


def test_the_three_workbooks_come_in_with_every_person_in_the_right_group(app, office, plan):
    import_all(office)
    assert count(app) == 94 + 38 + 19
    assert [members(app, code) for code in ("T5", "T2", "T3", "T4", "KHAC", "CT2")] == [94, 20, 9, 9, 19, 4]
    with app.app_context():
        seminar = cast.find_seminar()
        everyone = queries.everyone(seminar)
        assert [one.number for one in everyone] == list(range(1, 152))
        assert all(sum(membership.is_primary for membership in one.memberships) == 1 for one in everyone)
        first = everyone[0]
        assert (first.name, first.phone, first.birth_year, first.gender) == ("Bùi Hữu Phúc", "0375469480", 2003, "Nam")
        assert everyone[5].name == "DƯƠNG PHƯƠNG DUYÊN"
        guest = next(one for one in everyone if one.name == "Cao Hữu Hải")
        assert (guest.honorific, guest.phone, guest.phone_2) == ("Đồng chí", "0886579754", "02743932967")
        unnamed = [one for one in everyone if one.is_unnamed]
        assert len({one.body for one in unnamed}) == len(unnamed) == 3
        assert db.session.query(AuditEntry).filter_by(verb="import").count() == 3


def test_reading_the_same_lists_again_changes_nothing(app, office, plan):
    import_all(office)
    before = (count(app), count(app, Membership))
    for path, group, known in ((FULL, "T5", 94), (SUMMONED, "", 38), (GUESTS, "", 19)):
        address = read(office, path, group)
        found = figures(office.get(address))
        assert (found["new"], found["known"]) == (0, known)
        office.post(f"{address}/rows")
    assert (count(app), count(app, Membership)) == before


def test_the_broken_guest_row_is_reported_with_its_number(office, plan):
    page = office.get(f"{read(office, GUESTS)}?verdict=error")
    assert figures(page)["error"] == 1
    assert '<td class="num">21</td>' in page.text
    assert "Ô họ tên là công thức chưa có giá trị" in page.text


def test_a_list_is_stored_once(app, office, plan):
    address = read(office, SUMMONED)
    assert office.post(f"{address}/rows").status_code == 303
    again = office.post(f"{address}/rows")
    assert again.status_code == 422
    assert "Danh sách này đã được lưu" in again.text
    assert count(app) == 38
    assert office.post(f"{address}/group", data={"group": "G1"}).status_code == 422


def test_storing_through_htmx_is_the_same(app, office, plan):
    answer = office.post(f"{read(office, SUMMONED)}/rows", headers={"HX-Request": "true", "HX-Request-Type": "full"})
    assert answer.status_code == 303
    assert count(app) == 38


def test_only_the_ticked_rows_are_stored_and_the_rest_may_follow(app, office, plan):
    address = read(office, SUMMONED)
    ticked = re.findall(r'name="row" value="(\d+)"', office.get(address).text)[:2]
    assert office.post(f"{address}/rows", data={"only": "ticked", "row": ticked}).status_code == 303
    assert count(app) == 2
    assert office.post(f"{address}/rows", data={"only": "ticked", "row": ticked}).status_code == 303
    assert count(app) == 2
    assert office.post(f"{address}/rows", data={"only": "ticked"}).status_code == 422
    assert office.post(f"{address}/rows", data={"only": "ticked", "row": ["x", "99999", "-1"]}).status_code == 422
    office.post(f"{address}/rows")
    assert count(app) == 38


def test_the_group_of_rows_that_name_none_is_chosen_while_looking(app, office, plan):
    address = read(office, FULL)
    assert "Tiêu đề danh sách ghi “Đảng viên trẻ tiêu biểu”" in office.get(address).text
    assert office.post(f"{address}/group", data={"group": "T5"}).status_code == 303
    office.post(f"{address}/rows")
    assert (members(app, "T5"), members(app, "KHAC")) == (94, 0)


def test_a_group_chosen_but_not_yet_shown_is_shown_before_anything_is_stored(app, office, plan):
    address = read(office, FULL)
    assert office.post(f"{address}/rows", data={"group": "T5"}).status_code == 303
    assert count(app) == 0
    office.post(f"{address}/rows", data={"group": "T5"})
    assert members(app, "T5") == 94


def test_rows_without_a_group_are_not_yet_in_one(app, office, plan):
    office.post(f"{read(office, FULL)}/rows")
    assert (members(app, "T5"), members(app, "KHAC")) == (0, 94)
    office.post(f"{read(office, FULL, 'T5')}/rows")
    assert (members(app, "T5"), members(app, "KHAC")) == (94, 0)
    assert count(app) == 94


def test_the_95th_of_the_closed_94_is_refused_and_says_which_row(app, office, plan):
    content = workbook(*[[f"Lê Văn {chr(65 + i // 26)}{chr(65 + i % 26)}", "", "", f"09{i:08d}"] for i in range(95)])
    address = read(office, content, "T5")
    page = office.get(f"{address}?verdict=error")
    assert figures(page) | {"skipped": 0} == {None: 96, "new": 94, "error": 1, "skipped": 0}
    assert '<td class="num">96</td>' in page.text
    assert "chốt đúng 94 người: đây là người thứ 95" in page.text
    office.post(f"{address}/rows")
    assert members(app, "T5") == 94


def test_two_drafts_of_a_closed_list_cannot_overfill_it(app, office, plan):
    first = workbook(*[[f"Lê Văn A{chr(97 + i // 26)}{chr(97 + i % 26)}", "", "", f"09{i:08d}"] for i in range(90)])
    second = workbook(*[[f"Trần Thị {chr(97 + i)}b", "", "", f"08{i:08d}"] for i in range(10)])
    one, other = read(office, first, "T5"), read(office, second, "T5")
    assert figures(office.get(other))["new"] == 10
    office.post(f"{one}/rows")
    office.post(f"{other}/rows")
    assert members(app, "T5") == 94
    assert figures(office.get(f"{other}?verdict=error"))["error"] == 6


def test_likenesses_are_stored_and_listed(app, office, plan):
    address = read(office, workbook(["Lê An", "", "Ban X", "0912345678"], ["Lê An", "", "Ban Y", "0987654321"]))
    page = office.get(f"{address}?verdict=alike")
    assert "Trùng họ tên với dòng 2 của danh sách này" in page.text
    office.post(f"{address}/rows")
    assert count(app) == 2


def test_a_person_of_another_group_joins_and_is_counted_once(app, office, plan):
    office.post(f"{read(office, workbook(['Lê An', '', 'Thành Đoàn Thử Một', '0912345678', '', 'T2']))}/rows")
    office.post(f"{read(office, workbook(['LÊ AN', '', '', '+84912345678', '', 'T5']))}/rows")
    assert (count(app), members(app, "T2"), members(app, "T5")) == (1, 1, 1)
    with app.app_context():
        assert queries.by_number(cast.find_seminar(), 1).group.code == "T2"


def test_somebody_twice_in_one_list_is_one_person_in_both_groups(app, office, plan):
    rows = (["Lê An", "", "", "0912345678", "", ""], ["Lê An", "", "", "0912345678", "", "T5"])
    office.post(f"{read(office, workbook(*rows))}/rows")
    assert (count(app), count(app, Membership)) == (1, 1)
    with app.app_context():
        assert queries.by_number(cast.find_seminar(), 1).group.code == "T5"


def test_what_was_exported_comes_back_as_already_there(app, office, plan):
    import_all(office)
    for ending in ("csv", "xlsx"):
        content = office.get(f"/seminars/{cast.SLUG}/delegates.{ending}").data
        address = send(office, content, f"dai-bieu.{ending}").location
        found = figures(office.get(address))
        assert (found["new"], found["error"], found["known"]) == (0, 0, 151)


def test_somebody_removed_is_new_again(app, office, plan):
    office.post(f"{read(office, workbook(['Lê An', '', '', '0912345678']))}/rows")
    with app.app_context():
        delegate_id = queries.by_number(cast.find_seminar(), 1).id
    office.post(f"/seminars/{cast.SLUG}/delegates/{delegate_id}/removal")
    assert figures(office.get(read(office, workbook(["Lê An", "", "", "0912345678"]))))["new"] == 1


def test_a_row_with_markup_is_only_text(office, plan):
    page = office.get(read(office, workbook(['<script>alert("x")</script>', "{{7*7}}", "'\"><img>", ""])))
    assert "<script>alert" not in page.text
    assert "{{7*7}}" in page.text


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "rong.xlsx", "Tệp trống"),
        (b"   \n", "rong.csv", "Tệp trống"),
        (b"%PDF-1.7 x", "ds.xlsx", "không phải loại bảng tính đọc được"),
        (b"Muc,Tien\nBut,12\n", "ds.csv", "Không tìm thấy dòng tiêu đề có cột họ tên"),
    ],
)
def test_what_is_no_list_is_a_sentence_and_nothing_is_kept(app, office, plan, content, name, sentence):
    answer = send(office, content, name, group="T5")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="T5" selected' in answer.text
    assert count(app, ImportDraft) == 0


def test_no_file_is_a_sentence(office):
    answer = office.post(IMPORTS, data={}, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "Hãy chọn một tệp" in answer.text


def test_strangers_wrong_roles_and_other_seminars_see_no_draft(app, office, visitor, staff, plan):
    address = read(office, SUMMONED)
    for path in (IMPORTS, address):
        assert visitor.get(path).status_code == 302
        assert staff("thu").get(path).status_code == 403
    assert staff("chung").post(f"{address}/rows").status_code == 403
    with app.app_context():
        cast.add_seminar("khac")
        db.session.commit()
    foreign = address.replace(cast.SLUG, "khac")
    for path in (foreign, f"{IMPORTS}/999", f"{IMPORTS}/{2**70}"):
        assert office.get(path).status_code == 404
        assert office.post(f"{path}/rows").status_code == 404
        assert office.post(f"{path}/group").status_code == 404
    assert office.get(f"{address}/rows").status_code == 405
    assert count(app) == 0


def test_a_preview_of_one_row_and_of_three_hundred_cost_the_same_queries(office, plan, query_count):
    one = read(office, workbook(["Lê An", "", "", "0912345678"]))
    many = read(office, workbook(*[[f"Lê Văn {i}", "", "", f"09{i:08d}"] for i in range(300)]))
    assert query_count(lambda: office.get(one)) == query_count(lambda: office.get(many))
    stored = query_count(lambda: office.post(f"{one}/rows"))
    assert query_count(lambda: office.post(f"{many}/rows")) <= stored + 2


def test_the_lists_read_before_are_shown(office, plan):
    address = read(office, SUMMONED)
    assert "mới đọc, chưa lưu" in office.get(IMPORTS).text
    office.post(f"{address}/rows")
    assert "đã lưu lúc" in office.get(IMPORTS).text


# The command


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=["delegates", *map(str, arguments)])


def imported(app, path, *options):
    return run(app, "import", path, "--seminar", cast.SLUG, *options)


def test_the_command_stores_a_good_list_and_finds_it_again(app, plan):
    assert imported(app, FULL, "--group", "T5").exit_code == 0
    assert members(app, "T5") == 94
    again = imported(app, FULL, "--group", "T5")
    assert (again.exit_code, again.stdout) == (0, "94\tđã có\n4\tkhông phải đại biểu\n")
    assert count(app) == 94


def test_the_command_stores_nothing_when_a_row_is_wrong(app, plan):
    answer = imported(app, GUESTS)
    assert answer.exit_code == 1
    assert "Dòng 21: Ô họ tên là công thức" in answer.stderr
    assert "Dòng 21" not in answer.stdout
    assert count(app) == 0


def test_the_command_stores_the_good_rows_when_told_to(app, plan):
    answer = imported(app, GUESTS, "--valid-rows")
    assert answer.exit_code == 0
    assert "Dòng 21" in answer.stderr
    assert count(app) == 19
    assert imported(app, GUESTS, "--valid-rows").exit_code == 0
    assert count(app) == 19


def test_the_command_only_tells_in_a_dry_run(app, plan):
    answer = imported(app, SUMMONED, "--dry-run", "--format", "json")
    assert answer.exit_code == 0
    rows = json.loads(answer.stdout)
    assert [row["verdict"] for row in rows].count("new") == 38
    assert rows[5] == {
        "sheet": "ĐB triệu tập",
        "row": 7,
        "verdict": "new",
        "name": "Phạm Minh Long",
        "groups": ["T2"],
        "messages": [],
    }
    assert count(app) == 0


def test_the_command_answers_a_wrong_question_with_one_sentence(app, plan, tmp_path):
    assert imported(app, FULL, "--group", "XX").exit_code == 1
    assert run(app, "import", FULL, "--seminar", "khong-co").exit_code == 1
    nothing = tmp_path / "rong.xlsx"
    nothing.write_bytes(b"")
    answer = imported(app, nothing)
    assert (answer.exit_code, answer.stderr) == (1, "Error: Tệp trống. Hãy chọn lại danh sách.\n")
    assert imported(app, FULL, "--dry-run", "--valid-rows").exit_code == 2
    assert run(app, "export", "--seminar", "khong-co", "--format", "csv").exit_code == 1


def test_the_command_exports_what_the_page_exports(app, office, plan, tmp_path):
    imported(app, SUMMONED)
    to_page = office.get(f"/seminars/{cast.SLUG}/delegates.csv?order=number").data
    answer = run(app, "export", "--seminar", cast.SLUG, "--format", "csv")
    assert b"\xef\xbb\xbf" + answer.stdout_bytes == to_page
    out = tmp_path / "ds.xlsx"
    assert run(app, "export", "--seminar", cast.SLUG, "--format", "xlsx", "--out", out).exit_code == 0
    assert len(sheets.read_here(out.read_bytes()).sheets[0].rows) == 39
    nowhere = run(app, "export", "--seminar", cast.SLUG, "--format", "csv", "--out", tmp_path / "x" / "y.csv")
    assert nowhere.exit_code == 1
