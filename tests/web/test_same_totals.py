"""420 cells of 20 units, once typed into the page and once by the Excel file: the same totals to the unit; and whatever
the order of sending, returning and correcting, the province is the sum of what stands accepted.
"""

import random
import re
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from seminar.access.actor import Actor, ActorKind
from seminar.lib.database import db
from seminar.planning.models import Unit, UnitAlias, UnitKind, UnitLink
from seminar.statistics import actions
from seminar.statistics.models import Period, ReturnDraft, RulingKind
from seminar.statistics.queries.tables import table_of
from seminar.statistics.rules.consolidation import ALL_ROWS, Asked, shown_keys, shown_rows
from tests import cast
from tests.web.returning import add_period, definition, units
from tests.web.test_consolidated import STATISTICS

YEARS = ("2021", "2022", "2023")
COLUMNS = [column["key"] for column in definition()["columns"]]


def figures() -> dict[int, dict[str, dict[str, int]]]:
    """Unit -> year -> column -> figure: 20 × 3 × 7, many above a thousand."""
    chance = random.Random(2024)

    def year() -> dict[str, int]:
        members = chance.randint(800, 12_000)
        made = {"members": members, "outstanding": chance.randint(1, members), "quota": chance.randint(0, 1_500)}
        return made | {key: chance.randint(0, 1_200) for key in COLUMNS[3:]}

    return {unit: {one: year() for one in YEARS} for unit in range(20)}


@pytest.fixture
def asked(app, office):
    """Twenty units with links, the same sheet asked for twice: (codes, period by page, period by Excel)."""
    with app.app_context():
        for number in range(3, 21):
            name = f"Đoàn trực thuộc {number:02d} (thử)"
            unit = Unit(position=number, name=name, kind=UnitKind.AFFILIATED)
            unit.aliases = [UnitAlias(folded=f"doan truc thuoc {number:02d} (thu)")]
            db.session.add(unit)
        seminar = cast.find_seminar()
        by_page = add_period(seminar)
        by_excel = Period(sheet=by_page.sheet, name="nộp bằng Excel", position=2, opened_at=cast.NOW)
        db.session.add(by_excel)
        db.session.commit()
        found = by_page.id, by_excel.id
    office.post(f"/seminars/{cast.SLUG}/units/links")
    with app.app_context():
        codes = dict(db.session.execute(db.select(UnitLink.unit_id, UnitLink.code)).all())
        return [codes[unit.id] for unit in units()], *found


def written(number: int, style: int) -> str | int:
    """As people type it: 9000, 9.000, or a number of the worksheet."""
    return (str(number), f"{number:,}".replace(",", "."), number)[style % 3]


def by_page(client, here, years) -> None:
    typed = {
        f"cell.{year}.{key}": str(written(value, place % 2))
        for year, row in years.items()
        for place, (key, value) in enumerate(row.items())
    }
    assert client.post(f"{here}/draft", data={"revision": "0", "base": "{}", "remarks": ""} | typed).status_code == 303
    assert client.post(f"{here}/versions", data={"revision": "1"}).status_code == 303


def by_excel(app, client, here, years) -> None:
    book = load_workbook(BytesIO(client.get(f"{here}/sheet.xlsx").data))
    page = book.active
    places = {str(cell.value): cell.row for row in page.iter_rows() for cell in row}
    for year, row in years.items():
        for place, value in enumerate(row.values()):
            page.cell(places[f"Năm {year}"], 3 + place, written(value, place))
    out = BytesIO()
    book.save(out)
    data = {"revision": "0", "base": "{}", "remarks": "", "file": (BytesIO(out.getvalue()), "biểu.xlsx")}
    assert client.post(f"{here}/workbook", data=data).status_code == 200
    with app.app_context():
        revision = db.session.scalars(db.select(ReturnDraft).order_by(ReturnDraft.id.desc())).first().revision
    assert client.post(f"{here}/versions", data={"revision": str(revision)}).status_code == 303


