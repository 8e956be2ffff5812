"""The result report: every figure opens as many rows, on the page and in the Word file."""

import re
import uuid
from html import unescape
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from docx import Document
from docx.oxml.ns import qn

from seminar.agenda.models import Item, ItemKind
from seminar.checkin.models import Arrival, Desk, Scan, ScanKind, Source, Verdict
from seminar.invitations import actions as inviting
from seminar.invitations.models import Answer
from seminar.lib.database import db
from seminar.minutes.models import Note, NoteKind
from seminar.papers.models import Decision, Paper, PaperKind, Submission
from seminar.reports.queries import figures
from tests import cast
from tests.web.test_notes import add_programme

REPORT = f"/seminars/{cast.SLUG}/report"
WORD = f"/seminars/{cast.SLUG}/report.docx"
MINUTES = f"/seminars/{cast.SLUG}/minutes.docx"


def arrive(seminar, sitting, desk, delegate):
    scan = Scan(
        id=str(uuid.uuid4()),
        seminar_id=seminar.id,
        desk_id=desk.id,
        kind=ScanKind.ENTRY,
        delegate_id=delegate.id,
        sitting_id=sitting.id,
        source=Source.CAMERA,
        offline=False,
        at=cast.NOW,
        received_at=cast.NOW,
        corrected_at=cast.NOW,
        verdict=Verdict.ADMITTED,
    )
    db.session.add(scan)
    db.session.flush()
    db.session.add(
        Arrival(
            seminar_id=seminar.id,
            delegate_id=delegate.id,
            sitting_id=sitting.id,
            scan_id=scan.id,
            desk_id=desk.id,
            arrived_at=cast.NOW,
        )
    )


def add_note(seminar, item, kind, text, topic=None, speaker="Đỗ Văn Đạt"):
    db.session.add(
        Note(
            seminar_id=seminar.id,
            item_id=item.id,
            key=str(uuid.uuid4()),
            kind=kind,
            speaker=speaker,
            topic_id=topic.id if topic else None,
            text=text,
            spoken_at=cast.NOW,
            created_at=cast.NOW,
            created_by="Thu",
        )
    )


def add_paper(seminar, title, *, in_print=None, on_stage=False):
    paper = Paper(
        seminar_id=seminar.id,
        kind=PaperKind.PAPER,
        title=title,
        authors="Tác giả thử",
        created_at=cast.NOW,
        created_by="Thu",
    )
    db.session.add(paper)
    db.session.flush()
    submission = Submission(
        paper_id=paper.id,
        version=1,
        filename="bai.docx",
        media_type="application/msword",
        file_sha256="0" * 64,
        size_bytes=1,
        at=cast.NOW,
        actor_kind="staff",
        actor_name="Thu",
        channel="page",
    )
    db.session.add(submission)
    db.session.flush()
    if in_print is not None:
        db.session.add(
            Decision(
                paper_id=paper.id,
                submission_id=submission.id,
                in_print=in_print,
                on_stage=on_stage,
                at=cast.NOW,
                by="Vinh",
            )
        )
    return paper


def hold(people_count):
    """A seminar that was held: people invited, some answered, a proxy, some came, four papers, notes."""
    seminar = cast.find_seminar()
    sitting = add_programme(seminar)
    groups = ["G1"] * people_count + ["T2"] * 3 + ["CT2"]
    people = [
        cast.add_delegate(seminar, f"Nguyễn Văn {chr(65 + n % 26)}", code, position="Bí thư", phone=f"09{n:08d}")
        for n, code in enumerate(groups, 1)
    ]
    inviting.issue_letters(seminar, people[:-2], cast.OFFICE, cast.NOW)
    db.session.flush()
    inviting.answer(people[0], Answer.ATTENDING, "", cast.OFFICE, cast.NOW)
    inviting.answer(people[1], Answer.DECLINED, "đi công tác", cast.OFFICE, cast.NOW)
    proxy = inviting.propose_proxy(people[2], "Trần Thay Mặt", "Phó Bí thư", "", "", "ốm", cast.OFFICE, cast.NOW)
    db.session.flush()
    if proxy.outcome is None:
        inviting.decide_proxy(proxy, True, "", cast.OFFICE, cast.NOW)
    desk = Desk(seminar_id=seminar.id, name="Bàn 1", token_sha256="x", paired_at=cast.NOW, paired_by="Tâm")
    db.session.add(desk)
    db.session.flush()
    for delegate in (people[0], *people[2:-2], people[-1]):
        arrive(seminar, sitting, desk, delegate)
    add_paper(seminar, "Bài đang chờ")
    add_paper(seminar, "Bài in và trình bày", in_print=True, on_stage=True)
    add_paper(seminar, "Bài chỉ in", in_print=True)
    add_paper(seminar, "Bài không đạt", in_print=False)
    first, second = sitting.items
    topic = seminar.topics[0]
    add_note(seminar, first, NoteKind.PAPER, "Nêu thực trạng {arrived} và <b>số liệu</b> & cách làm.", topic)
    add_note(seminar, second, NoteKind.QUESTION, "Ai chủ trì?", topic)
    add_note(seminar, second, NoteKind.REPLY, "Tỉnh Đoàn chủ trì.", topic)
    add_note(seminar, second, NoteKind.RECOMMENDATION, "Kiến nghị hỗ trợ kinh phí.")
    add_note(seminar, second, NoteKind.PROPOSAL, "Đề xuất lập nhóm.\nDòng thứ hai.")
    db.session.commit()


