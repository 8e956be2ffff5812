"""Files beside a note: decided by content, photos without where they were taken, served to the secretaries only, never run."""

import io

import pytest
from PIL import Image
from sqlalchemy import event

from seminar.audit.models import AuditEntry
from seminar.lib import files
from seminar.lib.database import db
from seminar.minutes.models import NoteAttachment
from tests import cast, corpus
from tests.web.noting import NOTES, write_one

GPS, MAKE, ORIENTATION, DESCRIPTION = 0x8825, 0x010F, 0x0112, 0x010E


def photo(kind="JPEG", size=(640, 480), orientation=6):
    """A photo as a telephone makes it: where, which camera, which way up, and a comment."""
    image = Image.effect_noise(size, 40).convert("RGB")
    exif = Image.Exif()
    exif[MAKE], exif[DESCRIPTION], exif[ORIENTATION] = "TELEPHONE", "HALL-SECRET", orientation
    exif.get_ifd(GPS).update({1: "N", 2: (10.0, 58.0, 49.0), 3: "E", 4: (106.0, 39.0, 7.0)})
    out = io.BytesIO()
    more = {"comment": b"HALL-SECRET", "quality": 88} if kind == "JPEG" else {"pnginfo": _text()}
    image.save(out, kind, exif=exif, **more)
    return out.getvalue()


def _text():
    from PIL.PngImagePlugin import PngInfo

    text = PngInfo()
    text.add_text("Comment", "HALL-SECRET")
    return text


@pytest.fixture
def note(app, hall, secretary):
    return f"{NOTES}/{write_one(app, secretary, hall)}"


def attach(client, note, content, name="IMG 0001.jpg"):
    return client.post(
        f"{note}/attachments", data={"file": (io.BytesIO(content), name)}, content_type="multipart/form-data"
    )


def kept(app):
    with app.app_context():
        return list(db.session.scalars(db.select(NoteAttachment).order_by(NoteAttachment.id)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_photo_is_kept_without_where_it_was_taken_and_stays_the_right_way_up(app, secretary, note, kind):
    sent = photo(kind)
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(GPS)
    answer = attach(secretary, note, sent)
    assert (answer.status_code, answer.location) == (303, f"{note}#attachments")
    [file] = kept(app)
    assert (file.filename, file.media_type) == (
        ("IMG 0001.jpg", "image/jpeg") if kind == "JPEG" else ("IMG 0001.png", "image/png")
    )
    served = secretary.get(f"{note}/attachments/{file.id}")
    assert (served.status_code, served.mimetype) == (200, file.media_type)
    assert b"HALL-SECRET" not in served.data
    assert b"TELEPHONE" not in served.data
    with Image.open(io.BytesIO(served.data)) as picture:
        exif = picture.getexif()
        assert (picture.size, dict(exif)) == ((640, 480), {ORIENTATION: 6})
        assert exif.get_ifd(GPS) == {}
        if kind == "PNG":
            assert picture.tobytes() == Image.open(io.BytesIO(sent)).tobytes()
    assert "sandbox" in served.headers["Content-Security-Policy"]
    assert served.headers["X-Content-Type-Options"] == "nosniff"
    assert served.headers["Cache-Control"] == "private, no-store"
    for page in (note, NOTES):
        assert f'href="{note}/attachments/{file.id}"' in secretary.get(page).text


@pytest.mark.parametrize(
    ("content", "name"),
    [(corpus.word("Bài phát biểu"), "Phát biểu.docx"), (corpus.pdf(), "slide.pdf")],
    ids=["word", "pdf"],
)
def test_a_speech_or_slides_are_kept_byte_by_byte_and_only_ever_saved(app, secretary, note, content, name):
    assert attach(secretary, note, content, name).status_code == 303
    [file] = kept(app)
    assert file.filename == name
    served = secretary.get(f"{note}/attachments/{file.id}")
    assert served.data == content
    assert served.headers["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Chưa nhận được tệp nào"),
        (b"GIF89a" + b"x" * 90, "chỉ nhận ảnh (JPEG, PNG), PDF và tệp Word"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "chỉ nhận ảnh"),
        (photo()[:5000], "Ảnh bị hỏng hoặc bị cắt mất"),
        (photo("PNG")[:5000], "Ảnh bị hỏng hoặc bị cắt mất"),
        (b"\xff\xd8\xff" + b"x" * 500, "Ảnh bị hỏng hoặc bị cắt mất"),
        (corpus.pdf()[:-200], "PDF"),
        (b"x" * (20 * 1024 * 1024 + 1), "Tệp quá lớn: tối đa 20 MB"),
    ],
    ids=["empty", "gif", "svg", "cut jpeg", "cut png", "no jpeg", "cut pdf", "large"],
)
def test_what_may_not_be_kept_is_said_beside_the_field(app, secretary, note, content, sentence):
    answer = attach(secretary, note, content, "a.jpg")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert kept(app) == []