def rows_of(page: str) -> list[list[str]]:
    """All rows of the tables of figures, as text without their links."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page[page.index('id="province"') :], re.DOTALL)
    return [re.findall(r"(?:<td[^>]*>|<th[^>]*>)(.*?)</t[dh]>", re.sub(r"</?a[^>]*>", "", row)) for row in rows]


def test_typed_into_the_page_and_by_excel_the_totals_are_the_same_to_the_unit(app, asked, office, visitor):
    codes, page_id, excel_id = asked
    all_of = figures()
    for number, code in enumerate(codes):
        by_page(visitor, f"/u/{code}/returns/{page_id}", all_of[number])
        by_excel(app, visitor, f"/u/{code}/returns/{excel_id}", all_of[number])
    for period_id in (page_id, excel_id):
        with app.app_context():
            period = db.session.get_one(Period, period_id)
            versions = [one.versions[-1] for one in period.returns]
            assert actions.accept_returns(versions, cast.OFFICE, cast.NOW) == 20
            db.session.commit()
    with app.app_context():
        seminar = cast.find_seminar()
        for period_id in (page_id, excel_id):
            table = table_of(seminar, db.session.get_one(Period, period_id))
            assert sum(map(len, table.whole.values.values())) == 420
            for year in YEARS:
                for key in COLUMNS:
                    total = sum(all_of[unit][year][key] for unit in range(20))
                    assert table.whole.total(Asked(year, key)).value == total
            for key in COLUMNS[2:]:
                total = sum(all_of[unit][year][key] for unit in range(20) for year in YEARS)
                assert table.whole.total(Asked(ALL_ROWS, key)).value == total
    pages = [office.get(f"{STATISTICS}/periods/{period_id}/table").text for period_id in (page_id, excel_id)]
    assert rows_of(pages[0]) == rows_of(pages[1])
    assert len(rows_of(pages[0])) > 80


# Any order of sending, returning and correcting

COUNT = st.integers(0, 3)
STEP = st.tuples(st.sampled_from(["send", "send", "accept", "accept", "return", "accept_older"]), st.integers(0, 1))
GROUPS = COLUMNS[3:]
YEAR = st.one_of(
    st.fixed_dictionaries(dict.fromkeys(GROUPS, COUNT)),
    st.fixed_dictionaries({}, optional=dict.fromkeys(GROUPS, COUNT)),
)
CELLS = st.fixed_dictionaries(dict.fromkeys(YEARS, YEAR)).map(
    lambda years: {f"{year}.{key}": value for year, row in years.items() for key, value in row.items()}
)
EXAMPLES = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@EXAMPLES
@given(steps=st.lists(st.tuples(STEP, CELLS), max_size=12))
def test_the_province_is_the_sum_of_what_stands_accepted_in_whatever_order(app, steps):
    """Beside the database stands a plain account of versions and rulings; both are compared after every step."""
    with app.app_context():
        seminar = cast.find_seminar()
        period = add_period(seminar)
        sent: dict[int, list[list]] = {unit.id: [] for unit in units()}
        for (what, which), typed in steps:
            unit = units()[which]
            _step(period, unit, what, typed, sent[unit.id])
            db.session.flush()
            _compare(table_of(seminar, period), sent)
        db.session.rollback()


def _step(period, unit, what, typed, versions) -> None:
    """`versions`: [the row, figures, "accepted", "returned" or ""] of each, as the plain account has it."""
    by = Actor(ActorKind.UNIT, unit.name, unit.id)
    if what == "send":
        texts = {key: str(value) for key, value in typed.items()} or {"2021.pupils": "1"}
        if versions and versions[-1][1] == texts:
            return
        draft = actions.begin_return(period, unit, by, cast.NOW).draft
        kept = actions.keep_draft(period, unit, texts, by, cast.NOW, draft.revision if draft else 0)
        row = actions.send_return(period, unit, by, cast.NOW, kept.revision, reason="sửa" if versions else "")
        versions.append([row, texts, ""])
    elif versions:
        one = versions[0 if what == "accept_older" else -1]
        kind = RulingKind.RETURNED if what == "return" else RulingKind.ACCEPTED
        actions.rule_on(one[0], kind, "sửa lại" if what == "return" else "", cast.OFFICE, cast.NOW)
        one[2] = kind.value


def _compare(table, sent) -> None:
    counted = {
        unit_id: next(texts for _, texts, ruled in reversed(versions) if ruled == "accepted")
        for unit_id, versions in sent.items()
        if any(ruled == "accepted" for _, _, ruled in versions)
    }
    assert set(table.versions) == set(counted)
    for row in shown_rows(table.definition):
        for key in (*COLUMNS, "admitted"):
            columns = GROUPS if key == "admitted" else [key]
            years = list(YEARS) if row == ALL_ROWS else [row]
            places = [f"{year}.{column}" for year in years for column in columns]
            if row == ALL_ROWS and key in ("members", "outstanding"):
                continue
            whole = [texts for texts in counted.values() if all(place in texts for place in places)]
            expected = sum(int(texts[place]) for texts in whole for place in places) if whole else None
            total = table.whole.total(Asked(row, key))
            assert (total.value, len(total.counted)) == (expected, len(whole)), (row, key)
    assert len(shown_keys(table.definition)) == 11