@pytest.fixture
def held(app):
    with app.app_context():
        hold(52)


def figures_of(html):
    return [
        (unescape(href), int(count.replace(".", "")))
        for href, count in re.findall(r'<a class="figure" href="([^"]+)">([\d.]+)</a>', html)
    ]


def rows_of(client, href):
    """How many rows the list has over all its pages, and what its region says."""
    rows, total, address = 0, None, href
    while address:
        page = client.get(address)
        assert page.status_code == 200, address
        rows += len(re.findall(r"<(?:tr|li) data-row", page.text))
        [total] = re.findall(r'data-total="(\d+)"', page.text)
        following = re.search(r'rel="next" href="([^"]+)"', page.text)
        address = unescape(following[1]) if following else None
    return rows, int(total)


def test_each_figure_on_the_page_opens_a_list_of_exactly_that_many_rows(held, office):
    page = office.get(REPORT)
    assert page.status_code == 200
    found = dict(figures_of(page.text))
    base = f"/seminars/{cast.SLUG}"
    expected = {
        f"{base}/delegates": 56,
        f"{base}/delegates?group=G1": 52,
        f"{base}/answers?state=invited": 54,
        f"{base}/answers?state=attending": 1,
        f"{base}/answers?state=declined": 1,
        f"{base}/answers?state=proxied": 1,
        f"{base}/answers?state=no_answer": 51,
        f"{base}/arrivals?state=arrived": 54,
        f"{base}/arrivals?state=absent": 2,
        f"{base}/arrivals?group=G1&state=arrived": 51,
        f"{base}/papers": 4,
        f"{base}/papers?state=in-print": 2,
        f"{base}/papers?state=on-stage": 1,
        f"{base}/papers?state=not-accepted": 1,
        f"{base}/papers?state=received": 1,
        f"{base}/papers/missing": 2,
        f"{base}/notes": 5,
        f"{base}/notes?kind=recommendation": 1,
    }
    assert {href: found.get(href) for href in expected} == expected
    assert len(found) > 50
    for href, count in found.items():
        assert rows_of(office, href) == (count, count), href


def test_each_figure_the_report_knows_opens_its_list_also_where_the_text_leaves_it_out(app, held, office):
    with app.app_context():
        known = [(figure.href, figure.count) for figure in figures(cast.find_seminar())]
        keys = [figure.key for figure in figures(cast.find_seminar())]
    assert len(keys) == len(set(keys))
    for href, count in dict(known).items():
        assert rows_of(office, href)[0] == count, href


def open_word(answer):
    assert answer.status_code == 200
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    return Document(BytesIO(answer.data))


def text_of(p):
    return "".join(t.text or "" for t in p.iter(qn("w:t")))


def all_text(document):
    return "\n".join(text_of(p) for p in document.element.body.iter(qn("w:p")))


def test_the_word_file_links_the_same_figures_to_the_same_lists(held, office):
    shown = figures_of(office.get(REPORT).text)
    document = open_word(office.get(WORD))
    linked = []
    for link in document.element.body.iter(qn("w:hyperlink")):
        address = urlsplit(document.part.rels[link.get(qn("r:id"))].target_ref)
        assert (address.scheme, address.netloc) == ("http", "localhost")
        linked.append((f"{address.path}?{address.query}".rstrip("?"), int(text_of(link).replace(".", ""))))
    assert linked == shown


