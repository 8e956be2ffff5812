"""Reviewers chosen, papers given and taken back, reviews written and let through to the author."""

import io
import re
from datetime import date

import pytest

from seminar.access.actor import Channel
from seminar.audit.models import AuditEntry
from seminar.delegates.models import Delegate
from seminar.lib.database import db
from seminar.mail.models import Mail
from seminar.papers.actions.vetting import release_words, review_paper
from seminar.papers.models import Advice, Assignment, Decision, DecisionDelivery, Paper, Review, Reviewer
from seminar.papers.queries import results
from seminar.papers.queries import vetting as queries
from tests import cast, corpus
from tests.web import inviting, vetting
from tests.web.vetting import PAPERS

HTMX = {"HX-Request": "true", "HX-Request-Type": "full"}
ASSIGNMENTS = f"{PAPERS}/assignments"


@pytest.fixture
def papers(app):
    """Three papers: of the first unit, of nobody, and with Vinh himself among the authors."""
    with app.app_context():
        sent = [
            vetting.submit("Của đơn vị", unit=vetting.unit(), authors="Ban Thường vụ"),
            vetting.submit("Của chuyên gia", authors="TS. Hồ Văn Ý, Trường Thử"),
            vetting.submit("Của chính mình", authors="ThS. Phạm Quang Vinh"),
        ]
        db.session.commit()
        return [one.paper_id for one in sent]


@pytest.fixture
def reviewers(app):
    """Vinh of the first unit, and Oanh of the office."""
    with app.app_context():
        made = [vetting.reviewer("vinh", vetting.unit()), vetting.reviewer("oanh")]
        db.session.commit()
        return [one.id for one in made]


def give(client, papers, reviewers, **fields):
    return client.post(ASSIGNMENTS, data={"paper": papers, "reviewer": reviewers, "how": "all"} | fields)


def pairs(app):
    with app.app_context():
        found = db.session.scalars(db.select(Assignment).order_by(Assignment.paper_id, Assignment.reviewer_id))
        return [(one.paper_id, one.reviewer_id, one.conflict) for one in found if one.withdrawn_at is None]


# Reviewers


def test_a_reviewer_is_chosen_among_staff_with_the_unit(app, office):
    page = office.get(ASSIGNMENTS).text
    assert "Chưa có ai thẩm định" in page
    offered = re.search(r'<select id="user".*?</select>', page, re.S)[0]
    assert [name in offered for name in ("Phạm Quang Vinh", "Trần Thị Oanh", "Ngô Anh Thu", "Lê Văn An")] == [
        True,
        True,
        False,
        False,
    ]
    with app.app_context():
        data = {"user": vetting.user("vinh").id, "unit": vetting.unit().id, "body": " Ban  TCKT "}
    assert office.post(f"{PAPERS}/reviewers", data=data).status_code == 303
    with app.app_context():
        one = db.session.scalars(db.select(Reviewer)).one()
        assert (one.user.name, one.unit.name, one.body) == ("Phạm Quang Vinh", "Thành Đoàn Thử Một", "Ban TCKT")
    assert office.post(f"{PAPERS}/reviewers", data=data).status_code == 422
    assert office.post(f"{PAPERS}/reviewers", data={"user": ""}).status_code == 422


def test_a_reviewer_leaves_the_list_until_papers_were_given(app, office, papers, reviewers):
    give(office, papers[1], reviewers[0])
    assert office.post(f"{PAPERS}/reviewers/{reviewers[0]}/removal").status_code == 303
    assert "Đã giao bài cho Phạm Quang Vinh" in office.get(ASSIGNMENTS).text
    office.post(f"{PAPERS}/reviewers/{reviewers[1]}/removal")
    with app.app_context():
        assert [one.id for one in db.session.scalars(db.select(Reviewer))] == [reviewers[0]]
    assert office.post(f"{PAPERS}/reviewers/{reviewers[1]}/removal").status_code == 404


