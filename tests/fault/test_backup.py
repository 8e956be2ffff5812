"""Backups: whole while the office works, true to the last row, refused when damaged, restored only into the empty."""

import json
import threading
import zipfile
from pathlib import Path

import pytest

from seminar.audit.models import AuditEntry, record
from seminar.delegates.models import Delegate
from seminar.lib import files
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.settings import load
from seminar.operations import backup, schema
from seminar.reports.models import BuildState, Dossier
from tests import cast, engines


@pytest.fixture
def settings(app):
    return app.config["SEMINAR"]


@pytest.fixture
def filled(app, settings):
    """Three people and two files, whatever other tests left there."""
    empty(settings)
    with app.app_context():
        seminar = cast.find_seminar()
        for name in ("Nguyễn Văn Một", "Trần Thị Hai", "Lê Ba"):
            cast.add_delegate(seminar, name)
        db.session.commit()
        files.keep("bài tham luận".encode())
        files.keep(b"letter")
    yield settings
    empty(settings)


def empty(settings) -> None:
    for path in (settings.data / "files").glob("*/*"):
        path.unlink()


def make(settings, folder: Path) -> Path:
    return backup.create(settings, folder, "0001", now())


def rewrite(source: Path, target: Path, **changes: bytes | None) -> Path:
    """A copy of the zip with some members replaced (or, by None, left out); `files__x` stands for files/x."""
    wanted = {name.replace("__", "/"): content for name, content in changes.items()}
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            key = next((key for key in wanted if name.startswith(key)), None)
            content = old.read(name) if key is None else wanted[key]
            if content is not None:
                new.writestr(name, content)
    return target


def empty_settings(app, settings, folder: Path, cluster):
    env = {"SEMINAR_DATA": str(folder), "SEMINAR_SECRET_KEY": "k" * 40}
    if cluster:
        cluster.execute('DROP DATABASE IF EXISTS "restored" WITH (FORCE)', 'CREATE DATABASE "restored"')
        env["SEMINAR_DATABASE_URL"] = cluster.url("restored")
    return load(env)


def names_in(settings) -> list[str]:
    from sqlalchemy import create_engine, text

    from seminar.lib.database import engine_options

    engine = create_engine(settings.database_url, **engine_options(settings.database_url))
    with engine.connect() as connection:
        found = list(connection.execute(text("SELECT name FROM delegate ORDER BY number")).scalars())
    engine.dispose()
    return found


def test_a_backup_is_whole_closed_to_others_and_says_what_it_holds(filled, tmp_path):
    file = make(filled, tmp_path / "to")
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "to").iterdir()] == [file.name]
    contents = backup.verify(file)
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert manifest["rows"]["delegate"] == 3
    assert (contents.engine, contents.file_count) == (engines.ENGINE, 2)
    assert contents.row_count == sum(manifest["rows"].values())


def test_what_was_backed_up_comes_back(app, filled, tmp_path, cluster):
    file = make(filled, tmp_path)
    target = empty_settings(app, filled, tmp_path / "new", cluster)
    backup.restore(file, target)
    assert names_in(target) == ["Nguyễn Văn Một", "Trần Thị Hai", "Lê Ba"]
    kept = sorted(path.name for path in (filled.data / "files").glob("*/*"))
    assert sorted(path.name for path in (target.data / "files").glob("*/*")) == kept
    assert {path.name for path in target.data.iterdir()} <= {"files", "seminar.db", "serve.lock"}


def test_packed_dossiers_stay_out_since_they_are_packed_anew(app, filled, tmp_path, cluster):
    with app.app_context():
        digest = files.keep(b"everything a second time")
        db.session.add(
            Dossier(
                seminar_id=cast.find_seminar().id,
                state=BuildState.DONE,
                asked_at=now(),
                asked_by="Oanh",
                sha256=digest,
                size_bytes=24,
            )
        )
        db.session.commit()
    file = make(filled, tmp_path)
    assert backup.verify(file).file_count == 2
    assert b"everything a second time" not in file.read_bytes()
    target = empty_settings(app, filled, tmp_path / "new", cluster)
    backup.restore(file, target)
    there = {path.name for path in (target.data / "files").glob("*/*")}
    assert len(there) == 2 and digest not in there


