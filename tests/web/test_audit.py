"""The log: a sentence for each thing done, filtered, paged; and a word for every verb and noun that the code records."""

import ast
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from seminar.access.actor import Actor, ActorKind, Channel
from seminar.audit.models import record
from seminar.audit.rules import NOUNS, VERBS
from seminar.lib.database import db
from tests import cast

LOG = f"/seminars/{cast.SLUG}/audit"
HOUSE = Path(__file__).parents[2] / "seminar"


def write(app, by=cast.OFFICE, at=cast.NOW, verb="confirm", noun="venue", summary="Hội trường A", seminar=True) -> None:
    with app.app_context():
        seminar_id = cast.find_seminar().id if seminar else None
        record(by, at, verb, noun, seminar_id=seminar_id, summary=summary)
        db.session.commit()


def rows(page: str) -> list[str]:
    cells = re.findall(r"<tr data-row><td[^>]*>(.*?)</td><td>(.*?)</td></tr>", page, re.S)
    return [f"{moment.strip()} {sentence.strip()}" for moment, sentence in cells]


def test_an_action_reads_as_a_vietnamese_sentence(app, office):
    write(app)
    assert rows(office.get(LOG).text) == ["09:00 01/03/2024 Trần Thị Oanh xác nhận địa điểm: Hội trường A"]


def test_on_whose_behalf_and_by_which_channel_is_said(app, office):
    write(app, by=cast.OFFICE.for_("Lê Bé", Channel.PHONE), verb="answer", noun="invitation", summary="Lê Bé")
    write(
        app,
        by=Actor(ActorKind.SYSTEM, "command line", channel=Channel.COMMAND),
        verb="import",
        noun="delegates",
        summary="",
    )
    assert rows(office.get(LOG).text) == [
        "09:00 01/03/2024 command line nhập danh sách đại biểu từ dòng lệnh",
        "09:00 01/03/2024 Trần Thị Oanh trả lời thư mời, thay mặt Lê Bé, qua điện thoại: Lê Bé",
    ]


def test_it_is_filtered_by_person_thing_and_vietnamese_day(app, office):
    write(app, at=datetime(2024, 3, 1, 16, 59, tzinfo=UTC))
    write(app, at=datetime(2024, 3, 1, 17, 0, tzinfo=UTC), noun="milestone")
    write(app, by=Actor(ActorKind.STAFF, "Ngô Anh Thu"), at=cast.NOW + timedelta(days=5))
    write(app, by=cast.OFFICE.for_("Ngô Anh Thu", Channel.ZALO), at=cast.NOW + timedelta(days=5))
    for query, count in {
        "day=2024-03-01": 1,
        "day=2024-03-02": 1,
        "day=nonsense": 4,
        "day=0001-01-01": 4,
        "noun=venue": 3,
        "noun=nothing": 0,
        "actor=Ngô Anh Thu": 2,
        "actor=Trần Thị Oanh&noun=milestone": 1,
    }.items():
        page = office.get(f"{LOG}?{query}").text
        assert (len(rows(page)), f'data-total="{count}"' in page) == (count, True), query


def test_it_pages_by_fifty_at_the_same_cost(app, office, query_count):
    write(app)
    cost = query_count(lambda: office.get(LOG))
    for _ in range(119):
        write(app)
    assert query_count(lambda: office.get(LOG)) == cost
    assert [len(rows(office.get(f"{LOG}?page={page}").text)) for page in (1, 2, 3, 99)] == [50, 50, 20, 20]


def test_what_people_typed_is_text_and_never_markup(app, office):
    write(app, summary="<script>alert(1)</script> 100% %(x)s")
    assert "&lt;script&gt;alert(1)&lt;/script&gt; 100% %(x)s" in office.get(LOG).text


def test_the_log_belongs_to_office_and_administrator(app, staff, visitor):
    assert visitor.get(LOG).status_code == 302
    for login, status in {"an": 200, "oanh": 200, "vinh": 403, "tam": 403, "thu": 403, "chung": 403}.items():
        assert staff(login).get(LOG).status_code == status
    assert staff("oanh").post(LOG).status_code == 405
    assert staff("oanh").get("/seminars/nobody/audit").status_code == 404


def test_another_seminars_entries_and_those_of_the_accounts_are_not_in_it(app, office, staff):
    with app.app_context():
        other = cast.add_seminar("khac")
        db.session.flush()
        record(cast.OFFICE, cast.NOW, "confirm", "venue", seminar_id=other.id, summary="khác")
        db.session.commit()
    write(app, verb="disable", noun="user", summary="Đỗ Minh Tâm", seminar=False)
    assert rows(office.get(LOG).text) == []
    assert rows(staff("an").get("/audit").text) == ["09:00 01/03/2024 Trần Thị Oanh khóa tài khoản: Đỗ Minh Tâm"]
    assert office.get("/audit").status_code == 403


def recorded() -> list[tuple[str, str, str]]:
    """(file, verb, noun) of every call of `record` whose words stand there literally."""
    found = []
    for path in sorted(HOUSE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record" and len(node.args) >= 4:
                verb, noun = node.args[2:4]
                if isinstance(verb, ast.Constant) and isinstance(noun, ast.Constant):
                    found.append((str(path.relative_to(HOUSE)), verb.value, noun.value))
    return found


def test_every_verb_and_noun_that_the_code_records_has_a_word():
    assert len(recorded()) > 10
    assert [one for one in recorded() if one[1] not in VERBS or one[2] not in NOUNS] == []


@pytest.mark.parametrize("words", [VERBS, NOUNS])
def test_every_word_is_translated(app, words):
    from flask_babel import force_locale, pgettext

    with app.test_request_context(), force_locale("vi"):
        untranslated = [word for word in words.values() if pgettext("audit", word) == word]
    assert untranslated == []
