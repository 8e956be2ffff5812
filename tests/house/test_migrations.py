"""The migrations build exactly the tables of the models, on both engines, and keep the rows that are there."""

from collections.abc import Iterator
from datetime import date, time
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import MetaData, inspect, text

from seminar.delegates.models import ListShape
from seminar.invitations.models import Delivery, Invitation, Occasion
from seminar.invitations.particulars import read
from seminar.lib.database import db, init_database
from seminar.lib.errors import Refused
from seminar.operations import schema
from tests import cast, engines
from tests.house.sources import PACKAGES


@pytest.fixture(scope="module")
def own_cluster(folder: Path) -> Iterator[engines.Cluster]:
    """Not below pytest's folder: another session that begins there meanwhile closes it to everybody else."""
    cluster = engines.Cluster(folder / "migrated")
    cluster.port += 1000
    cluster.start()
    yield cluster
    cluster.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An application over an empty database."""
    for package in PACKAGES:
        if find_spec(f"seminar.{package}.models"):
            import_module(f"seminar.{package}.models")
    url = f"sqlite:///{tmp_path / 'empty.db'}"
    if request.param == "postgresql":
        cluster: engines.Cluster = request.getfixturevalue("own_cluster")
        cluster.execute('DROP DATABASE IF EXISTS "empty" WITH (FORCE)', 'CREATE DATABASE "empty"')
        url = cluster.url("empty")
    app = Flask("empty")
    init_database(app, url, tmp_path)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def shape_of() -> dict[str, object]:
    """Tables, columns, indexes and constraints as the database itself tells them."""
    seen = inspect(db.engine)
    return {
        table: {
            "columns": sorted((c["name"], str(c["type"]), c["nullable"]) for c in seen.get_columns(table)),
            "indexes": sorted(
                (i["name"] or "", tuple(i["column_names"]), bool(i["unique"])) for i in seen.get_indexes(table)
            ),
            "unique": sorted((u["name"] or "", tuple(u["column_names"])) for u in seen.get_unique_constraints(table)),
            "checks": sorted(str(c["name"]) for c in seen.get_check_constraints(table)),
            "foreign": sorted(
                (str(f["name"]), tuple(f["constrained_columns"]), f["referred_table"])
                for f in seen.get_foreign_keys(table)
            ),
            "key": seen.get_pk_constraint(table)["constrained_columns"],
        }
        for table in seen.get_table_names()
        if table != "alembic_version"
    }


def test_the_migrations_build_the_tables_of_the_models(empty):
    flask_migrate.upgrade()
    migrated = shape_of()
    with db.engine.begin() as connection:
        db.metadata.drop_all(connection)
        db.metadata.create_all(connection)
    assert migrated == shape_of()


def test_no_other_pytest_can_close_or_remove_the_folder_of_the_cluster(own_cluster, tmp_path_factory):
    """A session that begins meanwhile takes the right to enter pytest's folders from everybody but us: PostgreSQL dies."""
    assert not own_cluster.folder.is_relative_to(tmp_path_factory.getbasetemp())


def test_nothing_is_left_to_migrate(empty):
    flask_migrate.upgrade()
    flask_migrate.check()


def test_upgrading_twice_keeps_the_rows(empty):
    flask_migrate.upgrade()
    cast.add_staff()
    cast.add_units()
    cast.add_seminar()
    db.session.commit()
    flask_migrate.upgrade()
    assert cast.find_seminar().title
    schema.check()


def test_a_shape_of_a_list_kept_before_names_everybody_and_keeps_its_columns(empty):
    flask_migrate.upgrade(revision="0002")
    row = {"name": "Cũ", "columns": '["name"]', "at": "2024-03-01 02:00:00+00:00"}
    with db.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO seminar (slug, title, theme, purpose, issuer, plan_number, dress, contact_name, contact_phone, "
                "contact_email, is_demo, is_announced, settings, created_at) "
                "VALUES ('a', 'A', '', '', '', '', '', '', '', '', false, false, '{}', :at)"
            ),
            {"at": row["at"]},
        )
        connection.execute(
            text(
                'INSERT INTO list_shape (seminar_id, name, title, columns, grouping, "order", saved_at, saved_by) '
                "VALUES (1, :name, 'Khách', :columns, 'group', 'name', :at, 'Oanh')"
            ),
            row,
        )
    flask_migrate.upgrade()
    kept = db.session.scalars(db.select(ListShape)).one()
    assert (kept.columns, kept.who, kept.options, kept.subtitle) == (["name"], {}, {}, "")