def test_the_word_file_says_who_came_what_was_said_and_no_telephone_number(held, office):
    document = open_word(office.get(WORD))
    text = all_text(document)
    for sentence in (
        "Danh sách có 56 đại biểu; 54 đại biểu có thư mời, giấy triệu tập còn hiệu lực.",
        "Trả lời: 1 đại biểu dự, 1 cử người dự thay, 1 không dự, 51 chưa trả lời.",
        "Có mặt 54 đại biểu, vắng 2; ghi danh tại bàn đón tiếp 0 đại biểu.",
        "Đã nhận 4 tham luận; in kỷ yếu 2, chọn trình bày 1, cần chỉnh sửa 0, không đạt 1, đang thẩm định 0, chờ thẩm định 1.",
        "Còn 2 đơn vị chưa gửi tham luận.",
        "Thư ký đã ghi 5 ý kiến: tham luận 1, câu hỏi 1, trả lời 1, đề xuất 1, kiến nghị 1.",
        "- Tham luận – Đỗ Văn Đạt: Nêu thực trạng {arrived} và <b>số liệu</b> & cách làm.",
        "1. Ưu điểm: …………",
        "Thực hiện Kế hoạch số 01-KH/TĐTN-TCKT ngày 20/01/2024 của Tỉnh Đoàn thử,",
        "DỰ THẢO",
    ):
        assert sentence in text
    assert "0900000" not in text
    head, groups, wanted, signature, people, papers, missing, units = document.tables
    assert [cell.text for cell in groups.rows[-1].cells] == [
        "",
        "Tổng cộng",
        "56",
        "54",
        "1",
        "1",
        "1",
        "51",
        "54",
        "2",
    ]
    assert len(people.rows) == 1 + 54
    assert "Trần Thay Mặt dự thay" in [row.cells[4].text for row in people.rows]
    assert [row.cells[1].text for row in papers.rows[1:]] == [
        "Bài đang chờ",
        "Bài in và trình bày",
        "Bài chỉ in",
        "Bài không đạt",
    ]
    assert [row.cells[1].text for row in missing.rows[1:]] == ["Thành Đoàn Thử Một", "Huyện Đoàn Thử Hai"]
    assert [[cell.text for cell in row.cells] for row in units.rows[1:]] == [["1", "Thành Đoàn Thử Một", "3", "2", "1"]]
    assert [row.cells[1].text for row in wanted.rows[1:]] == [
        "Kiến nghị hỗ trợ kinh phí.",
        "Đề xuất lập nhóm.\nDòng thứ hai.",
    ]


def test_the_minutes_hold_every_note_and_the_attendance_of_the_desk(held, office):
    text = all_text(open_word(office.get(MINUTES)))
    for sentence in (
        "Bắt đầu: ………… giờ ………… phút (theo chương trình: 08 giờ 00), thứ Sáu, ngày 15 tháng 3 năm 2024.",
        "Địa điểm: Hội trường A, Số 1 đường Thử.",
        "2.1. Chủ trì: Nguyễn Văn E, Bí thư.",
        "2.3. Đại biểu khách mời: có mặt 52/53 đại biểu trong danh sách.",
        "2.4. Đại biểu triệu tập: có mặt 2/3 đại biểu trong danh sách.",
        "2.5. Vắng: 2 đại biểu; trong đó có báo vắng 1, không báo 1.",
        "- Nguyễn Văn C, Bí thư: đi công tác;",
        "2.6. Dự thay: 1 đại biểu:",
        "- Trần Thay Mặt, Phó Bí thư dự thay Nguyễn Văn D, Bí thư;",
        "3.2. Trao đổi ý kiến",
        "(1) Câu hỏi – Đỗ Văn Đạt: Ai chủ trì?",
        "(2) Trả lời – Đỗ Văn Đạt: Tỉnh Đoàn chủ trì.",
        "Dòng thứ hai.",
        "THƯ KÝ",
        "CHỦ TRÌ",
    ):
        assert sentence in text, sentence


