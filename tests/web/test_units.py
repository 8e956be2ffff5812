"""Units and their personal links."""

from seminar.lib.database import db
from seminar.planning.models import Unit, UnitLink
from tests import cast

UNITS = f"/seminars/{cast.SLUG}/units"


def links(app):
    with app.app_context():
        return {
            link.unit_id: link.code
            for link in db.session.scalars(db.select(UnitLink).where(UnitLink.revoked_at.is_(None)))
        }


def test_links_are_made_once_for_every_unit(app, office):
    assert office.post(f"{UNITS}/links").status_code == 303
    first = links(app)
    assert len(first) == 2
    assert office.post(f"{UNITS}/links").status_code == 303
    assert links(app) == first
    page = office.get(UNITS).text
    assert all(code in page for code in first.values())


def test_a_new_link_ends_the_old_one(app, office, visitor):
    office.post(f"{UNITS}/links")
    with app.app_context():
        unit = db.session.scalars(db.select(Unit.id).order_by(Unit.position)).first()
    old = links(app)[unit]
    assert visitor.get(f"/u/{old}").status_code == 200
    assert office.post(f"{UNITS}/{unit}/link").status_code == 303
    new = links(app)[unit]
    assert new != old
    assert visitor.get(f"/u/{old}").status_code == 410
    assert visitor.get(f"/u/{new}").status_code == 200


def test_the_page_of_a_unit_names_its_own_delegates_and_no_telephone(app, office, visitor):
    office.post(f"{UNITS}/links")
    with app.app_context():
        seminar = cast.find_seminar()
        first, second = db.session.scalars(db.select(Unit.id).order_by(Unit.position)).all()
        cast.add_delegate(seminar, "Hồ Thị Na", "T2", unit_id=first, phone="0912345678", email="na@example.vn")
        cast.add_delegate(seminar, "Lý Văn Ba", "T5", unit_id=first)
        cast.add_delegate(seminar, "Mai Văn Tư", "T2", unit_id=second)
        db.session.commit()
    page = visitor.get(f"/u/{links(app)[first]}").text
    assert [name in page for name in ("Hồ Thị Na", "Lý Văn Ba", "Mai Văn Tư")] == [True, True, False]
    assert "đã cử 1/1" in page
    assert [secret in page for secret in ("912", "na@example.vn")] == [False, False]


def test_strangers_and_other_roles_do_not_come_in(visitor, staff):
    assert visitor.get(UNITS).status_code == 302
    assert staff("tam").get(UNITS).status_code == 403
    assert staff("thu").post(f"{UNITS}/links").status_code == 403
    assert visitor.get("/u/12345678901234567890").status_code == 404
    assert visitor.get("/u/abc").status_code == 404
