"""What a letter says of the seminar: kept with the letters when they are issued, so that they print the same for good.

What it says of the person (name, position, body) is the person's own and follows corrections of the list.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, time
from typing import Any

from seminar.documents.rules import UNKNOWN, DocumentSettings, settings_of
from seminar.invitations.rules import Told, until, when
from seminar.lib.clock import short_date
from seminar.lib.errors import N_
from seminar.planning.models import Group, Milestone, MilestoneRule, ProxyRule, Seminar


@dataclass(frozen=True)
class Particulars:
    """Plain values; None and "" are open. `groups`: name and rule of proxies, by id of the group."""

    title: str = ""
    theme: str = ""
    issuer: str = ""
    plan_number: str = ""
    plan_issued_on: date | None = None
    held_on: date | None = None
    starts_at: time | None = None
    place: str = ""
    dress: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    answers_rule: MilestoneRule | None = None
    answers_due_on: date | None = None
    groups: Mapping[str, tuple[str, ProxyRule]] = field(default_factory=dict)
    form: DocumentSettings = field(default_factory=DocumentSettings)

    @property
    def told(self) -> Told | None:
        """None while day, hour or place are open."""
        if self.held_on is None or self.starts_at is None or not self.place:
            return None
        return Told(self.held_on, self.starts_at, self.place)

    @property
    def when(self) -> str:
        return when(self.held_on, self.starts_at)

    @property
    def plan(self) -> str:
        """ "Kế hoạch số 12-KH/TĐTN, ngày 05/01/2024"."""
        day = short_date(self.plan_issued_on) if self.plan_issued_on else UNKNOWN
        return f"Kế hoạch số {self.plan_number or UNKNOWN}, ngày {day}"

    @property
    def deadline(self) -> str:
        return until(self.answers_rule, self.answers_due_on)

    def group(self, group: Group) -> tuple[str, ProxyRule]:
        """As it was; a group that was made later is as it is."""
        return self.groups.get(str(group.id), (group.name, group.proxy_rule))


def place_of(seminar: Seminar) -> str:
    """The confirmed venue in one line, "" while none is."""
    venue = seminar.venue
    return ", ".join(part for part in (venue.name, venue.address) if part) if venue else ""


def particulars_of(seminar: Seminar, answers: Milestone | None) -> Particulars:
    """As a letter would say it now; `answers` is the deadline of the answers."""
    return Particulars(
        title=seminar.title,
        theme=seminar.theme,
        issuer=seminar.issuer,
        plan_number=seminar.plan_number,
        plan_issued_on=seminar.plan_issued_on,
        held_on=seminar.held_on,
        starts_at=seminar.starts_at,
        place=place_of(seminar),
        dress=seminar.dress,
        contact_name=seminar.contact_name,
        contact_phone=seminar.contact_phone,
        answers_rule=answers.rule if answers else None,
        answers_due_on=answers.due_on if answers else None,
        groups={str(group.id): (group.name, group.proxy_rule) for group in seminar.groups},
        form=settings_of(seminar.settings),
    )


def kept(particulars: Particulars) -> dict[str, Any]:
    """As JSON keeps it, without what only the printer needs: the same letters say the same on one side or on two."""
    said = asdict(replace(particulars, form=replace(particulars.form, is_double_sided=False)))
    for name in ("plan_issued_on", "held_on", "starts_at", "answers_due_on"):
        said[name] = said[name].isoformat() if said[name] else None
    plain: dict[str, Any] = _plain(said)
    return plain


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple) else value


def read(said: Mapping[str, Any]) -> Particulars:
    """What `kept` wrote; what an older version did not know has its default."""
    values = {name: said[name] for name in Particulars.__dataclass_fields__ if said.get(name) is not None}
    for name in ("plan_issued_on", "held_on", "answers_due_on"):
        if name in values:
            values[name] = date.fromisoformat(values[name])
    if "starts_at" in values:
        values["starts_at"] = time.fromisoformat(values["starts_at"])
    if "answers_rule" in values:
        values["answers_rule"] = MilestoneRule(values["answers_rule"])
    groups = values.get("groups", {})
    values["groups"] = {key: (name, ProxyRule(rule)) for key, (name, rule) in groups.items()}
    values["form"] = settings_of(values.get("form", {}))
    return Particulars(**values)


@dataclass(frozen=True)
class Difference:
    """What the letters say and what the plan says now; both empty where it is not said in a few words."""

    label: str
    before: str = ""
    now: str = ""


def differences(before: Particulars, now: Particulars) -> list[Difference]:
    """In the order in which a reader of the letter would meet them."""
    pairs = [
        (N_("Title"), before.title, now.title),
        (N_("Theme"), before.theme, now.theme),
        (N_("Issuer"), before.issuer, now.issuer),
        (N_("Plan"), before.plan, now.plan),
        (N_("Time"), before.when, now.when),
        (N_("Place"), before.place or UNKNOWN, now.place or UNKNOWN),
        (N_("Dress"), before.dress, now.dress),
        (N_("Deadline of the answers"), before.deadline, now.deadline),
        (N_("Contact"), before.contact_name, now.contact_name),
        (N_("Telephone of the contact"), before.contact_phone, now.contact_phone),
        (N_("Signer"), _signer(before.form), _signer(now.form)),
    ]
    found = [Difference(label, old or UNKNOWN, new or UNKNOWN) for label, old, new in pairs if old != new]
    shared = before.groups.keys() & now.groups.keys()
    if any(before.groups[key] != now.groups[key] for key in shared):
        found.append(Difference(N_("Names of the groups, or who may send somebody instead")))
    rest = dict.fromkeys(("authority", "signer_title", "signer_name", "is_double_sided"))
    if replace(before.form, **_same(now.form, rest)) != now.form:
        found.append(Difference(N_("Form of the documents, recipients")))
    return found


def _signer(form: DocumentSettings) -> str:
    return ", ".join(part for part in (form.authority, form.signer_title, form.signer_name) if part)


def _same(form: DocumentSettings, names: Mapping[str, Any]) -> dict[str, Any]:
    return {name: getattr(form, name) for name in names}
