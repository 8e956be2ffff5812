"""A unit fills in its statistics sheet on its page: typed, kept, sent, corrected, printed, signed; with and without scripts."""

import json
import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest

from seminar.access.actor import Actor, ActorKind
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.planning.models import UnitLink
from seminar.statistics import actions
from seminar.statistics.models import Period, Return, ReturnDraft, ReturnVersion, RulingKind, Sheet
from seminar.statistics.rules.defining import checked_definition
from tests import cast
from tests.web.returning import add_period, cells, units

SCRIPT = {"Accept": "application/json", "HX-Request": "true"}


@pytest.fixture
def link(app, office):
    """(code, period id) of the first unit; the sheet is asked for."""
    office.post(f"/seminars/{cast.SLUG}/units/links")
    with app.app_context():
        period = add_period(cast.find_seminar())
        db.session.commit()
        code = db.session.scalars(db.select(UnitLink.code).where(UnitLink.unit_id == units()[0].id)).one()
        return code, period.id


@pytest.fixture
def here(link):
    return f"/u/{link[0]}/returns/{link[1]}"


def typed(revision=0, base=None, remarks="", **more):
    return {"revision": str(revision), "base": json.dumps(base or {}), "remarks": remarks} | more


def full(revision=0, base=None, **changes):
    return typed(revision, base, **cells(prefix="cell.")) | changes


def send(client, here, revision, **more):
    return client.post(f"{here}/versions", data={"revision": str(revision)} | more)


def accept_and_return(app, kind, reason=""):
    with app.app_context():
        version = db.session.scalars(db.select(ReturnVersion).order_by(ReturnVersion.id.desc())).first()
        actions.rule_on(version, kind, reason, cast.OFFICE, now())
        db.session.commit()


def test_the_page_of_the_unit_says_what_is_asked_by_when_and_leads_to_the_sheet(visitor, link, here):
    page = visitor.get(f"/u/{link[0]}").text
    assert "Biểu số liệu" in page
    assert f'href="{here}"' in page
    missing = page.split('id="missing"')[1].split("</section>")[0]
    assert "Nhập và gửi biểu" in missing
    assert "trễ" in missing


def test_the_sheet_stands_as_on_paper(visitor, here):
    page = unescape(visitor.get(here).text)
    heads = re.findall(r"<th scope=\"col\"[^>]*>(.*?)</th>", page)
    assert heads == [
        "TT",
        "Năm",
        "Tổng số đoàn viên",
        "Số đoàn viên ưu tú",
        "Chỉ tiêu được giao kết nạp Đảng",
        "Số học sinh được kết nạp đảng",
        "Số sinh viên được kết nạp đảng",
        "Số TNCCN được kết nạp Đảng",
        "Khu vực nhà nước",
        "Khu vực DN ngoài nhà nước",
    ]
    assert len(re.findall(r'<input id="c-', page)) == 21
    assert "23:59 ngày 09/02/2024" in page
    assert "Thứ Sáu, Tết Giáp Thìn" in page or "Tết Giáp Thìn" in page


def test_without_scripts_it_is_kept_looked_through_and_sent(app, visitor, link, here):
    kept = visitor.post(f"{here}/draft", data=full(then=""))
    assert kept.status_code == 303
    page = unescape(visitor.get(here).text)
    assert 'value="12.000"' in page
    assert "chưa gửi" in page
    looked = visitor.post(f"{here}/draft", data=full(1, cells(), then="review"))
    assert looked.headers["Location"] == f"{here}/review"
    review = unescape(visitor.get(f"{here}/review").text)
    assert "ngày: sẽ được tiếp nhận và ghi là trễ" in review
    assert send(visitor, here, 1).status_code == 303
    page = unescape(visitor.get(here).text)
    assert "đã gửi, chờ kiểm tra" in page
    assert "Sửa và gửi lại" in page
    assert '<input id="c-' not in page
    with app.app_context():
        version = db.session.scalars(db.select(ReturnVersion)).one()
        assert (version.number, version.actor_kind, version.actor_name) == (1, ActorKind.UNIT, "Thành Đoàn Thử Một")
        assert len(version.cells) == 21
        assert version.late_days > 0


def test_what_cannot_be_right_is_kept_said_and_not_sent(app, visitor, here):
    data = full(**{"cell.2021.outstanding": "13.000", "cell.2022.quota": "-", "cell.2023.pupils": "bốn"})
    assert visitor.post(f"{here}/draft", data=data | {"then": "review"}).status_code == 303
    review = unescape(visitor.get(f"{here}/review").text)
    assert "Số đoàn viên ưu tú” (13.000) lớn hơn “Tổng số đoàn viên” (12.000)" in review
    assert "không có thì nhập 0" in review
    assert "“bốn” không phải số nguyên" in review
    assert f'action="{here}/versions"' not in review
    assert send(visitor, here, 1).status_code == 422
    page = unescape(visitor.get(here).text)
    assert 'value="bốn"' in page
    with app.app_context():
        assert db.session.query(ReturnVersion).count() == 0


