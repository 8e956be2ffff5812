"""A correction that vetting asks for: the unit reads it, is reminded of it, and sends it however late it is."""

import io
from dataclasses import replace
from datetime import timedelta

import pytest

from seminar.lib.clock import local, now
from seminar.lib.database import db
from seminar.papers import actions
from seminar.papers.models import Paper, PaperKind, Submission
from seminar.papers.queries.senders import senders
from seminar.planning.models import MilestoneRule
from tests import cast, corpus
from tests.web.test_call import set_call, set_deadline, tomorrow
from tests.web.test_paper_changes import links, send
from tests.web.test_papers import PAPERS, checked, decide, unit

__all__ = ["links"]
SENT = corpus.word("Một hai ba bốn năm")
DUE = "Gửi bản đã chỉnh sửa của bài “Bài của đơn vị”"


@pytest.fixture
def sent(visitor, links):
    """The page of the unit that sent its paper."""
    assert send(visitor, links[0], SENT).status_code == 303
    return f"/u/{links[0]}"


def send_back(app):
    with app.app_context():
        decide(db.session.scalars(db.select(Submission)).one(), needs_correction=True, note="Rút gọn phần 2")
        db.session.commit()


def close(app):
    with app.app_context():
        set_deadline(cast.NOW.date(), MilestoneRule.UNTIL, closed_at=now())
        db.session.commit()


def to_do(page):
    return page[page.index('id="missing"') : page.index('id="delegates"')]


def test_a_correction_stands_among_what_is_to_be_done_until_it_came(app, visitor, links, sent):
    assert DUE not in visitor.get(sent).text
    with app.app_context():
        set_deadline(tomorrow(), MilestoneRule.UNTIL)
        db.session.commit()
    send_back(app)
    found = to_do(visitor.get(sent).text)
    assert DUE in found
    assert f"{tomorrow():%d/%m/%Y}" in found
    assert send(visitor, links[0], corpus.word("Bản đã sửa")).status_code == 303
    assert DUE not in visitor.get(sent).text


def test_a_decision_that_is_not_released_yet_is_not_betrayed(app, visitor, links, sent):
    with app.app_context():
        set_call(is_released_at_once=False)
        db.session.commit()
    send_back(app)
    close(app)
    assert DUE not in visitor.get(sent).text
    assert send(visitor, links[0], corpus.word("Bản đã sửa")).status_code == 422


def test_what_vetting_asked_for_comes_in_after_the_office_closed_and_is_not_late(app, visitor, links, sent):
    send_back(app)
    close(app)
    page = visitor.get(sent).text
    assert DUE in to_do(page)
    assert "Gửi bản mới hơn" in page
    assert "Gửi thêm" not in page
    corrected = corpus.word("Bản đã sửa")
    assert [send(visitor, links[0], corrected).status_code for _ in range(2)] == [303, 303]
    assert send(visitor, links[0], corpus.word("Bản nữa")).status_code == 422
    with app.app_context():
        versions = db.session.scalars(db.select(Submission).order_by(Submission.version)).all()
        assert [(one.version, one.is_late) for one in versions] == [(1, False), (2, False)]
    assert "Đã ngừng nhận tham luận" in visitor.get(sent).text


def test_the_reminder_of_what_a_unit_owes_names_the_correction(app, office, sent):
    with app.app_context():
        unit().contact_email = "don.vi1@example.vn"
        db.session.commit()
    send_back(app)
    page = office.get(f"/seminars/{cast.SLUG}/units/sendings?who=behind").text
    assert page.count("gửi bản đã chỉnh sửa của bài “Bài của đơn vị”") >= 2  # in the list and in the message


