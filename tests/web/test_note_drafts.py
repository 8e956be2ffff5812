"""What is being typed: kept on the server, offered to its writer alone, shown to the colleague, gone when it is saved."""

import re
import uuid
from datetime import timedelta

import pytest

from seminar.access.actor import Actor, ActorKind
from seminar.accounts.models import User
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.minutes import actions
from seminar.minutes.models import Note, NoteDraft, NoteRevision
from tests import cast
from tests.web.noting import NOTES, stored, typed, write_one

DRAFTS = f"{NOTES}/drafts"
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
JSON = {"Accept": "application/json"}


def fields(hall, **changes):
    return typed(hall, text="Đang gõ dở", writer="a") | {"spoken": "", "reply_to": "", "base": "", "note": ""} | changes


def drafts(app):
    with app.app_context():
        return list(db.session.scalars(db.select(NoteDraft).order_by(NoteDraft.id)))


def age(app, seconds):
    with app.app_context():
        db.session.execute(db.update(NoteDraft).values(saved_at=now() - timedelta(seconds=seconds)))
        db.session.commit()


def test_a_draft_is_kept_offered_on_another_machine_and_gone_when_the_note_is_saved(app, hall, secretary, staff):
    sent = fields(hall)
    answer = secretary.post(DRAFTS, data=sent)
    assert (answer.status_code, bool(answer.json["saved_at"])) == (200, True)
    [draft] = drafts(app)
    assert (draft.key, draft.fields["text"], draft.note_id) == (sent["key"], "Đang gõ dở", None)
    elsewhere = staff("thu")
    page = elsewhere.get(NOTES).text
    assert "Bản nháp lưu lúc" in page
    assert "Đang gõ dở" in page
    opened = elsewhere.get(f"{NOTES}?draft={draft.id}").text
    assert f'name="key" type="hidden" value="{sent["key"]}"' in opened
    assert "Đang gõ dở</textarea>" in opened
    assert elsewhere.post(NOTES, data=typed(hall, key=sent["key"], text="Đã gõ xong.")).status_code == 303
    assert drafts(app) == []
    assert [note.text for note in stored(app)] == ["Đã gõ xong."]


def test_typing_on_replaces_the_draft_and_an_emptied_text_forgets_it(app, hall, secretary):
    sent = fields(hall)
    for text in ("Một", "Một hai"):
        secretary.post(DRAFTS, data=sent | {"text": text})
    assert [draft.fields["text"] for draft in drafts(app)] == ["Một hai"]
    assert secretary.post(DRAFTS, data=sent | {"text": " \n"}).json["saved_at"] == ""
    assert drafts(app) == []


@pytest.mark.parametrize("headers", [{}, JSON])
def test_a_draft_is_discarded_by_its_writer_only(app, hall, secretary, office, headers):
    sent = fields(hall)
    secretary.post(DRAFTS, data=sent)
    assert office.post(f"{DRAFTS}/removal", data={"key": sent["key"]}).status_code == 303
    assert len(drafts(app)) == 1
    for _ in range(2):
        answer = secretary.post(f"{DRAFTS}/removal", data={"key": sent["key"]}, headers=headers)
        assert answer.status_code == (200 if headers else 303)
    assert drafts(app) == []
    assert secretary.get(f"{DRAFTS}/removal").status_code == 405


def test_discarding_the_draft_of_a_note_leads_back_to_it(app, hall, secretary):
    note_id = write_one(app, secretary, hall)
    answer = secretary.post(f"{DRAFTS}/removal", data={"key": str(uuid.uuid4()), "note": str(note_id)})
    assert answer.location == f"{NOTES}/{note_id}"
    assert secretary.post(f"{DRAFTS}/removal", data={"note": "999999"}).status_code == 404


def test_nobody_sees_the_drafts_of_another(app, hall, secretary, office):
    secretary.post(DRAFTS, data=fields(hall))
    [draft] = drafts(app)
    assert "Đang gõ dở" not in office.get(NOTES).text
    assert "Đang gõ dở" not in office.get(f"{NOTES}?draft={draft.id}").text
    assert office.get(f"{NOTES}?draft=99999999999999").status_code == 200


