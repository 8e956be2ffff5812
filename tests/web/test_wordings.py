"""The prose of the result report: sections written by two at once, figures inside, what changed since, nothing lost."""

import re

import pytest

from seminar.audit.models import AuditEntry
from seminar.checkin.models import Desk
from seminar.delegates.models import Delegate
from seminar.lib.database import db
from seminar.minutes.models import Addressee, Note, NoteKind, Recommendation
from seminar.minutes.queries import notes_of
from seminar.papers.models import Paper
from seminar.reports.models import ReportWording
from seminar.reports.queries import facts, snapshot
from tests import cast
from tests.web.test_report import REPORT, WORD, all_text, arrive, figures_of, hold, open_word, rows_of

STRENGTHS = f"{REPORT}/sections/strengths"
PROSE = "Có mặt {all.arrived} trên {all.listed} đại biểu; 54 người là đông.\n- Chuẩn bị kỹ {{chu đáo}}."


@pytest.fixture
def held(app):
    with app.app_context():
        hold(52)


@pytest.fixture
def secretary(staff):
    return staff("thu")


def stored(app, section="strengths"):
    with app.app_context():
        query = db.select(ReportWording).where(ReportWording.section == section).order_by(ReportWording.revision)
        return [(one.revision, one.text, one.by) for one in db.session.scalars(query)]


def write(client, text, revision=0, address=STRENGTHS):
    return client.post(address, data={"text": text, "revision": str(revision)})


def one_more_comes(app):
    """A delegate of the list who was absent until now."""
    with app.app_context():
        seminar = cast.find_seminar()
        desk = db.session.scalars(db.select(Desk)).one()
        from seminar.agenda.models import Sitting

        sitting = db.session.scalars(db.select(Sitting)).one()
        arrive(seminar, sitting, desk, cast.add_delegate(seminar, "Lý Đến Muộn", "G1"))
        db.session.commit()


def test_oanh_and_thu_write_different_sections_and_both_print(app, held, office, secretary):
    assert office.get(STRENGTHS).status_code == secretary.get(f"{REPORT}/sections/media").status_code == 200
    assert write(office, PROSE).location == f"{REPORT}#sections"
    assert write(secretary, "Đài tỉnh đưa tin.", address=f"{REPORT}/sections/media").status_code == 303
    page = office.get(REPORT).text
    text = all_text(open_word(office.get(WORD)))
    for sentence in ("Đài tỉnh đưa tin.", "Có mặt 54 trên 56 đại biểu; 54 người là đông.", "- Chuẩn bị kỹ {chu đáo}."):
        assert sentence in text
    assert "Đài tỉnh đưa tin." in page and "1. Ưu điểm: …………" not in page
    assert ("Oanh" in page, "Thu" in page) == (True, True)
    with app.app_context():
        entries = db.session.scalars(db.select(AuditEntry).where(AuditEntry.noun == "report section"))
        assert [(one.verb, one.object_id) for one in entries] == [("write", "strengths"), ("write", "media")]


def test_a_figure_in_prose_is_a_link_to_exactly_its_rows_and_stays_fresh(app, held, office):
    write(office, "{all.arrived} {unit.1.arrived} {papers.in-print} {topic.1}")
    before = re.search(r'<p class="pre">(<a class="figure".*?)</p>', office.get(REPORT).text)[1]
    found = figures_of(before)
    assert [count for _, count in found] == [54, 2, 2, 3]
    for href, count in found:
        assert rows_of(office, href) == (count, count)
    one_more_comes(app)
    after = re.search(r'<p class="pre">(<a class="figure".*?)</p>', office.get(REPORT).text)[1]
    assert [count for _, count in figures_of(after)] == [55, 2, 2, 3]


def test_an_unknown_figure_is_refused_and_what_was_typed_stays(app, held, office):
    answer = write(office, "Có mặt {all.arived} người.")
    assert answer.status_code == 422
    assert "Không có số liệu {all.arived}" in answer.text and "Có mặt {all.arived} người.</textarea>" in answer.text
    assert stored(app) == []