def test_a_pdf_that_would_be_printed_is_not_exchanged_after_the_office_closed(app, office, visitor, sent):
    close(app)
    pdf = corpus.printed("Một hai ba bốn năm")
    fields = {"title": "Bài của đơn vị", "authors": "Ban Thường vụ", "kind": "paper", "topic": ""}
    answer = visitor.post(f"{sent}/paper", data=fields | {"beside": (io.BytesIO(pdf), "a.pdf")})
    assert answer.status_code == 422
    assert "Đã ngừng nhận" in answer.text
    form = {"channel": "email", "beside": (io.BytesIO(pdf), "a.pdf")}
    with app.app_context():
        paper = db.session.scalars(db.select(Paper.id)).one()
    assert office.post(f"{PAPERS}/{paper}/versions", data=form).status_code == 303


def test_the_office_that_closed_reads_what_it_can_do(app, office, sent):
    close(app)
    with app.app_context():
        paper = db.session.scalars(db.select(Paper.id)).one()
    form = {"channel": "email", "file": (io.BytesIO(corpus.word("Bản hai")), "a.docx")}
    answer = office.post(f"{PAPERS}/{paper}/versions", data=form)
    assert answer.status_code == 422
    assert "gia hạn riêng cho nơi gửi" in answer.text


@pytest.mark.parametrize("has_server", [True, False])
def test_where_the_receipt_will_go_is_said_without_giving_the_address_away(
    app, visitor, links, monkeypatch, has_server
):
    settings = replace(app.config["SEMINAR"], mail_server="127.0.0.1" if has_server else "")
    monkeypatch.setitem(app.config, "SEMINAR", settings)
    with app.app_context():
        unit().contact_email = "hoa.van@example.vn"
        db.session.commit()
    send(visitor, links[0], SENT)
    page = visitor.get(f"/u/{links[0]}").text
    assert ("Phiếu nhận bài sẽ được gửi đến thư điện tử của đơn vị: h…@example.vn." in page) is has_server
    assert "hoa.van" not in page


def test_the_texts_of_a_link_name_the_day_of_the_unit(app, office, links):
    with app.app_context():
        set_deadline(tomorrow(), MilestoneRule.UNTIL)
        first, second = unit(), unit("Huyện Đoàn Thử Hai")
        first.contact_email = second.contact_email = "don.vi@example.vn"
        later = local(now()).date() + timedelta(days=9)
        actions.extend_deadline(cast.find_seminar(), first, later, "Bão lũ", cast.OFFICE, now())
        ids = first.id, second.id
        db.session.commit()
    all_say, own_say = (f"gửi bài tham luận chậm nhất ngày {day:%d/%m/%Y}" for day in (tomorrow(), later))
    texts = [office.get(f"/seminars/{cast.SLUG}/units/{one}/link").text for one in ids]
    assert (own_say in texts[0], all_say in texts[0]) == (True, False)
    assert (own_say in texts[1], all_say in texts[1]) == (False, True)
    page = office.get(f"/seminars/{cast.SLUG}/units/sendings?who=behind").text
    assert own_say in page
    assert own_say in office.get(f"{PAPERS}/reminders").text


def test_after_the_office_closed_only_the_unit_with_its_own_day_is_asked(app, office, links):
    close(app)
    with app.app_context():
        actions.extend_deadline(cast.find_seminar(), unit(), tomorrow(), "Bão lũ", cast.OFFICE, now())
        ids = [unit().id, unit("Huyện Đoàn Thử Hai").id]
        db.session.commit()
    texts = [office.get(f"/seminars/{cast.SLUG}/units/{one}/link").text for one in ids]
    assert ["gửi bài tham luận" in text for text in texts] == [True, False]


def test_how_a_paper_is_taken_back_is_said(visitor, sent):
    assert "Muốn rút bài, xin gọi văn phòng" in visitor.get(sent).text


def test_the_very_same_file_again_is_said_to_be_the_same(visitor, links, sent):
    visitor.get(sent)
    send(visitor, links[0], SENT)
    page = visitor.get(sent).text
    assert "Tệp này đã nhận rồi, là bản số 1" in page
    assert "Đã nhận bài tham luận" not in page