def test_a_picture_that_unpacks_to_too_much_is_refused(app, secretary, note):
    out = io.BytesIO()
    Image.new("1", (20_000, 20_000)).save(out, "PNG")
    answer = attach(secretary, note, out.getvalue(), "a.png")
    assert answer.status_code == 422
    assert "quá nhiều điểm ảnh" in answer.text


def test_the_same_file_again_is_kept_once_and_a_removed_one_is_a_record_that_comes_back(app, secretary, note):
    sent = photo()
    for _ in range(2):
        attach(secretary, note, sent)
    [file] = kept(app)
    address = f"{note}/attachments/{file.id}"
    for _ in range(2):
        assert secretary.post(f"{address}/removal").location == f"{note}#attachments"
    [file] = kept(app)
    assert file.removed_by == "Ngô Anh Thu"
    assert f'href="{address}"' not in secretary.get(note).text
    assert "Ngô Anh Thu đã gỡ lúc" in secretary.get(note).text
    assert files_named(app, file.sha256)
    attach(secretary, note, sent)
    [file] = kept(app)
    assert file.removed_at is None
    with app.app_context():
        verbs = db.session.scalars(db.select(AuditEntry.verb).where(AuditEntry.noun == "note file")).all()
    assert sorted(verbs) == ["add", "add", "remove"]


def files_named(app, digest):
    with app.app_context():
        return files.path_of(digest).exists()


def test_a_note_has_no_more_than_twenty_files(app, hall, secretary, note):
    with app.app_context():
        for number in range(20):
            db.session.add(
                NoteAttachment(
                    note_id=1,
                    sha256=f"{number:064d}",
                    filename="a",
                    media_type="b",
                    size_bytes=1,
                    at=cast.NOW,
                    by="Thu",
                )
            )
        db.session.commit()
    answer = attach(secretary, note, photo(size=(40, 40)))
    assert answer.status_code == 422
    assert "tối đa 20 tệp" in answer.text


def test_no_file_is_put_beside_a_removed_note_and_none_stays_that_no_row_names(app, secretary, note):
    content = corpus.pdf(7)
    secretary.post(f"{note}/removal")
    assert attach(secretary, note, content, "a.pdf").status_code == 422
    assert kept(app) == []
    assert not files_named(app, files.sha256(content))


def test_the_file_is_written_before_the_transaction_that_names_it(app, secretary, note):
    content, early = corpus.pdf(8), []
    with app.app_context():
        engine, path = db.engine, files.path_of(files.sha256(content))

    def listen(conn, cursor, statement, *rest):
        if not path.exists():
            early.append(statement)

    event.listen(engine, "before_cursor_execute", listen)
    try:
        assert attach(secretary, note, content, "a.pdf").status_code == 303
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    assert path.exists()
    assert early
    assert not [one for one in early if "note_attachment.sha256 =" in one or one.startswith("INSERT")]


@pytest.mark.parametrize("login", ["an", "vinh", "tam", "chung"])
def test_other_roles_neither_see_nor_send_files(app, secretary, staff, note, login):
    attach(secretary, note, photo(size=(40, 40)))
    client, address = staff(login), f"{note}/attachments/{kept(app)[0].id}"
    assert client.get(address).status_code == 403
    assert attach(client, note, b"x").status_code == 403
    assert client.post(f"{address}/removal").status_code == 403


def test_a_missing_file_or_one_of_another_note_is_404(app, hall, secretary, note):
    attach(secretary, note, photo(size=(40, 40)))
    file = kept(app)[0].id
    other = f"{NOTES}/{write_one(app, secretary, hall)}"
    for address in (f"{other}/attachments/{file}", f"{note}/attachments/{file + 1}", f"{note}/attachments/{10**15}"):
        assert secretary.get(address).status_code == 404
        assert secretary.post(f"{address}/removal").status_code == 404
    assert attach(secretary, f"{NOTES}/999999", b"x").status_code == 404
    assert secretary.get(f"{note}/attachments/{file}/removal").status_code == 405


def test_a_visitor_is_asked_to_sign_in(app, secretary, visitor, note):
    attach(secretary, note, photo(size=(40, 40)))
    assert visitor.get(f"{note}/attachments/{kept(app)[0].id}").status_code == 302
