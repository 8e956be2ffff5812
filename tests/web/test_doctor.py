"""`doctor` and `seminars list`: what is wrong is said, with how to mend it; lists are arrays."""

import json
import os
from dataclasses import replace

from seminar.audit.models import record
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.operations import doctor, schema
from seminar.papers import converting
from tests import cast
from tests.servers import free_port


def stamp(app) -> None:
    """The tables of the tests are made at once; this says which revision they are."""
    with app.app_context(), db.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
        connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{schema.wanted()}')")


def states(app, **changes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    with app.app_context():
        settings = replace(app.config["SEMINAR"], **changes)
        for one in doctor.examine(settings, now()):
            found.setdefault(one.topic, []).append(one.state)
    return found


def test_a_healthy_installation_is_said_to_be_well(app):
    stamp(app)
    found = states(app)
    assert {topic: set(of) for topic, of in found.items() if topic not in ("clock", "mail", "disk")} == {
        "configuration": {"ok"},
        "folder": {"ok"},
        "database": {"ok"},
        "assets": {"ok"},
        "fonts": {"ok"},
        "papers": {"ok"},
    }


def test_a_machine_without_libreoffice_or_without_its_equations_is_warned(app, monkeypatch, tmp_path):
    def look() -> list[tuple[str, str]]:
        converting.program.cache_clear()
        converting.draws_equations.cache_clear()
        with app.app_context():
            found = [one for one in doctor.examine(app.config["SEMINAR"], now()) if one.topic == "papers"]
        return [(one.state, one.text.msgid) for one in found]

    real = os.path.realpath(str(converting.program()))
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("PATH", str(tmp_path))
        [(state, text)] = look()
        assert state == "warning" and text.startswith("There is no LibreOffice")
        (tmp_path / "soffice").write_text(f'#!/bin/sh\nexec {real} "$@"\n')
        (tmp_path / "soffice").chmod(0o755)
        elsewhere.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")
        [(state, text)] = look()
        assert state == "warning" and "draws no equations" in text
    [(state, text)] = look()
    assert state == "ok"


def test_every_finding_that_is_not_well_says_how_to_mend_it(app):
    with app.app_context():
        settings = replace(app.config["SEMINAR"], mail_server="127.0.0.1", mail_port=free_port())
        found = [one for one in doctor.examine(settings, now()) if one.state != doctor.WELL and one.topic != "database"]
        assert [one.topic for one in found if one.mend is None] == []
        assert [one.state for one in found if one.topic == "mail"] == [doctor.BROKEN]


def test_a_database_that_is_behind_is_broken(app):
    assert "broken" in states(app)["database"]


def test_a_clock_behind_the_last_record_is_broken(app):
    with app.app_context():
        record(cast.COMMAND, now().replace(year=2099), "try", "clock")
        db.session.commit()
    assert states(app)["clock"] == ["broken"]


def test_the_commands_status_says_whether_something_is_broken_and_json_is_an_array(app):
    runner = app.test_cli_runner()
    broken = runner.invoke(args=["doctor", "--format", "json"])
    assert broken.exit_code == 1
    rows = json.loads(broken.output)
    assert {"topic", "state", "text", "mend"} == set(rows[0])
    stamp(app)
    assert runner.invoke(args=["doctor"]).exit_code == 0


def test_seminars_are_listed(app):
    runner = app.test_cli_runner()
    rows = json.loads(runner.invoke(args=["seminars", "list", "--format", "json"]).output)
    assert [(row["slug"], row["held_on"], row["venue"]) for row in rows] == [(cast.SLUG, "2024-03-15", "Hội trường A")]
    assert runner.invoke(args=["seminars", "list"]).output.startswith(f"{cast.SLUG}\t2024-03-15\t")
