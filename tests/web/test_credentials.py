"""The summary of the delegates: its sentences, each figure followed to its rows, what is missing, who may read it."""

import re
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from docx import Document
from docx.oxml.ns import qn

from seminar.checkin.models import Desk
from seminar.invitations import actions as inviting
from seminar.invitations.models import Answer
from seminar.lib.database import db
from seminar.planning.models import Unit
from seminar.reports.queries.credentials import summary
from tests import cast
from tests.web.test_figures import Figures, rows_of
from tests.web.test_notes import add_programme
from tests.web.test_report import all_text, arrive, open_word

HERE = f"/seminars/{cast.SLUG}/credentials"
PEOPLE = f"{HERE}/people"
WORD = f"{HERE}.docx"


def hold():
    """60 guests (more than a page) and four summoned; answers of each kind, a proxy who came, one in two groups."""
    seminar = cast.find_seminar()
    sitting = add_programme(seminar)
    guests = [
        cast.add_delegate(
            seminar,
            f"Nguyễn Văn {chr(65 + n % 26)}{n}",
            "G1",
            position="Trưởng ban",
            gender=("Nam", "Nữ", "")[n % 3],
            birth_year=None if n % 6 == 0 else 1930 + n,
        )
        for n in range(60)
    ]
    secretary = cast.add_delegate(
        seminar, "Đặng Thị Dung", "T2", "T5", body="Thành Đoàn Thử Một", unit_id=1, gender="Nữ", birth_year=2004
    )
    summoned = [
        cast.add_delegate(seminar, f"Lý Thu H{n}", "T5", position="Đoàn viên", unit_id=2, birth_year=2005)
        for n in range(2)
    ]
    cast.add_delegate(seminar, "Người Chưa Phân", "KHAC", birth_year=2099)
    inviting.issue_letters(seminar, [*guests, secretary, *summoned], cast.OFFICE, cast.NOW)
    db.session.flush()
    for guest in guests[:20]:
        inviting.answer(guest, Answer.ATTENDING, "", cast.OFFICE, cast.NOW)
    inviting.answer(guests[20], Answer.DECLINED, "Đi công tác", cast.OFFICE, cast.NOW)
    inviting.answer(summoned[0], Answer.DECLINED, "Ốm", cast.OFFICE, cast.NOW)
    inviting.propose_proxy(guests[21], "Trần Thay Mặt", "Phó ban", "", "", "Họp", cast.OFFICE, cast.NOW)
    desk = Desk(seminar_id=seminar.id, name="Bàn 1", token_sha256="x", paired_at=cast.NOW, paired_by="Tâm")
    db.session.add(desk)
    db.session.flush()
    for delegate in (*guests[:20], guests[21], *guests[30:], secretary):
        arrive(seminar, sitting, desk, delegate)
    db.session.commit()


@pytest.fixture
def held(app):
    with app.app_context():
        hold()


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.text.split('id="credentials"')[1]))


SENTENCES = (
    "Danh sách có 64 đại biểu; trong đó: khách mời 60, triệu tập 3, chưa phân nhóm 1.",
    "Thư mời, giấy triệu tập còn hiệu lực: 63 đại biểu.",
    "Tính theo người: 64 người; tính theo thành phần: 65 lượt, vì 1 người thuộc từ hai thành phần trở lên",
    "Sẽ dự 20 đại biểu; cử người dự thay 1; xin vắng có lý do 2; báo vắng, chưa nêu lý do 0; chưa trả lời 40.",
    "Có mặt 52/64 đại biểu, đạt 81,2 %, trong đó 1 người dự thay.",
    "Vắng mặt 12 đại biểu: có lý do 2; có báo, chưa nêu lý do 0; không báo 10.",
    "Trong số có mặt, 1 người dự thay được tính là chưa rõ giới tính và năm sinh",
    "Trong danh sách: đại biểu trẻ tuổi nhất: Lý Thu H0, Đoàn viên; Lý Thu H1, Đoàn viên – sinh năm 2005 (19 tuổi), 2 người.",
    "Trong số có mặt: đại biểu trẻ tuổi nhất: Đặng Thị Dung, Thành Đoàn Thử Một – sinh năm 2004 (20 tuổi), 1 người.",
    "Trong danh sách: đại biểu cao tuổi nhất: Nguyễn Văn B1, Trưởng ban – sinh năm 1931 (93 tuổi), 1 người.",
    "Có 1 đơn vị không có đại biểu nào có mặt: Huyện Đoàn Thử Hai.",
    "- Chưa có năm sinh: 11 người;",
    "- Chưa rõ giới tính: 23 người;",
    "- Chưa phân nhóm: 1 người;",
    "- Chưa có chức vụ: 2 người;",
)


