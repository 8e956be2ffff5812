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


def test_strangers_and_other_roles_do_not_come_in(visitor, staff):
    assert visitor.get(UNITS).status_code == 302
    assert staff("tam").get(UNITS).status_code == 403
    assert staff("thu").post(f"{UNITS}/links").status_code == 403
    assert visitor.get("/u/12345678901234567890").status_code == 404
    assert visitor.get("/u/abc").status_code == 404
