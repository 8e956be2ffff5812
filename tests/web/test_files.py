"""Files kept under their sha256, and those that go again with the rows that were to name them."""

import fcntl
import os

import pytest

from seminar.lib import files
from seminar.lib.database import db
from seminar.mail.actions import enqueue
from tests import cast

CONTENT = b"mot hai ba"


def claims():
    return list((files.folder().parent / "claims").glob("*.*"))


@pytest.fixture(autouse=True)
def _clean(app):
    with app.app_context():
        files.path_of(files.sha256(CONTENT)).unlink(missing_ok=True)
        yield


def name_it(digest):
    """A row that names the file."""
    enqueue("Oanh", "oanh@example.vn", "x", "x", "", "message", cast.OFFICE, cast.NOW, attachment_sha256=digest)


def test_what_is_committed_stays_and_is_claimed_no_more():
    digest = files.keep(CONTENT, with_rows=True)
    assert len(claims()) == 1
    name_it(digest)
    db.session.commit()
    assert files.read(digest) == CONTENT
    assert claims() == []


@pytest.mark.parametrize("end", [lambda: db.session.rollback(), lambda: db.session.remove()])
def test_what_is_not_committed_goes(end):
    digest = files.keep(CONTENT, with_rows=True)
    name_it(digest)
    db.session.flush()
    end()
    assert not files.path_of(digest).exists()
    assert claims() == []


def test_a_savepoint_that_is_rolled_back_takes_no_file_with_it():
    digest = files.keep(CONTENT, with_rows=True)
    nested = db.session.begin_nested()
    nested.rollback()
    name_it(digest)
    db.session.commit()
    assert files.read(digest) == CONTENT


def test_a_file_that_was_there_stays_whatever_becomes_of_a_second_sender():
    digest = files.keep(CONTENT)
    assert files.keep(CONTENT, with_rows=True) == digest
    db.session.execute(db.text("SELECT 1"))
    db.session.rollback()
    assert files.read(digest) == CONTENT


@pytest.mark.parametrize("second_with_rows", [True, False])
def test_of_two_senders_of_the_same_bytes_the_one_who_gives_up_takes_nothing_away(app, second_with_rows):
    digest = files.keep(CONTENT, with_rows=True)
    with app.app_context():  # another session
        files.keep(CONTENT, with_rows=second_with_rows)
        db.session.execute(db.text("SELECT 1"))
        db.session.commit()
    db.session.execute(db.text("SELECT 1"))
    db.session.rollback()
    assert files.read(digest) == CONTENT
    assert claims() == []


def test_recovery_leaves_alone_what_a_living_process_claims():
    digest = files.keep(CONTENT, with_rows=True)
    assert files.recover() == 0
    assert files.path_of(digest).exists()
    db.session.execute(db.text("SELECT 1"))
    db.session.rollback()
    assert not files.path_of(digest).exists()


def test_a_child_that_is_started_meanwhile_holds_up_nobody():
    """Between fork and exec a child has copies of all that is open."""
    waits, ends = os.pipe()
    with files._locked():
        child = os.fork()
        if child == 0:
            os.close(ends)
            os.read(waits, 1)
            os._exit(0)
    try:
        with (files.folder().parent / "claims" / "lock").open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    finally:
        os.close(ends)
        os.close(waits)
        os.waitpid(child, 0)


def test_a_large_file_is_moved_into_its_place_and_never_copied():
    with files.half() as path:
        path.write_bytes(CONTENT)
        inode = path.stat().st_ino
        digest = files.keep_file(path, with_rows=True)
        name_it(digest)
        db.session.commit()
    assert (digest, files.read(digest)) == (files.sha256(CONTENT), CONTENT)
    kept = files.path_of(digest).stat()
    assert (kept.st_ino, kept.st_mode & 0o777) == (inode, 0o600)
    assert claims() == []


def test_a_large_file_that_was_there_already_stays_and_the_new_one_goes():
    digest = files.keep(CONTENT)
    with files.half() as path:
        path.write_bytes(CONTENT)
        assert files.keep_file(path) == digest
    assert not path.exists()
    assert files.read(digest) == CONTENT


def test_a_half_file_goes_with_what_broke_and_at_the_next_start(monkeypatch):
    with pytest.raises(OSError), files.half() as path:
        path.write_bytes(CONTENT)
        raise OSError(28, "No space left on device")
    assert not path.exists()
    with files.half() as path:
        path.write_bytes(CONTENT)
        files.recover()
        assert path.exists(), "its process lives"
        monkeypatch.setattr(files, "_lives", lambda pid: False)
        files.recover()
        assert not path.exists()


@pytest.mark.parametrize("is_named", [True, False])
def test_a_file_goes_with_the_last_row_that_named_it(is_named):
    digest = files.keep(CONTENT)
    name_it(digest)
    db.session.commit()
    with files.letting_go([digest]):
        if not is_named:
            db.session.execute(db.text("DELETE FROM mail"))
        db.session.commit()
    assert files.path_of(digest).exists() == is_named
    assert claims() == []


def test_a_file_of_which_a_dead_process_let_go_goes_at_the_next_start():
    """Killed between the commit and the file: its claim is all that tells of it."""
    digest = files.keep(CONTENT)
    (files.folder().parent / "claims" / f"{digest}.999999999.ab").touch()
    assert files.recover() == 1
    assert not files.path_of(digest).exists()
