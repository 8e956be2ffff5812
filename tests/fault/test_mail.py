"""The mail server is away, says no, says later, hangs up or hangs; the sender dies: nothing is lost, nothing pretends."""

import os
import re
import signal
import ssl
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest

from seminar.lib import clock
from seminar.lib.database import db
from seminar.mail import actions, transport, worker
from seminar.mail.models import Mail, MailStatus
from tests import cast
from tests.postbox import Postbox, until, use

OUTBOX = f"/seminars/{cast.SLUG}/outbox"
CERTIFICATE = Path(__file__).parent / "certificates" / "localhost.pem"


@pytest.fixture
def postbox():
    box = Postbox()
    yield box
    box.close()


def put_in(app, *addresses: str) -> None:
    """One message to each address, from the office, now."""
    with app.app_context():
        seminar_id = cast.find_seminar().id
        for address in addresses:
            actions.enqueue(
                "Lê An",
                address,
                "Thư mời",
                "Kính gửi",
                "<p>x</p>",
                "invitation",
                cast.OFFICE,
                clock.now(),
                seminar_id=seminar_id,
            )
        db.session.commit()


def states(app) -> dict[str, str]:
    with app.app_context():
        return {mail.to_address: mail.status for mail in db.session.scalars(db.select(Mail).order_by(Mail.id))}


def only_mail(app) -> Mail:
    mail = db.session.scalars(db.select(Mail)).one()
    db.session.expunge(mail)
    return mail


def drain(app, **options) -> actions.Drained:
    with app.app_context():
        return actions.drain_once(app.config["SEMINAR"], **options)


def make_due(app, **values) -> None:
    """The minutes until the next try have passed."""
    with app.app_context():
        db.session.execute(db.update(Mail).values(due_at=clock.now() - timedelta(seconds=1), **values))
        db.session.commit()


def test_a_server_that_is_away_keeps_all_mail_visible_and_gets_it_when_it_is_back(app, office, postbox, monkeypatch):
    use(app, monkeypatch, postbox.port)
    put_in(app, "a@example.vn", "b@example.vn", "c@example.vn")
    drained = drain(app)
    assert "refused" in drained.trouble
    assert states(app) == {"a@example.vn": "retry", "b@example.vn": "queued", "c@example.vn": "queued"}
    page = office.get(OUTBOX).text
    assert page.count("data-row") == 3
    assert "Connection refused" in page
    postbox.open()
    make_due(app)
    assert drain(app).sent == 3
    assert set(states(app).values()) == {"sent"}
    assert sorted(postbox.receivers) == ["a@example.vn", "b@example.vn", "c@example.vn"]


def test_the_worker_sends_by_itself_once_the_server_is_back(app, postbox, monkeypatch):
    use(app, monkeypatch, postbox.port)
    monkeypatch.setattr(worker, "POLL_SECONDS", 0.1)
    monkeypatch.setattr(worker, "LONGEST_BACKOFF_SECONDS", 0.2)
    monkeypatch.setattr(actions.rules, "LONGEST_WAIT_FOR_SERVER", timedelta(seconds=0.2))
    thread = worker.start(app)
    put_in(app, "a@example.vn", "b@example.vn")
    assert until(lambda: "retry" in states(app).values())
    postbox.open()
    assert until(lambda: set(states(app).values()) == {"sent"})
    thread.stop()
    assert not thread.thread.is_alive()
    assert sorted(postbox.receivers) == ["a@example.vn", "b@example.vn"]


def test_what_was_held_leaves_once_a_server_is_configured(app, postbox, monkeypatch):
    put_in(app, "a@example.vn")
    assert drain(app).tried == 0
    assert states(app) == {"a@example.vn": "held"}
    postbox.open()
    use(app, monkeypatch, postbox.port)
    assert drain(app).sent == 1
    assert states(app) == {"a@example.vn": "sent"}


