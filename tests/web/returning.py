"""A sheet of the cast's seminar that is asked for: the plan's form, opened, due before 10/2/2024."""

import tomllib
from datetime import date
from pathlib import Path

import seminar.statistics
from seminar.lib.database import db
from seminar.planning.models import Milestone, MilestoneRule, Seminar, Unit
from seminar.statistics.models import Period, Sheet
from tests import cast

STARTERS = Path(seminar.statistics.__file__).parent / "sheets"
ROW = ("12.000", "3400", "300", "40", "60", "100", "90")
"""One year of a unit as people type it, in the order of the columns."""


def definition(name: str = "binh_duong_2024") -> dict:
    return tomllib.loads((STARTERS / f"{name}.toml").read_text(encoding="utf-8"))


def add_period(
    seminar: Seminar, *, name: str = "giai đoạn 2021 - 2023", starter: str = "binh_duong_2024", **values: object
) -> Period:
    """Opened; due by the plan's milestone `returns`, which is made where there is none: "trước ngày 10/2/2024"."""
    if not any(one.code == "returns" for one in seminar.milestones):
        seminar.milestones.append(
            Milestone(
                position=9, code="returns", rule=MilestoneRule.BEFORE, due_on=date(2024, 2, 10), text="Gửi số liệu"
            )
        )
    made = definition(starter)
    sheet = values.pop("sheet", None) or Sheet(
        seminar_id=seminar.id,
        code=made["code"],
        title=made["title"],
        position=1,
        definition=made,
        created_at=cast.NOW,
        created_by="tests",
    )
    period = Period(
        **({"name": name, "position": 1, "opened_at": cast.NOW, "opened_by": "Oanh", "sheet": sheet} | values)
    )
    db.session.add(period)
    db.session.flush()
    return period


def units() -> list[Unit]:
    return list(db.session.scalars(db.select(Unit).order_by(Unit.position)))


def cells(*rows: tuple[str, ...], prefix: str = "") -> dict[str, str]:
    """ "row.column" -> text for the years from 2021 on, `ROW` three times where nothing is said."""
    keys = [column["key"] for column in definition()["columns"]]
    return {
        f"{prefix}{year}.{key}": text
        for year, row in enumerate(rows or (ROW, ROW, ROW), 2021)
        for key, text in zip(keys, row, strict=True)
    }
