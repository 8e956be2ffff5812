"""Two of the office at the same moment, on both engines: one of them is told, nothing is written twice or over."""

import threading
import time
from datetime import time as clock
from io import BytesIO

import pytest

from seminar.agenda import actions as agenda
from seminar.agenda import rules as agenda_rules
from seminar.agenda.forms import SEEN
from seminar.agenda.models import Item, ItemKind, Run
from seminar.agenda.queries import sittings_of
from seminar.audit.models import AuditEntry
from seminar.delegates import actions
from seminar.delegates.models import Delegate, ImportDraft, ListShape
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.planning import actions as planning
from seminar.planning.models import Group, Topic, Unit, UnitKind
from seminar.reports import actions as reports
from tests import cast

HERE = f"/seminars/{cast.SLUG}"
LIST = "Họ và tên,Chức vụ\nHồ Thị Na,Bí thư\nLê Văn Bê,Phó\n"
GROUP = {
    "code": "MOI",
    "name": "Nhóm mới",
    "protocol_rank": "35",
    "audience": "guest",
    "letter_kind": "none",
    "quota_kind": "open",
    "proxy_rule": "free",
}


@pytest.fixture
def meanwhile(app):
    """What asking gets that begins when `act` was done and that is not yet committed."""

    def run(act, ask):
        answers = []
        other = threading.Thread(target=lambda: answers.append(ask().status_code))
        with app.app_context():
            act(cast.find_seminar())
            db.session.flush()
            other.start()
            time.sleep(0.7)
            db.session.commit()
        other.join(20)
        return answers

    return run


@pytest.fixture
def draft(app, office):
    def read(group="G1"):
        office.post(f"{HERE}/imports", data={"file": (BytesIO(LIST.encode()), "a.csv"), "group": group})
        with app.app_context():
            return db.session.scalar(db.select(db.func.max(ImportDraft.id)))

    return read


def removals(app, noun):
    with app.app_context():
        query = db.select(db.func.count()).where(AuditEntry.verb == "remove", AuditEntry.noun == noun)
        return db.session.scalar(query)


@pytest.mark.parametrize(
    ("page", "data"), [("group", {"group": "G2"}), ("reading", {"capitals": "leave"}), ("choices", {"bulk": "keep"})]
)
def test_a_list_that_is_being_stored_is_changed_no_more(app, office, draft, meanwhile, page, data):
    one = draft()
    with app.app_context():
        before = db.session.get_one(ImportDraft, one).group_id

    def store(seminar):
        actions.store_draft(seminar, one, None, cast.OFFICE, now())

    assert meanwhile(store, lambda: office.post(f"{HERE}/imports/{one}/{page}", data=data)) == [422]
    with app.app_context():
        kept = db.session.get_one(ImportDraft, one)
        assert (kept.group_id, kept.options, kept.choices) == (before, {}, {})
        assert db.session.query(Delegate).count() == 2


def test_storing_a_list_and_removing_its_group_do_not_wait_for_each_other(app, staff, draft):
    clients = [staff("oanh"), staff("an"), staff("oanh")]
    for number in range(8):
        clients[0].post(f"{HERE}/groups", data=GROUP | {"code": f"M{number}"})
        one = draft(f"M{number}")
        with app.app_context():
            group = db.session.scalars(db.select(Group.id).where(Group.code == f"M{number}")).one()
        addresses = (f"{HERE}/imports/{one}/rows", f"{HERE}/groups/{group}/removal", f"{HERE}/groups/{group}/order")
        ready, answers = threading.Barrier(3), []

        def press(client, address, ready=ready, answers=answers):
            ready.wait()
            answers.append(client.post(address, data={"step": "up"}).status_code)

        pressing = [threading.Thread(target=press, args=pair) for pair in zip(clients, addresses, strict=True)]
        for one_press in pressing:
            one_press.start()
        for one_press in pressing:
            one_press.join(30)
        assert len(answers) == 3
        assert set(answers) <= {303, 404, 422}
    assert removals(app, "group") <= 8