@pytest.mark.parametrize("login", ["vinh", "thu", "chung"])
def test_only_the_office_chooses_and_gives(staff, papers, reviewers, login):
    client = staff(login)
    for address in (
        ASSIGNMENTS,
        f"{PAPERS}/reviewers",
        f"{PAPERS}/reviewers/{reviewers[0]}/removal",
        f"{ASSIGNMENTS}/1/withdrawal",
        f"{PAPERS}/{papers[0]}/reviews/1/release",
    ):
        assert client.post(address).status_code == 403
    assert client.get(ASSIGNMENTS).status_code == (200 if login == "vinh" else 403)


# Giving papers


@pytest.mark.parametrize("headers", [None, HTMX])
def test_several_papers_go_to_several_reviewers_with_a_due_date(app, office, papers, reviewers, headers):
    data = {"paper": [papers[1]], "reviewer": reviewers, "due_on": "2024-03-05", "how": "all"}
    assert office.post(ASSIGNMENTS, data=data, headers=headers).status_code == 303
    assert pairs(app) == [(papers[1], one, "") for one in reviewers]
    with app.app_context():
        assert {one.due_on for one in db.session.scalars(db.select(Assignment))} == {date(2024, 3, 5)}
    again = data | {"due_on": "2024-03-08"}
    assert office.post(ASSIGNMENTS, data=again, headers=headers).status_code == 303
    with app.app_context():
        assert [one.due_on for one in db.session.scalars(db.select(Assignment))] == [date(2024, 3, 8)] * 2


def test_a_conflict_is_warned_of_and_given_only_when_confirmed(app, office, papers, reviewers):
    answer = give(office, papers, reviewers[0])
    assert answer.status_code == 422
    assert "cùng đơn vị với bài" in answer.text
    assert "trùng tên một tác giả" in answer.text
    assert answer.text.count(" checked") == 6
    assert pairs(app) == []
    assert give(office, papers, reviewers[0], confirmed="yes").status_code == 303
    assert pairs(app) == [
        (papers[0], reviewers[0], "unit"),
        (papers[1], reviewers[0], ""),
        (papers[2], reviewers[0], "author"),
    ]
    assert "cùng đơn vị với bài" in office.get(f"{PAPERS}/{papers[0]}").text


def test_papers_are_shared_out_evenly_and_never_with_a_conflict(app, office, papers, reviewers):
    with app.app_context():
        more = [vetting.submit(f"Bài {number}").paper_id for number in range(3)]
        db.session.commit()
    assert give(office, [*papers, *more], reviewers, how="even", each="1").status_code == 303
    found = pairs(app)
    assert sorted(paper for paper, _, _ in found) == sorted([*papers, *more])
    assert {conflict for _, _, conflict in found} == {""}
    assert sorted(sum(one == who for _, one, _ in found) for who in reviewers) == [3, 3]
    assert give(office, [*papers, *more], reviewers, how="even", each="1").status_code == 303
    assert pairs(app) == found


def test_all_papers_of_the_list_are_given_without_ticking_each(app, office, papers, reviewers):
    give(office, papers[1], reviewers[0])
    page = office.get(f"{ASSIGNMENTS}?only=free").text
    form = page[page.index('id="assignments"') :]
    shown = re.findall(r'name="shown" value="(\d+)"', form)
    assert shown == [str(papers[0]), str(papers[2])]
    assert f'action="{ASSIGNMENTS}?only=free"' in form
    with app.app_context():
        late = vetting.submit("Gửi trong lúc ấy").paper_id
        db.session.commit()
    data = {"which": "shown", "shown": shown, "reviewer": reviewers[1], "how": "even", "each": "1"}
    assert office.post(f"{ASSIGNMENTS}?only=free", data=data).status_code == 303
    assert [(paper, one) for paper, one, _ in pairs(app)] == [
        (papers[0], reviewers[1]),
        (papers[1], reviewers[0]),
        (papers[2], reviewers[1]),
    ]
    assert late not in [paper for paper, _, _ in pairs(app)]
    answer = office.post(f"{ASSIGNMENTS}?only=free", data=data | {"reviewer": []})
    assert answer.status_code == 422
    assert 'value="shown" checked' in answer.text
    assert "Gửi trong lúc ấy" in answer.text
    assert "Của chuyên gia" not in answer.text


