"""How a list is read is chosen on its preview: old fonts, capitals, units, headings and columns, blocks."""

import re
from io import BytesIO

import openpyxl
import pytest

from seminar.audit.models import AuditEntry
from seminar.delegates import importing, queries
from seminar.delegates.models import Delegate, ImportDraft
from seminar.lib import sheets
from seminar.lib.database import db
from seminar.lib.legacy import Legacy, encode
from seminar.planning.models import UnitAlias
from seminar.planning.queries import units_by_folded_name
from tests import cast
from tests.web.test_imports import HEAD, count, figures, imported, plan, read, send, workbook

__all__ = ["plan"]
OLD = [encode(text, Legacy.TCVN3) for text in ("Nguyễn Văn Ảnh", "Bí thư")]
HTMX = {"HX-Request": "true", "HX-Request-Type": "full"}


def saved(book):
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def old_list():
    book = openpyxl.Workbook()
    for row in (HEAD, [*OLD, "Thành Đoàn Dĩ An"], ["Lê An", "Bí thư", "Ban X"]):
        book.active.append(row)
    return saved(book)


def people(app):
    with app.app_context():
        return [(one.name, one.position) for one in queries.everyone(cast.find_seminar())]


def stored(app, name):
    with app.app_context():
        return db.session.query(Delegate).filter_by(name=name).one()


def again(client, address, **data):
    answer = client.post(f"{address}/reading", data=data)
    assert answer.status_code == 303, answer.text
    assert answer.location == address
    return client.get(address)


def mapping(page, **changed):
    """What the mapping form of the page would send, with some of it changed."""
    form = page.text.split('<form class="stack reading"')[1].split("</form>")[0]
    data = dict.fromkeys(re.findall(r'type="hidden" name="(sheet-\d+)"', form), "1")
    data |= dict.fromkeys(re.findall(r'type="checkbox" name="(read-\d+)" checked', form), "on")
    for name, inner in re.findall(r'<select id="[^"]*" name="([^"]*)">(.*?)</select>', form, re.S):
        chosen = re.search(r'value="([^"]*)" selected', inner)
        first = re.search(r'value="([^"]*)"', inner)
        data[name] = (chosen or first)[1]
    return {name: value for name, value in {**data, **changed}.items() if value is not None}


def test_an_old_font_is_offered_and_nothing_is_converted_silently(app, office, plan):
    address = read(office, old_list())
    page = office.get(address)
    assert "Danh sách có vẻ dùng phông TCVN3" in page.text
    assert "Nguyễn Văn Ảnh" in page.text
    assert (figures(page)["new"], figures(page)["error"]) == (1, 1)
    office.post(f"{address}/rows")
    assert people(app) == [("Lê An", "Bí thư")]


def test_an_old_font_is_converted_by_one_choice(app, office, plan):
    address = read(office, old_list())
    page = again(office, address, encoding="convert")
    assert figures(page)["new"] == 2
    assert "đã chuyển mã" in page.text
    office.post(f"{address}/rows")
    assert people(app) == [("Nguyễn Văn Ảnh", "Bí thư"), ("Lê An", "Bí thư")]
    assert stored(app, "Nguyễn Văn Ảnh").unit_id
    with app.app_context():
        assert [entry.detail for entry in db.session.query(AuditEntry).filter_by(verb="read")][-1] == {"again": True}


def test_an_old_font_may_be_left_as_typed(app, office, plan):
    address = read(office, old_list())
    page = again(office, address, encoding="leave")
    assert "Chữ gõ bằng phông cũ được giữ nguyên" in page.text
    office.post(f"{address}/rows")
    assert (OLD[0], OLD[1].replace("\u00ad", "")) in people(app)


def test_through_htmx_it_is_the_same(office, plan):
    address = read(office, old_list())
    answer = office.post(f"{address}/reading", data={"encoding": "convert"}, headers=HTMX)
    assert answer.status_code == 303
    assert figures(office.get(address))["new"] == 2


