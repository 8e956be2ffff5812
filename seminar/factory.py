"""Builds the application: settings, database, guard, pages and commands, in the order of the house."""

import logging
from typing import Any
from urllib.parse import urlsplit

import click
from flask import Flask, Response, render_template, request
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from seminar.access.doors import init_doors
from seminar.access.guard import init_guard
from seminar.accounts.rules import IDLE_LASTS
from seminar.accounts.views import init_accounts
from seminar.lib import htmx, pages
from seminar.lib.database import db, init_database
from seminar.lib.errors import Refused
from seminar.lib.headers import init_headers
from seminar.lib.language import init_language, say
from seminar.lib.limits import init_limits
from seminar.lib.settings import HOUSE, Settings, load

WAITED_IN_A_RING = ("40001", "40P01")
"""PostgreSQL ends one of two transactions that wait for each other; nothing of it is stored."""
UPLOAD_BYTES = 25 * 1024 * 1024
FEATURES = (
    "accounts",
    "planning",
    "documents",
    "delegates",
    "invitations",
    "mail",
    "papers",
    "agenda",
    "checkin",
    "minutes",
    "statistics",
    "reports",
    "portal",
    "audit",
    "operations",
)


def _is_command() -> bool:
    """A `flask …` command other than `flask run`: it may start where serving would be unsafe, to mend or to explain."""
    context = click.get_current_context(silent=True)
    return context is not None and context.info_name != "run"


def create_app(settings: Settings | None = None, **config: Any) -> Flask:
    """The application; refuses to be served with unsafe settings (one sentence for each on standard error)."""
    settings = settings or load()
    if settings.problems and not _is_command():
        raise SystemExit("\n".join(problem.msgid % problem.values for problem in settings.problems))
    settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)

    app = Flask(
        "seminar", root_path=str(HOUSE), static_folder=str(HOUSE / "static"), template_folder=str(HOUSE / "templates")
    )
    app.config.update(
        SEMINAR=settings,
        SECRET_KEY=settings.secret_key or None,
        MAX_CONTENT_LENGTH=UPLOAD_BYTES,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        MAX_FORM_PARTS=2000,
        SESSION_COOKIE_NAME="__Host-session" if settings.is_production else "session",
        SESSION_COOKIE_SECURE=settings.is_production,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=IDLE_LASTS,
        SEND_FILE_MAX_AGE_DEFAULT=3600,
        **config,
    )
    if settings.is_production:
        app.config["TRUSTED_HOSTS"] = [urlsplit(settings.base_url).hostname, "localhost", "127.0.0.1"]
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app,
            x_for=settings.proxies,
            x_proto=settings.proxies,
            x_host=settings.proxies,
        )
    init_language(app)
    init_database(app, settings.database_url, settings.data)
    init_accounts(app, settings.second_factor_roles)
    init_guard(app)
    init_doors(app)
    init_headers(app, is_production=settings.is_production)
    init_limits(app, settings.redis_url)
    pages.init_pages(app)
    _register(app)
    _answer_errors(app)
    return app


def _register(app: Flask) -> None:
    """Each feature's blueprint (`views.bp`) and commands (`cli.commands`), where it has them."""
    from importlib import import_module
    from importlib.util import find_spec

    for feature in FEATURES:
        if find_spec(f"seminar.{feature}.views"):
            app.register_blueprint(import_module(f"seminar.{feature}.views").bp)
        if find_spec(f"seminar.{feature}.cli"):
            for command in import_module(f"seminar.{feature}.cli").commands:
                app.cli.add_command(command)


def _answer_errors(app: Flask) -> None:
    def page(status: int, message: str) -> tuple[str, int]:
        template = "errors/_error.html" if htmx.is_htmx() else "errors/error.html"
        return render_template(template, status=status, message=message), status

    @app.errorhandler(Refused)
    def refused(refusal: Refused) -> Any:
        db.session.rollback()
        return page(422, say(refusal.message))

    @app.errorhandler(DataError)
    def too_large(error: DataError) -> Any:
        """What no form measured, and PostgreSQL does: SQLite keeps longer text than the column says.

        Desks keep what they could not deliver for a server's error, so for them it stays one.
        """
        if request.path.startswith("/api/"):
            return unexpected(error)
        logging.getLogger("seminar").warning("the database refused a value on %s", request.endpoint)
        db.session.rollback()
        return page(422, pages.sentence_for(422))

    @app.errorhandler(IntegrityError)
    @app.errorhandler(ObjectDeletedError)
    @app.errorhandler(StaleDataError)
    def taken(error: Exception) -> Any:
        """The database refused what another request had done in the meantime, or the row was taken away by it."""
        if request.path.startswith("/api/") and not isinstance(error, IntegrityError):
            return unexpected(error)
        db.session.rollback()
        if request.path.startswith("/api/"):
            return {"error": "Conflict", "message": pages.sentence_for(409)}, 409
        return page(409, pages.sentence_for(409))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Any:
        if isinstance(error.response, Response) or (error.code or 500) < 400:
            return error
        db.session.rollback()
        if request.path.startswith("/api/"):
            return {"error": error.name, "message": pages.sentence_for(error.code or 500)}, error.code
        answer = app.make_response(page(error.code or 500, pages.sentence_for(error.code or 500)))
        for name, value in error.get_headers():
            if name in ("Allow", "Retry-After"):
                answer.headers[name] = value
        return answer

    @app.errorhandler(Exception)
    def unexpected(error: Exception) -> Any:
        is_desk = request.path.startswith("/api/")
        if not is_desk and isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", "") in WAITED_IN_A_RING:
            return taken(error)
        if app.testing:
            raise error
        logging.getLogger("seminar").exception("unexpected error on %s", request.endpoint)
        db.session.rollback()
        if request.path.startswith("/api/"):
            return {"error": "Internal Server Error", "message": pages.sentence_for(500)}, 500
        return page(500, pages.sentence_for(500))
