"""What is done with accounts."""

from datetime import datetime

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, update

from seminar.access.actor import Actor, ActorKind
from seminar.access.roles import Role
from seminar.accounts import passwords, totp
from seminar.accounts.models import SignInFailure, StaffSession, User
from seminar.accounts.queries import administrators_locked, open_sessions, user_by_email
from seminar.accounts.rules import WRONG_WITHIN, is_guessable
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
    record(Actor(ActorKind.STAFF, user.name, user.id), now, "start", "session", object_id=user.id, summary=user.name)
    return key


def end_session(session: StaffSession, by: Actor, now: datetime) -> None:
    """Ends it on the server: a copy of its cookie opens nothing any more. Ending twice is harmless."""
    if session.ended_at is None:
        session.ended_at = now
        record(by, now, "end", "session", object_id=session.user_id, summary=session.user.name)


def end_sessions(user: User, by: Actor, now: datetime, but: StaffSession | None = None) -> int:
    """Ends all sessions of the user, but one; returns how many were open."""
    sessions = [one for one in open_sessions(user, now) if one is not but]
    for one in sessions:
        one.ended_at = now
    if sessions:
        record(by, now, "end", "session", object_id=user.id, summary=user.name, count=len(sessions))
    return len(sessions)


def use_code(user: User, code: str, now: datetime) -> bool:
    """True if the code is the present one and was not used before; also two at the same time cannot both pass."""
    step = totp.step_of(user.totp_secret, code, now)
    if step is None:
        return False
    query = update(User).where(User.id == user.id, User.totp_last_step < step).values(totp_last_step=step)
    return db.session.scalar(query.returning(User.id)) is not None


def pass_second_factor(session: StaffSession, now: datetime) -> str:
    """Opens the session fully; returns its new key, so that a key from before the factor opens nothing."""
    key = codes.token()
    session.key_sha256 = codes.digest(key)
    session.second_factor_at = now
    return key


def enrol_factor(session: StaffSession, secret: str, code: str, by: Actor, now: datetime) -> str:
    """Sets or replaces the authenticator app, proven by its present code; other sessions end. Returns the new key."""
    user = session.user
    step = totp.step_of(secret, code, now)
    if step is None:
        raise Refused(
            "The code is not right. Wait for the next one in the app and type it; is the telephone's clock right?"
        )
    user.totp_secret, user.totp_last_step = secret, step
    end_sessions(user, by, now, but=session)
    record(by, now, "enrol", "second_factor", object_id=user.id, summary=user.name)
    return pass_second_factor(session, now)


def reset_factor(user: User, by: Actor, now: datetime) -> None:
    """For a lost telephone: the user enrols anew at the next sign-in; all sessions end. Nobody does it for oneself."""
    _not_oneself(user, by)
    if user.totp_secret:
        user.totp_secret, user.totp_last_step = "", 0
        record(by, now, "reset", "second_factor", object_id=user.id, summary=user.name)
    end_sessions(user, by, now)


def change_password(session: StaffSession, password_hash: str, by: Actor, now: datetime) -> None:
    """One's own; whoever else was signed in with the old one is signed out."""
    session.user.password_hash = password_hash
    record(by, now, "change", "password", object_id=session.user_id, summary=session.user.name)
    end_sessions(session.user, by, now, but=session)


def reset_password(user: User, password_hash: str, by: Actor, now: datetime) -> None:
    """Somebody else's, who forgot it; all sessions end."""
    _not_oneself(user, by)
    user.password_hash = password_hash
    record(by, now, "reset", "password", object_id=user.id, summary=user.name)
    end_sessions(user, by, now)


def set_roles(user: User, roles: list[Role], by: Actor, now: datetime) -> None:
    """Setting the same again is harmless; refuses none at all, and to take the last administrator."""
    wanted = sorted(set(roles))
    if not wanted:
        raise Refused("Choose at least one role.")
    if wanted == sorted(user.roles_held):
        return
    if Role.ADMIN not in wanted:
        _not_last_administrator(user)
    record(by, now, "change", "roles", object_id=user.id, summary=user.name, before=user.roles_held, after=wanted)
    user.roles_held = [role.value for role in wanted]


def disable_user(user: User, by: Actor, now: datetime) -> None:
    """Shuts the user out at once; the account and its records stay. Doing it twice is harmless."""
    if user.disabled_at:
        return
    _not_oneself(user, by)
    _not_last_administrator(user)
    user.disabled_at, user.disabled_by = now, by.name
    record(by, now, "disable", "user", object_id=user.id, summary=user.name)
    end_sessions(user, by, now)


def enable_user(user: User, by: Actor, now: datetime) -> None:
    if user.disabled_at:
        user.disabled_at, user.disabled_by = None, ""
        record(by, now, "enable", "user", object_id=user.id, summary=user.name)


def _not_oneself(user: User, by: Actor) -> None:
    if by.kind == ActorKind.STAFF and by.id == user.id:
        raise Refused("Nobody does this for oneself: ask another administrator.")


def _not_last_administrator(user: User) -> None:
    if Role.ADMIN in user.roles and not any(one.id != user.id for one in administrators_locked()):
        raise Refused("%(name)s is the last administrator. Make somebody else one first.", name=user.name)


def record_failure(email: str, address: str, now: datetime) -> None:
    """Counts a wrong password or code; old ones are forgotten."""
    db.session.execute(delete(SignInFailure).where(SignInFailure.at < now - 4 * WRONG_WITHIN))
    db.session.add(SignInFailure(at=now, email=email.strip().casefold()[:254], address=address))


def hash_of(password: str, *about: str) -> str:
    """The hash to store; refuses what is too short, too long or easily guessed by who knows `about` (e-mail, name).

    Slow: call it before the writing transaction.
    """
    if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        raise Refused(
            "The password must have %(least)d to %(most)d characters.",
            least=passwords.SHORTEST,
            most=passwords.LONGEST,
        )
    if is_guessable(password, about):
        raise Refused("The password is easily guessed: avoid names, common words, rows of keys and repetitions.")
    return passwords.hashed(password)
