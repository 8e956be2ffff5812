"""What is done with accounts."""

from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete

from seminar.access.actor import Actor, ActorKind
from seminar.access.roles import Role
from seminar.accounts import passwords
from seminar.accounts.models import SignInFailure, StaffSession, User
from seminar.accounts.queries import user_by_email
from seminar.accounts.rules import WRONG_WITHIN
from seminar.audit.models import record
from seminar.lib import codes
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import clean


def add_user(email: str, name: str, password_hash: str, roles: list[Role], by: Actor, now: datetime) -> User:
    """Adds a member of staff; refuses an address that is taken or is none, and a user without a role."""
    try:
        address = validate_email(email.strip(), check_deliverability=False, test_environment=True).normalized.casefold()
    except EmailNotValidError:
        raise Refused("“%(email)s” is not an e-mail address.", email=email) from None
    if user_by_email(address):
        raise Refused("There is already an account for %(email)s.", email=address)
    if not roles:
        raise Refused("Choose at least one role.")
    user = User(
        email=address,
        name=clean(name) or address,
        password_hash=password_hash,
        roles_held=sorted(roles),
        created_at=now,
    )
    db.session.add(user)
    db.session.flush()
    record(by, now, "add", "user", object_id=user.id, summary=user.name, roles=user.roles_held)
    return user


def start_session(user: User, address: str, agent: str, now: datetime) -> str:
    """Opens a session after the password was right; returns the key for the cookie."""
    key = codes.token()
    db.session.add(
        StaffSession(key_sha256=codes.digest(key), user_id=user.id, created_at=now, address=address, agent=agent[:200])
    )
    record(Actor(ActorKind.STAFF, user.name, user.id), now, "start", "session", object_id=user.id)
    return key


def end_session(session: StaffSession, by: Actor, now: datetime) -> None:
    """Ends it on the server: a copy of its cookie opens nothing any more. Ending twice is harmless."""
    if session.ended_at is None:
        session.ended_at = now
        record(by, now, "end", "session", object_id=session.user_id)


def record_failure(email: str, address: str, now: datetime) -> None:
    """Counts a wrong password or code; old ones are forgotten."""
    db.session.execute(delete(SignInFailure).where(SignInFailure.at < now - 4 * WRONG_WITHIN))
    db.session.add(SignInFailure(at=now, email=email.strip().casefold()[:254], address=address))


def hash_of(password: str) -> str:
    """The hash to store; refuses what is too short or too long. Slow: call it before the writing transaction."""
    if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        raise Refused(
            "The password must have %(least)d to %(most)d characters.",
            least=passwords.SHORTEST,
            most=passwords.LONGEST,
        )
    return passwords.hashed(password)
