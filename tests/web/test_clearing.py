"""`delegates clear`: the list with all that hangs on it goes, what is not a person stays; refused once somebody came."""

import pytest

from seminar.agenda.models import Item, ItemKind, Sitting
from seminar.audit.models import AuditEntry
from seminar.checkin.models import Arrival, Desk, Scan, ScanKind, Source, Verdict
from seminar.delegates.models import Delegate, Membership
from seminar.documents.models import IssuedDocument
from seminar.invitations import actions as inviting
from seminar.invitations.models import Answer, Invitation, Proxy, Rsvp
from seminar.lib.database import db
from seminar.mail import actions as mailing
from seminar.mail.models import Mail, MailStatus
from seminar.operations import actions as operations
from seminar.papers.models import Extension, Paper, PaperKind
from seminar.planning.models import Unit
from tests import cast

GONE = (Delegate, Membership, Invitation, Rsvp, Proxy, Arrival, Scan)


def counts() -> dict[str, int]:
    return {one.__name__: db.session.scalar(db.select(db.func.count()).select_from(one)) or 0 for one in GONE}


@pytest.fixture
def hall(app):
    """Two people with letters, an answer, a proxy, queued and sent mail, a paper, a place in the programme, a scan."""
    with app.app_context():
        seminar = cast.find_seminar()
        anh, dat = cast.add_delegate(seminar, "Nguyễn Thị Ánh"), cast.add_delegate(seminar, "Đỗ Văn Đạt", "T2", "CT2")
        inviting.issue_letters(seminar, [anh, dat], cast.OFFICE, cast.NOW)
        inviting.answer(anh, Answer.ATTENDING, "", cast.OFFICE, cast.NOW)
        inviting.propose_proxy(dat, "Người Thay", "", "", "", "Ốm", cast.OFFICE, cast.NOW)
        for address in ("anh@example.vn", "dat@example.vn"):
            mailing.enqueue(
                "A",
                address,
                "s",
                "t",
                "",
                "invitation",
                cast.OFFICE,
                cast.NOW,
                seminar_id=seminar.id,
                delegate_id=anh.id,
            )
        db.session.scalars(db.select(Mail).order_by(Mail.id)).all()[1].status = MailStatus.SENT
        paper = Paper(
            seminar_id=seminar.id,
            kind=PaperKind.PAPER,
            title="Bài",
            authors="Nguyễn Thị Ánh",
            delegate_id=anh.id,
            created_at=cast.NOW,
            created_by="tests",
        )
        sitting = Sitting(seminar_id=seminar.id, name="Sáng", starts_at=cast.NOW, ends_at=cast.NOW.replace(hour=5))
        sitting.items = [Item(position=1, kind=ItemKind.OPENING, title="Khai mạc", minutes=10, speaker_id=dat.id)]
        db.session.add_all([paper, sitting])
        db.session.commit()


def arrive(app) -> None:
    with app.app_context():
        seminar = cast.find_seminar()
        person = db.session.scalars(db.select(Delegate).order_by(Delegate.id)).first()
        sitting = db.session.scalars(db.select(Sitting)).one()
        desk = Desk(seminar_id=seminar.id, name="Bàn", token_sha256="0" * 64, paired_at=cast.NOW, paired_by="Oanh")
        db.session.add(desk)
        db.session.flush()
        for number, whom in enumerate((person.id, None)):
            db.session.add(
                Scan(
                    id=f"00000000-0000-4000-8000-00000000000{number}",
                    seminar_id=seminar.id,
                    desk_id=desk.id,
                    kind=ScanKind.ENTRY,
                    delegate_id=whom,
                    sitting_id=sitting.id,
                    source=Source.CAMERA,
                    offline=False,
                    at=cast.NOW,
                    received_at=cast.NOW,
                    corrected_at=cast.NOW,
                    verdict=Verdict.ADMITTED if whom else Verdict.UNKNOWN,
                )
            )
        db.session.flush()
        db.session.add(
            Arrival(
                seminar_id=seminar.id,
                delegate_id=person.id,
                sitting_id=sitting.id,
                scan_id="00000000-0000-4000-8000-000000000000",
                desk_id=desk.id,
                arrived_at=cast.NOW,
            )
        )
        db.session.commit()


def clear(app, *options):
    return app.test_cli_runner().invoke(args=["delegates", "clear", "--seminar", cast.SLUG, *options])


def test_people_go_with_letters_and_answers_and_what_is_not_a_person_stays(app, hall):
    outcome = clear(app, "--yes")
    assert outcome.exit_code == 0, outcome.output
    with app.app_context():
        assert counts() == dict.fromkeys((one.__name__ for one in GONE), 0)
        assert db.session.scalars(db.select(Paper)).one().delegate_id is None
        item = db.session.scalars(db.select(Item)).one()
        assert (item.title, item.speaker_id) == ("Khai mạc", None)
        assert len(db.session.scalars(db.select(IssuedDocument)).all()) == 2
        statuses = [mail.status for mail in db.session.scalars(db.select(Mail).order_by(Mail.id))]
        assert statuses == [MailStatus.CANCELLED, MailStatus.SENT]
        entry = db.session.scalars(db.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
        assert (entry.verb, entry.noun, entry.detail) == ("clear", "delegates", {"count": 2})


def test_without_yes_nothing_happens(app, hall):
    outcome = clear(app)
    assert outcome.exit_code == 1
    with app.app_context():
        assert counts()["Delegate"] == 2


def test_an_unknown_seminar_is_told(app):
    outcome = app.test_cli_runner().invoke(args=["delegates", "clear", "--seminar", "khong-co", "--yes"])
    assert outcome.exit_code == 1
    assert "khong-co" in outcome.output


def test_once_somebody_has_arrived_it_is_refused(app, hall):
    arrive(app)
    outcome = clear(app, "--yes")
    assert outcome.exit_code == 1
    with app.app_context():
        assert counts()["Delegate"] == 2


def test_the_demo_is_cleared_after_scans_too_and_unknown_scans_stay(app, hall):
    arrive(app)
    with app.app_context():
        cast.find_seminar().is_demo = True
        db.session.commit()
    assert clear(app, "--yes").exit_code == 0
    with app.app_context():
        assert counts() == dict.fromkeys((one.__name__ for one in GONE), 0) | {"Scan": 1}


def test_clearing_twice_is_harmless(app, hall):
    assert clear(app, "--yes").exit_code == 0
    assert clear(app, "--yes").exit_code == 0


def test_another_seminars_people_stay(app, hall):
    with app.app_context():
        other = cast.add_seminar("khac")
        db.session.flush()
        cast.add_delegate(other, "Người Nơi Khác")
        db.session.commit()
    assert clear(app, "--yes").exit_code == 0
    with app.app_context():
        assert [one.name for one in db.session.scalars(db.select(Delegate))] == ["Người Nơi Khác"]


def test_extensions_of_the_people_go_and_those_of_units_stay(app, hall):
    with app.app_context():
        seminar = cast.find_seminar()
        unit = db.session.scalars(db.select(Unit)).first()
        for one in ({"unit_id": unit.id}, {"delegate_id": db.session.scalars(db.select(Delegate.id)).first()}):
            db.session.add(
                Extension(seminar_id=seminar.id, until_on=cast.NOW.date(), reason="Ốm", at=cast.NOW, by="Oanh", **one)
            )
        db.session.flush()
        operations.clear_delegates(seminar, cast.COMMAND, cast.NOW)
        assert [one.unit_id for one in db.session.scalars(db.select(Extension))] == [unit.id]
        db.session.rollback()