def test_capitals_are_kept_and_repaired_by_one_choice(app, office, plan):
    address = read(
        office, workbook(["NGUYỄN VĂN AN", "Bí thư", "Ban X"], ["H'HEN NIÊ", "", "Ban X"], ["Lê An", "", "Ban Y"])
    )
    page = office.get(address)
    assert "2 họ tên viết toàn chữ hoa" in page.text
    assert "H&#39;Hen Niê" in page.text
    page = again(office, address, capitals="repair")
    assert "đã sửa" in page.text
    again(office, address, capitals="leave")
    again(office, address, capitals="repair")
    office.post(f"{address}/rows")
    assert [name for name, _ in people(app)] == ["Nguyễn Văn An", "H'Hen Niê", "Lê An"]
    once_more = read(office, workbook(["NGUYỄN VĂN AN", "Bí thư", "Ban X"]))
    assert figures(office.get(once_more))["known"] == 1


def test_a_unit_written_otherwise_is_proposed_taken_and_remembered(app, office, plan):
    address = read(
        office, workbook(["Lê An", "", "TĐ Dĩ An"], ["Lê Bình", "", "Sở Nội vụ"], ["Lê Châu", "", "H. Dầu Tiếng"])
    )
    page = office.get(address)
    assert "2 tên giống tên đơn vị nhưng viết khác" in page.text
    offer = page.text.split('data-offer="units"')[1].split("</form>")[0]
    units = dict(re.findall(r'<option value="(\d+)" selected>([^<]*)</option>', offer))
    assert sorted(units.values()) == ["Huyện Đoàn Dầu Tiếng", "Thành Đoàn Dĩ An"]
    texts = re.findall(r'name="(text-\d+)" value="([^"]*)"', page.text)
    proposed = re.findall(r'<select name="(unit-\d+)".*?value="(\d+)" selected', page.text, re.S)
    with app.app_context():
        before = db.session.query(UnitAlias).count()
    page = again(office, address, **dict(texts), **dict(proposed), remember="0")
    assert page.text.count("đã chọn") >= 3
    office.post(f"{address}/rows")
    assert stored(app, "Lê An").unit_id
    assert stored(app, "Lê An").body == "TĐ Dĩ An"
    assert stored(app, "Lê Bình").unit_id is None
    with app.app_context():
        assert db.session.query(UnitAlias).count() == before + 1
        assert units_by_folded_name()["td di an"].name == "Thành Đoàn Dĩ An"
        assert db.session.query(AuditEntry).filter_by(verb="change", noun="unit").count() == 1
    page = office.get(read(office, workbook(["Lê Dũng", "", "TĐ Dĩ An"])))
    assert 'data-offer="units"' not in page.text


def test_a_unit_may_be_none_and_nonsense_is_not_taken(app, office, plan):
    address = read(office, workbook(["Lê An", "", "TĐ Dĩ An"]))
    again(office, address, **{"text-0": "TĐ Dĩ An", "unit-0": "99999", "encoding": "x", "capitals": "y"})
    with app.app_context():
        assert queries.draft_or_404(cast.find_seminar(), 1).options["units"] == {}
    again(office, address, **{"text-0": "TĐ Dĩ An", "unit-0": "0", "remember": "0"})
    office.post(f"{address}/rows")
    assert stored(app, "Lê An").unit_id is None


def test_the_columns_are_corrected(app, office, plan):
    head = ["Người", "Làm gì", "Ở đâu", "Số"]
    rows = [["Lê An", "Bí thư", "Ban X", "0912345678"], ["Lê Bình", "Phó", "Ban Y", "0912345679"]]
    address = read(office, sheets.workbook("Danh sách", head, rows))
    page = office.get(address)
    assert "không có dòng tiêu đề" in page.text
    page = again(office, address, **mapping(page, **{"heading-0": "1"}))
    page = again(
        office, address, **mapping(page, **{"field-0-A": "name", "field-0-B": "position", "field-0-C": "body"})
    )
    assert "tiêu đề cột ở dòng 1" in page.text
    office.post(f"{address}/rows")
    assert people(app) == [("Lê An", "Bí thư"), ("Lê Bình", "Phó")]
    assert stored(app, "Lê An").body == "Ban X"