def test_blanks_are_counted_and_stay_missing(app, visitor, here):
    visitor.post(f"{here}/draft", data=typed(**{"cell.2021.members": "9000", "cell.2021.quota": "0"}))
    review = unescape(visitor.get(f"{here}/review").text)
    assert "19 ô để trống" in review
    assert "chưa đủ số liệu" in review
    send(visitor, here, 1)
    with app.app_context():
        version = db.session.scalars(db.select(ReturnVersion)).one()
        assert {(cell.row, cell.column): cell.value for cell in version.cells} == {
            ("2021", "members"): 9000,
            ("2021", "quota"): 0,
        }


def test_a_script_gets_marks_sums_and_sentences_of_what_it_keeps(visitor, here):
    answer = visitor.post(f"{here}/draft", data=full(**{"cell.2021.quota": "x"}), headers=SCRIPT)
    assert (answer.status_code, answer.json["revision"]) == (200, 1)
    assert answer.json["marks"] == {"2021.quota": "error"}
    assert "không phải số nguyên" in answer.json["wrong"]["2021.quota"]
    assert "290" in answer.json["figures"]
    assert "8,53 %" in answer.json["figures"]
    assert "chưa đủ số liệu" in answer.json["figures"]


def test_two_who_type_get_each_others_cells_and_choose_where_both_typed(app, visitor, here):
    visitor.post(f"{here}/draft", data=typed(**{"cell.2021.members": "100"}), headers=SCRIPT)
    base = {"2021.members": "100"}
    first = visitor.post(
        f"{here}/draft", data=typed(1, base, **{"cell.2021.members": "100", "cell.2021.quota": "5"}), headers=SCRIPT
    )
    assert first.json["revision"] == 2
    second = visitor.post(
        f"{here}/draft", data=typed(1, base, **{"cell.2021.members": "100", "cell.2021.pupils": "6"}), headers=SCRIPT
    )
    assert (second.status_code, second.json["cells"]) == (
        200,
        {"2021.members": "100", "2021.quota": "5", "2021.pupils": "6"},
    )
    third = visitor.post(
        f"{here}/draft", data=typed(1, base, **{"cell.2021.members": "100", "cell.2021.quota": "7"}), headers=SCRIPT
    )
    assert third.status_code == 409
    assert third.json["conflicts"] == {"2021.quota": "Người khác đã nhập: 5"}
    plain = visitor.post(f"{here}/draft", data=typed(1, base, **{"cell.2021.members": "100", "cell.2021.quota": "7"}))
    page = unescape(plain.text)
    assert plain.status_code == 409
    assert "Người khác đã nhập: 5" in page
    assert 'value="7"' in page
    assert 'value="6"' in page
    revision = re.search(r'name="revision" value="(\d+)"', page)[1]
    base = json.loads(re.search(r'name="base" value="(.*?)">', plain.text)[1].replace("&#34;", '"'))
    mine = {"cell.2021.members": "100", "cell.2021.quota": "7", "cell.2021.pupils": "6"}
    assert visitor.post(f"{here}/draft", data=typed(revision, base, **mine)).status_code == 303
    with app.app_context():
        assert db.session.scalars(db.select(ReturnDraft)).one().cells["2021.quota"] == "7"


@pytest.mark.parametrize("base", ["", "[]", "{", '{"2021.members": {"a": 1}}', "[" * 3000])
def test_a_tampered_form_is_no_error(visitor, here, base):
    visitor.post(f"{here}/draft", data=typed(**{"cell.2021.members": "100"}))
    answer = visitor.post(f"{here}/draft", data={"revision": "x", "base": base, "cell.2021.members": "1"})
    assert answer.status_code in (303, 409)


