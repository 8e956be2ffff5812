"""The page of the proceedings: parts, order and words; who may what."""

import pytest

from seminar.lib.database import db
from seminar.papers.models import PaperKind
from seminar.reports.models import Part, PartKind, Proceedings
from tests import cast
from tests.web.booking import accept, book_of, order_of

PAGE = f"/seminars/{cast.SLUG}/proceedings"


@pytest.fixture
def begun(app, office):
    """Four papers in four usual parts, the book begun."""
    with app.app_context():
        seminar = cast.find_seminar()
        units = list(db.session.scalars(db.select(cast.Unit).order_by(cast.Unit.position)))
        leader = cast.add_delegate(seminar, "Lê Thị Mai", "G1")
        young = cast.add_delegate(seminar, "Trần Văn Trẻ", "T5")
        ids = {
            "keynote": accept(seminar, "Báo cáo đề dẫn", kind=PaperKind.KEYNOTE),
            "second": accept(seminar, "Tham luận của Thử Hai", unit=units[1]),
            "first": accept(seminar, "Tham luận của Thử Một", unit=units[0]),
            "leader": accept(seminar, "Tham luận của lãnh đạo", delegate=leader),
            "story": accept(seminar, "Vì sao tôi vào Đảng", delegate=young),
        }
        db.session.commit()
    assert office.post(PAGE).status_code == 303
    return ids


def test_looking_begins_nothing_and_the_office_begins_it_once(app, office, staff):
    page = office.get(PAGE)
    assert page.status_code == 200 and "Bắt đầu kỷ yếu" in page.text
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Proceedings)) == 0
    for _ in range(2):
        assert office.post(PAGE).status_code == 303
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Proceedings)) == 1
        assert len(book_of().parts) == 8
    assert staff("thu").get(PAGE).status_code == 200


def test_papers_stand_in_their_usual_parts_units_in_the_order_of_the_directory(app, begun):
    with app.app_context():
        order = order_of()
    assert order == {
        "reports": [begun["keynote"]],
        "experts": [begun["leader"]],
        "units": [begun["first"], begun["second"]],
        "stories": [begun["story"]],
    }


def test_numbers_put_a_paper_where_they_say_and_into_another_part(app, office, begun):
    with app.app_context():
        parts = {part.role: part.id for part in book_of().parts}
    said = {f"part-{begun['second']}": parts["units"], f"number-{begun['second']}": "1"}
    assert office.post(f"{PAGE}/order", data=said).status_code == 303
    said = {f"part-{begun['keynote']}": parts["units"], f"number-{begun['keynote']}": "2"}
    assert office.post(f"{PAGE}/order", data=said).status_code == 303
    with app.app_context():
        assert order_of()["units"] == [begun["second"], begun["keynote"], begun["first"]]
        assert "reports" not in order_of()
        new = accept(
            cast.find_seminar(), "Bài đến sau", delegate=cast.add_delegate(cast.find_seminar(), "Đỗ Sau", "T2")
        )
        db.session.commit()
        assert order_of()["units"] == [begun["second"], begun["keynote"], begun["first"], new]


def test_a_number_that_is_none_is_told_and_nothing_is_moved(app, office, begun):
    with app.app_context():
        parts, before = {part.role: part.id for part in book_of().parts}, order_of()
    said = {f"part-{begun['second']}": parts["units"], f"number-{begun['second']}": "một"}
    answer = office.post(f"{PAGE}/order", data=said)
    assert answer.status_code == 422 and "ghi bằng số" in answer.text
    with app.app_context():
        assert order_of() == before


def test_a_part_that_was_removed_meanwhile_is_told(app, office, begun):
    with app.app_context():
        parts = {part.role: part.id for part in book_of().parts}
    assert office.post(f"{PAGE}/parts/{parts['stories']}/removal").status_code == 303
    said = {f"part-{begun['leader']}": parts["stories"], f"number-{begun['leader']}": "1"}
    answer = office.post(f"{PAGE}/order", data=said)
    assert answer.status_code == 422 and "Phần đó không còn nữa" in answer.text
    with app.app_context():
        assert order_of()["units"] == [begun["first"], begun["second"], begun["story"]], "the last part of papers"


def test_parts_are_added_renamed_moved_and_removed_and_no_paper_is_lost(app, office, begun):
    assert office.post(f"{PAGE}/parts", data={"part_title": " ", "kind": "text"}).status_code == 422
    answer = office.post(f"{PAGE}/parts", data={"part_title": "Phụ lục ảnh", "kind": "text"})
    assert answer.status_code == 303
    part_id = int(answer.location.rsplit("-", 1)[1])
    assert office.post(f"{PAGE}/parts/{part_id}/position", data={"to": "up"}).status_code == 303
    said = {"title": "Phụ lục 3", "text": "Dòng một\r\nDòng hai"}
    assert office.post(f"{PAGE}/parts/{part_id}", data=said).status_code == 303
    assert office.post(f"{PAGE}/parts/{part_id}", data={"title": "", "text": ""}).status_code == 422
    assert office.post(f"{PAGE}/parts/{part_id}/position", data={"to": "aside"}).status_code == 400
    with app.app_context():
        part = book_of().parts[-2]
        assert (part.id, part.title, part.text, part.kind) == (
            part_id,
            "Phụ lục 3",
            "Dòng một\nDòng hai",
            PartKind.TEXT,
        )
        of_papers = [one.id for one in book_of().parts if one.kind == PartKind.PAPERS]
    for one in of_papers:
        assert office.post(f"{PAGE}/parts/{one}/removal").status_code == 303
    page = office.get(PAGE)
    assert "hãy thêm một phần cho tham luận" in page.text and "Báo cáo đề dẫn" in page.text
    assert office.post(f"{PAGE}/parts/{of_papers[0]}/removal").status_code == 404