def test_a_database_that_is_behind_or_ahead_is_refused_in_a_sentence(empty):
    with pytest.raises(Refused) as behind:
        schema.check()
    assert "db upgrade" in str(behind.value)
    flask_migrate.upgrade()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Refused) as ahead:
        schema.check()
    assert "newer" in str(ahead.value)


def test_a_migration_that_fails_changes_nothing(empty, monkeypatch):
    """DDL is transactional on both engines: half an upgrade would be worse than none."""
    from alembic.operations import Operations

    calls = []

    def break_late(self, *arguments, **options):
        calls.append(arguments)
        if len(calls) > 10:
            raise RuntimeError("power cut")
        return create(self, *arguments, **options)

    create = Operations.create_table
    monkeypatch.setattr(Operations, "create_table", break_late)
    with pytest.raises((RuntimeError, SystemExit)):
        flask_migrate.upgrade()
    monkeypatch.undo()
    assert inspect(db.engine).get_table_names() == []
    flask_migrate.upgrade()
    schema.check()


def test_two_deadlines_of_one_kind_become_one_and_a_date_of_the_plan(empty):
    """0003: of one seminar's milestones only the first of a code was read; the other keeps its words and its day."""
    flask_migrate.upgrade(revision="0002")
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO seminar (id, slug, title, theme, purpose, issuer, plan_number, dress, contact_name, contact_phone,"
            " contact_email, is_demo, is_announced, settings, created_at)"
            " VALUES (1, 'a', 'A', '', '', '', '', '', '', '', '', false, false, '{}', '2024-01-01 00:00:00')"
        )
        for position, code in ((1, "papers"), (2, "papers"), (3, ""), (4, ""), (5, "answers")):
            connection.exec_driver_sql(
                "INSERT INTO milestone (seminar_id, position, code, rule, due_on, text, owner, is_default, closed_by)"
                f" VALUES (1, {position}, '{code}', 'until', '2024-03-01', 'm{position}', '', false, '')"
            )
        connection.exec_driver_sql(
            "INSERT INTO unit (id, position, name, kind, contact_name, contact_phone, contact_email)"
            " VALUES (1, 1, 'Đoàn Thử', 'district', '', '', '')"
        )
        connection.exec_driver_sql("INSERT INTO unit_alias (folded, unit_id) VALUES ('doan thu', 1)")
    flask_migrate.upgrade()
    with db.engine.begin() as connection:
        kept = connection.exec_driver_sql("SELECT position, code, text FROM milestone ORDER BY position").all()
        assert [tuple(one) for one in kept] == [
            (1, "papers", "m1"), (2, "", "m2"), (3, "", "m3"), (4, "", "m4"), (5, "answers", "m5"),
        ]  # fmt: skip
        assert tuple(connection.exec_driver_sql("SELECT folded, name FROM unit_alias").one()) == ("doan thu", "")
    flask_migrate.downgrade(revision="0002")
    flask_migrate.upgrade()


def test_there_is_one_line_of_revisions():
    script = schema.script_folder()
    assert len(script.get_heads()) == 1
    assert [revision.revision for revision in script.walk_revisions()][-1] == "0001"