def test_returned_with_a_reason_it_is_corrected_and_sent_again_with_one(app, visitor, link, here):
    visitor.post(f"{here}/draft", data=full())
    send(visitor, here, 1)
    accept_and_return(app, RulingKind.RETURNED, "cột chỉ tiêu năm 2021 chưa khớp")
    unit_page = unescape(visitor.get(f"/u/{link[0]}").text)
    assert "Sửa và gửi lại: Kết quả" in unit_page
    page = unescape(visitor.get(here).text)
    assert "cột chỉ tiêu năm 2021 chưa khớp" in page
    assert '<input id="c-2021.quota"' in page
    assert visitor.post(f"{here}/draft", data=full(1, cells(), **{"cell.2021.quota": "310"})).status_code == 303
    refused = send(visitor, here, 2)
    assert refused.status_code == 422
    assert "Ghi lý do gửi lại" in unescape(refused.text)
    assert send(visitor, here, 2, reason="nhầm cột").status_code == 303
    page = unescape(visitor.get(here).text)
    assert "Năm 2021, Chỉ tiêu được giao kết nạp Đảng: 300 → " in page
    accept_and_return(app, RulingKind.ACCEPTED)
    page = unescape(visitor.get(here).text)
    assert "đã tiếp nhận" in page
    assert "được tính" in page


def test_a_changed_draft_can_go_back_to_what_was_sent(app, visitor, here):
    visitor.post(f"{here}/draft", data=full())
    send(visitor, here, 1)
    visitor.post(f"{here}/draft", data=full(1, cells(), **{"cell.2021.quota": "999"}))
    assert 'value="999"' in visitor.get(here).text
    assert visitor.post(f"{here}/draft/reversal", data={"revision": "1"}).status_code == 303
    assert 'value="999"' in visitor.get(here).text
    visitor.post(f"{here}/draft/reversal", data={"revision": "2"})
    assert 'value="999"' not in visitor.get(here).text


def test_a_period_that_is_closed_takes_nothing_and_keeps_what_was_typed_on_the_page(app, visitor, here):
    with app.app_context():
        period = db.session.scalars(db.select(Period)).one()
        period.closed_at, period.closed_by = now(), "Oanh"
        db.session.commit()
    assert "đã đóng kỳ báo cáo" in unescape(visitor.get(here).text)
    refused = visitor.post(f"{here}/draft", data=full(**{"cell.2021.members": "12.345"}))
    assert refused.status_code == 422
    assert visitor.post(f"{here}/draft", data=full(), headers=SCRIPT).json["problem"].startswith("Văn phòng đã đóng")
    with app.app_context():
        assert db.session.query(Return).count() == 0


def test_strangers_and_periods_that_are_not_open_are_404(app, visitor, link, here):
    with app.app_context():
        hidden = add_period(cast.find_seminar(), starter="quarterly", name="quý I/2021", opened_at=None).id
        db.session.commit()
    assert visitor.get(f"/u/{link[0]}/returns/{hidden}").status_code == 404
    assert visitor.get(f"/u/{link[0]}/returns/999").status_code == 404
    assert visitor.get(f"/u/{'1' * 20}/returns/{link[1]}").status_code == 404
    for path in ("draft", "versions", "workbook", "draft/reversal", "versions/1/scans"):
        assert visitor.post(f"/u/{'1' * 20}/returns/{link[1]}/{path}").status_code == 404
    for path in ("versions/1/form.pdf", "versions/1/scans/1"):
        assert visitor.get(f"{here}/{path}").status_code == 404


def workbook(visitor, here, **changes):
    from openpyxl import load_workbook

    book = load_workbook(BytesIO(visitor.get(f"{here}/sheet.xlsx").data))
    page = book.active
    years = {
        str(cell.value): cell.row for row in page.iter_rows() for cell in row if str(cell.value).startswith("Năm 20")
    }
    for year, values in changes.items():
        for along, value in enumerate(values):
            page.cell(years[f"Năm {year[1:]}"], 3 + along, value)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_the_excel_file_fills_the_draft_and_says_what_changed_without_sending(app, visitor, here):
    visitor.post(f"{here}/draft", data=typed(**{"cell.2021.members": "100", "cell.2023.quota": "8"}))
    content = workbook(visitor, here, y2021=(12000, 3400, 300), y2022=("12.500",))
    data = typed(1, {"2021.members": "100", "2023.quota": "8"}, **{"cell.2021.members": "100", "cell.2023.quota": "8"})
    answer = visitor.post(f"{here}/workbook", data=data | {"file": (BytesIO(content), "biểu.xlsx")})
    page = unescape(answer.text)
    assert answer.status_code == 200
    assert "Năm 2021, Tổng số đoàn viên: 100 → " in page
    assert "4 ô thay đổi" in page
    again = visitor.post(f"{here}/workbook", data=typed(9) | {"file": (BytesIO(content), "biểu.xlsx")})
    assert (again.status_code, "0 ô thay đổi" in unescape(again.text)) == (200, True)
    with app.app_context():
        draft = db.session.scalars(db.select(ReturnDraft)).one()
        assert draft.cells["2023.quota"] == "8"
        assert draft.file_sha256
        assert db.session.query(ReturnVersion).count() == 0