def test_the_page_and_the_word_file_say_the_same(held, office):
    page, word = text_of(office.get(HERE)), all_text(open_word(office.get(WORD)))
    for sentence in SENTENCES:
        assert sentence in page, sentence
        assert sentence in word, sentence
    for part in ("BÁO CÁO", "DỰ THẢO", "Kính gửi: …………", "Số: …-BC/TĐTN-TCKT", "TM. BAN THƯỜNG VỤ TỈNH ĐOÀN", "./."):
        assert part in word, part


def test_every_figure_opens_exactly_its_rows(held, office):
    followed = {}
    for address, number in Figures(office.get(HERE).text).figures:
        if address not in followed:
            followed[address] = rows_of(office, address)
        assert (address, followed[address]) == (address, number)
    assert len(followed) > 70
    assert followed[f"{PEOPLE}?count=memberships"] == 65
    assert followed[f"{PEOPLE}?presence=arrived&gender=unknown"] > 0


def test_the_links_of_the_word_file_are_those_of_the_page(held, office):
    document = open_word(office.get(WORD))
    linked = []
    for link in document.element.body.iter(qn("w:hyperlink")):
        address = urlsplit(document.part.rels[link.get(qn("r:id"))].target_ref)
        number = "".join(t.text or "" for t in link.iter(qn("w:t")))
        linked.append((f"{address.path}?{address.query}".rstrip("?"), int(number.replace(".", ""))))
    assert linked == Figures(office.get(HERE).text).figures


def test_what_is_counted_by_group_unit_gender_and_age_adds_up(app, held):
    with app.app_context():
        counted = summary(cast.find_seminar())
    for parts in (counted.groups, counted.units, counted.audiences):
        assert sum(line["listed"] for line in parts.values()) == 64
        assert sum(line["arrived"] for line in parts.values()) == 52
    assert sum(counted.listed.genders.values()) == sum(counted.listed.bands.values()) == 64
    assert sum(counted.present.genders.values()) == sum(counted.present.bands.values()) == 52


def test_before_anything_happened_no_figure_is_invented(app, office):
    with app.app_context():
        cast.add_delegate(cast.find_seminar(), "Nguyễn Văn An", "G1")
        db.session.commit()
    page = text_of(office.get(HERE))
    for sentence in (
        "Danh sách có 1 đại biểu; trong đó: khách mời 1.",
        "Thư mời, giấy triệu tập: chưa có số liệu.",
        "Trả lời: chưa có số liệu.",
        "Có mặt: chưa có số liệu (chưa có lượt đến nào được ghi nhận).",
        "Tuổi bình quân, đại biểu trẻ tuổi nhất, cao tuổi nhất: chưa có năm sinh nào.".replace("Tuổi", "tuổi"),
        "Còn 2 đơn vị chưa có đại biểu trong danh sách: Thành Đoàn Thử Một, Huyện Đoàn Thử Hai.",
    ):
        assert sentence in page, sentence
    assert "không có đại biểu nào có mặt" not in page
    assert "Vắng mặt" not in page
    word = open_word(office.get(WORD))
    assert [cell.text for cell in word.tables[1].rows[0].cells] == ["Cơ cấu", "Danh sách", "Tỷ lệ"]
    assert rows_of(office, f"{HERE}/units?which=unlisted") == 2


