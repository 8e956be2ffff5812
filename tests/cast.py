"""The people of the tests, all fictional: six members of staff, and a small seminar with its delegates.

Staff, by given name: An (administrator), Oanh (office), Vinh (reviewer), Tâm (reception), Thu (secretary), Chung (viewer).
"""

import re
from datetime import UTC, date, datetime, time

from seminar.access.actor import Actor, ActorKind
from seminar.access.roles import Role
from seminar.accounts.models import StaffSession, User
from seminar.delegates.actions import Places
from seminar.delegates.models import Delegate, Membership
from seminar.lib import codes
from seminar.lib.database import db
from seminar.lib.text import fold, sort_key
from seminar.planning.actions import allot_places
from seminar.planning.models import (
    Audience,
    Group,
    LetterKind,
    Place,
    ProxyRule,
    QuotaKind,
    Seminar,
    Topic,
    Unit,
    UnitAlias,
    UnitKind,
    Venue,
)

STAFF = {
    "an": ("Lê Văn An", [Role.ADMIN]),
    "oanh": ("Trần Thị Oanh", [Role.OFFICE]),
    "vinh": ("Phạm Quang Vinh", [Role.REVIEWER]),
    "tam": ("Đỗ Minh Tâm", [Role.RECEPTION]),
    "thu": ("Ngô Anh Thu", [Role.SECRETARY]),
    "chung": ("Vũ Thành Chung", [Role.VIEWER]),
}
PASSWORD = "mua-thu-ha-noi"  # noqa: S105
NOW = datetime(2024, 3, 1, 2, 0, tzinfo=UTC)
SLUG = "toa-dam-thu"
OFFICE = Actor(ActorKind.STAFF, "Trần Thị Oanh", 2)
COMMAND = Actor(ActorKind.SYSTEM, "tests")


def add_staff() -> None:
    for login, (name, roles) in STAFF.items():
        db.session.add(
            User(email=f"{login}@example.vn", name=name, password_hash="none", roles_held=roles, created_at=NOW)
        )


def add_seminar(slug: str = SLUG) -> Seminar:
    """A seminar with six groups (KHAC unassigned, G1 and G2 guests, CT2 co-chairs, T2 per unit, T5 a closed list of 3),
    two units, a confirmed venue and two topics. Starts at 08:00 on 15/3/2024.
    """
    seminar = Seminar(
        slug=slug,
        title=f"Tọa đàm thử {slug}",
        theme="Vì sao",
        issuer="Tỉnh Đoàn thử",
        held_on=date(2024, 3, 15),
        starts_at=time(8, 0),
        ends_at=time(11, 30),
        contact_phone="02740000000",
        contact_name="Văn phòng",
        is_announced=True,
        created_at=NOW,
        plan_number="01-KH/TĐTN-TCKT",
        plan_issued_on=date(2024, 1, 20),
        settings={},
    )
    seminar.venues = [
        Venue(name="Hội trường A", address="Số 1 đường Thử", capacity=300, confirmed_at=NOW, confirmed_by="Oanh"),
        Venue(name="Hội trường B", note="phương án dự phòng"),
    ]
    seminar.topics = [
        Topic(position=1, title="Thực trạng", text="Thực trạng"),
        Topic(position=2, title="Giải pháp", text="Giải pháp"),
    ]
    open_, free = QuotaKind.OPEN, ProxyRule.FREE
    seminar.groups = [
        Group(
            code="CT2",
            name="Đồng chủ trì",
            protocol_rank=10,
            audience=Audience.GUEST,
            letter_kind=LetterKind.INVITATION,
            quota_kind=open_,
            proxy_rule=free,
            is_met=True,
        ),
        Group(
            code="G1",
            name="Thường trực Tỉnh ủy",
            protocol_rank=20,
            audience=Audience.GUEST,
            letter_kind=LetterKind.INVITATION,
            quota_kind=open_,
            proxy_rule=free,
            is_met=True,
        ),
        Group(
            code="G2",
            name="Các ban xây dựng Đảng",
            protocol_rank=30,
            audience=Audience.GUEST,
            letter_kind=LetterKind.INVITATION,
            quota_kind=open_,
            proxy_rule=free,
        ),
        Group(
            code="T2",
            name="Bí thư các đơn vị",
            protocol_rank=40,
            audience=Audience.SUMMONED,
            letter_kind=LetterKind.SUMMONS,
            quota_kind=QuotaKind.PER_UNIT,
            quota_count=1,
            proxy_rule=ProxyRule.APPROVAL,
        ),
        Group(
            code="T5",
            name="Đảng viên trẻ tiêu biểu",
            protocol_rank=50,
            audience=Audience.SUMMONED,
            letter_kind=LetterKind.SUMMONS,
            quota_kind=QuotaKind.CLOSED,
            quota_count=3,
            proxy_rule=ProxyRule.NONE,
        ),
        Group(
            code="KHAC",
            name="Chưa phân nhóm",
            protocol_rank=99,
            audience=Audience.UNASSIGNED,
            letter_kind=LetterKind.INVITATION,
            quota_kind=open_,
            proxy_rule=ProxyRule.APPROVAL,
        ),
    ]
    db.session.add(seminar)
    db.session.flush()
    allot_places(seminar)
    return seminar