def test_who_cannot_be_shared_out_is_named(app, office, papers, reviewers):
    assert give(office, papers, reviewers[0], how="even", each="1").status_code == 303
    assert [paper for paper, _, _ in pairs(app)] == [papers[1]]
    page = office.get(ASSIGNMENTS).text
    assert "bài “Của đơn vị”: hãy chọn bằng tay" in page
    assert "bài “Của chính mình”: hãy chọn bằng tay" in page


@pytest.mark.parametrize(
    "data", [{}, {"paper": ["1"]}, {"reviewer": ["1"]}, {"paper": ["x"], "reviewer": ["9" * 30]}, {"due_on": "hôm nay"}]
)
def test_nothing_ticked_is_told_and_nothing_given(app, office, papers, reviewers, data):
    assert office.post(ASSIGNMENTS, data=data).status_code == 422
    assert pairs(app) == []


def test_the_list_opens_on_papers_without_a_reviewer(office, papers, reviewers):
    give(office, papers[1], reviewers[0])
    assert "2 bài chưa giao thẩm định" in office.get(ASSIGNMENTS).text
    page = office.get(f"{ASSIGNMENTS}?only=free").text
    assert re.search(r'id="assignments".*?data-total="(\d)"', page, re.S)[1] == "2"
    assert "Của chuyên gia" not in page


def test_a_paper_is_taken_back_with_a_reason_and_what_was_said_stays(app, office, staff, papers, reviewers):
    give(office, papers[1], reviewers[0])
    staff("vinh").post(f"{PAPERS}/{papers[1]}/versions/1/review", data={"advice": "print", "for_office": "Được"})
    address = f"{ASSIGNMENTS}/1/withdrawal"
    office.post(address, data={"why": " "})
    assert len(pairs(app)) == 1
    assert office.post(address, data={"why": "Đi công tác"}).status_code == 303
    assert office.post(address, data={"why": "Lần nữa"}).status_code == 303
    assert pairs(app) == []
    page = office.get(f"{PAPERS}/{papers[1]}").text
    assert "Đi công tác" in page
    assert "Được" in page
    answer = staff("vinh").post(f"{PAPERS}/{papers[1]}/versions/1/review", data={"advice": "print"})
    assert answer.status_code == 403
    give(office, papers[1], reviewers[0])
    assert len(pairs(app)) == 1


def test_the_page_costs_the_same_for_one_and_for_many_papers(app, office, papers, reviewers, query_count):
    give(office, papers[1], reviewers[0])
    office.get(ASSIGNMENTS)
    one = query_count(lambda: office.get(ASSIGNMENTS))
    with app.app_context():
        for number in range(20):
            vetting.assign(vetting.submit(f"Bài {number}"), "oanh")
        db.session.commit()
    assert query_count(lambda: office.get(ASSIGNMENTS)) == one


# What a reviewer sees and says


def test_a_reviewer_sees_what_is_open_overdue_and_done(app, staff, papers, reviewers):
    client = staff("vinh")
    assert "Chưa có bài nào được giao" in client.get(f"{PAPERS}/mine").text
    with app.app_context():
        first = vetting.assign(vetting.submit("Đã quá hạn"))
        first.due_on = date(2024, 3, 1)
        vetting.assign(vetting.submit("Còn hạn")).due_on = date(2999, 1, 1)
        done = vetting.assign(vetting.submit("Xong rồi"))
        paper_id = done.paper_id
        db.session.commit()
    client.post(f"{PAPERS}/{paper_id}/versions/1/review", data={"advice": "present"})
    page = client.get(f"{PAPERS}/mine").text
    shown = re.findall(r"<tr[^>]*>\s*<td class=\"wide\"><a[^>]*>([^<]+)</a>.*?data-tone=\"(\w+)\">", page, re.S)
    assert [title for title, _ in shown] == ["Đã quá hạn", "Còn hạn", "Xong rồi"]
    listing = client.get(PAPERS).text
    assert "2 bài đang chờ bạn" in listing
    assert "Của đơn vị" in listing
    with app.app_context():
        vetting.submit("", corpus.word("Bản mới"), paper=db.session.get(Paper, paper_id))
        db.session.commit()
    assert "đã có bản mới hơn" in client.get(f"{PAPERS}/mine").text