@pytest.mark.parametrize("content", [b"", b"rac", b"PK\x03\x04rac"])
def test_what_is_no_excel_file_is_refused_and_what_was_typed_stays(visitor, here, content):
    data = typed(**{"cell.2021.members": "4567"}) | {"file": (BytesIO(content), "a.xlsx")}
    answer = visitor.post(f"{here}/workbook", data=data)
    assert answer.status_code == 422
    assert 'value="4567"' in answer.text


@pytest.mark.parametrize("then", ["review", ""])
def test_a_file_that_was_chosen_is_read_whichever_button_is_pressed(app, visitor, here, then):
    content = workbook(visitor, here, y2021=(12000, 3400, 300))
    data = typed(**{"cell.2023.members": "9"}, then=then, file=(BytesIO(content), "biểu.xlsx"))
    answer = visitor.post(f"{here}/draft", data=data)
    assert (answer.status_code, "Đã đọc từ tệp" in answer.text) == (200, True)
    with app.app_context():
        assert db.session.scalar(db.select(ReturnDraft.cells)) == {
            "2021.members": "12000",
            "2021.outstanding": "3400",
            "2021.quota": "300",
            "2023.members": "9",
        }
    wrong = visitor.post(f"{here}/draft", data=typed(then=then, file=(BytesIO(b"xin"), "biểu.xlsx")))
    assert wrong.status_code == 422


def test_after_sending_the_page_says_to_print_sign_and_attach_until_the_scan_is_there(visitor, here):
    visitor.post(f"{here}/draft", data=full())
    assert "Việc tiếp theo" not in visitor.get(here).text
    send(visitor, here, 1)
    assert "Việc tiếp theo" in visitor.get(here).text
    refused = visitor.post(f"{here}/versions/1/scans", data={"file": (BytesIO(b"xin"), "bản ký.png")})
    assert refused.location == here, "to the top of the page, where the sentence stands"
    kept = visitor.post(f"{here}/versions/1/scans", data={"file": (BytesIO(photo()), "bản ký.jpg")})
    assert kept.location == f"{here}#version-1"
    page = visitor.get(here).text
    assert ("Việc tiếp theo" in page, "Đã có bản ký, đóng dấu." in page) == (False, True)


def test_many_sheets_that_are_owed_are_folded(app, visitor, link):
    with app.app_context():
        sheet = db.session.get(Period, link[1]).sheet
        for number in range(3):
            add_period(cast.find_seminar(), name=f"kỳ {number}", sheet=sheet)
        db.session.commit()
    page = visitor.get(f"/u/{link[0]}").text
    missing = page.split('id="missing"')[1].split("</section>")[0]
    assert missing.split("<details")[0].count("Nhập và gửi biểu") == 2
    assert missing.split("<details")[1].count("Nhập và gửi biểu") == 2
    assert page.count("Còn 2 biểu khác phải gửi") == 2


def test_late_days_are_written_as_numbers_are(app, visitor, link):
    with app.app_context():
        db.session.get(Period, link[1]).due_on = now().date() - timedelta(days=1235)
        db.session.commit()
    assert "trễ 1.23" in visitor.get(f"/u/{link[0]}").text


def test_forms_print_blank_and_as_sent(visitor, here):
    for kind, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        assert visitor.get(f"{here}/form.{kind}").data.startswith(start)
    visitor.post(f"{here}/draft", data=full())
    send(visitor, here, 1)
    for kind, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        answer = visitor.get(f"{here}/versions/1/form.{kind}")
        assert answer.data.startswith(start)
        assert "lan-1" in answer.headers["Content-Disposition"]


def test_any_name_of_a_unit_goes_into_the_name_of_the_file(app, visitor, here):
    with app.app_context():
        units()[0].name = 'Đoàn "Sông Bé" – ☆ №1'
        db.session.commit()
    answer = visitor.get(f"{here}/sheet.xlsx")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="phat-trien-dang-doan-song-be-1.xlsx"'


def photo() -> bytes:
    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (60, 40), "white").save(out, "JPEG")
    return out.getvalue()


