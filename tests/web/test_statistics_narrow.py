"""Statistics on a telephone: boxes that say what they are, tables that scroll by the keyboard and keep their first column."""

import re
from pathlib import Path

import pytest

from seminar.lib.database import db
from seminar.statistics.models import Period
from tests import cast
from tests.web import targeting
from tests.web.targeting import HERE

STYLE = Path("static/css/seminar.css").read_text(encoding="utf-8")


@pytest.fixture
def unit_id(app):
    """A unit whose first quarter is accepted, and whose second waits."""
    with app.app_context():
        plan = targeting.begin()
        targeting.open_quarters(plan, 2)
        unit = targeting.units()[0]
        targeting.give_back(plan, unit, 1, outstanding=100, introduced=6, admitted=4, stale=1)
        targeting.give_back(plan, unit, 2, accept=False, introduced=6)
        db.session.commit()
        return unit.id


def test_the_box_to_accept_a_return_has_a_label_for_the_eye_and_names_the_unit_for_the_ear(app, office, unit_id):
    with app.app_context():
        period_id = db.session.scalars(db.select(Period.id).filter_by(quarter=2)).one()
    page = office.get(f"/seminars/{cast.SLUG}/statistics/periods/{period_id}/returns").text
    [label] = re.findall(r"<label[^>]*>(<input.*?)</label>", page)
    assert '<span class="on-card" aria-hidden="true">Tiếp nhận</span>' in label
    assert '<span class="visually-hidden">Tiếp nhận Thành Đoàn Thử Một</span>' in label
    assert '<th class="no-print">Tiếp nhận</th>' in page
    assert re.search(r"@media screen and \(max-width: 40rem\) \{ \.on-card \{ display: inline", STYLE)


@pytest.mark.parametrize("path", ["", "/units", "/heat", "/flags", "/shares", "/figures/conversion", "/units/{unit}"])
def test_every_table_of_the_targets_scrolls_by_the_keyboard_and_keeps_its_first_column(office, unit_id, path):
    page = office.get(HERE + path.format(unit=unit_id)).text
    tables = re.findall(r"<div ([^>]*)>\s*<table class=\"([^\"]*)\"", page)
    assert tables
    for region, names in tables:
        assert re.search(r'class="scroll" tabindex="0" role="region" aria-label="[^"]+"', region), region
        if "targets" in names.split():
            assert re.search(
                r"\.targets :is\(tbody, thead, tfoot\) tr > th:first-child \{ position: sticky; left: 0", STYLE
            )
    rows = re.findall(r"<tr[^>]*data-line[^>]*>(.*?)</tr>", page, re.S)
    if path not in ("", "/units/{unit}", "/units"):
        assert all(row.lstrip().startswith('<th scope="row"') for row in rows)
        assert rows
