"""Signing in and out, one's own account, and the administrator's page of all accounts."""

from typing import Any

from flask import Blueprint, Flask, Response, current_app, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_user, logout_user

from seminar.access.guard import has_role, only, public, staff_actor
from seminar.access.roles import EVERYONE, ROLE_LABELS, Role
from seminar.accounts import actions, passwords, queries, totp
from seminar.accounts.forms import CodeForm, EnrolForm, PasswordForm, SignInForm, UserForm
from seminar.accounts.models import User
from seminar.accounts.rules import may_try, session_is_open
from seminar.lib import htmx, paths, qr
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.paging import page_asked

bp = Blueprint("accounts", __name__)
login_manager = LoginManager()
ROWS = 50


class SignedIn:
    """What Flask-Login carries: the user of an open session. Its id is the session's key, so logout really ends it.

    Who still owes the second factor is not signed in for any page but those that ask for it (access/guard.py).
    """

    is_active = True
    is_anonymous = False

    def __init__(self, key: str, user: User, needs_second_factor: bool) -> None:
        self.key = key
        self.id = user.id
        self.name = user.name
        self.email = user.email
        self.roles = user.roles
        self.has_factor = bool(user.totp_secret)
        self.needs_second_factor = needs_second_factor

    @property
    def is_authenticated(self) -> bool:
        return not self.needs_second_factor

    def get_id(self) -> str:
        return self.key


def safe_next(target: str | None) -> str:
    """A path on this site, or the front page: never another host."""
    return target if target and paths.is_own(target) else url_for("portal.front")


def _wants_factor(user: User) -> bool:
    forced: frozenset[str] = current_app.config["SECOND_FACTOR_ROLES"]
    return bool(user.roles & forced or user.totp_secret)


def init_accounts(app: Flask, second_factor_roles: frozenset[str]) -> None:
    app.config["SESSION_PROTECTION"] = None
    app.config["SECOND_FACTOR_ROLES"] = second_factor_roles
    login_manager.init_app(app)

    @login_manager.user_loader
    def load(key: str) -> SignedIn | None:
        found = queries.open_session(key)
        if found is None or not session_is_open(found.created_at, found.ended_at, now()) or found.user.disabled_at:
            return None
        return SignedIn(key, found.user, _wants_factor(found.user) and found.second_factor_at is None)

    def ask(endpoint: str) -> Any:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        address = url_for(endpoint, next=wanted)
        return htmx.go_to(address) if htmx.is_htmx() else redirect(address)

    app.extensions["sign_in"] = lambda: ask("accounts.sign_in")
    app.extensions["second_factor"] = lambda: ask("accounts.second_factor")


def _enter(key: str, user: User) -> None:
    """A fresh cookie for the session with this key."""
    session.clear()
    session.permanent = True
    login_user(SignedIn(key, user, False))


@bp.get("/login")
@public
def sign_in() -> Any:
    if current_user.is_authenticated:
        return redirect(safe_next(request.args.get("next")))
    return render_template("accounts/sign_in.html", form=SignInForm(), next=request.args.get("next", ""))


@bp.post("/login")
@public
def sign_in_with_password() -> Any:
    form = SignInForm(request.form)
    wanted = request.form.get("next", "")
    if not form.validate():
        return render_template("accounts/sign_in.html", form=form, next=wanted), 422
    address, moment = request.remote_addr or "", now()
    with reading():
        user = queries.user_by_email(form.email.data)
        password_hash = user.password_hash if user and not user.disabled_at else None
        allowed = may_try(*queries.wrong_tries(form.email.data, address, moment))
    # argon2 takes 20 ms and runs before any writing transaction.
    if not allowed or not passwords.matches(password_hash, form.password.data):
        actions.record_failure(form.email.data, address, moment)
        db.session.commit()
        flash(_("The e-mail or the password is not right.") if allowed else _too_many(), "danger")
        return render_template("accounts/sign_in.html", form=form, next=wanted), 422 if allowed else 429
    user = queries.user_by_email(form.email.data)
    assert user is not None
    key = actions.start_session(user, address, request.user_agent.string, moment)
    db.session.commit()
    _enter(key, user)
    if _wants_factor(user):
        return redirect(url_for("accounts.second_factor", next=wanted or None), 303)
    return redirect(safe_next(wanted), 303)


def _too_many() -> str:
    return _("Too many wrong tries. Wait a quarter of an hour and try again.")


@bp.post("/logout")
@only(*EVERYONE)
def leave() -> Response:
    found = queries.open_session(current_user.key)
    if found:
        actions.end_session(found, staff_actor(), now())
    db.session.commit()
    logout_user()
    session.clear()
    return redirect(url_for("accounts.sign_in"), 303)  # type: ignore[return-value]


@bp.get("/login/second-factor")
@only(*EVERYONE)
def second_factor() -> Any:
    wanted = request.args.get("next", "")
    if not current_user.needs_second_factor:
        return redirect(safe_next(wanted))
    if not current_user.has_factor:
        return redirect(url_for("accounts.enrol", next=wanted or None))
    return render_template("accounts/second_factor.html", form=CodeForm(), next=wanted)