def test_what_another_takes_away_is_moved_and_removed_no_more(app, office, meanwhile):
    with app.app_context():
        seminar = cast.find_seminar()
        unit = Unit(position=9, name="Đoàn xã Mới", kind=UnitKind.COMMUNE)
        db.session.add(unit)
        db.session.flush()
        topics = [topic.id for topic in seminar.topics]
        unit_id = unit.id
        db.session.commit()
    office.post(f"{HERE}/lists/shapes", data={"name": "Của tôi", "chosen": "1", "columns": "name"})
    with app.app_context():
        shape = db.session.scalars(db.select(ListShape.id)).one()

    def take(kind, row_id, action):
        return lambda seminar: action(db.session.get_one(kind, row_id), cast.OFFICE, now())

    gone = {404, 409, 422}
    unit_gone = take(Unit, unit_id, planning.remove_unit)
    assert set(meanwhile(unit_gone, lambda: office.post(f"/units/{unit_id}/order", data={"step": "up"}))) <= gone
    first = take(Topic, topics[0], planning.remove_part)
    address = f"{HERE}/topics/{topics[0]}"
    assert set(meanwhile(first, lambda: office.post(f"{address}/order", data={"step": "down"}))) <= gone
    second = take(Topic, topics[1], planning.remove_part)
    meanwhile(second, lambda: office.post(f"{HERE}/topics/{topics[1]}/removal"))
    meanwhile(take(ListShape, shape, reports.remove_shape), lambda: office.post(f"{HERE}/lists/shapes/{shape}/removal"))
    assert (removals(app, "unit"), removals(app, "topic"), removals(app, "list shape")) == (1, 2, 1)


# The programme


@pytest.fixture
def items(app):
    """Ids of the three items of a sitting, by title."""
    with app.app_context():
        seminar = cast.find_seminar()
        sitting = agenda.add_sitting(
            seminar, "Buổi sáng", seminar.held_on, clock(8), clock(11), by=cast.OFFICE, now=cast.NOW
        )
        added = {
            title: agenda.add_item(
                sitting, kind=ItemKind.OTHER, title=title, minutes=10, by=cast.OFFICE, now=cast.NOW
            ).id
            for title in ("Một", "Hai", "Ba")
        }
        db.session.commit()
        return added


def shifted_by(minutes):
    def act(seminar):
        (sitting,) = sittings_of(seminar.id)
        seen = agenda_rules.seen(sitting.starts_at, sitting.ends_at, sitting.items)
        agenda.shift_sitting(sitting, seen, agenda_rules.Shift(later_minutes=minutes), cast.OFFICE, now())

    return act


def test_the_second_of_two_who_shift_the_programme_is_told_and_shifts_nothing(app, office, items, meanwhile):
    with app.app_context():
        (sitting,) = sittings_of(cast.find_seminar().id)
        seen = SEEN.dump_json(agenda_rules.seen(sitting.starts_at, sitting.ends_at, sitting.items)).decode()
        data = {"sitting": sitting.id, "seen": seen, "at": "10:00", "ends": "y"}
        begins_at = sitting.starts_at
    assert meanwhile(shifted_by(30), lambda: office.post(f"{HERE}/programme/shift", data=data)) == [409]
    with app.app_context():
        (sitting,) = sittings_of(cast.find_seminar().id)
        assert (sitting.starts_at - begins_at).total_seconds() == 30 * 60
        assert [item.title for item in sitting.items] == ["Một", "Hai", "Ba"]


def test_an_item_that_another_takes_out_is_moved_begun_and_removed_no_more(app, office, items, meanwhile):
    for title, path in (("Một", "position"), ("Hai", "beginning"), ("Ba", "removal")):
        item_id = items[title]

        def take(seminar, item_id=item_id):
            agenda.remove_item(db.session.get_one(Item, item_id), cast.OFFICE, now())

        def press(item_id=item_id, path=path):
            return office.post(f"{HERE}/programme/items/{item_id}/{path}", data={"to": "down"})

        assert set(meanwhile(take, press)) <= {303, 404, 409, 422}
    with app.app_context():
        assert db.session.query(Item).count() == 0
        assert db.session.query(Run).count() == 0
    assert removals(app, "item") == 3


def test_two_who_begin_different_items_at_once_are_told_and_one_is_on(app, office, items, meanwhile):
    def begin(seminar):
        agenda.begin_item(db.session.get_one(Item, items["Một"]), cast.OFFICE, now())

    address = f"{HERE}/programme/items/{items['Hai']}/beginning"
    assert meanwhile(begin, lambda: office.post(address, data={"on": "0"})) == [303]
    assert "đã bắt đầu “Một”" in office.get(f"{HERE}/programme").text
    with app.app_context():
        on = db.session.scalars(db.select(Run).where(Run.item_id.is_not(None), Run.ended_at.is_(None))).one()
        assert on.item.title == "Một"