def fill_before_units(connection) -> None:
    """At revision 0004: a group per unit whose two places are held, by somebody of a unit and by somebody of none."""
    put = putting(connection)
    put("seminar", id=1, slug="cu", title="Cũ")
    put("unit", id=1, name="Huyện Đoàn Thử", kind="district")
    put("group", id=1, seminar_id=1, code="T2", quota_kind="per_unit", quota_count=1, audience="summoned")
    put("group", id=2, seminar_id=1, code="KHAC", quota_kind="open", audience="unassigned")
    for number, unit_id in ((1, 1), (2, None)):
        put("delegate", id=number, seminar_id=1, number=number, name=f"Người {number}", unit_id=unit_id)
        put("place", id=number, group_id=1, unit_id=unit_id)
        put("membership", delegate_id=number, group_id=1, quota_kind="per_unit", is_primary=True, place_id=number)


def test_holders_of_places_keep_them_and_whoever_has_no_unit_is_told(empty):
    flask_migrate.upgrade(revision="0004")
    with db.engine.begin() as connection:
        fill_before_units(connection)
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        rows = connection.exec_driver_sql(
            "SELECT delegate_id, group_id, place_id, unit_id FROM membership ORDER BY delegate_id"
        )
        assert [tuple(row) for row in rows] == [(1, 1, 1, 1), (2, 2, None, None)]
        note = connection.exec_driver_sql("SELECT note FROM delegate WHERE id = 2").scalar()
    assert note == "thành phần trước đây: T2 (chưa rõ đơn vị)"


def test_documents_issued_before_keep_their_numbers_and_are_found_by_symbol(empty):
    flask_migrate.upgrade(revision="0005")
    with db.engine.begin() as connection:
        tables = inspect(connection)
        meta = MetaData()
        meta.reflect(connection)
        known = {"slug": "cu", "title": "Cũ", "settings": {}, "kind": "dispatch", "seminar_id": 1, "term": "2022-2027"}
        for table, rows in (
            ("seminar", [{}]),
            ("issued_document", [{"symbol": "09-CV/TĐTN-TCKT"}, {"symbol": "10-CV/BTC"}]),
        ):
            for number, row in enumerate(rows, 9):
                values = {}
                for column in tables.get_columns(table):
                    name, kind = column["name"], str(column["type"]).upper()
                    if name == "id" or column["nullable"] and name not in known:
                        continue
                    blank = cast.NOW if "TIME" in kind else cast.NOW.date() if kind == "DATE" else number
                    blank = "" if "CHAR" in kind or "TEXT" in kind else False if "BOOL" in kind else blank
                    values[name] = row.get(name, known.get(name, blank))
                connection.execute(meta.tables[table].insert().values(**values))
    flask_migrate.upgrade()
    from seminar.documents.models import IssuedDocument, symbol_key

    kept = db.session.scalars(db.select(IssuedDocument).order_by(IssuedDocument.id)).all()
    assert [(one.number, one.issuer, one.is_outside) for one in kept] == [(9, "TĐTN", False), (10, "BTC", False)]
    assert [one.symbol_key for one in kept] == [symbol_key(one.symbol) for one in kept]


def test_what_was_sent_before_is_kept_as_told_with_what_became_of_it(empty):
    """0007: a mail and a hand-over of before say the day, hour and place of the seminar; others said nothing."""
    flask_migrate.upgrade(revision="0005")
    with db.engine.begin() as connection:
        put = putting(connection)
        put("seminar", id=1, slug="cu", title="Cũ", held_on=date(2024, 3, 15), starts_at=time(8))
        put("venue", seminar_id=1, name="Hội trường A", address="Số 1", confirmed_at=cast.NOW)
        put("seminar", id=2, slug="khac", title="Chưa gửi gì")
        put("issued_document", id=1, seminar_id=1, kind="invitation", number=1, issued_on=date(2024, 3, 1))
        for number in (1, 2):
            put("delegate", id=number, seminar_id=1, number=number, name=f"Người {number}")
            code = str(number) * 20
            put(
                "invitation",
                id=number,
                delegate_id=number,
                document_id=1,
                code=code,
                code_sha256=code,
                issued_at=cast.NOW,
            )
        mail = {"seminar_id": 1, "status": "sent", "created_at": cast.NOW, "created_by": "Oanh"}
        put("mail", id=1, delegate_id=1, purpose="invitation", to_address="a@example.vn", message_id="1", **mail)
        put("mail", id=2, delegate_id=1, purpose="proxy refusal", to_address="a@example.vn", message_id="2", **mail)
        put("delivery", invitation_id=2, channel="zalo", at=cast.NOW, by="Oanh")
    flask_migrate.upgrade()
    told = db.session.scalars(db.select(Occasion)).one()
    assert (told.held_on, told.starts_at, told.place) == (date(2024, 3, 15), time(8), "Hội trường A, Số 1")
    assert told.first_told_at == cast.NOW
    rows = db.session.scalars(db.select(Delivery).order_by(Delivery.id)).all()
    assert [(one.invitation_id, one.channel, one.to, one.mail_id, one.occasion_id) for one in rows] == [
        (2, "zalo", "", None, told.id),
        (1, "email", "a@example.vn", 1, told.id),
    ]
    db.session.remove()
    flask_migrate.downgrade(revision="0005")
    flask_migrate.upgrade()


