"""Excerpts for the proceedings: chosen on the page of notes, one by one or the usual ones at once; and who came."""

from datetime import timedelta

import pytest

from seminar.audit.models import AuditEntry
from seminar.invitations.models import Invitation, Proxy, ProxyOutcome
from seminar.lib.database import db
from seminar.minutes.models import Note, NoteKind
from seminar.minutes.queries import excerpts_of
from seminar.reports.actions import begin_proceedings
from seminar.reports.documents.book import DelegateRow, Excerpt
from seminar.reports.documents.proceedings import book_of, delegates_who_came, empty_parts, excerpt
from seminar.reports.models import PartKind
from seminar.reports.queries.proceedings import arrange
from seminar.reports.rules.privacy import contacts_in
from tests import cast, reception
from tests.web.test_notes import HTMX, NOTES, add_programme

CHOOSE = f"{NOTES}/excerpts"
PHONE = "0912345678"


@pytest.fixture
def hall(app):
    """Two items and five notes, spoken in another order than written; the ids of the notes."""
    with app.app_context():
        seminar = cast.find_seminar()
        papers, discussion = add_programme(seminar).items
        notes = [
            (discussion, NoteKind.CONCLUSION, "Đỗ Văn Đạt, Bí thư Thành Đoàn Thử Một", "Giao các chi bộ.", 9),
            (discussion, NoteKind.OPINION, "Nguyễn Thị Ánh, Trưởng ban", "Cần thêm lớp tối.", 5),
            (papers, NoteKind.GUIDANCE, "", "Làm ngay trong quý.", 3),
            (discussion, NoteKind.GUIDANCE, "Một lãnh đạo", "Bỏ đi rồi.", 6),
            (papers, NoteKind.PAPER, "Đỗ Văn Đạt", "Trình bày.", 1),
        ]
        made = [
            Note(
                seminar_id=seminar.id,
                item=item,
                key=f"key-{number}",
                kind=kind,
                speaker=speaker,
                text=text,
                spoken_at=cast.NOW + timedelta(minutes=minute),
                created_at=cast.NOW,
                created_by="Thu",
            )
            for number, (item, kind, speaker, text, minute) in enumerate(notes)
        ]
        made[3].removed_at = cast.NOW
        db.session.add_all(made)
        db.session.commit()
        return [note.id for note in made]


@pytest.fixture
def secretary(staff):
    return staff("thu")


def chosen(app):
    with app.app_context():
        return [note.text for note in excerpts_of(cast.find_seminar())]


def audited(app):
    with app.app_context():
        return [
            (one.verb, one.noun, one.actor_name)
            for one in db.session.scalars(db.select(AuditEntry).order_by(AuditEntry.id))
        ]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_thu_chooses_a_note_and_takes_it_back(app, hall, secretary, headers):
    for _ in range(2):  # doing it twice is harmless
        answer = secretary.post(f"{NOTES}/{hall[1]}/excerpt?kind=opinion", headers=headers)
        assert answer.status_code == 303
        assert answer.location == f"{NOTES}?kind=opinion#note-{hall[1]}"
    assert chosen(app) == ["Cần thêm lớp tối."]
    page = secretary.get(f"{NOTES}?kind=opinion", headers=headers).text
    assert f'id="excerpt-{hall[1]}" aria-pressed="true"' in page
    assert f"{NOTES}/{hall[1]}/excerpt/reversal?kind=opinion" in page
    for _ in range(2):
        assert secretary.post(f"{NOTES}/{hall[1]}/excerpt/reversal", headers=headers).status_code == 303
    assert chosen(app) == []
    assert audited(app) == [("choose", "excerpt", "Ngô Anh Thu"), ("remove", "excerpt", "Ngô Anh Thu")]


def test_one_press_chooses_all_guidance_and_conclusions(app, hall, secretary):
    assert "Chọn cả 2 chỉ đạo, kết luận" in secretary.get(NOTES).text
    assert secretary.post(CHOOSE).location == f"{NOTES}?excerpt=1"
    assert "Đã thêm 2 chỉ đạo, kết luận" in secretary.get(f"{NOTES}?excerpt=1").text
    assert chosen(app) == ["Làm ngay trong quý.", "Giao các chi bộ."]  # as the programme ran, not as they were written
    page = secretary.get(f"{NOTES}?excerpt=1").text
    assert page.count("data-row") == 2
    assert 'id="usual-excerpts" method="post" action="/seminars/toa-dam-thu/notes/excerpts" hidden' in page
    secretary.post(CHOOSE)
    assert len(audited(app)) == 2


def test_what_was_chosen_by_hand_stays(app, hall, secretary):
    secretary.post(f"{NOTES}/{hall[1]}/excerpt")
    secretary.post(CHOOSE)
    assert chosen(app) == ["Làm ngay trong quý.", "Cần thêm lớp tối.", "Giao các chi bộ."]


def test_a_removed_note_is_not_chosen_and_does_not_print(app, hall, secretary):
    answer = secretary.post(f"{NOTES}/{hall[3]}/excerpt", follow_redirects=True)
    assert "Trong lúc đó ghi chép này đã bị gỡ." in answer.text
    secretary.post(f"{NOTES}/{hall[1]}/excerpt")
    secretary.post(f"{NOTES}/{hall[1]}/removal")
    assert chosen(app) == []
    secretary.post(f"{NOTES}/{hall[1]}/removal/reversal")
    assert chosen(app) == ["Cần thêm lớp tối."]