def test_the_page_costs_the_same_for_two_sheets_and_for_five(app, visitor, link, query_count):
    def ask(*names):
        with app.app_context():
            unit = units()[0]
            by = Actor(ActorKind.UNIT, unit.name, unit.id)
            sheet = db.session.scalar(db.select(Sheet).where(Sheet.code == "chi-tieu-quy"))
            for position, name in enumerate(names):
                values = {"sheet": sheet} if sheet else {}
                period = add_period(cast.find_seminar(), starter="quarterly", name=name, position=position, **values)
                sheet = period.sheet
                actions.keep_draft(period, unit, {"schools.members": "5"}, by, now(), 0)
                actions.send_return(period, unit, by, now(), 1)
            db.session.commit()

    ask("quý I/2021")
    two = query_count(lambda: visitor.get(f"/u/{link[0]}"))
    ask("quý II/2021", "quý III/2021", "quý IV/2021")
    assert query_count(lambda: visitor.get(f"/u/{link[0]}")) == two


def change_sheet(app, change):
    """The office changes the definition, which is plain data."""
    with app.app_context():
        sheet = db.session.scalars(db.select(Sheet)).one()
        raw = json.loads(json.dumps(sheet.definition))
        change(raw)
        actions.change_sheet(sheet, checked_definition(raw), cast.OFFICE, now())
        db.session.commit()


def without_private(raw):
    raw["columns"] = [one for one in raw["columns"] if one["key"] != "workers_private"]
    raw["formulas"][0]["of"].remove("workers_private")


@pytest.mark.parametrize("headers", [{}, SCRIPT])
def test_what_stands_in_a_column_that_went_meanwhile_is_said_and_not_dropped(app, visitor, here, headers):
    change_sheet(app, without_private)
    told = typed(**{"cell.2021.members": "12.000", "cell.2021.workers_private": "77", "cell.2022.workers_private": " "})
    answer = visitor.post(f"{here}/draft", data=told, headers=headers)
    assert answer.status_code == 422
    said = answer.json["problem"] if headers else unescape(answer.text)
    assert "Những số này không còn chỗ: 77." in said
    with app.app_context():
        assert db.session.query(ReturnDraft).count() == 0
    told["cell.2021.workers_private"] = ""
    assert visitor.post(f"{here}/draft", data=told, headers=headers).status_code in (200, 303)


def test_a_column_in_which_something_is_typed_does_not_go(app, visitor, here):
    visitor.post(f"{here}/draft", data=typed(**{"cell.2021.workers_private": "77"}))
    with pytest.raises(Refused, match="begun to type"):
        change_sheet(app, without_private)


def test_what_was_looked_through_under_other_words_is_not_sent(app, visitor, here):
    """Two headings exchanged: the figures would stand for something else than their sender saw."""
    visitor.post(f"{here}/draft", data=full())
    seen = re.search(r'name="sheet" value="(\w+)"', visitor.get(f"{here}/review").text)[1]

    def exchange(raw):
        one, two = raw["columns"][3], raw["columns"][4]
        one["label"], two["label"] = two["label"], one["label"]

    change_sheet(app, exchange)
    refused = send(visitor, here, 1, sheet=seen)
    assert refused.status_code == 422
    assert "văn phòng đã sửa biểu mẫu, chưa gửi gì" in unescape(refused.text)
    with app.app_context():
        assert db.session.query(ReturnVersion).count() == 0
    seen = re.search(r'name="sheet" value="(\w+)"', refused.text)[1]
    assert send(visitor, here, 1, sheet=seen).status_code == 303


def test_a_draft_kept_in_the_race_has_no_cells_of_columns_that_went(app, here):
    """The page's definition was read before the office changed it and committed."""
    with app.app_context():
        period, unit = db.session.scalars(db.select(Period)).one(), units()[0]
        assert len(period.sheet.definition["columns"]) == 7
        raw = json.loads(json.dumps(period.sheet.definition))
        without_private(raw)
        db.session.execute(db.update(Sheet).values(definition=raw).execution_options(synchronize_session=False))
        by = Actor(ActorKind.UNIT, unit.name, unit.id)
        kept = actions.keep_draft(period, unit, {"2021.workers_private": "7", "2021.members": "9"}, by, now(), 0)
        assert kept.cells == {"2021.members": "9"}


def test_the_pages_of_a_unit_cost_the_same_for_one_version_and_for_many(app, visitor, link, here, query_count):
    visitor.post(f"{here}/draft", data=full())
    send(visitor, here, 1)
    pages = [f"/u/{link[0]}", here, f"{here}/review"]
    once = [query_count(lambda page=page: visitor.get(page)) for page in pages]
    for revision in (1, 2, 3):
        told = full(revision, cells(), **{"cell.2021.quota": f"{300 + revision}"})
        visitor.post(f"{here}/draft", data=told)
        send(visitor, here, revision + 1, reason="đính chính")
    with app.app_context():
        assert db.session.query(ReturnVersion).count() == 4
    assert [query_count(lambda page=page: visitor.get(page)) for page in pages] == once