def test_braces_in_names_are_only_text(app, office):
    with app.app_context():
        seminar = cast.find_seminar()
        seminar.title = "Tọa đàm {count}"
        db.session.get(Unit, 2).name = "Đoàn {listed} & <b>"
        cast.add_delegate(seminar, "Nguyễn {average} An", "G1", birth_year=1990)
        db.session.commit()
    text = all_text(open_word(office.get(WORD)))
    for part in ("Nguyễn {average} An – sinh năm 1990", "Đoàn {listed} & <b>", "dự Tọa đàm {count}./."):
        assert part in text
    assert "Đoàn {listed} &amp; &lt;b&gt;" in office.get(HERE).text


def test_of_nobody_it_can_be_read_too(app, office):
    assert "Danh sách có 0 đại biểu." in text_of(office.get(HERE))
    assert "Không thiếu năm sinh" in text_of(office.get(HERE))
    assert Document(BytesIO(office.get(WORD).data))


def test_tables_have_repeated_headings_and_keep_to_the_text(held, office):
    document = open_word(office.get(WORD))
    assert len(document.tables) == 5
    for table in document.tables[1:4]:
        rows = table._tbl.findall(qn("w:tr"))
        assert [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows][:2] == [True, False]
        assert sum(int(column.get(qn("w:w"))) for column in table._tbl.tblGrid) == pytest.approx(9071, abs=12)
    margins = document.sections[0]._sectPr.pgMar
    assert [margins.get(qn(f"w:{side}")) for side in ("top", "bottom", "left", "right")] == [
        "1134",
        "1134",
        "1701",
        "1134",
    ]


@pytest.mark.parametrize("path", [HERE, WORD, PEOPLE, f"{HERE}/units"])
def test_it_costs_the_same_however_many_there_are(app, office, query_count, path):
    costs = []
    for more in (1, 2, 297):
        with app.app_context():
            seminar = cast.find_seminar()
            for n in range(more):
                cast.add_delegate(seminar, f"Lê Văn {n}", "G1", "G2", birth_year=1990, unit_id=1 + n % 2)
            db.session.commit()
        costs.append(query_count(lambda: office.get(path)))
    assert costs[0] == costs[1] == costs[2] <= 25


def test_people_of_a_figure_become_a_list_by_one_click(held, office):
    page = office.get(f"{PEOPLE}?presence=absent&without=declined").text
    [address] = re.findall(r'href="([^"]+/lists\?[^"]+)"', page)
    made = office.get(address.replace("&amp;", "&")).text
    assert "10 người" in made


def test_the_chair_reads_it_and_opens_no_list_or_delegate(held, staff):
    chair = staff("chung")
    page = chair.get(HERE)
    assert page.status_code == 200
    assert {chair.get(address).status_code for address, _ in Figures(page.text).figures} == {200}
    people = chair.get(PEOPLE).text
    assert "/lists" not in people
    assert f"/seminars/{cast.SLUG}/delegates/" not in people
    assert chair.get(WORD).status_code == 200


def test_it_is_one_click_from_the_arrivals_for_those_who_may(held, staff):
    arrivals = f"/seminars/{cast.SLUG}/arrivals"
    assert f'href="{HERE}"' in staff("chung").get(arrivals).text
    assert f'href="{HERE}"' not in staff("tam").get(arrivals).text


@pytest.mark.parametrize("login", ["vinh", "tam"])
def test_other_roles_do_not_open_it(held, staff, login):
    client = staff(login)
    assert [client.get(path).status_code for path in (HERE, WORD, PEOPLE, f"{HERE}/units")] == [403] * 4


def test_a_visitor_is_asked_to_sign_in(held, visitor):
    assert [visitor.get(path).status_code for path in (HERE, WORD, PEOPLE, f"{HERE}/units")] == [302] * 4


def test_another_seminar_is_404(office):
    assert office.get(HERE.replace(cast.SLUG, "nix")).status_code == 404


def test_the_command_writes_the_same_file(app, held, tmp_path):
    out = tmp_path / "tinh-hinh.docx"
    done = app.test_cli_runner().invoke(args=["report", "credentials", "--seminar", cast.SLUG, "--out", str(out)])
    assert (done.exit_code, done.output) == (0, "")
    text = all_text(Document(out))
    assert [sentence for sentence in SENTENCES if sentence not in text] == []
