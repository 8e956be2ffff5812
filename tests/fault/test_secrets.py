"""What must not leak when something breaks: settings into the child that opens strangers' files, people into the log."""

import os

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from seminar.lib.database import db
from seminar.lib.isolated import run_isolated


def test_the_child_that_opens_strangers_files_knows_no_settings(monkeypatch):
    monkeypatch.setenv("SEMINAR_SECRET_KEY", "k" * 40)
    assert run_isolated(os.getenv, "SEMINAR_SECRET_KEY") is None
    assert run_isolated(os.getenv, "PATH") == os.environ["PATH"]


def test_an_error_of_the_database_does_not_tell_what_was_asked(app):
    with app.app_context(), pytest.raises(SQLAlchemyError) as error:
        db.session.execute(text("SELECT * FROM nothing WHERE phone = :phone"), {"phone": "0912345678"})
    assert "0912345678" not in str(error.value)
