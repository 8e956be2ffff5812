"""Loads the demo seminar from its data and clears it again."""

import csv
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Table, select

from seminar.access.actor import Actor
from seminar.access.roles import Role
from seminar.accounts import actions as accounts
from seminar.accounts.queries import user_by_email
from seminar.agenda.models import Item, ItemKind, Sitting
from seminar.audit.models import record
from seminar.delegates import actions as delegates
from seminar.delegates.models import Delegate
from seminar.delegates.rules import DelegateRow
from seminar.invitations import actions as invitations
from seminar.lib.clock import from_local
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import fold
from seminar.planning import actions as planning
from seminar.planning.models import (
    Audience,
    Finding,
    Group,
    LegalBasis,
    LetterKind,
    Milestone,
    MilestoneRule,
    ProxyRule,
    QuotaKind,
    Seminar,
    Topic,
    Unit,
    UnitAlias,
    UnitKind,
    Venue,
)
from seminar.planning.queries import seminar_by_slug, units_by_folded_name
from seminar.statistics import actions as statistics

FOLDER = Path(__file__).parent
PASSWORD = "toa-dam-minh-hoa"  # noqa: S105 - printed by `make run`; the demo holds fictional people only


def data() -> dict[str, Any]:
    return tomllib.loads((FOLDER / "binh_duong.toml").read_text(encoding="utf-8"))


def sign_ins() -> list[tuple[str, str]]:
    """(e-mail, roles) of the demo's staff."""
    return [(one["email"], ", ".join(one["roles"])) for one in data()["staff"]]


def load_demo(by: Actor, now: datetime) -> Seminar | None:
    """Loads the plan, the units, the staff, the 151 people with letters in force; None if it is there already.

    The letters bear 01/3/2024, two weeks before the seminar of the plan.
    """
    plan = data()
    if seminar_by_slug(plan["seminar"]["slug"]):
        return None
    add_units(plan["units"])
    seminar = add_plan(plan, by, now)
    password_hash = accounts.hash_of(PASSWORD)
    for one in plan["staff"]:
        if not user_by_email(one["email"]):
            accounts.add_user(one["email"], one["name"], password_hash, [Role(role) for role in one["roles"]], by, now)
    people = add_people(seminar, by, now)
    invitations.issue_letters(seminar, people, by, from_local(seminar.held_on.replace(day=1), 8))  # type: ignore[union-attr]
    planning.issue_missing_unit_links(seminar, by, now)
    statistics.begin_usual_sheets(seminar, None, by, now)
    record(by, now, "load", "demo", seminar_id=seminar.id, object_id=seminar.id, summary=seminar.title)
    return seminar


def add_units(units: list[dict[str, str]]) -> None:
    known = units_by_folded_name()
    for position, one in enumerate(units, start=1):
        if fold(one["name"]) not in known:
            unit = Unit(position=position, **one | {"kind": UnitKind(one["kind"])})
            unit.aliases = [UnitAlias(folded=fold(one["name"]))]
            db.session.add(unit)
    db.session.flush()


def add_plan(plan: dict[str, Any], by: Actor, now: datetime) -> Seminar:
    seminar = Seminar(**plan["seminar"], settings=plan["settings"], is_demo=True, is_announced=True, created_at=now)
    for one in plan["venues"]:
        confirmed = now if one.get("is_confirmed") else None
        seminar.venues.append(
            Venue(name=one["name"], note=one["note"], confirmed_at=confirmed, confirmed_by=by.name if confirmed else "")
        )
    seminar.bases = [LegalBasis(position=i, **one) for i, one in enumerate(plan["bases"], start=1)]
    seminar.topics = [Topic(position=i, **one) for i, one in enumerate(plan["topics"], start=1)]
    seminar.milestones = [
        Milestone(position=i, **{**one, "rule": MilestoneRule(one["rule"])})
        for i, one in enumerate(plan["milestones"], start=1)
    ]
    for one in plan["findings"]:
        settled = now if one.get("settlement") else None
        seminar.findings.append(Finding(**one, settled_at=settled, settled_by=by.name if settled else ""))
    seminar.groups = [group_of(one, rank) for rank, one in enumerate(plan["groups"], start=1)]
    db.session.add(seminar)
    db.session.flush()
    planning.allot_places(seminar)
    add_sitting(seminar, plan)
    return seminar