@pytest.mark.parametrize("data", [{"text": "x"}, {"text": "x", "revision": "abc"}, {"revision": "0"}, {}])
def test_an_incomplete_form_is_a_sentence_and_no_error(app, held, office, data):
    answer = office.post(STRENGTHS, data=data)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert stored(app) == []


def test_two_on_the_same_section_see_both_wordings_and_neither_is_lost(app, held, office, secretary):
    assert write(secretary, "Lời của Thu.").status_code == 303
    conflict = write(office, "Lời của Oanh.")
    assert conflict.status_code == 409
    assert "Ngô Anh Thu đã lưu phần này" in conflict.text
    assert re.search(r'id="theirs">Lời của Thu\.<', conflict.text)
    assert "Lời của Oanh.</textarea>" in conflict.text
    [revision] = re.findall(r'name="revision"[^>]*value="(\d+)"', conflict.text)
    assert write(office, "Lời của Thu. Lời của Oanh.", revision).status_code == 303
    assert [text for _, text, _ in stored(app)] == ["Lời của Thu.", "Lời của Thu. Lời của Oanh."]
    assert "Lời của Thu." in office.get(STRENGTHS).text


def test_the_same_words_again_write_nothing(app, held, office, secretary):
    write(office, "Một lời.")
    assert write(office, "Một lời.").status_code == 303
    assert write(secretary, " Một  lời. ", 0).status_code == 303
    assert len(stored(app)) == 1


def test_a_section_can_be_emptied_again_and_counts_as_not_written(app, held, office):
    write(office, "Một lời.")
    assert write(office, "", 1).status_code == 303
    assert [text for _, text, _ in stored(app)] == ["Một lời.", ""]
    assert "1. Ưu điểm: …………" in office.get(REPORT).text


def test_a_section_written_with_older_figures_says_so_until_somebody_looked_through(app, held, office):
    write(office, PROSE)
    assert "Từ lần viết cuối" not in office.get(REPORT).text
    one_more_comes(app)
    row = re.search(r"Từ lần viết cuối:</span>\s*(.*?)</td>", office.get(REPORT).text, re.S)[1]
    assert row.split("; ")[0] == "có mặt 54 → 55"
    page = office.get(STRENGTHS).text
    assert "số cũ còn trong lời viết" in page
    seen = dict(re.findall(r'name="(seen-[^"]+)" value="(\d+)"', page))
    assert seen["seen-all.arrived"] == "55"
    assert office.post(f"{STRENGTHS}/figures", data={"revision": "1", **seen}).status_code == 303
    assert "Từ lần viết cuối" not in office.get(REPORT).text
    history = stored(app)
    assert [text for _, text, _ in history] == [history[0][1]] * 2
    assert "đã xem số liệu" in office.get(STRENGTHS).text


def test_what_changes_while_somebody_looks_through_is_told_afterwards(app, held, office):
    write(office, PROSE)
    one_more_comes(app)
    seen = {"seen-all.arrived": "55", "seen-all.listed": "57"}
    one_more_comes(app)
    office.post(f"{STRENGTHS}/figures", data={"revision": "1", **seen})
    assert "có mặt 55 → 56" in office.get(REPORT).text


def test_looking_through_an_older_wording_or_nothing_is_refused(app, held, office, secretary):
    assert office.post(f"{STRENGTHS}/figures", data={"revision": "0"}).status_code == 422
    write(office, "Một.")
    write(secretary, "Hai.", 1)
    answer = office.post(f"{STRENGTHS}/figures", data={"revision": "1", "seen-all.arrived": "55"})
    assert answer.status_code == 409
    assert "Hai.</textarea>" in answer.text
    assert office.post(f"{STRENGTHS}/figures", data={"revision": "x"}).status_code == 422


def test_an_empty_topic_begins_with_its_notes_and_nothing_is_saved_by_looking(app, held, office):
    with app.app_context():
        topic = cast.find_seminar().topics[0].id
    address = f"{REPORT}/sections/topic.{topic}"
    assert f"{address}?from=notes" in office.get(address).text
    begun = office.get(f"{address}?from=notes").text
    [typed] = re.findall(r"<textarea[^>]*>\s*(.*?)</textarea>", begun, re.S)
    assert "- Nêu thực trạng {{arrived}} và &lt;b&gt;số liệu&lt;/b&gt; &amp; cách làm." in typed
    assert typed.count("\n") == 2
    assert stored(app, f"topic.{topic}") == []
    from html import unescape

    assert write(office, unescape(typed), address=address).status_code == 303
    assert "- Nêu thực trạng {arrived} và <b>số liệu</b>" in all_text(open_word(office.get(WORD)))
    assert "?from=notes" not in office.get(address).text