def add_units() -> None:
    for position, (name, kind) in enumerate(
        (("Thành Đoàn Thử Một", UnitKind.CITY), ("Huyện Đoàn Thử Hai", UnitKind.DISTRICT)), 1
    ):
        unit = Unit(position=position, name=name, kind=kind)
        unit.aliases = [UnitAlias(folded=fold(name))]
        db.session.add(unit)


def add_delegate(seminar: Seminar, name: str, group: str = "G1", *also: str, **values: object) -> Delegate:
    """A delegate straight into the tables, with the next number and a place made for them; `also` are further groups.

    Whoever is in a group with places per unit is of the first unit, if nothing else is said.
    """
    number = (
        db.session.scalar(db.select(db.func.max(Delegate.number)).where(Delegate.seminar_id == seminar.id)) or 0
    ) + 1
    groups = {one.code: one for one in seminar.groups}
    if any(groups[code].quota_kind == QuotaKind.PER_UNIT for code in (group, *also)):
        values.setdefault("unit_id", db.session.scalars(db.select(Unit.id).order_by(Unit.position)).first())
    delegate = Delegate(
        seminar_id=seminar.id,
        number=number,
        name=name,
        name_folded=fold(name),
        name_lower=name.casefold(),
        sort_key=sort_key(name),
        folded=fold(f"{name} {values.get('body', '')} {values.get('phone', '')}"),
        created_at=NOW,
        created_by="tests",
        **values,
    )
    delegate.memberships = [
        Membership(group=groups[code], is_primary=code == group, **place_in(groups[code], values.get("unit_id")))
        for code in (group, *also)
    ]
    db.session.add(delegate)
    db.session.flush()
    return delegate


def place_in(group: Group, unit_id: object = None) -> dict[str, object]:
    """A free place of the group, or one more where there is none, as the columns of a membership."""
    if group.quota_kind == QuotaKind.OPEN:
        return {}
    unit = unit_id if isinstance(unit_id, int) and group.quota_kind == QuotaKind.PER_UNIT else None
    if not Places([group]).has(group, unit):
        db.session.add(Place(group_id=group.id, unit_id=unit))
        db.session.flush()
    return Places([group]).taken(group, unit)


def find_seminar(slug: str = SLUG) -> Seminar:
    return db.session.scalars(db.select(Seminar).where(Seminar.slug == slug)).one()


def tells(text: str, phone: str) -> bool:
    """Whether the text gives the telephone away, written any way, its last six figures being enough.

    Codes, tokens and nonces are full of figures: what is part of a longer run is none.
    """
    written = r"[ .\-]?".join(re.sub(r"\D", "", phone)[-6:])
    return re.search(rf"(?<!\w)[\d .+\-]*{written}(?!\w)", text) is not None


def open_door(client, login: str) -> None:
    """Signs the member of staff in by a session row and cookie, without the price of argon2."""
    key = codes.token()
    with client.application.app_context():
        user = db.session.scalars(db.select(User).where(User.email == f"{login}@example.vn")).one()
        from seminar.lib.clock import now

        db.session.add(
            StaffSession(key_sha256=codes.digest(key), user_id=user.id, created_at=now(), second_factor_at=now())
        )
        db.session.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = key
        cookie["_fresh"] = True
        cookie.permanent = True