@pytest.mark.parametrize("where", ["", "DATA "])
@pytest.mark.parametrize("code", [450, 451, 452])
def test_later_is_tried_again_after_two_and_four_minutes(app, postbox, monkeypatch, code, where):
    postbox.open().answers = {f"{where}later@example.vn": f"{code} try later"}
    use(app, monkeypatch, postbox.port)
    put_in(app, "later@example.vn", "good@example.vn")
    before = clock.now()
    drained = drain(app)
    assert (drained.sent, drained.later, drained.failed, drained.trouble) == (1, 1, 0, "")
    assert states(app) == {"later@example.vn": "retry", "good@example.vn": "sent"}
    with app.app_context():
        mail = db.session.scalars(db.select(Mail).where(Mail.status == "retry")).one()
        assert mail.answer == f"{code} try later"
        assert timedelta(minutes=2) <= mail.due_at - before < timedelta(minutes=2, seconds=30)
        assert not mail.maybe_twice
    assert drain(app).tried == 0
    make_due(app)
    before = clock.now()
    assert drain(app).later == 1
    with app.app_context():
        mail = db.session.scalars(db.select(Mail).where(Mail.status == "retry")).one()
        assert timedelta(minutes=4) <= mail.due_at - before < timedelta(minutes=4, seconds=30)
    postbox.answers = {}
    make_due(app)
    assert drain(app).sent == 1
    assert sorted(postbox.receivers) == ["good@example.vn", "later@example.vn"]


@pytest.mark.parametrize("where", ["", "DATA "])
@pytest.mark.parametrize("code", [550, 552, 554])
def test_never_is_final_and_says_what_the_server_said(app, office, postbox, monkeypatch, code, where):
    postbox.open().answers = {f"{where}dead@example.vn": f"{code} no such person here"}
    use(app, monkeypatch, postbox.port)
    put_in(app, "dead@example.vn", "good@example.vn")
    drained = drain(app)
    assert (drained.sent, drained.later, drained.failed) == (1, 0, 1)
    assert states(app) == {"dead@example.vn": "failed", "good@example.vn": "sent"}
    assert f"{code} no such person here" in office.get(OUTBOX + "?status=failed").text
    make_due(app)
    assert drain(app).tried == 0


def test_a_connection_cut_after_the_text_is_tried_again_with_the_same_id_and_marked(app, office, postbox, monkeypatch):
    postbox.open().drops_after_data = {"a@example.vn"}
    use(app, monkeypatch, postbox.port)
    put_in(app, "a@example.vn")
    assert drain(app).trouble
    with app.app_context():
        mail = only_mail(app)
        assert (mail.status, mail.maybe_twice) == (MailStatus.RETRY, True)
    assert office.get(OUTBOX + "?maybe_twice=1").text.count("data-row") == 1
    make_due(app)
    assert drain(app).sent == 1
    assert [one.message["Message-ID"] for one in postbox.received] == [mail.message_id] * 2


def test_a_server_that_says_nothing_costs_only_the_time_limit(app, monkeypatch):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as silent:
        use(app, monkeypatch, silent.getsockname()[1])
        put_in(app, "a@example.vn")
        began = time.monotonic()
        drained = drain(app, timeout=0.5)
        assert time.monotonic() - began < 3
    assert "timed out" in drained.trouble
    assert states(app) == {"a@example.vn": "retry"}


def test_a_server_that_hangs_after_the_text_leaves_the_message_marked(app, postbox, monkeypatch):
    postbox.open().seconds_per_mail = 3
    use(app, monkeypatch, postbox.port)
    put_in(app, "a@example.vn")
    drain(app, timeout=0.5)
    with app.app_context():
        mail = only_mail(app)
    assert (mail.status, mail.maybe_twice) == (MailStatus.RETRY, True)


def test_a_refused_sender_is_our_setting_and_fails_nobody(app, postbox, monkeypatch):
    async def refuse(server, session, envelope, address, options):
        return "553 sender not allowed"

    postbox.handle_MAIL = refuse
    postbox.open()
    use(app, monkeypatch, postbox.port)
    put_in(app, "a@example.vn", "b@example.vn")
    assert drain(app).trouble == "553 sender not allowed"
    assert states(app) == {"a@example.vn": "retry", "b@example.vn": "queued"}


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_an_unknown_certificate_gets_no_mail(app, monkeypatch, security):
    box, _ = _secure(security)
    try:
        use(app, monkeypatch, box.port, mail_security=security)
        put_in(app, "a@example.vn")
        assert "certificate verify failed" in drain(app).trouble
    finally:
        box.close()
    assert states(app) == {"a@example.vn": "retry"}
    assert box.received == []


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_known_certificate_gets_it(app, monkeypatch, security):
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    box, _ = _secure(security)
    try:
        use(app, monkeypatch, box.port, mail_security=security)
        put_in(app, "a@example.vn")
        assert drain(app).sent == 1
    finally:
        box.close()


