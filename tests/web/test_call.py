"""The call for papers: what it asks for, by when, and a later deadline for one sender."""

from datetime import date, datetime, timedelta

import pytest

from seminar.access.actor import Actor, ActorKind
from seminar.audit.models import AuditEntry
from seminar.lib.clock import from_local, local, now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.papers import actions, queries
from seminar.papers.models import Call, Extension, Submission
from seminar.planning.models import Milestone, MilestoneRule, UnitLink
from tests import cast, corpus
from tests.web.test_papers import HTMX, PAPERS, submit, unit, upload

CALL = f"{PAPERS}/call"
FORM = {
    "words_most": "3000",
    "words_least": "500",
    "pages_most": "8",
    "grace_hours": "24",
    "file_kinds": ["docx", "pdf"],
    "guidance": "Phông Times New Roman 13\nNêu rõ đề xuất, kiến nghị.",
    "is_released_at_once": "y",
}
DAY = date(2024, 3, 10)


def set_deadline(day=DAY, rule=MilestoneRule.BEFORE, closed_at=None):
    seminar = cast.find_seminar()
    milestone = Milestone(
        seminar_id=seminar.id, position=1, code="papers", rule=rule, due_on=day, text="Nhận bài", closed_at=closed_at
    )
    db.session.add(milestone)
    db.session.flush()
    return milestone


def set_call(**values):
    seminar = cast.find_seminar()
    call = queries.call_of(seminar)
    for name, value in values.items():
        setattr(call, name, value)
    call.seminar_id = seminar.id
    db.session.add(call)
    db.session.flush()


def tomorrow():
    return local(now()).date() + timedelta(days=1)


@pytest.mark.parametrize("headers", [None, HTMX])
def test_the_office_says_what_it_asks_for_and_the_log_keeps_before_and_after(app, office, headers):
    assert office.post(CALL, data=FORM, headers=headers).status_code == 303
    assert office.post(CALL, data=FORM).status_code == 303
    with app.app_context():
        call = db.session.scalars(db.select(Call)).one()
        assert (call.words_least, call.words_most, call.pages_most, call.grace_hours) == (500, 3000, 8, 24)
        assert (call.file_kinds, call.is_released_at_once) == (["docx", "pdf"], True)
        (entry,) = db.session.scalars(db.select(AuditEntry).where(AuditEntry.noun == "call"))
        assert entry.detail["words_most"] == ["4000", "3000"]
    page = office.get(CALL).text
    assert "Nêu rõ đề xuất, kiến nghị." in page
    assert ".docx, .pdf" in page


def test_nothing_set_means_four_thousand_words(office):
    assert 'value="4000"' in office.get(CALL).text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"words_least": "5000"}, "một trong hai số chưa đúng"),
        ({"file_kinds": []}, "chọn ít nhất một dạng tệp"),
        ({"grace_hours": "9999"}, "từ 0 đến 720"),
        ({"words_most": "-4"}, "để trống"),
        ({"words_most": "nhiều"}, "Hãy"),
        ({"file_kinds": ["exe"]}, "errors"),
    ],
)
def test_what_cannot_be_is_kept_in_the_form_and_not_stored(app, office, change, sentence):
    answer = office.post(CALL, data=FORM | change)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert "Nêu rõ đề xuất" in answer.text
    with app.app_context():
        assert db.session.query(Call).count() == 0


@pytest.mark.parametrize(("rule", "means"), [(MilestoneRule.BEFORE, "09/03/2024"), (MilestoneRule.UNTIL, "10/03/2024")])
def test_the_deadline_is_shown_with_its_meaning(app, office, rule, means):
    with app.app_context():
        set_deadline(rule=rule)
        db.session.commit()
    assert f"đến hết 23:59 ngày {means}" in office.get(CALL).text


def test_limits_are_remarked_on_board_paper_and_receipt_and_refuse_nothing(app, office):
    office.post(CALL, data=FORM | {"words_most": "2", "words_least": "", "file_kinds": ["pdf"]})
    assert upload(office, f"{PAPERS}/new", corpus.word("Một hai ba bốn")).status_code == 303
    for address in (PAPERS, f"{PAPERS}/1", f"{PAPERS}/1/versions/1/receipt"):
        page = office.get(address).text
        assert "Bài có 4 từ; yêu cầu tối đa 2 từ." in page
        assert "Bài gửi dạng .docx; yêu cầu dạng .pdf." in page


@pytest.mark.parametrize(
    ("moment", "is_late"),
    [
        (from_local(date(2024, 3, 9), 23, 59), False),
        (from_local(DAY, 0, 1), False),
        (from_local(DAY, 5, 59), False),
        (from_local(DAY, 6, 1), True),
    ],
)
def test_what_comes_within_the_grace_is_not_late(app, moment, is_late):
    with app.app_context():
        set_deadline()
        set_call(grace_hours=6)
        assert submit(now=moment).is_late is is_late