def group_of(one: dict[str, Any], rank: int) -> Group:
    """Guests may send anybody, the summoned need approval, the 94 nobody (domain.md 2.9)."""
    audience = Audience(one["audience"])
    letter = LetterKind.SUMMONS if audience == Audience.SUMMONED else LetterKind.INVITATION
    proxies = ProxyRule.FREE if audience == Audience.GUEST else ProxyRule.APPROVAL
    return Group(
        code=one["code"],
        name=one["name"],
        protocol_rank=rank * 10,
        audience=audience,
        letter_kind=LetterKind(one.get("letter_kind", letter)),
        quota_kind=QuotaKind(one.get("quota_kind", QuotaKind.OPEN)),
        quota_count=one.get("quota_count"),
        unit_kinds=one.get("unit_kinds", []),
        proxy_rule=ProxyRule(one.get("proxy_rule", proxies)),
        is_met=one.get("is_met", False),
        aliases=one.get("aliases", []),
    )


def add_sitting(seminar: Seminar, plan: dict[str, Any]) -> None:
    day, one = seminar.held_on, plan["sitting"]
    assert day is not None
    begins, ends = one["starts_at"], one["ends_at"]
    sitting = Sitting(
        seminar_id=seminar.id,
        name=one["name"],
        starts_at=from_local(day, begins.hour, begins.minute),
        ends_at=from_local(day, ends.hour, ends.minute),
    )
    sitting.items = [
        Item(position=i, **{**item, "kind": ItemKind(item["kind"])}) for i, item in enumerate(plan["items"], start=1)
    ]
    db.session.add(sitting)
    db.session.flush()


def add_people(seminar: Seminar, by: Actor, now: datetime) -> list[Delegate]:
    groups = {group.code: group for group in seminar.groups}
    units = units_by_folded_name()
    people = []
    with (FOLDER / "delegates.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            values = DelegateRow(
                name=row["name"],
                is_unnamed=bool(row["is_unnamed"]),
                honorific=row["honorific"],
                position=row["position"],
                body=row["body"],
                unit_id=units[fold(row["body"])].id if fold(row["body"]) in units else None,
                gender=row["gender"],
                birth_year=int(row["birth_year"]) if row["birth_year"] else None,
                phone=row["phone"],
                phone_2=row["phone_2"],
                email=row["email"],
            )
            codes = row["groups"].split("+")
            people.append(delegates.add_delegate(seminar, values, [groups[code] for code in codes], by, now))
    db.session.flush()
    return people


def clear_demo(by: Actor, now: datetime) -> None:
    """Removes the demo seminar and every row that hangs on it; staff and units stay."""
    seminar = seminar_by_slug(data()["seminar"]["slug"])
    if seminar is None:
        raise Refused("The demo is not loaded.")
    seminar_id, title = seminar.id, seminar.title
    db.session.expunge_all()
    delete_rows_of(seminar_id)
    record(by, now, "clear", "demo", seminar_id=seminar_id, summary=title)


def delete_rows_of(seminar_id: int) -> None:
    """Deletes the seminar's rows from all tables, those that refer before those referred to."""
    for table in reversed(db.metadata.sorted_tables):
        condition = belongs_to(table, seminar_id)
        if condition is not None and table.name != "audit_entry":
            db.session.execute(table.delete().where(condition))


def belongs_to(table: Table, seminar_id: int) -> ColumnElement[bool] | None:
    """That a row of the table hangs on the seminar, directly or by a row it refers to; None if it cannot."""
    if table.name == "seminar":
        return table.c.id == seminar_id
    if "seminar_id" in table.c:
        return table.c.seminar_id == seminar_id
    for column in table.c:
        for key in column.foreign_keys:
            above = key.column.table
            condition = belongs_to(above, seminar_id) if above is not table else None
            if condition is not None and not column.nullable:
                return column.in_(select(key.column).where(condition))
    return None