def review(client, paper_id, version=1, content=None, headers=None, **fields):
    data = {"advice": "print"} | fields
    if content is not None:
        data["file"] = (io.BytesIO(content), "Nhận xét.docx")
    address = f"{PAPERS}/{paper_id}/versions/{version}/review"
    return client.post(address, data=data, content_type="multipart/form-data", headers=headers)


@pytest.fixture
def given(app):
    """A paper given to Vinh."""
    with app.app_context():
        paper_id = vetting.assign(vetting.submit("Được giao")).paper_id
        db.session.commit()
        return paper_id


@pytest.mark.parametrize("headers", [None, HTMX])
def test_a_review_keeps_advice_marks_words_and_the_commented_file(app, staff, given, headers):
    client = staff("vinh")
    with app.app_context():
        topics = [topic.id for topic in cast.find_seminar().topics]
    commented = corpus.word("Có ghi nhận xét")
    answer = review(
        client,
        given,
        content=commented,
        headers=headers,
        advice="correct",
        for_author="Bổ sung số liệu",
        for_office="Bài khá",
        **{f"mark-{topics[0]}": "3", f"mark-{topics[1]}": ""},
    )
    assert (answer.status_code, answer.location) == (303, f"{PAPERS}/mine")
    with app.app_context():
        one = db.session.scalars(db.select(Review)).one()
        assert (one.advice, one.for_author, one.for_office, one.by, one.submission.version) == (
            Advice.CORRECT,
            "Bổ sung số liệu",
            "Bài khá",
            "Phạm Quang Vinh",
            1,
        )
        assert [(mark.topic_id, mark.value) for mark in one.marks] == [(topics[0], 3)]
    file = client.get(f"{PAPERS}/{given}/reviews/1/file")
    assert file.data == commented
    assert file.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert file.headers["Content-Disposition"].startswith("attachment")
    assert client.get(f"{PAPERS}/{given}/reviews/2/file").status_code == 404
    page = client.get(f"{PAPERS}/{given}/versions/1/reading").text
    assert "Bổ sung số liệu" in page
    assert re.search(rf'name="mark-{topics[0]}".*?value="3" selected', page, re.S)


def test_saying_the_same_again_changes_nothing_and_otherwise_both_stay(app, staff, given):
    client = staff("vinh")
    for words in ("Một", "Một", "Hai"):
        assert review(client, given, for_office=words).status_code == 303
    with app.app_context():
        assert [one.for_office for one in db.session.scalars(db.select(Review).order_by(Review.id))] == ["Một", "Hai"]


def test_a_file_with_comments_stays_when_only_words_change(app, staff, given):
    client = staff("vinh")
    review(client, given, content=corpus.word("Ghi"))
    review(client, given, for_office="Thêm")
    with app.app_context():
        vetting.submit("", corpus.word("Bản hai"), paper=db.session.get(Paper, given))
        db.session.commit()
    review(client, given, version=2, for_office="Bản hai")
    with app.app_context():
        found = db.session.scalars(db.select(Review).order_by(Review.id)).all()
        assert [bool(one.file_sha256) for one in found] == [True, True, False]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"advice": ""}, "Hãy chọn đề nghị."),
        ({"advice": "accept"}, "Lựa chọn này không có trong danh sách."),
        ({"advice": "correct", "for_office": "Kém"}, "Hãy ghi cho tác giả những gì cần chỉnh sửa."),
        ({"advice": "reject", "for_office": ""}, "Hãy ghi vì sao không nên nhận bài."),
        ({"for_author": "dài" * 5000, "for_office": "Kém"}, "10000"),
        ({"content": b"MZ not a document"}, "Word"),
    ],
)
def test_a_review_that_says_too_little_is_kept_in_the_form(app, staff, given, fields, sentence):
    answer = review(staff("vinh"), given, **({"for_office": "“Giữ lại”"} | fields))
    assert answer.status_code == 422
    assert sentence in answer.text
    if "for_office" not in fields:
        assert "“Giữ lại”" in answer.text
    with app.app_context():
        assert db.session.query(Review).count() == 0


