"""Signing in and out, and one's own account."""

from typing import Any

from flask import Blueprint, Flask, Response, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_user, logout_user

from seminar.access.guard import only, public, staff_actor
from seminar.access.roles import EVERYONE
from seminar.accounts import actions, passwords, queries
from seminar.accounts.forms import SignInForm
from seminar.accounts.models import User
from seminar.accounts.rules import may_try, session_is_open
from seminar.lib import htmx
from seminar.lib.clock import now
from seminar.lib.database import db, reading

bp = Blueprint("accounts", __name__)
login_manager = LoginManager()


class SignedIn:
    """What Flask-Login carries: the user of an open session. Its id is the session's key, so logout really ends it."""

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def __init__(self, key: str, user: User, needs_second_factor: bool) -> None:
        self.key = key
        self.user = user
        self.id = user.id
        self.name = user.name
        self.email = user.email
        self.roles = user.roles
        self.needs_second_factor = needs_second_factor

    def get_id(self) -> str:
        return self.key


def safe_next(target: str | None) -> str:
    """A path on this site, or the front page: never another host."""
    if target and target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target:
        return target
    return url_for("portal.front")


def init_accounts(app: Flask, second_factor_roles: frozenset[str]) -> None:
    app.config["SESSION_PROTECTION"] = None
    login_manager.init_app(app)

    @login_manager.user_loader
    def load(key: str) -> SignedIn | None:
        found = queries.open_session(key)
        if found is None or not session_is_open(found.created_at, found.ended_at, now()) or found.user.disabled_at:
            return None
        wanted = bool(found.user.roles & second_factor_roles or found.user.totp_secret)
        return SignedIn(key, found.user, wanted and found.second_factor_at is None)

    def ask_to_sign_in() -> Any:
        address = url_for("accounts.sign_in", next=request.full_path.rstrip("?") if request.method == "GET" else None)
        return htmx.go_to(address) if htmx.is_htmx() else redirect(address)

    def ask_second_factor() -> Any:
        address = url_for("accounts.second_factor")
        return htmx.go_to(address) if htmx.is_htmx() else redirect(address)

    app.extensions["sign_in"] = ask_to_sign_in
    app.extensions["second_factor"] = ask_second_factor


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
        flash(
            _("The e-mail or the password is not right.")
            if allowed
            else _("Too many wrong tries. Wait a quarter of an hour and try again."),
            "danger",
        )
        return render_template("accounts/sign_in.html", form=form, next=wanted), 422 if allowed else 429
    user = queries.user_by_email(form.email.data)
    assert user is not None
    key = actions.start_session(user, address, request.user_agent.string, moment)
    db.session.commit()
    session.clear()
    session.permanent = True
    login_user(SignedIn(key, user, False))
    return redirect(safe_next(wanted), 303)


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


@bp.get("/account")
@only(*EVERYONE)
def account() -> Any:
    return render_template("accounts/account.html")


@bp.get("/login/second-factor")
@only(*EVERYONE)
def second_factor() -> Any:
    return render_template("accounts/account.html")