def test_a_backup_while_the_office_works_is_one_moment(app, filled, tmp_path, cluster):
    """Each transaction writes two audit entries: a copy between them would have an odd number."""
    stop = threading.Event()
    written = [0]

    def work() -> None:
        while not stop.is_set():
            with app.app_context():
                for _ in range(2):
                    record(cast.COMMAND, now(), "try", "backup")
                    db.session.flush()
                files.keep(f"file {written[0]}".encode())
                db.session.commit()
                written[0] += 1

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    try:
        taken = [make(filled, tmp_path) for _ in range(4)]
    finally:
        stop.set()
        for worker in workers:
            worker.join()
    counts = []
    for file in taken:
        backup.verify(file)
        with zipfile.ZipFile(file) as archive:
            counts.append(json.loads(archive.read("manifest.json"))["rows"]["audit_entry"])
    assert [count % 2 for count in counts] == [0] * 4
    assert counts == sorted(counts)
    assert written[0] > 0
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(AuditEntry)) == 2 * written[0]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"database": b"SQLite format 3\0 no more"}, "sha256"),
        ({"files": b"another text"}, "sha256"),
        ({"manifest": None}, "manifest.json"),
        ({"files": None}, "files/"),
    ],
)
def test_a_changed_or_missing_member_is_told(filled, tmp_path, changes, why):
    damaged = rewrite(make(filled, tmp_path / "good"), tmp_path / "damaged.zip", **changes)
    with pytest.raises(Refused) as refused:
        backup.verify(damaged)
    assert why in str(refused.value)


def test_row_counts_that_do_not_agree_are_told(filled, tmp_path):
    file = make(filled, tmp_path / "good")
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    manifest["rows"]["delegate"] = 2
    damaged = rewrite(file, tmp_path / "damaged.zip", manifest=json.dumps(manifest).encode())
    if engines.ENGINE == "sqlite":
        with pytest.raises(Refused) as refused:
            backup.verify(damaged)
        assert "row counts" in str(refused.value)


@pytest.mark.parametrize("length", [0, 10, 2000])
def test_a_file_cut_short_is_told(filled, tmp_path, length):
    cut = tmp_path / "cut.zip"
    cut.write_bytes(make(filled, tmp_path / "good").read_bytes()[:length])
    with pytest.raises(Refused):
        backup.verify(cut)


def test_a_file_name_that_leads_elsewhere_is_refused(filled, tmp_path):
    file = make(filled, tmp_path / "good")
    with zipfile.ZipFile(file) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    manifest["files"] = ["../" * 20 + "etc/cron.d/x"]
    damaged = rewrite(file, tmp_path / "damaged.zip", manifest=json.dumps(manifest).encode())
    with pytest.raises(Refused):
        backup.verify(damaged)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(Refused):
        backup.verify(tmp_path / "nothing.zip")


def test_the_keys_that_a_demo_makes_when_it_starts_are_no_hindrance(app, filled, tmp_path, cluster):
    (filled.data / "demo.json").write_text('{"of": "the backup"}')
    file = make(filled, tmp_path)
    (filled.data / "demo.json").unlink()
    target = empty_settings(app, filled, tmp_path / "new", cluster)
    target.data.mkdir()
    (target.data / "demo.json").write_text('{"of": "this start"}')
    backup.restore(file, target)
    assert (target.data / "demo.json").read_text() == '{"of": "the backup"}'
    assert names_in(target) == ["Nguyễn Văn Một", "Trần Thị Hai", "Lê Ba"]


def test_a_folder_with_anything_in_it_is_not_restored_into(app, filled, tmp_path, cluster):
    file = make(filled, tmp_path)
    target = empty_settings(app, filled, tmp_path / "new", cluster)
    target.data.mkdir()
    (target.data / "seminar.db-wal").write_bytes(b"left from something")
    with pytest.raises(Refused):
        backup.restore(file, target)
    assert {path.name for path in target.data.iterdir()} == {"seminar.db-wal", "serve.lock"}


def test_restoring_twice_is_refused(app, filled, tmp_path, cluster):
    file = make(filled, tmp_path)
    target = empty_settings(app, filled, tmp_path / "new", cluster)
    backup.restore(file, target)
    with pytest.raises(Refused):
        backup.restore(file, target)
    assert len(names_in(target)) == 3


def test_a_damaged_backup_leaves_the_folder_empty(app, filled, tmp_path, cluster):
    damaged = rewrite(make(filled, tmp_path / "good"), tmp_path / "damaged.zip", files=b"another text")
    target = empty_settings(app, filled, tmp_path / "new", cluster)
    with pytest.raises(Refused):
        backup.restore(damaged, target)
    assert {path.name for path in target.data.iterdir()} == {"serve.lock"}


def test_the_commands_create_verify_and_refuse(app, filled, tmp_path):
    runner = app.test_cli_runner()
    made = runner.invoke(args=["backup", "create", str(tmp_path)])
    assert made.exit_code == 0, made.output
    file = Path(made.output.strip())
    assert runner.invoke(args=["backup", "verify", str(file)]).exit_code == 0
    refused = runner.invoke(args=["backup", "restore", str(file)])
    assert refused.exit_code == 1
    assert refused.output.count("\n") == 1


def test_the_revision_of_the_database_stands_in_the_manifest(app, filled, tmp_path):
    with app.app_context():
        file = backup.create(filled, tmp_path, schema.wanted(), now())
        assert db.session.scalar(db.select(db.func.count()).select_from(Delegate)) == 3
    with zipfile.ZipFile(file) as archive:
        assert json.loads(archive.read("manifest.json"))["revision"] == schema.wanted()
