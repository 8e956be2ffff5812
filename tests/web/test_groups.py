"""Groups of the plan: added, changed with their quotas, put in order, removed; what people hold is never taken away."""

import pytest

from seminar.access.actor import ActorKind, Channel
from seminar.audit.models import AuditEntry
from seminar.delegates.models import ImportDraft, Membership, Nomination, NominationOutcome
from seminar.lib.database import db
from seminar.planning.models import Allotment, Group, Place, ProxyRule, QuotaKind, Unit, UnitKind
from tests import cast

GROUPS = f"/seminars/{cast.SLUG}/groups"
PLAIN, HTMX = {}, {"HX-Request": "true", "HX-Request-Type": "full"}
NEW = {
    "code": "T3",
    "name": "Bí thư Đoàn trường THPT",
    "protocol_rank": "45",
    "audience": "summoned",
    "letter_kind": "summons",
    "quota_kind": "per_unit",
    "quota_count": "1",
    "unit_kinds": "district",
    "proxy_rule": "approval",
    "is_met": "y",
    "aliases": "Bí thư Đoàn trường THPT\nĐ/c Bí thư trường\n",
}


def group(code):
    """The group of the tests' own seminar."""
    return db.session.scalars(
        db.select(Group).where(Group.code == code, Group.seminar_id == cast.find_seminar().id)
    ).one()


def values_of(code, **changed):
    """What the form of the group posts."""
    one = group(code)
    return {
        "code": one.code,
        "name": one.name,
        "protocol_rank": one.protocol_rank,
        "audience": one.audience,
        "letter_kind": one.letter_kind,
        "quota_kind": one.quota_kind,
        "quota_count": "" if one.quota_count is None else one.quota_count,
        "unit_kinds": one.unit_kinds,
        "proxy_rule": one.proxy_rule,
        "aliases": "\n".join(one.aliases),
    } | changed


def places(code):
    """{unit id or None: number of places} of the group."""
    found = {}
    for place in db.session.scalars(db.select(Place).where(Place.group_id == group(code).id)):
        found[place.unit_id] = found.get(place.unit_id, 0) + 1
    return found


@pytest.fixture
def change(app, office):
    """`change("T5", quota_count=4)` posts the group's form with these values."""

    def post(code, headers=PLAIN, **changed):
        with app.app_context():
            address, data = f"{GROUPS}/{group(code).id}", values_of(code, **changed)
        return office.post(address, data=data, headers=headers)

    return post


def add_people(app, *people):
    with app.app_context():
        seminar = cast.find_seminar()
        for name, code, unit_id in people:
            cast.add_delegate(seminar, name, code, unit_id=unit_id)
        db.session.commit()


def nominate(app, code, name="Người Được Cử", unit_id=1):
    """Somebody is named for a free place of the group."""
    with app.app_context():
        seminar = cast.find_seminar()
        place = cast.place_in(group(code), unit_id)["place_id"]
        db.session.add(
            Nomination(
                seminar_id=seminar.id, group_id=group(code).id, unit_id=unit_id, place_id=place, name=name,
                name_folded=name, nominated_at=cast.NOW, nominated_by="Đơn vị", actor_kind=ActorKind.UNIT, channel=Channel.PAGE,
            )
        )  # fmt: skip
        db.session.commit()


