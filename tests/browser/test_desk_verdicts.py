"""The device decides as the server does: one table asked of both, and the same scans told to both."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from seminar.checkin import rules
from seminar.checkin.models import ScanKind, Source
from seminar.checkin.rules import Annulment, Event
from tests import reception
from tests.browser import desks
from tests.browser.desks import PHONE

TABLE = json.loads(Path(__file__).parents[1].joinpath("data/verdicts.json").read_text())
START = datetime(2024, 3, 15, 0, 0, tzinfo=UTC)


def event(row: list) -> Event:
    name, kind, desk, offline, minute = row
    return Event(name, ScanKind(kind), desk, offline, START + timedelta(minutes=minute))


def by_python(case: dict) -> list:
    annulments = [Annulment(name, START + timedelta(minutes=minute)) for name, minute in case.get("annulments", [])]
    found = rules.effective(map(event, case["events"]), annulments)
    verdict, first = rules.decide(found, event(case["event"]), has_declined=case.get("declined", False))
    return [verdict.value, first.id if first else None]


def read_by_python(case: dict) -> list:
    text = case["payload"]
    code = rules.code_in(text)
    return [code, None if code else rules.number_in(text, Source.NUMBER), rules.is_name(text)]


def test_one_table_of_cases_gives_the_same_on_both_sides(start_server, browser):
    server = start_server(fill=desks.fill(1))
    page = desks.pair(server, browser.new_page(viewport=PHONE))
    here = page.evaluate(
        """async ({ table, from }) => {
          const { decide, effective } = await import(`${from}/deciding.js`);
          const { codeIn, isName, isNumber } = await import(`${from}/reading.js`);
          const event = ([id, kind, desk, offline, minute]) => ({ id, kind, desk, offline, at: minute * 60000 });
          return {
            decide: table.decide.map((one) => {
              const annulments = (one.annulments ?? []).map(([annuls, minute]) => ({ annuls, at: minute * 60000 }));
              const found = decide(effective(one.events.map(event), annulments), event(one.event), one.declined ?? false);
              return [found.verdict, found.first?.id ?? null];
            }),
            read: table.read.map(({ payload }) => {
              const code = codeIn(payload);
              return [code, !code && isNumber(payload) ? Number(payload) : null, isName(payload)];
            }),
          };
        }""",
        {"table": TABLE, "from": page.locator("script[type=module]").get_attribute("src").rsplit("/", 1)[0]},
    )
    wanted = [[case["verdict"], case.get("first")] for case in TABLE["decide"]]
    assert [by_python(case) for case in TABLE["decide"]] == wanted
    assert here["decide"] == wanted
    read = [[case.get("code"), case.get("number"), case.get("is_name", False)] for case in TABLE["read"]]
    assert [read_by_python(case) for case in TABLE["read"]] == read
    assert here["read"] == read
    print(f"\n{len(wanted)} decisions and {len(read)} readings: the same in Python and in the browser")


def test_the_same_scans_get_the_same_verdicts_from_device_and_server(start_server, browser):
    def people():
        from tests import cast

        desks.fill(3)()
        seminar = cast.find_seminar()
        reception.decline(cast.add_delegate(seminar, "Lê Thị Vắng", "G2"))
        twice = cast.add_delegate(seminar, "Phạm Văn Đổi Thư", "G2")
        twice.note = reception.invite(twice, revoked=True)
        reception.invite(twice)

    server = start_server(fill=people)
    page = desks.pair(server, browser.new_page(viewport=PHONE))

    def revoked():
        from seminar.delegates.models import Delegate
        from seminar.lib.database import db

        return db.session.scalar(db.select(Delegate.note).where(Delegate.number == 5))

    steps = [
        ("entry", {"payload": desks.code_of(server, 1), "source": "camera"}),
        ("entry", {"payload": "1", "source": "number"}),
        ("entry", {"payload": server.within(revoked), "source": "scanner"}),
        ("entry", {"payload": desks.code_of(server, 5), "source": "scanner"}),
        ("entry", {"payload": "4", "source": "number"}),
        ("entry", {"payload": "9" * 20, "source": "camera"}),
        ("entry", {"payload": "77", "source": "number"}),
        ("entry", {"payload": "2", "source": "camera"}),
        ("exit", {"payload": "1", "source": "number"}),
        ("exit", {"payload": "1", "source": "number"}),
        ("exit", {"payload": "2", "source": "number"}),
        ("entry", {"payload": "1", "source": "number"}),
    ]
    here, there = page.evaluate(
        """async ({ steps, from }) => {
          const { judge } = await import(`${from}/deciding.js`);
          const roster = { ...(await (await fetch('/api/v1/desk/roster')).json()), asked_at: 0 };
          const now = Date.now() - 60000;
          const made = steps.map(([kind, told], n) => {
            const id = crypto.randomUUID();
            return { id, kind, told: { id, kind, ...told, at: new Date(now + n * 1000).toISOString(), offline: true }, at: now + n * 1000, state: 'pending', rehearsal: false };
          });
          const entries = [];
          for (const one of made) entries.push({ ...one, ...judge({ roster, entries, isRehearsal: false }, one) });
          const answer = await fetch('/api/v1/desk/scans', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ now: new Date().toISOString(), scans: made.map((one) => one.told) }) });
          const shape = (verdict, person) => [verdict, person ?? null];
          return [entries.map((one) => shape(one.verdict, one.delegate_id)), (await answer.json()).results.map((one) => shape(one.verdict, one.delegate?.id))];
        }""",
        {"steps": steps, "from": page.locator("script[type=module]").get_attribute("src").rsplit("/", 1)[0]},
    )
    assert here == there
    verdicts = [verdict for verdict, _ in here]
    assert verdicts == [
        "admitted",
        "already_in",
        "revoked",
        "admitted",
        "declined",
        "unknown",
        "unknown",
        "unknown",
        "left",
        "not_in",
        "not_in",
        "admitted",
    ]
