"""Is this letter genuine? Number in, seminar and office telephone out, no personal data."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import StatementError

from seminar.documents.models import IssuedDocument
from seminar.invitations import actions as inviting
from seminar.lib.clock import local, now
from seminar.lib.database import db
from tests import cast, reception


def issue(app):
    with app.app_context():
        seminar = cast.find_seminar()
        inviting.issue_letters(seminar, [cast.add_delegate(seminar, "Nguyễn Thị Bình")], cast.OFFICE, cast.NOW)
        db.session.commit()


def test_a_number_is_found_however_it_is_typed(app, visitor):
    issue(app)
    for typed in ("01-TM/TĐTN-TCKT", "1-tm/tdtn-tckt", "Số: 01 - TM/TĐTN - TCKT"):
        page = visitor.get("/verify", query_string={"number": typed})
        assert page.status_code == 200
        assert "Tọa đàm thử" in page.text
        assert "02740000000" in page.text
        assert "08:00, Thứ Sáu, 15/03/2024 · Hội trường A" in page.text
        assert "Bình" not in page.text


def test_an_unknown_number_is_said_to_be_unknown(app, visitor):
    issue(app)
    page = visitor.get("/verify", query_string={"number": "99-TM/TĐTN-TCKT"})
    assert page.status_code == 404
    assert "Không có văn bản số" in page.text


def test_every_row_of_the_register_is_found_whoever_made_it(app, visitor):
    with app.app_context():
        reception.invite(cast.add_delegate(cast.find_seminar(), "Nguyễn Thị Bình"))
        db.session.commit()
    assert visitor.get("/verify", query_string={"number": "1-TM/TĐTN"}).status_code == 200


def test_a_document_without_a_symbol_cannot_be_kept(app):
    with app.app_context():
        seminar_id = cast.find_seminar().id
        day = cast.NOW.date()
        kept = {"seminar_id": seminar_id, "term": "x", "kind": "notice", "number": 1, "subject": "x", "issued_on": day}
        db.session.add(IssuedDocument(**kept, symbol=" ", issued_at=cast.NOW, issued_by="x"))
        with pytest.raises(StatementError, match="without a symbol"):
            db.session.flush()
        db.session.rollback()


def test_an_unknown_number_says_whom_to_telephone(app, visitor):
    asked = {"number": "99-TM/TĐTN-TCKT"}
    with app.app_context():
        other = cast.add_seminar("toa-dam-sau")
        other.held_on = local(now()).date() + timedelta(days=9)
        other.contact_name, other.contact_phone, other.is_announced = "Văn phòng Hai", "0274 111 222", False
        db.session.commit()
    page = visitor.get("/verify", query_string=asked).text
    assert "Văn phòng Hai, điện thoại 0274\xa0111\xa0222" in page
    assert "toa-dam-sau" not in page
    assert "02740000000" not in page
    with app.app_context():
        cast.find_seminar("toa-dam-sau").held_on = cast.NOW.date()
        db.session.commit()
    page = visitor.get("/verify", query_string=asked).text
    assert "Văn phòng, điện thoại 02740000000" in page


def test_an_office_without_a_telephone_is_not_named(app, visitor):
    with app.app_context():
        cast.find_seminar().contact_phone = ""
        db.session.commit()
    page = visitor.get("/verify", query_string={"number": "99-TM/TĐTN-TCKT"})
    assert page.status_code == 404
    assert "điện thoại …" not in page.text


def test_the_empty_form_opens(visitor):
    assert visitor.get("/verify").status_code == 200