def test_the_word_file_holds_every_note_every_section_and_the_counts_of_the_database(app, held, office):
    keys = re.findall(rf'class="strong" href="{REPORT}/sections/([^"]+)"', office.get(REPORT).text)
    assert len(keys) == 9, keys
    for key in keys:
        words = f"Lời của phần {key}: {{all.arrived}}, {{notes}}, {{papers}}."
        assert write(office, words, address=f"{REPORT}/sections/{key}").status_code == 303
    document = open_word(office.get(WORD))
    text = all_text(document)
    with app.app_context():
        seminar = cast.find_seminar()
        counts = snapshot(facts(seminar))
        assert counts["notes"] == db.session.query(Note).filter(Note.removed_at.is_(None)).count()
        assert counts["papers"] == db.session.query(Paper).count()
        assert counts["all.listed"] == db.session.query(Delegate).filter(Delegate.removed_at.is_(None)).count()
        for note in notes_of(seminar):
            for line in note.text.split("\n"):
                assert line in text, line
        said = f"{counts['all.arrived']}, {counts['notes']}, {counts['papers']}."
    for key in keys:
        assert f"Lời của phần {key}: {said.rstrip('.')}" in text, key
    assert f"Lời của phần outlook: {said.rstrip('.')}./." in text
    listed = sum(len(re.findall(rf"^- {word} – ", text, re.M)) for word in ("Tham luận", "Câu hỏi", "Trả lời"))
    assert listed + len(re.findall(r"^- (?:Kiến nghị|Đề xuất) – ", text, re.M)) == counts["notes"]


def test_recommendations_stand_by_addressee_and_those_of_nobody_are_not_lost(app, held, office):
    with app.app_context():
        seminar = cast.find_seminar()
        note = db.session.scalars(db.select(Note).where(Note.kind == NoteKind.RECOMMENDATION)).one()
        common = {"seminar_id": seminar.id, "created_at": cast.NOW, "created_by": "Thu"}
        db.session.add_all(
            [
                Recommendation(note_id=note.id, text="", addressee=Addressee.PROVINCIAL_PARTY, **common),
                Recommendation(
                    text="Ban hành hướng dẫn.", addressee=Addressee.CENTRAL_UNION, raised_by="Nhóm", **common
                ),
            ]
        )
        db.session.commit()
    text = all_text(open_word(office.get(WORD)))
    order = [
        *("1. Với Trung ương Đoàn", "Ban hành hướng dẫn.", "2. Với Tỉnh ủy", "Kiến nghị hỗ trợ kinh phí."),
        *("3. Chưa xác định cơ quan có thẩm quyền", "Đề xuất lập nhóm."),
    ]
    part = text[text.index("IV. ĐỀ XUẤT, KIẾN NGHỊ") :]
    assert [part.index(one) for one in order] == sorted(part.index(one) for one in order)
    assert "Có 1 đề xuất, kiến nghị chưa xác định cơ quan có thẩm quyền." in office.get(REPORT).text


def test_what_was_written_of_a_topic_that_left_the_plan_still_prints(app, held, office):
    with app.app_context():
        seminar = cast.find_seminar()
        topic = seminar.topics[1]
        address = f"{REPORT}/sections/topic.{topic.id}"
    write(office, "Giải pháp đã bàn.", address=address)
    with app.app_context():
        db.session.delete(cast.find_seminar().topics[1])
        db.session.commit()
    assert "Nội dung không còn trong kế hoạch" in office.get(REPORT).text
    assert "Giải pháp đã bàn." in all_text(open_word(office.get(WORD)))
    assert office.get(address).status_code == 200
    write(office, "", 1, address)
    assert f'href="{address}"' not in office.get(REPORT).text