def test_before_anything_happened_the_report_says_that_there_are_no_figures_yet(app, office):
    page = office.get(REPORT).text
    text = all_text(open_word(office.get(WORD)))
    for sentence in ("Trả lời: chưa có số liệu.", "Có mặt: chưa có số liệu.", "Ý kiến được ghi: chưa có số liệu."):
        assert sentence in page
        assert sentence in text
    assert "chưa có số liệu" in all_text(open_word(office.get(MINUTES)))
    for href, count in figures_of(page):
        assert rows_of(office, href) == (count, count), href


def test_a_venue_that_is_not_confirmed_prints_as_a_gap(app, office):
    with app.app_context():
        for venue in cast.find_seminar().venues:
            venue.confirmed_at = None
        db.session.commit()
    assert "tại …………." in all_text(open_word(office.get(WORD)))
    assert "Địa điểm: …………." in all_text(open_word(office.get(MINUTES)))


def test_the_secretary_gets_no_link_to_a_list_that_is_shut(held, staff):
    secretary = staff("thu")
    page = secretary.get(REPORT)
    assert page.status_code == 200
    assert {secretary.get(href).status_code for href, _ in figures_of(page.text)} == {200}
    assert secretary.get(WORD).status_code == 200


@pytest.mark.parametrize(("login", "minutes"), [("an", 403), ("vinh", 403), ("tam", 403), ("chung", 200)])
def test_other_roles_do_not_open_the_report_and_the_chair_reads_the_minutes(app, staff, login, minutes):
    client = staff(login)
    assert [client.get(path).status_code for path in (REPORT, WORD, MINUTES)] == [403, 403, minutes]


def test_a_visitor_is_asked_to_sign_in(app, visitor):
    assert [visitor.get(path).status_code for path in (REPORT, WORD, MINUTES)] == [302] * 3


def test_a_missing_seminar_is_404_and_posting_is_refused(app, office):
    assert [
        office.get(f"/seminars/khong-co/{name}").status_code for name in ("report", "report.docx", "minutes.docx")
    ] == [404] * 3
    assert [office.post(path).status_code for path in (REPORT, WORD, MINUTES)] == [405] * 3


@pytest.mark.parametrize("path", [REPORT, WORD, MINUTES])
def test_it_costs_the_same_for_few_people_and_for_many(app, office, query_count, path):
    with app.app_context():
        hold(4)
    few = query_count(lambda: office.get(path))
    with app.app_context():
        seminar = cast.find_seminar()
        item = db.session.scalars(db.select(Item).where(Item.kind == ItemKind.DISCUSSION)).one()
        for number in range(40):
            cast.add_delegate(seminar, f"Lê Thị {number}", "G2")
            add_note(seminar, item, NoteKind.OPINION, f"Ý kiến {number}")
            add_paper(seminar, f"Bài {number}", in_print=True)
        desk = db.session.scalars(db.select(Desk)).one()
        sitting = item.sitting
        for delegate in db.session.scalars(db.select(cast.Delegate).where(cast.Delegate.name.startswith("Lê Thị"))):
            arrive(seminar, sitting, desk, delegate)
        db.session.commit()
    assert query_count(lambda: office.get(path)) == few


def test_commands_write_the_same_files(app, held, tmp_path):
    runner = app.test_cli_runner()
    for command in ("draft", "minutes", "proceedings"):
        out = tmp_path / f"{command}.docx"
        answer = runner.invoke(args=["report", command, "--seminar", cast.SLUG, "--out", str(out)])
        assert (answer.exit_code, answer.stdout) == (0, "")
        document = Document(str(out))
        if command == "draft":
            assert "Có mặt 54 đại biểu, vắng 2;" in all_text(document)
        if command == "proceedings":
            assert "MỤC LỤC" in all_text(document).upper()
            for title in ("Bài in và trình bày", "Bài chỉ in"):
                assert f"{title}: Không đưa vào: " in answer.stderr, "its file is not on this machine"


def test_a_command_for_a_seminar_that_is_not_there_says_so(app, tmp_path):
    out = tmp_path / "x.docx"
    answer = app.test_cli_runner().invoke(args=["report", "draft", "--seminar", "khong-co", "--out", str(out)])
    assert (answer.exit_code, out.exists()) == (1, False)
    assert "Không có tọa đàm này" in answer.stderr
    answer = app.test_cli_runner().invoke(
        args=["report", "draft", "--seminar", cast.SLUG, "--out", str(tmp_path / "no" / "x")]
    )
    assert answer.exit_code == 1