def test_a_unit_with_an_extension_sends_by_its_own_link_after_the_office_closed(app, office, visitor):
    office.post(f"/seminars/{cast.SLUG}/units/links")
    with app.app_context():
        set_deadline(closed_at=cast.NOW)
        unit_id = unit().id
        codes = dict(db.session.execute(db.select(UnitLink.unit_id, UnitLink.code)).all())
        db.session.commit()
    own, other = codes.pop(unit_id), next(iter(codes.values()))
    fields = {"title": "Bài", "authors": "Ban Thường vụ", "kind": "paper"}
    assert upload(visitor, f"/u/{own}/paper", **fields).status_code == 422
    form = {"unit": str(unit_id), "number": "", "until_on": tomorrow().isoformat(), "reason": "Bão lũ"}
    assert office.post(f"{PAPERS}/extensions", data=form).status_code == 303
    assert office.post(f"{PAPERS}/extensions", data=form).status_code == 303
    page = visitor.get(f"/u/{own}").text
    assert "đã gia hạn riêng" in page
    assert upload(visitor, f"/u/{own}/paper", **fields).status_code == 303
    assert upload(visitor, f"/u/{other}/paper", **fields).status_code == 422
    with app.app_context():
        assert db.session.scalars(db.select(Submission)).one().is_late is False
        extension = db.session.scalars(db.select(Extension)).one()
        assert (extension.reason, extension.by) == ("Bão lũ", "Trần Thị Oanh")
        assert db.session.scalars(db.select(AuditEntry).where(AuditEntry.noun == "deadline")).one().summary == (
            "Thành Đoàn Thử Một"
        )
    answer = office.post(f"{PAPERS}/extensions/1/withdrawal")
    assert (answer.status_code, office.post(f"{PAPERS}/extensions/1/withdrawal").status_code) == (303, 303)
    assert upload(visitor, f"/u/{own}/paper", corpus.word("Bản hai"), **fields).status_code == 422
    page = office.get(CALL).text
    assert "đã rút" in page
    assert "Bão lũ" in page
    with app.app_context():
        entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.noun == "extension")).one()
        assert entry.verb == "withdraw"


def test_an_extension_ends_with_its_day_and_its_grace(app):
    with app.app_context():
        set_deadline(closed_at=cast.NOW)
        set_call(grace_hours=2)
        day = date(2024, 3, 20)
        seminar, sender = cast.find_seminar(), unit()
        actions.extend_deadline(seminar, sender, day, "Ốm", cast.OFFICE, cast.NOW)
        by = Actor(ActorKind.UNIT, sender.name, sender.id)
        sent = submit(unit=sender, by=by, now=from_local(date(2024, 3, 21), 1, 59))
        assert sent.is_late is False
        with pytest.raises(Refused, match="no longer accepted"):
            submit("Khác", "Khác hẳn", paper=sent.paper, by=by, now=from_local(date(2024, 3, 21), 2, 1))


def test_an_extension_for_a_delegate_by_the_number(app, office):
    with app.app_context():
        cast.add_delegate(cast.find_seminar(), "Hồ Văn Ý")
        db.session.commit()
    form = {"unit": "", "number": "1", "until_on": tomorrow().isoformat(), "reason": "Đi công tác"}
    assert office.post(f"{PAPERS}/extensions", data=form).status_code == 303
    assert "Hồ Văn Ý" in office.get(CALL).text
    both = office.post(f"{PAPERS}/extensions", data=form | {"unit": "1"})
    assert (both.status_code, "không chọn cả hai" in both.text) == (422, True)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"reason": ""}, "Hãy ghi lý do gia hạn."),
        ({"until_on": ""}, "Hãy chọn ngày."),
        ({"until_on": "2020-01-01"}, "đã qua"),
        ({"unit": "", "number": ""}, "Hãy chọn đơn vị"),
        ({"unit": "", "number": "88"}, "Không có đại biểu mang số 88."),
        ({"until_on": "9999-12-31"}, "1900"),
    ],
)
def test_an_extension_that_says_too_little_is_refused(app, office, change, sentence):
    with app.app_context():
        form = {"unit": str(unit().id), "number": "", "until_on": tomorrow().isoformat(), "reason": "Bão lũ"}
    answer = office.post(f"{PAPERS}/extensions", data=form | change)
    assert answer.status_code == 422
    assert sentence in answer.text
    with app.app_context():
        assert db.session.query(Extension).count() == 0


@pytest.mark.parametrize(("login", "status"), [("oanh", 303), ("vinh", 403), ("thu", 403), ("tam", 403), ("an", 403)])
def test_only_the_office_changes_the_call(staff, login, status):
    assert staff(login).post(CALL, data=FORM).status_code == status
    assert staff(login).get(CALL).status_code == (200 if login in ("oanh", "vinh", "thu") else 403)


def test_an_extension_of_another_seminar_does_not_exist(app, office):
    with app.app_context():
        actions.extend_deadline(cast.find_seminar(), unit(), date(2024, 3, 20), "Ốm", cast.OFFICE, cast.NOW)
        cast.add_seminar("toa-dam-khac")
        db.session.commit()
    assert office.post("/seminars/toa-dam-khac/papers/extensions/1/withdrawal").status_code == 404


def test_the_later_day_counts_where_the_deadline_of_all_is_open(app):
    with app.app_context():
        milestone = set_deadline(rule=MilestoneRule.UNTIL)
        seminar, sender = cast.find_seminar(), unit()
        with pytest.raises(Refused, match="choose a later day"):
            actions.extend_deadline(seminar, sender, date(2024, 3, 9), "Ốm", cast.OFFICE, cast.NOW)
        actions.extend_deadline(seminar, sender, date(2024, 3, 12), "Ốm", cast.OFFICE, cast.NOW)
        assert queries.deadline_of(seminar, cast.NOW, unit=sender).due_at.date() == date(2024, 3, 12)
        milestone.due_on = date(2024, 3, 14)
        db.session.flush()
        deadline = queries.deadline_of(seminar, cast.NOW, unit=sender)
        assert (local(deadline.due_at).date(), deadline.is_extended) == (date(2024, 3, 14), False)
        assert isinstance(deadline.until, datetime)