def test_a_review_is_of_the_version_that_was_read(app, staff, given):
    client = staff("vinh")
    with app.app_context():
        vetting.submit("", corpus.word("Bản hai"), paper=db.session.get(Paper, given))
        db.session.commit()
    review(client, given, version=1, for_office="Về bản một")
    page = client.get(f"{PAPERS}/{given}").text
    assert "về bản cũ" in page
    assert "so với bản 1" in client.get(f"{PAPERS}/{given}/versions/2/reading").text


def test_another_reviewer_and_others_cannot_review_what_was_not_given(app, staff, given):
    assert review(staff("oanh"), given).status_code == 403
    assert review(staff("thu"), given).status_code == 403
    assert review(staff("vinh"), given, version=9).status_code == 404
    page = staff("thu").get(f"{PAPERS}/{given}/versions/1/reading")
    assert page.status_code == 200
    assert "không giao cho bạn" in page.text


def test_a_reviewer_reads_the_others_only_after_the_own_word(app, staff, office, given):
    with app.app_context():
        vetting.reviewer("oanh")
        db.session.commit()
        paper = db.session.get(Paper, given)
        vetting.assign(paper.submissions[0], "oanh")
        db.session.commit()
    review(office, given, for_office="Lời của văn phòng", advice="present", content=corpus.word("Ghi"))
    vinh, file, advice = staff("vinh"), f"{PAPERS}/{given}/reviews/1/file", "in kỷ yếu và trình bày</span>"
    assert "Lời của văn phòng" not in vinh.get(f"{PAPERS}/{given}").text
    assert vinh.get(file).status_code == 403
    assert advice in office.get(ASSIGNMENTS).text
    assert advice not in vinh.get(ASSIGNMENTS).text
    review(vinh, given, for_office="Lời của Vinh")
    assert "Lời của văn phòng" in vinh.get(f"{PAPERS}/{given}").text
    assert vinh.get(file).status_code == 200
    assert advice in vinh.get(ASSIGNMENTS).text
    assert "Lời của văn phòng" not in staff("thu").get(f"{PAPERS}/{given}").text
    assert staff("thu").get(file).status_code == 403


@pytest.mark.parametrize("number", [0, 2])
def test_a_reviewer_does_not_read_who_says_what_of_a_paper_of_the_own_unit_or_of_his_own(
    app, staff, office, papers, reviewers, number
):
    with app.app_context():
        vetting.assign(db.session.get(Paper, papers[number]).submissions[0], "oanh")
        db.session.commit()
    review(office, papers[number], for_office="Lời của văn phòng", advice="present", content=corpus.word("Ghi"))
    vinh = staff("vinh")
    page = vinh.get(f"{PAPERS}/{papers[number]}").text
    assert "Lời của văn phòng" not in page
    assert "Bài này liên quan đến bạn" in page
    assert vinh.get(f"{PAPERS}/{papers[number]}/reviews/1/file").status_code == 403
    assert "in kỷ yếu và trình bày</span>" not in vinh.get(ASSIGNMENTS).text


def test_words_for_the_author_pass_only_through_the_office(app, staff, office, given):
    def said():
        decision = Decision(paper_id=given, submission_id=db.session.get(Paper, given).submissions[0].id)
        return queries.words_for_author([decision]).get(given, [])

    review(staff("vinh"), given, for_author="Xin thêm số liệu", for_office="Bí mật")
    address = f"{PAPERS}/{given}/reviews/1/release"
    with app.app_context():
        assert said() == []
    assert office.post(address).status_code == 303
    assert office.post(address).status_code == 303
    with app.app_context():
        assert said() == ["Xin thêm số liệu"]
        assert results.outcomes([db.session.get(Paper, given)]) == {}
    assert office.post(f"{address}/reversal").status_code == 303
    with app.app_context():
        assert said() == []
    review(staff("vinh"), given, for_author="", for_office="Chỉ văn phòng")
    assert office.post(f"{PAPERS}/{given}/reviews/2/release").status_code == 422
    assert office.post(f"{PAPERS}/{given}/reviews/3/release").status_code == 404