def test_words_are_kept_and_the_secretary_writes_texts_but_no_titles(app, office, staff, begun):
    secretary = staff("thu")
    said = {"title": "", "licence": "12/GP", "boards": "Ban chỉ đạo:\r\nĐ/c A", "foreword": "Một.\r\nHai."}
    assert secretary.post(f"{PAGE}/words", data=said).status_code == 303
    too_long = office.post(f"{PAGE}/words", data=said | {"title": "x" * 301})
    assert too_long.status_code == 422 and "x" * 301 in too_long.text
    with app.app_context():
        part_id = book_of().parts[0].id
    answer = secretary.post(f"{PAGE}/parts/{part_id}", data={"title": "Của thư ký", "text": "Lời dẫn"})
    assert answer.status_code == 303
    with app.app_context():
        book = book_of()
        assert (book.licence, book.boards, book.foreword) == ("12/GP", "Ban chỉ đạo:\nĐ/c A", "Một.\nHai.")
        assert (book.parts[0].text, "Của thư ký" in book.parts[0].title) == ("Lời dẫn", False)
    for path in (
        "",
        "/order",
        "/parts",
        f"/parts/{part_id}/position",
        f"/parts/{part_id}/removal",
        "/readers",
        "/builds",
    ):
        assert secretary.post(PAGE + path).status_code == 403


def test_what_is_missing_of_a_paper_stands_beside_it(app, office, begun, monkeypatch):
    from seminar.papers import converting

    monkeypatch.setenv("PATH", "/nowhere")
    converting.program.cache_clear()
    try:
        with app.app_context():
            seminar = cast.find_seminar()
            accept(seminar, "Bài sửa", unit=None, needs_correction=True)
            withdrawn = accept(seminar, "Bài rút")
            db.session.get(cast_paper(), withdrawn).withdrawn_at = cast.NOW
            accept(seminar, "Bài có bản mới", versions=2)
            db.session.commit()
        page = office.get(PAGE).text
        assert "Bài còn phải chỉnh sửa nên chưa in." in page
        assert "Bài đã được rút nên không in." in page
        assert "Bản 2 đến sau khi kết luận; kỷ yếu in bản 1 là bản đã kết luận." in page
        assert "máy này không có LibreOffice" in page
    finally:
        converting.program.cache_clear()


def cast_paper():
    from seminar.papers.models import Paper

    return Paper


def test_who_reads_the_book_is_a_setting(app, office, begun):
    assert office.post(f"{PAGE}/readers", data={"is_open": "1"}).status_code == 303
    page = office.get(PAGE)
    assert "không có giấy phép xuất bản" in page.text
    assert office.post(f"{PAGE}/readers", data={"is_open": "0"}).status_code == 303
    with app.app_context():
        assert book_of().is_open is False


def test_the_page_costs_the_same_with_three_and_with_forty_papers(app, office, begun, query_count):
    few = query_count(lambda: office.get(PAGE))
    with app.app_context():
        seminar = cast.find_seminar()
        for n in range(36):
            accept(seminar, f"Bài {n}", delegate=cast.add_delegate(seminar, f"Lê Văn {n}", "G2"))
        db.session.commit()
    assert query_count(lambda: office.get(PAGE)) == few
    assert few < 25


def test_strangers_and_other_roles_are_kept_out(app, visitor, staff, begun):
    assert visitor.get(PAGE).status_code in (302, 303)
    for login in ("vinh", "tam", "chung"):
        assert staff(login).get(PAGE).status_code == 403
    assert staff("oanh").get("/seminars/khong-co/proceedings").status_code == 404


def test_the_order_is_saved_through_htmx_too(app, office, begun):
    with app.app_context():
        parts = {part.role: part.id for part in book_of().parts}
    said = {f"part-{begun['second']}": parts["units"], f"number-{begun['second']}": "1"}
    answer = office.post(f"{PAGE}/order", data=said, headers={"HX-Request": "true"}, follow_redirects=True)
    assert answer.status_code == 200 and 'id="papers"' in answer.text
    with app.app_context():
        assert order_of()["units"] == [begun["second"], begun["first"]]
        assert db.session.scalar(db.select(db.func.count()).select_from(Part)) == 8
