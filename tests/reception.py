"""What tests of the reception share: a paired device, codes in people's hands, scans as a desk tells them."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from flask.testing import FlaskClient

from seminar.checkin import actions
from seminar.checkin.models import Desk
from seminar.delegates.models import Delegate
from seminar.documents.models import DocumentKind, IssuedDocument
from seminar.invitations.actions.letters import particulars_said
from seminar.invitations.models import Answer, Invitation, Rsvp
from seminar.lib import codes
from seminar.lib.database import db
from seminar.planning.models import Seminar
from tests import cast


def moment() -> datetime:
    return datetime.now(UTC)


def pair(slug: str = cast.SLUG, name: str = "Bàn 1") -> tuple[str, int]:
    """(token, desk id) of a new desk."""
    code = actions.open_pairing(cast.find_seminar(slug), name, cast.OFFICE, moment())
    token, desk = actions.pair_desk(code, name, "127.0.0.1", moment())  # type: ignore[misc]
    found = desk.id
    db.session.commit()
    return token, found


def invite(delegate: Delegate, *, revoked: bool = False) -> str:
    """A code in force (or a revoked one) for the delegate."""
    document = db.session.scalar(db.select(IssuedDocument).where(IssuedDocument.seminar_id == delegate.seminar_id))
    if document is None:
        document = IssuedDocument(
            seminar_id=delegate.seminar_id,
            term=f"t{delegate.seminar_id}",
            kind=DocumentKind.INVITATION,
            number=1,
            symbol="01-TM/TĐTN",
            subject="Thư mời",
            issued_on=cast.NOW.date(),
            issued_at=cast.NOW,
            issued_by="tests",
        )
        db.session.add(document)
        db.session.flush()
    particulars = particulars_said(delegate.seminar, cast.NOW)
    assert particulars is not None
    code = codes.link_code()
    db.session.add(
        Invitation(
            delegate_id=delegate.id,
            document_id=document.id,
            particulars_id=particulars.id,
            code=code,
            code_sha256=codes.digest(code),
            issued_at=cast.NOW,
            issued_by="tests",
            revoked_at=cast.NOW if revoked else None,
        )
    )
    db.session.flush()
    return code


def decline(delegate: Delegate) -> None:
    db.session.add(
        Rsvp(
            delegate_id=delegate.id,
            answer=Answer.DECLINED,
            at=cast.NOW,
            actor_kind="delegate",
            actor_name=delegate.name,
            channel="page",
        )
    )


def add_person(
    name: str = "Nguyễn Văn Bình", group: str = "G2", slug: str = cast.SLUG, **values: object
) -> tuple[int, str]:
    """(delegate id, code) of somebody invited, committed."""
    person = cast.add_delegate(cast.find_seminar(slug), name, group, **values)
    code, found = invite(person), person.id
    db.session.commit()
    return found, code


def other_seminar() -> Seminar:
    seminar = cast.add_seminar("toa-dam-khac")
    db.session.flush()
    return seminar


def scan(payload: str | None = None, kind: str = "entry", **values: object) -> dict[str, object]:
    """A scan of the contract, made now and online unless said otherwise."""
    whole: dict[str, object] = {
        "id": str(uuid4()),
        "kind": kind,
        "source": "camera",
        "at": moment().isoformat(),
        "offline": False,
    }
    if payload is not None:
        whole["payload"] = payload
    return whole | values


def earlier(minutes: float) -> str:
    """A device time so many minutes ago."""
    return (moment() - timedelta(minutes=minutes)).isoformat()


class Device:
    """A paired device that speaks the API."""

    def __init__(self, client: FlaskClient, token: str, desk_id: int) -> None:
        self.client = client
        self.desk_id = desk_id
        self.headers = {"Authorization": f"Bearer {token}"}

    def send(self, *scans: object, **more: object):
        return self.client.post("/api/v1/desk/scans", json={"scans": list(scans)} | more, headers=self.headers)

    def told(self, *scans: object) -> list[dict]:
        answer = self.send(*scans)
        assert answer.status_code == 200, answer.text
        return answer.json["results"]

    def verdicts(self, *scans: object) -> list[str]:
        return [result["verdict"] for result in self.told(*scans)]

    def roster(self, **headers: str):
        return self.client.get("/api/v1/desk/roster", headers=self.headers | headers)

    def entry_of(self, delegate_id: int) -> dict:
        return next(one for one in self.roster().json["delegates"] if one["id"] == delegate_id)

    def walk_in(self, **told: object):
        whole = {"id": str(uuid4()), "name": "Trần Văn Khách", "at": moment().isoformat()} | told
        return self.client.post("/api/v1/desk/walk-ins", json=whole, headers=self.headers)


def device(app, slug: str = cast.SLUG, name: str = "Bàn 1") -> Device:
    with app.app_context():
        token, desk_id = pair(slug, name)
    return Device(app.test_client(), token, desk_id)


__all__ = ["Desk", "Device", "add_person", "decline", "device", "earlier", "invite", "other_seminar", "pair", "scan"]