def test_letters_of_before_keep_what_the_plan_says_when_the_migration_runs(empty):
    """0008: the letters of each seminar share one row; where the venue is open the day told of is left out."""
    flask_migrate.upgrade(revision="0007")
    day = date(2024, 3, 15)
    with db.engine.begin() as connection:
        put = putting(connection)
        known = {
            "held_on": day,
            "starts_at": time(8),
            "settings": {"signer_name": "Trần Thị Mẫu", "x": 1},
        }
        for number in (1, 2, 3):
            put("seminar", id=number, slug=f"cu-{number}", title=f"Cũ {number}", plan_number="12-KH/TĐTN", **known)
            put("group", id=number, seminar_id=number, code="G2", name="Khách", proxy_rule="free", quota_kind="open")
        put("venue", seminar_id=1, name="Hội trường A", address="Số 1", confirmed_at=cast.NOW)
        put("milestone", seminar_id=1, code="answers", rule="before", due_on=date(2024, 3, 8))
        for number, seminar_id in ((1, 1), (2, 1), (3, 2)):
            put("issued_document", id=number, seminar_id=seminar_id, kind="invitation", number=number, issued_on=day)
            put("delegate", id=number, seminar_id=seminar_id, number=number, name=f"Người {number}")
            held = {"code": str(number) * 20, "code_sha256": str(number), "issued_at": cast.NOW}
            put("invitation", id=number, delegate_id=number, document_id=number, **held)
    flask_migrate.upgrade()
    one, other, third = (db.session.get_one(Invitation, number).particulars for number in (1, 2, 3))
    assert one is other
    assert (one.occasion.place, one.first_said_at) == ("Hội trường A, Số 1", cast.NOW)
    said = read(one.said)
    assert (said.title, said.plan_number, said.when) == (
        "Cũ 1",
        "12-KH/TĐTN",
        "08 giờ 00, ngày 15 tháng 3 năm 2024 (thứ Sáu)",
    )
    assert (said.deadline, said.form.signer_name, said.groups) == (
        "trước ngày 08 tháng 3 năm 2024",
        "Trần Thị Mẫu",
        {"1": ("Khách", "free")},
    )
    assert (third.occasion_id, read(third.said).told) == (None, None)
    db.session.remove()
    flask_migrate.downgrade(revision="0007")
    flask_migrate.upgrade()


def putting(connection):
    """`put(table, **values)` inserts a row with blanks for what is not given."""
    tables = inspect(connection)
    meta = MetaData()
    meta.reflect(connection)

    def put(table: str, **values: object) -> None:
        for column in tables.get_columns(table):
            if column["name"] not in values and not column["nullable"] and column["name"] != "id":
                kind = str(column["type"]).upper()
                blank: object = cast.NOW if "TIME" in kind else 0 if "INT" in kind else ""
                blank = False if "BOOL" in kind else {} if "JSON" in kind else blank
                values[column["name"]] = blank
        connection.execute(meta.tables[table].insert().values(**values))

    return put
