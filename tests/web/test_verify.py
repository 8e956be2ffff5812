"""Is this letter genuine? Number in, seminar and office telephone out, no personal data."""

from seminar.invitations import actions as inviting
from seminar.lib.database import db
from tests import cast


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
        assert "Bình" not in page.text


def test_an_unknown_number_is_said_to_be_unknown(app, visitor):
    issue(app)
    page = visitor.get("/verify", query_string={"number": "99-TM/TĐTN-TCKT"})
    assert page.status_code == 404
    assert "Không có văn bản số" in page.text


def test_the_empty_form_opens(visitor):
    assert visitor.get("/verify").status_code == 200