def test_a_server_without_starttls_gets_no_mail_in_clear(app, postbox, monkeypatch):
    postbox.open()
    use(app, monkeypatch, postbox.port, mail_security="starttls")
    put_in(app, "a@example.vn")
    assert "STARTTLS" in drain(app).trouble
    assert postbox.received == []


def _secure(security: str) -> tuple[Postbox, ssl.SSLContext]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    options = {"tls_context": context, "require_starttls": True} if security == "starttls" else {"ssl_context": context}
    return Postbox(options=options).open(), context


def test_a_message_that_cannot_be_written_stops_nobody_else(app, postbox, monkeypatch):
    postbox.open()
    use(app, monkeypatch, postbox.port)
    put_in(app, "broken@example.vn", "good@example.vn")
    with app.app_context():
        db.session.execute(
            db.update(Mail).where(Mail.to_address == "broken@example.vn").values(subject="a\r\nBcc: x@example.vn")
        )
        db.session.commit()
    assert drain(app).sent == 1
    assert states(app) == {"broken@example.vn": "failed", "good@example.vn": "sent"}
    assert postbox.receivers == ["good@example.vn"]


def test_the_worker_survives_a_broken_database_moment(app, postbox, monkeypatch):
    monkeypatch.setattr(worker, "POLL_SECONDS", 0.05)
    calls = []
    real = actions.drain_once

    def sometimes(*arguments, **options):
        calls.append(1)
        if len(calls) < 3:
            raise RuntimeError("the database is away")
        return real(*arguments, **options)

    monkeypatch.setattr(worker.actions, "drain_once", sometimes)
    postbox.open()
    use(app, monkeypatch, postbox.port)
    put_in(app, "a@example.vn")
    thread = worker.start(app)
    assert until(lambda: states(app) == {"a@example.vn": "sent"})
    thread.stop()


def test_no_more_leave_in_a_minute_than_the_provider_allows(app, postbox, monkeypatch):
    postbox.open()
    use(app, monkeypatch, postbox.port, mail_per_minute=3)
    put_in(app, *(f"{number}@example.vn" for number in range(5)))
    assert drain(app).sent == 3
    assert drain(app).is_paused
    with app.app_context():
        db.session.execute(
            db.update(Mail).values(sent_at=clock.now() - timedelta(seconds=61)).where(Mail.status == "sent")
        )
        db.session.commit()
    assert drain(app).sent == 2


SENDER = """
import sys
from dataclasses import replace
from seminar.factory import create_app
from seminar.lib.settings import load
from seminar.mail import actions
app = create_app(load(), TESTING=True)
with app.app_context():
    print("ready", flush=True)
    while actions.drain_once(app.config["SEMINAR"]).tried:
        pass
"""


def test_a_sender_killed_in_flight_loses_nothing_and_marks_the_one_it_was_sending(app, postbox, monkeypatch):
    postbox.open().seconds_per_mail = 0.1
    use(app, monkeypatch, postbox.port)
    addresses = [f"{number}@example.vn" for number in range(12)]
    put_in(app, *addresses)
    settings = app.config["SEMINAR"]
    env = {
        **os.environ,
        "SEMINAR_DATA": str(settings.data),
        "SEMINAR_DATABASE_URL": settings.database_url,
        "SEMINAR_SECRET_KEY": "k" * 40,
        "SEMINAR_BASE_URL": "http://localhost",
        "SEMINAR_MAIL_SERVER": "127.0.0.1",
        "SEMINAR_MAIL_PORT": str(postbox.port),
        "SEMINAR_MAIL_SENDER": "moi@example.vn",
    }
    child = subprocess.Popen([sys.executable, "-c", SENDER], env=env, cwd=Path(__file__).parents[2])
    try:
        assert until(lambda: len(postbox.received) >= 4)
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    time.sleep(0.3)
    found = states(app)
    assert list(found.values()).count("sending") <= 1
    in_flight = [address for address, status in found.items() if status == "sending"]
    make_due(app)
    while drain(app).tried:
        pass
    assert set(states(app).values()) == {"sent"}
    with app.app_context():
        marked = list(db.session.scalars(db.select(Mail.to_address).where(Mail.maybe_twice)))
    assert marked == in_flight
    assert set(postbox.receivers) == set(addresses)
    twice = {address for address in addresses if postbox.receivers.count(address) > 1}
    assert twice <= set(in_flight)
    ids = {one.receivers[0]: set() for one in postbox.received}
    for one in postbox.received:
        ids[one.receivers[0]].add(one.message["Message-ID"])
    assert all(len(own) == 1 for own in ids.values())


