"""Targets taken away by one of the office while another writes into them: a sentence on both engines, never an error."""

import re

import pytest

from seminar.lib.database import db
from seminar.planning.models import Unit
from seminar.statistics.actions import targets as actions
from seminar.statistics.actions.remedies import Words, note_remedy
from seminar.statistics.models import FlagKind, Remedy, TargetPlan, TargetShare
from seminar.statistics.queries import targets as reads
from tests import cast
from tests.fault.hall import while_uncommitted
from tests.web import targeting
from tests.web.targeting import HERE
from tests.web.test_target_flags import SETTINGS
from tests.web.test_targets import AIMS

WORDS = {"revision": "1", "flag": "introduction", "cause": "Cán bộ Đoàn mới thay", "remedy": "Cử người kèm cặp"}


@pytest.fixture
def unit_id(app):
    with app.app_context():
        targeting.begin()
        db.session.commit()
        return targeting.units()[0].id


@pytest.fixture
def while_taken_away(app):
    """What `ask` gets that begins when the targets are taken away and that is not yet committed."""

    def take_away():
        actions.remove_targets(reads.target_plan_of(cast.find_seminar()), cast.OFFICE, cast.NOW)

    return lambda ask: while_uncommitted(app, take_away, ask)


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/units/{unit}/remedies", WORDS),
        ("/shares", {"share-{unit}-2021-i": "10", "seen": "{seen}"}),
        ("/settings", SETTINGS | {"seen": "{settings}"}),
        ("/plan", AIMS),
        ("/removal", {}),
    ],
)
def test_who_writes_into_targets_that_go_is_told_and_keeps_what_was_typed(
    app, staff, unit_id, while_taken_away, path, data
):
    office = staff("oanh")
    seen = re.search(r'name="seen" value="(\w+)"', office.get(f"{HERE}/shares").text)[1]
    settings = re.search(r'name="seen"[^>]* value="(\w+)"', office.get(f"{HERE}/settings").text)[1]
    values = {"unit": unit_id, "seen": seen, "settings": settings}
    form = {name.format(**values): text.format(**values) for name, text in data.items()}
    answer = while_taken_away(lambda: office.post(HERE + path.format(**values), data=form))
    assert answer.status_code == 404
    assert "vừa bỏ theo dõi chỉ tiêu" in answer.text
    assert "Lập chỉ tiêu" in answer.text, "and it says what to do"
    if "cause" in form:
        assert WORDS["cause"] in answer.text
        assert WORDS["remedy"] in answer.text
    with app.app_context():
        assert [db.session.query(kind).count() for kind in (TargetPlan, TargetShare, Remedy)] == [0, 0, 0]


def test_targets_are_not_taken_away_under_a_remedy_that_was_noted_meanwhile(app, staff, unit_id):
    office = staff("oanh")

    def note():
        plan = reads.target_plan_of(cast.find_seminar())
        unit = db.session.get_one(Unit, unit_id)
        note_remedy(plan, unit, Words(FlagKind.STALE, "Vì", "Làm"), cast.OFFICE, cast.NOW)

    answer = while_uncommitted(app, note, lambda: office.post(f"{HERE}/removal"))
    assert answer.status_code == 422
    with app.app_context():
        assert db.session.query(Remedy).count() == 1