def test_a_pdf_alone_is_said_to_stand_beside_and_the_words_sent_with_it_count(app, visitor, sent):
    visitor.get(sent)
    fields = {"title": "Tên mới", "authors": "Ban Thường vụ", "kind": "paper", "topic": "", "abstract": "Tóm tắt"}
    pdf = corpus.printed("Một hai ba bốn năm")
    assert visitor.post(f"{sent}/paper", data=fields | {"beside": (io.BytesIO(pdf), "a.pdf")}).status_code == 303
    page = visitor.get(sent).text
    assert "Bản PDF được giữ kèm bản số 1" in page
    assert "Đã nhận bài tham luận" not in page
    with app.app_context():
        paper = db.session.scalars(db.select(Paper)).one()
        assert (paper.title, paper.abstract) == ("Tên mới", "Tóm tắt")


def test_what_came_in_time_and_is_entered_later_is_not_late(app, office):
    with app.app_context():
        set_deadline(local(now()).date() - timedelta(days=1), MilestoneRule.UNTIL)
        db.session.commit()
    yesterday = (local(now()).date() - timedelta(days=1)).isoformat()
    fields = {"unit": "1", "title": "Bài", "kind": "paper", "channel": "email"}

    def enter(**values):
        upload = {"file": (io.BytesIO(SENT), "a.docx")}
        return office.post(f"{PAPERS}/new", data=fields | values | upload, content_type="multipart/form-data")

    answer = enter(came_on=tomorrow().isoformat())
    assert answer.status_code == 422
    assert "không thể sau hôm nay" in answer.text
    assert "Xin chọn lại tệp" in answer.text
    assert enter(came_on=yesterday).status_code == 303
    assert enter(unit="2").status_code == 303
    with app.app_context():
        assert [one.is_late for one in db.session.scalars(db.select(Submission).order_by(Submission.id))] == [
            False,
            True,
        ]
        first, second = (one for one in senders(cast.find_seminar(), now() + timedelta(days=3)) if one.row)
        assert (first.late_days, second.late_days) == (0, 1)
    assert "nhập vào sau" in office.get(f"{PAPERS}/1/versions/1/receipt").text
    assert "không có đại biểu mang số" in enter(number="88").text.lower()


def test_a_good_file_beside_other_bad_input_is_asked_for_again(visitor, links):
    answer = send(visitor, links[0], SENT, title="")
    assert answer.status_code == 422
    assert "Xin chọn lại tệp" in answer.text


def test_a_further_paper_of_the_unit_is_corrected_where_it_stands(app, visitor, links, sent):
    """The office entered an opening report of the unit; a link sends better versions of it, and of no other's."""
    with app.app_context():
        keynote = actions.submit_paper(
            cast.find_seminar(),
            checked("Đề dẫn"),
            title="Báo cáo đề dẫn của đơn vị",
            authors="",
            kind=PaperKind.KEYNOTE,
            unit=unit(),
            by=cast.OFFICE,
            now=cast.NOW,
        )
        decide(keynote, needs_correction=True, note="Bổ sung số liệu")
        db.session.commit()
        paper_id = keynote.paper_id
    close(app)
    page = visitor.get(sent).text
    assert page.count('enctype="multipart/form-data"') == 1
    assert f'name="paper" value="{paper_id}"' in page
    fields = {"title": "Báo cáo đề dẫn", "kind": "keynote", "paper": str(paper_id)}
    assert send(visitor, links[0], b"rac", **fields).status_code == 422
    assert send(visitor, links[0], corpus.word("Đề dẫn đã sửa"), **fields).status_code == 303
    assert send(visitor, links[1], corpus.word("Của người khác"), **fields).status_code == 404
    with app.app_context():
        rows = db.session.execute(db.select(Submission.paper_id, Submission.version).order_by(Submission.id)).all()
        assert [tuple(row) for row in rows] == [(1, 1), (paper_id, 1), (paper_id, 2)]
        assert db.session.get(Paper, paper_id).title == "Báo cáo đề dẫn"