def test_without_a_column_of_names_it_is_a_sentence_and_the_draft_stays(app, office, plan):
    address = read(office, workbook(["Lê An", "Bí thư", "Ban X"]))
    page = office.get(address)
    answer = office.post(f"{address}/reading", data=mapping(page, **{"field-0-A": "note"}))
    assert answer.status_code == 422
    assert "Hãy chọn cột chứa họ tên" in answer.text
    assert figures(office.get(address))["new"] == 1


def test_a_list_without_headings_is_guessed_and_said(app, office, plan):
    rows = [["Lê Văn An", "Bí thư Đoàn xã", "0912345678"], ["Trần Thị Bình", "Phó Bí thư", "0912345679"]]
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    address = read(office, saved(book))
    page = office.get(address)
    assert "Các cột được đoán theo nội dung" in page.text
    page = again(office, address, **mapping(page, **{"field-0-B": "note"}))
    office.post(f"{address}/rows")
    assert people(app) == [("Lê Văn An", ""), ("Trần Thị Bình", "")]
    assert stored(app, "Lê Văn An").note == "Bí thư Đoàn xã"


def test_beside_a_list_with_headings_a_sheet_without_is_guessed_only_when_chosen(office, plan):
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    book.active.append(["Lê An", "Bí thư", "Ban X"])
    other = book.create_sheet("Liên hệ")
    for row in (["Lê Văn Bình", "0912345678"], ["Trần Thị Châu", "0912345679"]):
        other.append(row)
    address = read(office, saved(book))
    page = office.get(address)
    assert figures(page)["new"] == 1
    page = again(office, address, **mapping(page, **{"guess-1": "on"}))
    assert figures(page)["new"] == 3


def test_units_of_blocks_are_filled_told_and_switched_off(app, office, plan):
    head = ["Đơn vị", "STT", "Họ và tên"]
    rows = [["Thành Đoàn Dĩ An", "1", "Lê An"], ["", "2", "Lê Bình"], ["Ban X", "1", "Lê Châu"], ["", "2", "Lê Dũng"]]
    address = read(office, sheets.workbook("Danh sách", head, rows))
    page = office.get(address)
    assert "Có 2 dòng để trống đơn vị" in page.text
    assert "lấy “Thành Đoàn Dĩ An” theo dòng 2" in page.text
    page = again(office, address, **mapping(page, **{"fill-0": "no"}))
    assert "theo dòng 2" not in page.text
    page = again(office, address, **mapping(page, **{"fill-0": ""}))
    office.post(f"{address}/rows")
    assert stored(app, "Lê Dũng").body == "Ban X"


def test_a_sheet_is_left_out_and_all_choices_are_forgotten(office, plan):
    book = openpyxl.Workbook()
    book.active.append(HEAD)
    book.active.append(["Lê An"])
    book.create_sheet("Cũ").append(HEAD)
    book["Cũ"].append(["Lê Bình"])
    address = read(office, saved(book))
    page = again(office, address, **mapping(office.get(address), **{"read-1": None}))
    assert figures(page)["new"] == 1
    assert "không đọc, theo lựa chọn" in page.text
    page = again(office, address, afresh="1")
    assert figures(page)["new"] == 2


def test_the_same_file_is_read_as_it_was_chosen_before(app, office, plan):
    content = old_list()
    address = read(office, content)
    again(office, address, encoding="convert")
    office.post(f"{address}/rows")
    once_more = read(office, content)
    page = office.get(once_more)
    assert "Áp dụng lại các lựa chọn lần trước" in page.text
    assert (figures(page)["new"], figures(page)["known"], figures(page)["error"]) == (0, 2, 0)


def test_a_stored_list_is_not_read_again(office, plan):
    address = read(office, old_list())
    office.post(f"{address}/rows")
    answer = office.post(f"{address}/reading", data={"encoding": "convert"})
    assert answer.status_code == 422
    assert "Danh sách này đã được lưu" in answer.text
    assert "data-offer" not in office.get(address).text


def test_strangers_wrong_roles_and_other_seminars_choose_nothing(app, office, visitor, staff, plan):
    address = read(office, old_list())
    assert visitor.post(f"{address}/reading").status_code == 302
    assert staff("thu").post(f"{address}/reading").status_code == 403
    assert office.get(f"{address}/reading").status_code == 405
    with app.app_context():
        cast.add_seminar("khac")
        db.session.commit()
    assert office.post(f"{address.replace(cast.SLUG, 'khac')}/reading").status_code == 404
    assert office.post(f"/seminars/{cast.SLUG}/imports/999/reading").status_code == 404


