"""The chair's page: who may, what it costs, what the log keeps."""

from datetime import UTC, datetime, timedelta

import pytest

from seminar.audit.models import AuditEntry
from seminar.lib.database import db
from seminar.minutes import actions
from seminar.minutes.models import FloorOutcome, FloorRequest
from tests import cast, reception
from tests.web.speaking import FLOOR, HTMX, ask, begin, call, clock, hall, opened, request_of, turn_id

__all__ = ["clock", "hall"]


def test_readers_see_no_presses(app, visitor, staff, hall):
    begin(staff("thu"), app)
    ask(visitor, hall["Bình"][1])
    for login in ("chung", "tam"):
        page = staff(login).get(FLOOR).text
        region = page[page.index('id="floor"') : page.index("</main>")]
        assert "/turn" not in region and "/aside" not in region and "/settings" not in region
        assert ("/requests" in region) is (login == "tam")


def test_rows_of_another_seminar_are_not_found(app, staff, hall, visitor):
    ask(visitor, hall["Bình"][1])
    begin(staff("thu"), app)
    call(staff("thu"), app, "Bình")
    with app.app_context():
        reception.other_seminar()
        db.session.commit()
    thu, other = staff("thu"), "/seminars/toa-dam-khac/floor"
    for path in (f"requests/{request_of(app, 'Bình')}/aside", f"turns/{turn_id(app)}/ending", "turns/999999/ending"):
        assert thu.post(f"{other}/{path}").status_code == 404
    assert "Chương trình chưa có buổi nào" in thu.get(other).text


@pytest.mark.parametrize("page", ["chair", "region", "hall", "record"])
def test_a_page_costs_the_same_for_one_and_for_many(app, visitor, staff, hall, query_count, page):
    thu = staff("thu")
    begin(thu, app)
    hall_address = opened(thu)
    ask(visitor, hall["Bình"][1])
    call(thu, app, "Bình")
    ask(visitor, hall["Cường"][1])
    who, address, headers = {
        "chair": (thu, FLOOR, {}),
        "region": (thu, FLOOR, HTMX),
        "hall": (visitor, hall_address, HTMX),
        "record": (thu, f"{FLOOR}/record", {}),
    }[page]
    before = query_count(lambda: who.get(address, headers=headers))
    with app.app_context():
        seminar = cast.find_seminar()
        for number in range(20):
            delegate = cast.add_delegate(seminar, f"Người Số {number}", "G2")
            made, _ = actions.ask_for_floor(
                seminar,
                delegate,
                "Ý",
                seminar.topics[0],
                cast.OFFICE,
                datetime.now(UTC),
                for_them=True,
                though_absent=True,
            )
            if number % 2:
                actions.withdraw_request(made, cast.OFFICE, datetime.now(UTC))
            elif number % 3:
                actions.begin_turn(
                    seminar, request=made, minutes=2, by=cast.OFFICE, now=datetime.now(UTC) + timedelta(seconds=number)
                )
        db.session.commit()
    after = query_count(lambda: who.get(address, headers=headers))
    print(page, before, after)
    assert after <= before + (2 if page == "record" else 1)
    assert after <= {"chair": 20, "region": 18, "hall": 6, "record": 10}[page]


def test_every_deed_is_in_the_log(app, visitor, staff, hall):
    thu = staff("thu")
    begin(thu, app)
    for name in ("Bình", "Cường", "Dung"):
        ask(visitor, hall[name][1])
    thu.post(f"{FLOOR}/requests/{request_of(app, 'Cường')}/aside")
    visitor.post(f"/i/{hall['Dung'][1]}/floor/withdrawal")
    call(thu, app, "Bình")
    for verb in ("extension", "ending", "continuation", "reversal"):
        thu.post(f"{FLOOR}/turns/{turn_id(app)}/{verb}")
    with app.app_context():
        query = db.select(AuditEntry).where(AuditEntry.noun.in_(("turn", "floor request"))).order_by(AuditEntry.id)
        told = [(one.noun.split()[0], one.verb, one.actor_kind) for one in db.session.scalars(query)]
    assert told == [
        *[("floor", "add", "delegate")] * 3,
        ("floor", "put aside", "staff"),
        ("floor", "withdraw", "delegate"),
        ("turn", "begin", "staff"),
        ("turn", "extend", "staff"),
        ("turn", "end", "staff"),
        ("turn", "resume", "staff"),
        ("turn", "undo", "staff"),
    ]
    with app.app_context():
        outcomes = {one.outcome for one in db.session.scalars(db.select(FloorRequest))}
    assert outcomes == {None, FloorOutcome.PUT_ASIDE, FloorOutcome.WITHDRAWN}