def test_another_form_does_not_replace_a_draft_that_it_did_not_begin_from(app, hall, secretary):
    sent = fields(hall)
    known = secretary.post(DRAFTS, data=sent).json["saved_at"]
    refused = secretary.post(DRAFTS, data=sent | {"writer": "b", "text": "Trên máy khác"})
    assert refused.status_code == 409
    assert "trên máy khác" in refused.json["problem"]
    assert [draft.fields["text"] for draft in drafts(app)] == ["Đang gõ dở"]
    assert (
        secretary.post(DRAFTS, data=sent | {"writer": "b", "text": "Trên máy khác", "base": known}).status_code == 200
    )
    assert [draft.fields["text"] for draft in drafts(app)] == ["Trên máy khác"]
    assert secretary.post(DRAFTS, data=sent).status_code == 409


def test_a_message_that_comes_after_the_note_was_saved_makes_no_draft(app, hall, secretary):
    sent = fields(hall)
    secretary.post(NOTES, data=typed(hall, key=sent["key"], text="Đang gõ dở, xong."))
    assert secretary.post(DRAFTS, data=sent).json["saved_at"] == ""
    note_id = stored(app)[0].id
    changed = typed(hall, key=sent["key"], text="Sửa lại.")
    secretary.post(f"{NOTES}/{note_id}", data=changed)
    late = sent | {"note": str(note_id), "text": "Sửa l", "revision": "1"}
    assert secretary.post(DRAFTS, data=late).json["saved_at"] == ""
    assert secretary.post(DRAFTS, data=late | {"revision": "2", "text": "Sửa lại."}).json["saved_at"] == ""
    assert drafts(app) == []
    assert secretary.post(DRAFTS, data=late | {"revision": "2", "text": "Sửa lần nữa."}).json["saved_at"]


def test_what_loses_a_conflict_stays_a_draft_until_one_note_is_made_of_both(app, hall, secretary, office):
    note_id = write_one(app, secretary, hall)
    office.post(f"{NOTES}/{note_id}", data=typed(hall, text="Nhà ở cho công nhân."))
    key = stored(app)[0].key
    answer = secretary.post(f"{NOTES}/{note_id}", data=typed(hall, key=key, text="Nhà ở cho sinh viên."))
    assert answer.status_code == 409
    assert "Nhà ở cho <mark>công nhân.</mark>" in answer.text
    assert "Nhà ở cho <mark>sinh viên.</mark>" in answer.text
    [draft] = drafts(app)
    assert (draft.note_id, draft.fields["text"]) == (note_id, "Nhà ở cho sinh viên.")
    page = secretary.get(f"{NOTES}/{note_id}").text
    assert f"{NOTES}/{note_id}?draft={draft.id}" in page
    opened = secretary.get(f"{NOTES}/{note_id}?draft={draft.id}").text
    assert "Nhà ở cho sinh viên.</textarea>" in opened
    both = typed(hall, key=key, text="Nhà ở cho công nhân và sinh viên.", revision="2")
    assert secretary.post(f"{NOTES}/{note_id}", data=both).status_code == 303
    assert drafts(app) == []
    with app.app_context():
        texts = db.session.scalars(db.select(NoteRevision.text).order_by(NoteRevision.revision)).all()
    assert texts[1:] == ["Nhà ở cho công nhân.", "Nhà ở cho công nhân và sinh viên."]


