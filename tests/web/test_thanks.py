"""Thanks: to those who came, once, counted and confirmed; with the proceedings or that they follow."""

import pytest

from seminar.checkin.models import Arrival, Desk, Scan, ScanKind, Source, Verdict
from seminar.invitations.models import Delivery
from seminar.lib.database import db
from seminar.mail.models import Mail
from tests import cast
from tests.web.inviting import HERE, invite
from tests.web.test_sendings import PEOPLE

PAGE = f"{HERE}/thanks"
HONG, DAT, NOBODY = (person[0] for person in PEOPLE)


@pytest.fixture
def came(app):
    """Hồng and the one without an address came, Đạt did not."""
    with app.app_context():
        seminar = cast.find_seminar()
        ids = invite(*PEOPLE)
        desk = Desk(seminar_id=seminar.id, name="Bàn 1", token_sha256="0" * 64, paired_at=cast.NOW, paired_by="Oanh")
        db.session.add(desk)
        db.session.flush()
        for number, name in enumerate((HONG, NOBODY)):
            scan = Scan(
                id=f"00000000-0000-4000-8000-00000000000{number}",
                seminar_id=seminar.id,
                desk_id=desk.id,
                kind=ScanKind.ENTRY,
                delegate_id=ids[name],
                source=Source.CAMERA,
                offline=False,
                at=cast.NOW,
                received_at=cast.NOW,
                corrected_at=cast.NOW,
                verdict=Verdict.ADMITTED,
            )
            db.session.add(scan)
            db.session.flush()
            db.session.add(
                Arrival(
                    seminar_id=seminar.id, delegate_id=ids[name], scan_id=scan.id, desk_id=desk.id, arrived_at=cast.NOW
                )
            )
        db.session.commit()
        return ids


def thank(client, seen_count, seen_without, **values):
    return client.post(PAGE, data={"seen_count": seen_count, "seen_without": seen_without} | values)


def test_only_those_who_came_are_thanked_and_once(app, office, came):
    assert "Gửi cho 1 người, 1 người không có e-mail" in office.get(PAGE).text
    assert thank(office, 2, 1).status_code == 422
    assert thank(office, 1, 1).status_code == 303
    with app.app_context():
        mail = db.session.scalars(db.select(Mail)).one()
        assert (mail.to_name, mail.purpose, mail.subject) == (HONG, "thanks", "Thư cảm ơn – Tọa đàm thử toa-dam-thu")
        assert "Kỷ yếu của Tọa đàm sẽ gửi sau" in mail.text
        assert "Nếu nghi ngờ, gọi Văn phòng" in mail.text
        assert db.session.scalars(db.select(Delivery)).one().purpose == "thanks"
    assert thank(office, 1, 1).status_code == 422
    assert "Gửi cho 0 người, 1 người không có e-mail" in office.get(PAGE).text


def test_the_address_of_the_proceedings_stands_in_it(app, office, came):
    link = "https://toadam.example.vn/ky-yeu.pdf"
    assert link in office.get(PAGE, query_string={"link": link}).text
    assert thank(office, 1, 1, link=link).status_code == 303
    with app.app_context():
        mail = db.session.scalars(db.select(Mail)).one()
        assert link in mail.text and f'href="{link}"' in mail.html


@pytest.mark.parametrize("link", ["javascript:alert(1)", "kỷ yếu", "ftp://x/y"])
def test_what_no_browser_opens_is_no_address(app, office, came, link):
    assert "phải bắt đầu bằng https" in office.get(PAGE, query_string={"link": link}).text
    assert thank(office, 1, 1, link=link).status_code == 422
    with app.app_context():
        assert db.session.query(Mail).count() == 0


def test_only_the_office_thanks(staff):
    for login in ("thu", "chung", "tam", "vinh"):
        assert staff(login).get(PAGE).status_code == 403
        assert thank(staff(login), 0, 0).status_code == 403