@bp.post("/login/second-factor")
@only(*EVERYONE)
def give_second_factor() -> Any:
    form = CodeForm(request.form)
    wanted = request.form.get("next", "")
    if not form.validate():
        return render_template("accounts/second_factor.html", form=form, next=wanted), 422
    address, moment = request.remote_addr or "", now()
    found = queries.open_session(current_user.key)
    assert found is not None
    user = found.user
    allowed = may_try(*queries.wrong_tries(user.email, address, moment))
    if not allowed or not actions.use_code(user, form.code.data, moment):
        actions.record_failure(user.email, address, moment)
        db.session.commit()
        flash(
            _("The code is not right, or it was used already. Type the next one.") if allowed else _too_many(), "danger"
        )
        return render_template("accounts/second_factor.html", form=CodeForm(), next=wanted), 422 if allowed else 429
    key = actions.pass_second_factor(found, moment)
    db.session.commit()
    _enter(key, user)
    return redirect(safe_next(wanted), 303)


def _enrol_page(form: EnrolForm, wanted: str) -> str:
    secret = session.setdefault("enrolling", totp.new_secret())
    asks_password = not current_user.needs_second_factor  # else it was typed a moment ago
    return render_template(
        "accounts/enrol.html",
        form=form,
        next=wanted,
        asks_password=asks_password,
        secret=" ".join(secret[i : i + 4] for i in range(0, len(secret), 4)),
        picture=qr.data_url(qr.png(totp.address(secret, current_user.email), box_pixels=6)),
    )


@bp.get("/account/second-factor")
@only(*EVERYONE)
def enrol() -> Any:
    """The secret waits in the signed cookie of its owner until a code proves that the app has it."""
    wanted = request.args.get("next", "")
    if current_user.needs_second_factor and current_user.has_factor:
        return redirect(url_for("accounts.second_factor", next=wanted or None))
    return _enrol_page(EnrolForm(), wanted)