@pytest.mark.parametrize("headers", [{}, JSON])
def test_what_loses_a_conflict_replaces_what_was_kept_of_it_while_it_was_typed(app, hall, secretary, office, headers):
    note_id = write_one(app, secretary, hall)
    key = stored(app)[0].key
    mine = fields(hall, key=key, note=str(note_id), text="Nhà ở cho s")
    assert secretary.post(DRAFTS, data=mine).json["saved_at"]
    office.post(f"{NOTES}/{note_id}", data=typed(hall, text="Nhà ở cho công nhân."))
    lost = typed(hall, key=key, text="Nhà ở cho sinh viên.")
    assert secretary.post(f"{NOTES}/{note_id}", data=lost, headers=headers).status_code == 409
    assert [draft.fields["text"] for draft in drafts(app)] == ["Nhà ở cho sinh viên."]
    page = secretary.post(f"{NOTES}/{note_id}", data=lost)
    assert (page.status_code, 'id="theirs"' in page.text, 'id="mine"' in page.text) == (409, True, True)
    opened = re.search(r'data-opened="([^"]+)"', page.text)[1]
    on = mine | {"writer": "b", "base": opened, "revision": "2", "text": "Nhà ở cho công nhân và s"}
    assert secretary.post(DRAFTS, data=on | {"base": ""}).status_code == 409
    assert secretary.post(DRAFTS, data=on).status_code == 200
    assert [draft.fields["text"] for draft in drafts(app)] == ["Nhà ở cho công nhân và s"]


def test_what_the_same_person_typed_in_another_window_is_kept_when_it_loses(app, hall, secretary, staff):
    note_id = write_one(app, secretary, hall)
    key = stored(app)[0].key
    staff("thu").post(f"{NOTES}/{note_id}", data=typed(hall, key=key, text="Nhà ở cho công nhân."))
    other = fields(hall, key=key, note=str(note_id), text="Nhà ở cho sinh v")
    assert secretary.post(DRAFTS, data=other).json["saved_at"]
    lost = typed(hall, key=key, text="Nhà ở cho sinh viên.")
    assert secretary.post(f"{NOTES}/{note_id}", data=lost).status_code == 409
    assert [draft.fields["text"] for draft in drafts(app)] == ["Nhà ở cho sinh viên."]


def test_a_late_message_does_not_take_away_what_was_typed_since(app, hall, secretary):
    note_id = write_one(app, secretary, hall)
    key = stored(app)[0].key
    secretary.post(f"{NOTES}/{note_id}", data=typed(hall, key=key, text="Sửa lại."))
    now_typed = fields(hall, key=key, note=str(note_id), revision="2", text="Sửa lại. Và thêm")
    secretary.post(DRAFTS, data=now_typed)
    secretary.post(DRAFTS, data=now_typed | {"revision": "1", "text": "Sửa l"})
    assert [draft.fields["text"] for draft in drafts(app)] == ["Sửa lại. Và thêm"]


def test_a_draft_of_one_note_does_not_fill_the_form_of_another(app, hall, secretary):
    first, second = write_one(app, secretary, hall), write_one(app, secretary, hall)
    secretary.post(DRAFTS, data=fields(hall, note=str(first), key=stored(app)[0].key))
    [draft] = drafts(app)
    assert "Đang gõ dở</textarea>" not in secretary.get(f"{NOTES}/{second}?draft={draft.id}").text


def test_two_on_one_note_see_each_other_for_a_minute(app, hall, secretary, office):
    note_id = write_one(app, secretary, hall)
    key = stored(app)[0].key
    office.post(DRAFTS, data=fields(hall, note=str(note_id), key=key))
    for path in (f"{NOTES}/{note_id}", f"{NOTES}/{note_id}/drafts"):
        assert "Trần Thị Oanh cũng đang sửa ghi chép này" in secretary.get(path, headers=PARTIAL).text
        assert "Trần Thị Oanh cũng đang" not in office.get(path, headers=PARTIAL).text
    for path in (NOTES, DRAFTS):
        assert "Trần Thị Oanh đang sửa một ghi chép" in secretary.get(path, headers=PARTIAL).text
    age(app, 61)
    for path in (f"{NOTES}/{note_id}/drafts", DRAFTS):
        assert "Trần Thị Oanh" not in secretary.get(path, headers=PARTIAL).text


def test_the_small_region_tells_of_new_notes_by_others(app, hall, secretary, office):
    write_one(app, secretary, hall)
    region = f"{DRAFTS}?after={stored(app)[0].id}"
    assert "ghi chép mới của người khác" not in secretary.get(region, headers=PARTIAL).text
    write_one(app, office, hall)
    write_one(app, secretary, hall)
    assert "1 ghi chép mới của người khác" in secretary.get(region, headers=PARTIAL).text
    assert secretary.get(f"{DRAFTS}?after=x", headers=PARTIAL).status_code == 200