@pytest.mark.parametrize("headers", [PLAIN, HTMX])
def test_a_group_is_added_with_its_places(app, office, headers):
    assert office.get(f"{GROUPS}/new").status_code == 200
    answer = office.post(GROUPS, data=NEW, headers=headers)
    assert (answer.status_code, answer.location) == (303, f"/seminars/{cast.SLUG}/plan#groups")
    with app.app_context():
        one = group("T3")
        assert (one.proxy_rule, one.is_met, one.unit_kinds) == (ProxyRule.APPROVAL, True, ["district"])
        assert one.aliases == ["bi thu doan truong thpt", "d/c bi thu truong"]
        district = db.session.scalars(db.select(Unit.id).where(Unit.kind == UnitKind.DISTRICT)).one()
        assert places("T3") == {district: 1}
    again = office.post(GROUPS, data=NEW, headers=headers)
    assert again.status_code == 422
    assert "Mã “T3” là của “Bí thư Đoàn trường THPT”" in again.text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"code": ""}, "Chưa điền"),
        ({"protocol_rank": "0"}, "Hãy ghi một số từ 1 đến 9999."),
        ({"quota_count": ""}, "Hãy ghi chỉ tiêu có bao nhiêu suất."),
        ({"quota_count": "-1"}, "Hãy ghi một số từ 0 đến 5000."),
        ({"quota_kind": "none"}, ""),
        ({"audience": "unassigned"}, ""),
    ],
)
def test_bad_input_stays_in_the_form(app, office, wrong, sentence):
    answer = office.post(GROUPS, data=NEW | {"name": "giữ lại tên này"} | wrong)
    assert answer.status_code == 422
    assert "giữ lại tên này" in answer.text
    assert sentence in answer.text or "errors" in answer.text
    with app.app_context():
        assert db.session.query(Group).count() == 6


def test_who_may_not_and_what_is_not_there(app, visitor, staff, office):
    with app.app_context():
        one = group("T5").id
    assert visitor.get(f"{GROUPS}/{one}").location.startswith("/login")
    assert staff("thu").post(f"{GROUPS}/{one}", data=NEW).status_code == 403
    assert staff("thu").get(f"/seminars/{cast.SLUG}/plan").status_code == 200
    assert f"{GROUPS}/{one}" not in staff("thu").get(f"/seminars/{cast.SLUG}/plan").text
    assert office.get(f"{GROUPS}/{one + 100}").status_code == 404
    assert office.get(f"{GROUPS}/{one}/removal").status_code == 405
    with app.app_context():
        cast.add_seminar("khac")
        db.session.commit()
    assert office.get(f"/seminars/khac/groups/{one}").status_code == 404


def test_facts_change_with_before_and_after_in_the_log(app, change):
    assert change("G2", name="Các ban Đảng", proxy_rule="none").status_code == 303
    with app.app_context():
        assert group("G2").proxy_rule == ProxyRule.NONE
        entry = db.session.scalars(db.select(AuditEntry).where(AuditEntry.noun == "group")).one()
        assert entry.detail == {"name": ["Các ban xây dựng Đảng", "Các ban Đảng"], "proxy_rule": ["free", "none"]}
    assert change("G2").status_code == 303
    with app.app_context():
        assert db.session.query(AuditEntry).where(AuditEntry.noun == "group").count() == 1


def test_a_closed_list_grows_at_once_and_shrinks_by_what_is_free(app, change):
    add_people(app, ("Lý Văn Ba", "T5", None), ("Lý Văn Bốn", "T5", None))
    assert change("T5", quota_count=5).status_code == 303
    with app.app_context():
        assert places("T5") == {None: 5}
    assert change("T5", quota_count=2).status_code == 303
    with app.app_context():
        assert places("T5") == {None: 2}
    answer = change("T5", quota_count=1)
    assert answer.status_code == 422
    assert "2 suất đã có người (Lý Văn Ba, Lý Văn Bốn)" in answer.text
    assert f"/seminars/{cast.SLUG}/board/places?group=T5&amp;state=named" in answer.text
    with app.app_context():
        assert (places("T5"), group("T5").quota_count) == ({None: 2}, 2)


def test_a_place_that_somebody_is_named_for_is_not_free(app, change):
    nominate(app, "T2")
    answer = change("T2", quota_count=0)
    assert answer.status_code == 422
    assert "Người Được Cử" in answer.text