def test_a_draft_of_an_earlier_version_is_still_shown(app, office, plan):
    import json
    import zlib

    address = read(office, workbook(["Lê An", "Bí thư", "Ban X"]))
    with app.app_context():
        draft = db.session.query(ImportDraft).one()
        whole = json.loads(zlib.decompress(draft.rows))
        whole = {"sheets": [{k: v for k, v in whole["sheets"][0].items() if k in ("name", "heading_row", "columns", "title", "suggested")}], "hidden": [], "rows": whole["rows"]}  # fmt: skip
        draft.rows = zlib.compress(json.dumps(whole).encode())
        db.session.commit()
    assert figures(office.get(address))["new"] == 1
    assert importing.options_of({}).as_json()["sheets"] == {}


# The command


@pytest.fixture
def old_file(tmp_path):
    path = tmp_path / "cu.xlsx"
    path.write_bytes(old_list())
    return path


def test_the_command_never_stores_old_text_silently(app, plan, old_file):
    answer = imported(app, old_file)
    assert answer.exit_code == 1
    assert "phông chữ cũ (TCVN3)" in answer.stderr
    assert "--encoding convert" in answer.stderr
    assert count(app) == 0
    assert imported(app, old_file, "--valid-rows").exit_code == 0
    assert people(app) == [("Lê An", "Bí thư")]


@pytest.mark.parametrize("encoding", ["convert", "tcvn3"])
def test_the_command_converts_when_told_to(app, plan, old_file, encoding):
    assert imported(app, old_file, "--encoding", encoding).exit_code == 0
    assert people(app)[0] == ("Nguyễn Văn Ảnh", "Bí thư")


def test_the_command_leaves_and_repairs_when_told_to(app, plan, tmp_path, old_file):
    assert imported(app, old_file, "--encoding", "leave").exit_code == 0
    assert people(app)[0][0] == OLD[0]
    path = tmp_path / "hoa.xlsx"
    path.write_bytes(workbook(["TRẦN THỊ BÌNH", "", "Ban X"]))
    assert imported(app, path, "--capitals", "repair").exit_code == 0
    assert people(app)[-1][0] == "Trần Thị Bình"


def test_the_command_refuses_guessed_columns_unless_told(app, plan, tmp_path):
    path = tmp_path / "tron.csv"
    path.write_text("Lê Văn An,0912345678\nTrần Thị Bình,0912345679\n")
    answer = imported(app, path)
    assert answer.exit_code == 1
    assert "A = họ tên, B = điện thoại" in answer.stderr
    assert count(app) == 0
    assert imported(app, path, "--no-headings").exit_code == 0
    assert count(app) == 2


def test_the_command_applies_what_was_chosen_on_the_page(app, office, plan, tmp_path):
    content = workbook(["Lê An", "", "TĐ Dĩ An"])
    address = read(office, content)
    texts = re.findall(r'name="(text-\d+)" value="([^"]*)"', office.get(address).text)
    units = re.findall(r'<select name="(unit-\d+)".*?value="(\d+)" selected', office.get(address).text, re.S)
    again(office, address, **dict(texts), **dict(units))
    path = tmp_path / "ds.xlsx"
    path.write_bytes(content)
    answer = imported(app, path)
    assert answer.exit_code == 0
    assert "Áp dụng các lựa chọn" in answer.stderr
    assert stored(app, "Lê An").unit_id


def test_a_file_of_fifty_thousand_is_read_again_within_the_limits(app, office, plan):
    letters = "".join(chr(97 + i) for i in range(26))
    names = [f"LÊ {a}{b} {c}{d}".upper() for a in letters for b in letters for c in letters for d in letters[:3]]
    rows = [[name, "Bí thư", "Ban X", f"09{number:08d}"] for number, name in enumerate(names[:50_000])]
    address = send(office, workbook(*rows)).location
    page = again(office, address, capitals="repair")
    assert figures(page)["new"] == 50_000