def test_the_place_in_a_long_list_is_kept(app, hall, secretary):
    assert (
        secretary.post(f"{NOTES}/{hall[1]}/excerpt?page=3&item=1").location == f"{NOTES}?item=1&page=3#note-{hall[1]}"
    )
    assert secretary.post(f"{NOTES}/{hall[1]}/excerpt?item=//evil.example").location == f"{NOTES}#note-{hall[1]}"


@pytest.mark.parametrize("path", ["excerpts", "1/excerpt", "1/excerpt/reversal"])
def test_only_who_writes_notes_chooses(app, hall, visitor, staff, path):
    assert visitor.post(f"{NOTES}/{path}").status_code in (302, 303, 401)
    assert staff("chung").post(f"{NOTES}/{path}").status_code == 403
    assert staff("thu").get(f"{NOTES}/{path}").status_code in (404, 405)
    assert chosen(app) == []


def test_a_note_that_is_not_there_is_not_found(hall, secretary):
    assert secretary.post(f"{NOTES}/999999/excerpt").status_code == 404
    assert secretary.post(f"{NOTES}/999999/excerpt/reversal").status_code == 404


def test_the_page_of_the_proceedings_leads_to_the_notes(app, hall, staff, secretary):
    book = f"/seminars/{cast.SLUG}/proceedings"
    staff("oanh").post(book)
    assert f'href="{NOTES}"' in secretary.get(book).text
    secretary.post(CHOOSE)
    page = secretary.get(book).text
    assert f'href="{NOTES}?excerpt=1"' in page
    assert "lược ghi ý kiến trao đổi: 2" in page


def test_an_excerpt_prints_who_spoke_with_the_duty(app, hall):
    with app.app_context():
        notes = {note.id: note for note in db.session.scalars(db.select(Note))}
        assert excerpt(notes[hall[0]]) == Excerpt(
            "Đỗ Văn Đạt", "Bí thư Thành Đoàn Thử Một", "Kết luận", "Giao các chi bộ."
        )
        assert excerpt(notes[hall[2]]) == Excerpt("…………", "", "Chỉ đạo", "Làm ngay trong quý.")


@pytest.fixture
def arrived(app):
    """In the hall: a co-chair, two guests (one of them a proxy), a delegate of a unit; two others did not come."""
    desk = reception.device(app)
    with app.app_context():
        people = [
            reception.add_person("Cù Đông Mẫn", "T2", body="Thành Đoàn Thử Một", position="Bí thư", phone=PHONE),
            reception.add_person("Mạc Hạ Vân", "G1", body="Ban Dân vận", position="Trưởng ban", academic_title="TS."),
            reception.add_person(
                "Tống Quế Lam", "CT2", body="Tỉnh Đoàn Thử", position="Bí thư", email="lam@example.vn"
            ),
            reception.add_person("Ninh Trúc Diễm", "G1", body="Sở Thử", position="Giám đốc"),
        ]
        reception.add_person("Bành Sơn Khuê", "G1", body="Không đến")
        delegate_id, _ = people[3]
        db.session.add(
            Proxy(
                delegate_id=delegate_id,
                name="Giáp Sơn Toại",
                position="Phó Giám đốc",
                reason="bận",
                proposed_at=cast.NOW,
                proposed_by="x",
                channel="page",
                outcome=ProxyOutcome.APPROVED,
                decided_at=cast.NOW,
                decided_by="Oanh",
            )
        )
        db.session.flush()
        invitation = db.session.scalars(db.select(Invitation).where(Invitation.delegate_id == delegate_id)).one()
        invitation.proxy_id = db.session.scalars(db.select(Proxy.id)).one()
        db.session.commit()
    desk.told(*(reception.scan(code) for _, code in people))


def test_the_book_names_who_came_in_protocol_order_without_telephone_or_address(app, arrived):
    with app.app_context():
        rows = delegates_who_came(cast.find_seminar())
    assert [(row.name, row.position, row.body) for row in rows] == [
        ("Tống Quế Lam", "Bí thư", "Tỉnh Đoàn Thử"),
        ("TS. Mạc Hạ Vân", "Trưởng ban", "Ban Dân vận"),
        ("Giáp Sơn Toại", "Phó Giám đốc", "Sở Thử"),
        ("Cù Đông Mẫn", "Bí thư", "Thành Đoàn Thử Một"),
    ]
    assert contacts_in(" ".join((row.name, row.position, row.body, row.group)) for row in rows) == []
    assert set(DelegateRow.__dataclass_fields__) == {"name", "position", "body", "group"}


def test_the_book_holds_excerpts_and_delegates_and_empty_parts_are_named(app, hall, arrived, secretary):
    secretary.post(CHOOSE)
    with app.app_context():
        seminar = cast.find_seminar()
        proceedings = begin_proceedings(seminar, cast.OFFICE, cast.NOW)
        book = book_of(seminar, proceedings, arrange(proceedings, []), cast.NOW)
        db.session.rollback()
    by_kind = {part.kind: part for part in book.parts}
    assert [one.text for one in by_kind[PartKind.EXCERPTS].excerpts] == ["Làm ngay trong quý.", "Giao các chi bộ."]
    assert len(by_kind[PartKind.DELEGATES].delegates) == 4
    named = {one.message.values["title"] for one in empty_parts(book)}
    assert named == {part.title for part in book.parts} - {
        by_kind[PartKind.EXCERPTS].title,
        by_kind[PartKind.DELEGATES].title,
    }