def test_a_decided_nomination_stays_when_its_place_goes(app, change):
    nominate(app, "T2")
    with app.app_context():
        named = db.session.scalars(db.select(Nomination)).one()
        named.outcome, named.decided_at = NominationOutcome.RETURNED, cast.NOW
        db.session.commit()
    assert change("T2", quota_count=0).status_code == 303
    with app.app_context():
        assert places("T2") == {}
        assert db.session.scalars(db.select(Nomination.place_id)).one() is None


def test_a_quota_per_unit_grows_and_shrinks_for_every_unit(app, change):
    add_people(app, ("Lý Văn Ba", "T2", 1))
    assert change("T2", quota_count=3).status_code == 303
    with app.app_context():
        assert places("T2") == {1: 3, 2: 3}
    assert change("T2", quota_count=1).status_code == 303
    with app.app_context():
        assert places("T2") == {1: 1, 2: 1}
    answer = change("T2", quota_count=1, unit_kinds=["district"])
    assert answer.status_code == 422
    assert "Thành Đoàn Thử Một, không giảm xuống 0 được: 1 suất đã có người (Lý Văn Ba)" in answer.text
    assert change("T2", quota_count=1, unit_kinds=["city"]).status_code == 303
    with app.app_context():
        assert places("T2") == {1: 1}


def test_members_of_an_open_group_get_places_when_it_is_closed_and_keep_membership_when_it_opens(app, change):
    add_people(app, ("Lý Văn Ba", "G2", None), ("Lý Văn Bốn", "G2", 1))
    answer = change("G2", quota_kind="total", quota_count=1)
    assert answer.status_code == 422
    assert "2 suất đã có người" in answer.text
    assert change("G2", quota_kind="total", quota_count=4).status_code == 303
    with app.app_context():
        members = db.session.scalars(db.select(Membership)).all()
        assert [(one.quota_kind, one.place_id is not None) for one in members] == [(QuotaKind.TOTAL, True)] * 2
        assert places("G2") == {None: 4}
    assert change("G2", quota_kind="closed", quota_count=2).status_code == 303
    assert change("G2", quota_kind="open", quota_count="").status_code == 303
    with app.app_context():
        members = db.session.scalars(db.select(Membership)).all()
        assert [(one.quota_kind, one.place_id) for one in members] == [(QuotaKind.OPEN, None)] * 2
        assert places("G2") == {}


def test_a_quota_per_unit_needs_the_unit_of_everybody(app, change):
    add_people(app, ("Lý Văn Ba", "G2", 1), ("Không Đơn Vị", "G2", None))
    answer = change("G2", quota_kind="per_unit", quota_count=1)
    assert answer.status_code == 422
    assert "Không Đơn Vị thuộc “Các ban xây dựng Đảng” nhưng chưa ghi đơn vị" in answer.text
    with app.app_context():
        db.session.scalars(db.select(Membership)).all()[1].delegate.unit_id = 1
        db.session.commit()
    answer = change("G2", quota_kind="per_unit", quota_count=1)
    assert answer.status_code == 422
    assert "Thành Đoàn Thử Một, không giảm xuống 1 được" in answer.text
    answer = change("G2", quota_kind="per_unit", quota_count=2, unit_kinds=["district"])
    assert "thuộc loại đơn vị không có chỉ tiêu này" in answer.text
    assert change("G2", quota_kind="per_unit", quota_count=2).status_code == 303
    with app.app_context():
        assert places("G2") == {1: 2, 2: 2}


def test_places_of_the_whole_become_those_of_units_and_back(app, change):
    add_people(app, ("Lý Văn Ba", "T5", 1))
    nominate(app, "T5", unit_id=2)
    assert change("T5", quota_kind="per_unit", quota_count=1).status_code == 303
    with app.app_context():
        assert places("T5") == {1: 1, 2: 1}
        assert db.session.scalars(db.select(Membership.quota_kind)).one() == QuotaKind.PER_UNIT
    assert change("T5", quota_kind="closed", quota_count=3).status_code == 303
    with app.app_context():
        assert places("T5") == {None: 3}
        held = db.session.scalars(db.select(Membership)).one()
        assert held.place_id in set(db.session.scalars(db.select(Place.id)))