def test_a_section_of_another_seminars_topic_is_not_found(app, held, office):
    assert [office.get(f"{REPORT}/sections/{key}").status_code for key in ("topic.999", "khong-co", "topic.x")] == [
        404
    ] * 3
    assert office.post(f"{REPORT}/sections/topic.999", data={"text": "x", "revision": "0"}).status_code == 404


def test_a_section_costs_the_same_for_few_wordings_and_for_many(app, held, office, query_count):
    write(office, "Một.")
    few = query_count(lambda: office.get(STRENGTHS))
    for revision in range(1, 6):
        write(office, f"Lần {revision}.", revision)
    assert query_count(lambda: office.get(STRENGTHS)) == few


def test_notes_of_a_subtopic_stand_under_its_topic_and_the_count_is_of_the_rows(app, held, office):
    """Also where the topic became a subtopic after the notes were written."""
    with app.app_context():
        first, second = cast.find_seminar().topics[:2]
        first.parent_id, topic, below = second.id, second.id, first.id
        db.session.commit()
    notes = f"/seminars/{cast.SLUG}/notes?topic="
    assert (f"{notes}{topic}", 3) in figures_of(office.get(REPORT).text)
    assert (f"{notes}{topic}", 3) in figures_of(office.get(f"{notes}{topic}").text)
    assert [rows_of(office, f"{notes}{one}") for one in (topic, below, 0)] == [(3, 3), (3, 3), (2, 2)]
    text = all_text(open_word(office.get(WORD)))
    part = text[text.index("II. KẾT QUẢ NỘI DUNG") : text.index("III. ĐÁNH GIÁ CHUNG")]
    assert part.count("Có 3 ý kiến được ghi:") == 1
    assert len(re.findall(r"^- (?:Tham luận|Câu hỏi|Trả lời) – ", part, re.M)) == 3
    assert "Tỉnh Đoàn chủ trì." in office.get(f"{REPORT}/sections/topic.{topic}?from=notes").text


def test_the_count_of_what_was_asked_for_is_that_of_the_rows(app, held, office):
    with app.app_context():
        common = {"seminar_id": cast.find_seminar().id, "created_at": cast.NOW, "created_by": "Thu"}
        named = {"addressee_name": "Sở Thử", "text": "Hỗ trợ."}
        db.session.add_all(
            [
                Recommendation(text="Lập nhóm nội bộ.", addressee=Addressee.UNION, **common),
                Recommendation(**named, **common),
                Recommendation(text="Chưa rõ gửi ai.", **common),
            ]
        )
        db.session.commit()
    document = open_word(office.get(WORD))
    text = all_text(document)
    assert "Ghi nhận 5 đề xuất, kiến nghị." in text
    part = text[text.index("IV. ĐỀ XUẤT, KIẾN NGHỊ") :]
    asked = (
        "Lập nhóm nội bộ.",
        "Nội bộ Đoàn",
        "Với cơ quan khác",
        "Sở Thử",
        "Chưa xác định cơ quan",
        "Chưa rõ gửi ai.",
    )
    assert [part.index(one) for one in asked] == sorted(part.index(one) for one in asked)
    address = f"/seminars/{cast.SLUG}/recommendations"
    page = office.get(REPORT).text
    assert (address, 5) in figures_of(page)
    assert rows_of(office, address) == (5, 5)
    assert "Có 3 đề xuất, kiến nghị chưa xác định cơ quan có thẩm quyền." in page
    assert f"{address}?addressee=none" in page
    assert rows_of(office, f"{address}?addressee=none") == (3, 3)


def test_a_refused_section_is_shown_without_keeping_desks_waiting(app, held, office, monkeypatch):
    """The page is counted in a reading transaction: SQLite's one writer is free meanwhile."""
    from seminar.lib import database
    from seminar.reports.views import issues, result

    seen = []
    for module in (result, issues):
        monkeypatch.setattr(module, "facts", lambda seminar: seen.append(database._is_writing()) or facts(seminar))
    assert write(office, "{khong.co}").status_code == 422
    assert write(office, "Lời.", revision=7).status_code == 409
    assert office.post(f"{REPORT}/issues", data={}).status_code == 422
    assert len(seen) > 4
    assert not any(seen)