@bp.post("/account/second-factor")
@only(*EVERYONE)
def confirm_enrolment() -> Any:
    form = EnrolForm(request.form)
    wanted = request.form.get("next", "")
    with reading():
        me = current_user._get_current_object()
        if me.needs_second_factor and me.has_factor:
            return redirect(url_for("accounts.second_factor", next=wanted or None), 303)
        allowed = _may_try(me.email)
        found = queries.open_session(me.key)
        password_hash = found.user.password_hash if found else None
    if not form.validate() or "enrolling" not in session:
        return _enrol_page(form, wanted), 422
    if not me.needs_second_factor and not (allowed and passwords.matches(password_hash, form.password.data or "")):
        return _wrong_password(me.email, allowed, lambda: _enrol_page(form, wanted))
    found = queries.open_session(me.key)
    assert found is not None
    try:
        key = actions.enrol_factor(found, session["enrolling"], form.code.data, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        form.code.errors = [say(refusal.message)]
        return _enrol_page(form, wanted), 422
    db.session.commit()
    _enter(key, found.user)
    flash(_("From now on the code of the app is asked at each sign-in."), "success")
    return redirect(safe_next(wanted) if wanted else url_for("accounts.account"), 303)


def _may_try(email: str) -> bool:
    return may_try(*queries.wrong_tries(email, request.remote_addr or "", now()))


def _wrong_password(email: str, allowed: bool, page: Any) -> tuple[str, int]:
    """Counts a wrong present password like one at the sign-in."""
    actions.record_failure(email, request.remote_addr or "", now())
    db.session.commit()
    flash(_("The present password is not right.") if allowed else _too_many(), "danger")
    return page(), 422 if allowed else 429


def _account_page(form: PasswordForm) -> str:
    found = queries.open_session(current_user.key)
    assert found is not None
    return render_template(
        "accounts/account.html",
        form=form,
        user=found.user,
        own=found.key_sha256,
        sessions=queries.open_sessions(found.user, now()),
        labels=ROLE_LABELS,
        may_manage=has_role(Role.ADMIN),
    )


@bp.get("/account")
@only(*EVERYONE)
def account() -> Any:
    return _account_page(PasswordForm())


@bp.post("/account/password")
@only(*EVERYONE)
def change_password() -> Any:
    form = PasswordForm(request.form)
    if not form.validate():
        return _account_page(form), 422
    with reading():
        me = current_user._get_current_object()
        found = queries.open_session(me.key)
        old_hash = found.user.password_hash if found else None
        allowed = _may_try(me.email)
    if not (allowed and passwords.matches(old_hash, form.old.data)):
        return _wrong_password(me.email, allowed, lambda: _account_page(form))
    try:
        password_hash = actions.hash_of(form.new.data, me.email, me.name)
    except Refused as refusal:
        form.new.errors = [say(refusal.message)]
        return _account_page(form), 422
    found = queries.open_session(me.key)
    assert found is not None
    actions.change_password(found, password_hash, staff_actor(), now())
    db.session.commit()
    flash(_("The password is changed; other devices are signed out."), "success")
    return redirect(url_for("accounts.account"), 303)


@bp.post("/account/sessions/<digest>/end")
@only(*EVERYONE)
def end_session(digest: str) -> Any:
    found = queries.session_of(current_user.id, digest)
    actions.end_session(found, staff_actor(), now())
    db.session.commit()
    flash(_("That device is signed out."), "success")
    return redirect(url_for("accounts.account"), 303)


@bp.post("/account/sessions/end")
@only(*EVERYONE)
def end_other_sessions() -> Any:
    found = queries.open_session(current_user.key)
    assert found is not None
    actions.end_sessions(found.user, staff_actor(), now(), but=found)
    db.session.commit()
    flash(_("All other devices are signed out."), "success")
    return redirect(url_for("accounts.account"), 303)


def _roles() -> list[Role]:
    return [role for role in Role if role.value in request.form.getlist("roles")]


def _list_page(form: UserForm, roles: list[Role]) -> str:
    total = queries.user_count()
    pages = max(1, -(-total // ROWS))
    page = min(page_asked(), pages)
    here = url_for("accounts.listing")
    return render_template(
        "accounts/listing.html",
        form=form,
        roles=roles,
        rows=queries.users(page, ROWS),
        total=total,
        page=page,
        pages=pages,
        here=here,
        href=lambda number: f"{here}?page={number}",
        labels=ROLE_LABELS,
    )


@bp.get("/accounts")
@only(Role.ADMIN)
def listing() -> Any:
    return _list_page(UserForm(), [])


@bp.post("/accounts")
@only(Role.ADMIN)
def add() -> Any:
    """Answers with the generated password, once and on this page only: it is kept nowhere in clear."""
    form = UserForm(request.form)
    if not form.validate():
        return _list_page(form, _roles()), 422
    password = passwords.generated()
    password_hash = actions.hash_of(password)
    try:
        user = actions.add_user(form.email.data, form.name.data, password_hash, _roles(), staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
        return _list_page(form, _roles()), 422
    db.session.commit()
    return render_template("accounts/password.html", user=user, password=password)


def _user_page(user: User) -> str:
    return render_template(
        "accounts/user.html",
        user=user,
        sessions=queries.open_sessions(user, now()),
        labels=ROLE_LABELS,
        is_oneself=user.id == current_user.id,
    )


@bp.get("/accounts/<int:user_id>")
@only(Role.ADMIN)
def user(user_id: int) -> Any:
    return _user_page(queries.user_or_404(user_id))


def _done(user_id: int, action: Any, sentence: str) -> Any:
    """Does the one thing to the user, and comes back to the user's page with the sentence, or with why not."""
    try:
        action(queries.user_or_404(user_id))
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
        return _user_page(queries.user_or_404(user_id)), 422
    db.session.commit()
    flash(sentence, "success")
    return redirect(url_for("accounts.user", user_id=user_id), 303)


@bp.post("/accounts/<int:user_id>/roles")
@only(Role.ADMIN)
def set_roles(user_id: int) -> Any:
    roles, by = _roles(), staff_actor()
    return _done(user_id, lambda user: actions.set_roles(user, roles, by, now()), _("The roles are set."))


@bp.post("/accounts/<int:user_id>/disabling")
@only(Role.ADMIN)
def disable(user_id: int) -> Any:
    by = staff_actor()
    return _done(user_id, lambda user: actions.disable_user(user, by, now()), _("The account is disabled."))


@bp.post("/accounts/<int:user_id>/disabling/reversal")
@only(Role.ADMIN)
def enable(user_id: int) -> Any:
    by = staff_actor()
    return _done(user_id, lambda user: actions.enable_user(user, by, now()), _("The account is enabled again."))


@bp.post("/accounts/<int:user_id>/second-factor/reset")
@only(Role.ADMIN)
def reset_factor(user_id: int) -> Any:
    by = staff_actor()
    return _done(user_id, lambda user: actions.reset_factor(user, by, now()), _("The second factor is reset."))


@bp.post("/accounts/<int:user_id>/sessions/end")
@only(Role.ADMIN)
def end_sessions(user_id: int) -> Any:
    by = staff_actor()
    return _done(
        user_id, lambda user: actions.end_sessions(user, by, now()), _("All devices of the account are signed out.")
    )


@bp.post("/accounts/<int:user_id>/password")
@only(Role.ADMIN)
def reset_password(user_id: int) -> Any:
    password = passwords.generated()
    password_hash = actions.hash_of(password)
    by = staff_actor()
    try:
        found = queries.user_or_404(user_id)
        actions.reset_password(found, password_hash, by, now())
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
        return _user_page(queries.user_or_404(user_id)), 422
    db.session.commit()
    return render_template("accounts/password.html", user=found, password=password)