def test_a_lease_that_ended_belongs_to_the_next_worker(app, postbox, monkeypatch):
    postbox.open()
    use(app, monkeypatch, postbox.port)
    put_in(app, "a@example.vn")
    with app.app_context():
        mail = actions.claim("slow worker", clock.now())
        assert (mail.status, mail.worker) == (MailStatus.SENDING, "slow worker")
        db.session.commit()
        assert actions.claim("second worker", clock.now()) is None
        db.session.rollback()
    make_due(app)
    assert drain(app, worker="second worker").sent == 1
    with app.app_context():
        late = actions.finish(1, "slow worker", clock.now(), 1, transport.NotSent(550, "too late"))
        db.session.commit()
        assert late is None
    assert states(app) == {"a@example.vn": "sent"}


def test_several_workers_never_send_one_message_twice(app, postbox, monkeypatch):
    postbox.open()
    use(app, monkeypatch, postbox.port)
    addresses = [f"{number}@example.vn" for number in range(40)]
    put_in(app, *addresses)
    errors = []

    def work():
        try:
            while drain(app).tried:
                pass
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert sorted(postbox.receivers) == sorted(addresses)


def test_three_hundred_messages_leave_while_pages_are_answered(app, office, postbox, monkeypatch):
    postbox.open()
    use(app, monkeypatch, postbox.port)
    put_in(app, *(f"{number}@example.vn" for number in range(300)))
    thread = worker.start(app)
    longest, pages = 0.0, 0
    end = time.monotonic() + 60
    while "queued" in set(states(app).values()) and time.monotonic() < end:
        began = time.monotonic()
        assert office.get(f"/seminars/{cast.SLUG}/").status_code == 200
        assert office.post("/language", data={"language": "vi", "next": "/"}).status_code == 303
        longest, pages = max(longest, time.monotonic() - began), pages + 1
    assert until(lambda: set(states(app).values()) == {"sent"})
    thread.stop()
    assert len(set(postbox.receivers)) == len(postbox.receivers) == 300
    assert pages > 5
    assert longest < 2.0, f"a page waited {longest:.2f} s"


def test_the_command_drains_and_says_in_one_sentence_what_did_not_leave(app, postbox, monkeypatch):
    runner = app.test_cli_runner()
    answer = runner.invoke(args=["mail", "drain"])
    assert (answer.exit_code, "SEMINAR_MAIL_SERVER" in answer.stderr) == (1, True)
    use(app, monkeypatch, postbox.port)
    put_in(app, "a@example.vn", "dead@example.vn")
    answer = runner.invoke(args=["mail", "drain"])
    assert answer.exit_code == 1
    assert re.search(r"Connection refused.* 2 ", answer.stderr)
    postbox.open().answers = {"dead@example.vn": "550 no such person"}
    make_due(app)
    answer = runner.invoke(args=["mail", "drain"])
    assert (answer.exit_code, answer.stdout) == (1, "Đã gửi 1, sẽ gửi lại 0, không gửi được 1.\n")
    put_in(app, "b@example.vn")
    answer = runner.invoke(args=["mail", "drain"])
    assert (answer.exit_code, answer.stdout) == (0, "Đã gửi 1, sẽ gửi lại 0, không gửi được 0.\n")