def test_the_small_regions_cost_the_same_whatever_was_written(app, hall, secretary, office, query_count):
    note_id = write_one(app, secretary, hall)

    regions = (DRAFTS, f"{NOTES}/{note_id}/drafts")

    def looks():
        return [query_count(lambda p=p: secretary.get(p, headers=PARTIAL)) for p in regions]

    before = looks()
    for _ in range(9):
        write_one(app, secretary, hall)
        office.post(DRAFTS, data=fields(hall, note=str(note_id)))
    print(f"\nqueries of the two regions: {before}")
    assert looks() == before
    assert max(before) <= 10


def test_without_htmx_the_regions_lead_to_their_pages(app, hall, secretary):
    note_id = write_one(app, secretary, hall)
    assert secretary.get(DRAFTS).location == NOTES
    assert secretary.get(f"{NOTES}/{note_id}/drafts").location == f"{NOTES}/{note_id}"


@pytest.mark.parametrize(
    "change", [{"key": "x"}, {"text": "x" * 200_001}, {"speaker": "x" * 301}, {"revision": "-1"}, {"note": "1; DROP"}]
)
def test_a_torn_draft_is_refused_with_a_sentence(app, hall, secretary, change):
    answer = secretary.post(DRAFTS, data=fields(hall) | change)
    assert (answer.status_code, bool(answer.json["problem"])) == (422, True)
    assert drafts(app) == []


def test_a_draft_of_a_missing_or_foreign_note_is_404(app, hall, secretary):
    note_id = write_one(app, secretary, hall)
    assert secretary.post(DRAFTS, data=fields(hall, note=str(note_id + 1))).status_code == 404
    with app.app_context():
        cast.add_seminar("toa-dam-khac")
        db.session.commit()
    elsewhere = DRAFTS.replace(cast.SLUG, "toa-dam-khac")
    assert secretary.post(elsewhere, data=fields(hall, note=str(note_id))).status_code == 404
    assert secretary.get(f"{NOTES}/{note_id + 1}/drafts", headers=PARTIAL).status_code == 404


def test_words_are_not_sent_under_the_name_of_who_signed_in_meanwhile(app, hall, secretary):
    with app.app_context():
        oanh = db.session.scalar(db.select(User.id).where(User.email == "oanh@example.vn"))
    headers = JSON | {"X-Writer": str(oanh)}
    note_id = write_one(app, secretary, hall)
    for path in (NOTES, DRAFTS, f"{NOTES}/{note_id}"):
        answer = secretary.post(path, data=fields(hall), headers=headers)
        assert answer.status_code == 401
        assert "người khác đang đăng nhập" in answer.json["problem"]
    assert (len(stored(app)), drafts(app)) == (1, [])


@pytest.mark.parametrize("login", ["an", "vinh", "tam", "chung"])
def test_other_roles_keep_no_drafts(hall, staff, login):
    client = staff(login)
    assert client.post(DRAFTS, data=fields(hall)).status_code == 403
    assert client.get(DRAFTS).status_code == 403


def test_a_signed_out_browser_is_told_401_and_nothing_is_redirected_away(hall, visitor):
    answer = visitor.post(DRAFTS, data=fields(hall), headers=JSON | {"HX-Request": "true"})
    assert answer.status_code == 401


def test_two_first_messages_at_once_leave_one_draft(app, hall, secretary):
    with app.app_context():
        thu = db.session.scalar(db.select(User).where(User.email == "thu@example.vn"))
        by, seminar, key = Actor(ActorKind.STAFF, thu.name, thu.id), cast.find_seminar(), str(uuid.uuid4())
        for text in ("Một", "Một hai"):
            actions.keep_draft(seminar, None, key, {"text": text}, by, now(), writer="a")
        db.session.commit()
    assert [draft.fields["text"] for draft in drafts(app)] == ["Một hai"]
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count(Note.id))) == 0