def test_a_late_reviewer_is_reminded_once_a_day_of_what_is_open(app, office, staff, papers, reviewers):
    give(office, papers[1:], reviewers[1], due_on="2024-02-20")
    give(office, papers[0], reviewers[1])
    with app.app_context():
        vetting.decide(db.session.get(Paper, papers[2]).submissions[0], in_print=True)
        db.session.commit()
    page = office.get(ASSIGNMENTS).text
    row = re.search(r"<tr data-row><td class=\"strong\">Trần Thị Oanh.*?</tr>", page, re.S)[0]
    assert [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r'<td class="num">(.*?)</td>', row, re.S)] == [
        "3",
        "2",
        "1",
    ]
    assert "đã có kết luận" in page
    address = f"{PAPERS}/reviewers/{reviewers[1]}/reminder"
    assert staff("vinh").post(address).status_code == 403
    assert office.post(address).status_code == 303
    assert "đã được nhắc" in office.get(office.post(address).location).text
    with app.app_context():
        mail = db.session.scalars(db.select(Mail)).one()
        assert (mail.to_address, mail.purpose) == (vetting.user("oanh").email, "review reminder")
        assert "02 bài tham luận" in mail.text
        assert "1. “Của chuyên gia” – đã quá hạn 20/02/2024\n2. “Của đơn vị”\n" in mail.text
        assert f"{PAPERS}/mine" in mail.text
    assert "Của chính mình" not in mail.text
    for paper in papers[:2]:
        office.post(f"{PAPERS}/{paper}/versions/1/review", data={"advice": "print"})
    assert "Nhắc qua thư" not in office.get(ASSIGNMENTS).text
    assert "đã thẩm định hết" in office.get(office.post(address).location).text


def test_what_is_said_is_only_ever_text_and_the_log_names_no_words(app, staff, office, given):
    canary = "\"><svg onload=x>'&{{7*7}}"
    review(staff("vinh"), given, for_author=canary, for_office=canary)
    page = office.get(f"{PAPERS}/{given}").text
    assert "<svg onload" not in page
    assert page.count("{{7*7}}") == 2
    with app.app_context():
        entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.verb == "vet")).one()
        assert canary not in str(entry.detail)


# What pages cost


@pytest.fixture
def sixty(app):
    """Gives Oanh papers of so many experts, each with two versions, a review with marks, and a decision that was told."""

    def add(names: list[str]) -> None:
        people = inviting.invite(*((name, "G2", {"email": "chuyengia@example.vn"}) for name in names))
        seminar = cast.find_seminar()
        for number, (name, delegate_id) in enumerate(people.items()):
            sent = vetting.submit(f"Bài của {name}", delegate=db.session.get(Delegate, delegate_id), authors=name)
            one = vetting.assign(sent, "oanh")
            marks = {topic.id: 2 for topic in seminar.topics}
            said = {"advice": Advice.PRINT, "for_author": "Tốt", "marks": marks, "by": cast.OFFICE, "now": cast.NOW}
            release_words(review_paper(one, sent, **said), cast.OFFICE, cast.NOW)
            decision = vetting.decide(sent, in_print=True, on_stage=number % 2 == 0)
            if number % 3 == 0:
                vetting.submit("", corpus.word(f"Bản hai của {name}"), paper=db.session.get(Paper, sent.paper_id))
            if number % 3 == 1:
                told = DecisionDelivery(decision_id=decision.id, channel=Channel.ZALO, at=cast.NOW, by="Oanh")
                db.session.add(told)
        db.session.commit()

    with app.app_context():
        add(["Hồ Văn Ý", "Lý Thị Xa", "Vũ Văn Đô"])
    return lambda: add([f"Người Thứ {number}" for number in range(57)])


@pytest.mark.parametrize("page", ["", "/board", "/board.xlsx", "/assignments", "/mine", "/results", "/results/mails"])
def test_every_list_costs_the_same_for_three_and_for_sixty_papers(app, office, sixty, query_count, page):
    address = f"{PAPERS}{page}"
    assert office.get(address).status_code == 200
    three = query_count(lambda: office.get(address))
    with app.app_context():
        sixty()
    assert office.get(address).status_code == 200
    assert query_count(lambda: office.get(address)) == three