def test_a_group_opens_only_once_those_named_are_decided_on(app, change):
    nominate(app, "T5")
    answer = change("T5", quota_kind="open", quota_count="")
    assert answer.status_code == 422
    assert "Có 1 người được cử vào “Đảng viên trẻ tiêu biểu” đang chờ duyệt" in answer.text


def test_what_one_unit_was_allotted_otherwise_stays_when_the_count_changes(app, office, change):
    with app.app_context():
        t2 = group("T2").id
    office.post(f"/seminars/{cast.SLUG}/quotas", data={f"places-{t2}-1": "0", f"was-{t2}-1": "1"})
    assert change("T2", quota_count=2).status_code == 303
    with app.app_context():
        assert places("T2") == {2: 2}
        assert db.session.query(Allotment).count() == 1


def test_the_group_of_the_unassigned_stays_open_and_stays(app, office, change):
    assert change("KHAC", name="Chưa rõ").status_code == 303
    assert change("KHAC", quota_kind="closed", quota_count=1).status_code == 422
    with app.app_context():
        one = group("KHAC")
        assert (one.name, one.quota_kind) == ("Chưa rõ", QuotaKind.OPEN)
        address = f"{GROUPS}/{one.id}/removal"
    answer = office.post(address)
    assert answer.status_code == 422
    assert "Giữ lại “Chưa rõ”" in answer.text


def test_groups_move_in_protocol_order(app, office):
    with app.app_context():
        g1 = group("G1").id
    for step, headers in (("up", PLAIN), ("up", HTMX)):  # the second one is already at the top
        assert office.post(f"{GROUPS}/{g1}/order", data={"step": step}, headers=headers).status_code == 303
    with app.app_context():
        assert [one.code for one in cast.find_seminar().groups][:3] == ["G1", "CT2", "G2"]
    assert office.post(f"{GROUPS}/{g1}/order", data={"step": "sideways"}).status_code == 422
    assert office.get(f"{GROUPS}/{g1}/order").status_code == 405


def test_a_group_in_which_somebody_was_is_not_removed(app, office):
    add_people(app, ("Lý Văn Ba", "T5", None))
    with app.app_context():
        t5, t2 = group("T5").id, group("T2").id
        db.session.add(
            ImportDraft(
                seminar_id=cast.find_seminar().id, filename="a.csv", file_sha256="a", group_id=t2, rows=b"",
                created_at=cast.NOW, created_by="Oanh",
            )
        )  # fmt: skip
        db.session.commit()
    answer = office.post(f"{GROUPS}/{t5}/removal")
    assert answer.status_code == 422
    assert "Không xóa được “Đảng viên trẻ tiêu biểu”: có 1 người" in answer.text
    assert office.post(f"{GROUPS}/{t2}/removal").status_code == 303
    assert office.post(f"{GROUPS}/{t2}/removal").status_code == 404
    with app.app_context():
        assert [one.code for one in cast.find_seminar().groups] == ["CT2", "G1", "G2", "T5", "KHAC"]
        assert db.session.scalars(db.select(ImportDraft.group_id)).one() is None


def test_a_slip_of_the_pen_times_the_units_makes_no_places(app, office, change):
    with app.app_context():
        db.session.add_all(
            Unit(position=10 + number, name=f"Đoàn xã {number}", kind=UnitKind.COMMUNE) for number in range(5)
        )
        db.session.commit()
        before = places("T2")
    slip = {"quota_count": "5000", "unit_kinds": []}
    answer = office.post(GROUPS, data=NEW | slip)
    assert answer.status_code == 422
    assert "gõ nhầm" in answer.text
    assert change("T2", **slip).status_code == 422
    with app.app_context():
        assert places("T2") == before
        assert db.session.scalars(db.select(Group).where(Group.code == "T3")).all() == []
