"""The database itself refuses figures that cannot be, whatever the program above it does; on both engines."""

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from seminar.lib.database import db
from seminar.statistics import actions
from seminar.statistics.models import (
    Cell,
    Period,
    Remedy,
    Return,
    ReturnDraft,
    ReturnVersion,
    Ruling,
    RulingKind,
    SignedScan,
    TargetPlan,
    TargetShare,
)
from tests import cast
from tests.web import targeting
from tests.web.returning import add_period, cells, units


@pytest.fixture
def ids(app):
    """Of a return that was sent and accepted, and of targets; by table."""
    with app.app_context():
        period, unit = add_period(cast.find_seminar()), units()[0]
        draft = actions.keep_draft(period, unit, cells(), cast.OFFICE, cast.NOW, 0)
        version = actions.send_return(period, unit, cast.OFFICE, cast.NOW, draft.revision)
        ruling = actions.rule_on(version, RulingKind.ACCEPTED, "", cast.OFFICE, cast.NOW)
        plan = targeting.begin()
        targeting.open_quarters(plan, 1)
        found = {
            "period": period.id,
            "unit": unit.id,
            "return": version.of.id,
            "version": version.id,
            "ruling": ruling.id,
            "plan": plan.id,
            "sheet": period.sheet_id,
            "quarterly": plan.sheet_id,
        }
        db.session.commit()
        return found


def version_of(ids, **values):
    usual = {"return_id": ids["return"], "number": 2, "reason": "đính chính", "remarks": "", "warnings": []}
    usual |= {"sent_at": cast.NOW, "actor_kind": "unit", "actor_name": "x", "channel": "page", "late_days": 0}
    return db.insert(ReturnVersion).values(usual | {"file_sha256": ""} | values)


def share(ids, **values):
    usual = {"plan_id": ids["plan"], "unit_id": ids["unit"], "year": 2021}
    return db.insert(TargetShare).values(usual | {"introduced_count": None, "admitted_count": None} | values)


def remedy(ids, **values):
    usual = {"plan_id": ids["plan"], "unit_id": ids["unit"], "flag": "stale", "cause": "x", "remedy": "", "owner": ""}
    usual |= {"revision": 1, "noted_at": cast.NOW, "noted_by": "x", "closed_by": "", "outcome": ""}
    return db.insert(Remedy).values(usual | values)


def quarter(ids, **values):
    usual = {"sheet_id": ids["quarterly"], "position": 9, "name": "x", "year": 2021, "quarter": 4, "due_rule": "until"}
    return db.insert(Period).values(usual | {"opened_by": "", "closed_by": ""} | values)


def cell(ids, **values):
    usual = {"version_id": ids["version"], "row": "2024", "column": "members", "value": 1}
    return db.insert(Cell).values(usual | values)


def draft(ids):
    usual = {"return_id": ids["return"], "cells": {}, "remarks": "", "revision": 1, "file_sha256": ""}
    return db.insert(ReturnDraft).values(usual | {"saved_at": cast.NOW, "saved_by": "x"})


def ruling(ids, **values):
    usual = {"version_id": ids["version"], "kind": "returned", "reason": "", "at": cast.NOW, "by": "x"}
    return db.insert(Ruling).values(usual | values)


def scan(ids, **values):
    usual = {"version_id": ids["version"], "filename": "x", "media_type": "x", "file_sha256": "x", "size_bytes": 1}
    usual |= {"at": cast.NOW, "by": "x", "channel": "page", "withdrawn_by": ""}
    return db.insert(SignedScan).values(usual | values)


def plan(ids, **values):
    return db.update(TargetPlan).where(TargetPlan.id == ids["plan"]).values(**values)


REFUSED = {
    "a count below zero": lambda ids: cell(ids, value=-1),
    "a cell twice": lambda ids: cell(ids, row="2021"),
    "a second return of a unit": lambda ids: db.insert(Return).values(period_id=ids["period"], unit_id=ids["unit"]),
    "a second draft": draft,
    "a version number twice": lambda ids: version_of(ids, number=1),
    "a later version without a reason": lambda ids: version_of(ids, reason=""),
    "version 0": lambda ids: version_of(ids, number=0),
    "days late below zero": lambda ids: version_of(ids, late_days=-1),
    "returned without a reason": ruling,
    "a version with a return going": lambda ids: db.delete(Return).where(Return.id == ids["return"]),
    "a version with cells going": lambda ids: db.delete(ReturnVersion).where(ReturnVersion.id == ids["version"]),
    "an empty scan": lambda ids: scan(ids, size_bytes=0),
    "a quarter twice": lambda ids: quarter(ids, quarter=1),
    "quarter V": lambda ids: quarter(ids, quarter=5),
    "a quarter of no year": lambda ids: quarter(ids, year=None),
    "closed before it was opened": lambda ids: quarter(ids, closed_at=cast.NOW),
    "a period's name twice": lambda ids: quarter(ids, sheet_id=ids["sheet"], name="giai đoạn 2021 - 2023"),
    "nothing to introduce": lambda ids: plan(ids, introduced_count=0),
    "no quarters": lambda ids: plan(ids, quarter_count=0),
    "more than all": lambda ids: plan(ids, share_percent=101),
    "first quarter V": lambda ids: plan(ids, first_quarter=5),
    "a share below zero, the other blank": lambda ids: share(ids, introduced_count=-1),
    "a share below zero": lambda ids: share(ids, introduced_count=1, admitted_count=-1),
    "a remedy that says nothing": lambda ids: remedy(ids, cause=""),
    "a remedy closed by nobody": lambda ids: remedy(ids, closed_at=cast.NOW),
}
TAKEN = {
    "a count of zero": lambda ids: cell(ids, value=0),
    "a billion": lambda ids: cell(ids, value=10**12),
    "a later version with its reason": version_of,
    "a share of one kind": lambda ids: share(ids, introduced_count=0),
    "a quarter": quarter,
    "a remedy": lambda ids: remedy(ids, due_on=date(2021, 9, 29)),
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_database_refuses(app, ids, what):
    with app.app_context():
        with pytest.raises(IntegrityError):
            db.session.execute(REFUSED[what](ids))
            db.session.commit()
        db.session.rollback()


@pytest.mark.parametrize("what", TAKEN)
def test_the_database_takes(app, ids, what):
    with app.app_context():
        db.session.execute(TAKEN[what](ids))
        db.session.commit()


def test_a_share_is_given_once(app, ids):
    with app.app_context():
        db.session.execute(share(ids))
        with pytest.raises(IntegrityError):
            db.session.execute(share(ids, introduced_count=5))
        db.session.rollback()
