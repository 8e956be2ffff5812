"""Who is absent and in what way: the summary of the delegates, the minutes and the report count by one rule."""

import pytest

from seminar.checkin.queries import Absence, Presence, absence_counts, arrival_counts
from seminar.delegates.models import Delegate
from seminar.invitations import actions as inviting
from seminar.invitations.models import Answer
from seminar.lib.database import db
from tests import cast, reception
from tests.reception import scan
from tests.web.test_figures import Figures, rows_of
from tests.web.test_notes import add_programme
from tests.web.test_report import all_text, open_word

HERE = f"/seminars/{cast.SLUG}"
PEOPLE = f"{HERE}/credentials/people"
NAMES = (
    "Nguyễn Có Mặt",
    "Trần Có Lý Do",
    "Lê Chỉ Báo",
    "Phạm Cử Trước",
    "Hoàng Cử Hụt",
    "Vũ Có Người Thay",
    "Đặng Báo Rồi Cử",
    "Bùi Im Lặng",
)
SUMMARY = (
    "Có mặt 4/10 đại biểu, đạt 40,0 %, trong đó 3 người dự thay.",
    "Vắng mặt 6 đại biểu: có người dự thay 2; có lý do 1; có báo, chưa nêu lý do 1; "
    "đã cử người dự thay nhưng không ai đến 1; không báo 1.",
    "Trong số có mặt, 1 người dự thay được tính là chưa rõ giới tính và năm sinh",
)
MINUTES = (
    "2.5. Vắng: 6 đại biểu; trong đó có người dự thay 2, đã cử người dự thay nhưng không ai đến 1, có báo vắng 2, "
    "không báo 1.",
    "- Trần Có Lý Do: Đi công tác;",
    "- Lê Chỉ Báo: …………;",
    "2.6. Dự thay: 3 đại biểu:",
    "- Thay Đã Duyệt dự thay Phạm Cử Trước;",
    "- Thay Tại Bàn dự thay Vũ Có Người Thay;",
    "- Thay Sau Cùng dự thay Đặng Báo Rồi Cử;",
)
REPORT = (
    "Có mặt 4 đại biểu, vắng 6 (trong đó có người dự thay 2); ghi danh tại bàn đón tiếp 2 đại biểu.",
    "Trong số vắng có 2 đại biểu có người dự thay.",
)


@pytest.fixture
def desk(app, office):
    return reception.device(app)


@pytest.fixture
def ids(app, desk):
    """Somebody absent in each way; by name."""
    with app.app_context():
        add_programme(cast.find_seminar())
        found = {name: reception.add_person(name, "G2", unit_id=1)[0] for name in NAMES}
        one = {name: db.session.get(Delegate, number) for name, number in found.items()}
        inviting.answer(one["Trần Có Lý Do"], Answer.DECLINED, "Đi công tác", cast.OFFICE, cast.NOW)
        inviting.answer(one["Lê Chỉ Báo"], Answer.DECLINED, "", cast.OFFICE, cast.NOW)
        inviting.answer(one["Đặng Báo Rồi Cử"], Answer.DECLINED, "Ốm", cast.OFFICE, cast.NOW)
        for name, proxy in (("Phạm Cử Trước", "Thay Đã Duyệt"), ("Hoàng Cử Hụt", "Thay Không Đến")):
            inviting.propose_proxy(one[name], proxy, "", "", "", "Bận", cast.OFFICE, cast.NOW)
        db.session.commit()
    desk.told(*(scan(delegate_id=found[name]) for name in ("Nguyễn Có Mặt", "Phạm Cử Trước")))
    for name, instead in (("Thay Tại Bàn", "Vũ Có Người Thay"), ("Thay Sau Cùng", "Đặng Báo Rồi Cử")):
        assert desk.walk_in(name=name, instead_of=found[instead]).json["verdict"] == "admitted"
    return found


def test_whoever_sent_somebody_is_neither_present_nor_absent_without_a_word(app, ids):
    with app.app_context():
        seminar = cast.find_seminar()
        counts, whole = absence_counts(seminar), arrival_counts(seminar).whole
    assert counts == {
        Absence.REPRESENTED: 2,
        Absence.EXCUSED: 1,
        Absence.UNEXCUSED: 1,
        Absence.PROXY_MISSING: 1,
        Absence.SILENT: 1,
    }
    assert (sum(counts.values()), whole[Presence.ARRIVED]) == (whole[Presence.ABSENT], 4)


@pytest.mark.parametrize(
    ("path", "sentences"), [("credentials.docx", SUMMARY), ("minutes.docx", MINUTES), ("report.docx", REPORT)]
)
def test_summary_minutes_and_report_say_the_same(ids, office, path, sentences):
    text = all_text(open_word(office.get(f"{HERE}/{path}")))
    assert [sentence for sentence in sentences if sentence not in text] == []


def test_every_way_of_being_absent_opens_exactly_its_people(ids, office):
    for absence, names in {
        "represented": {"Vũ Có Người Thay", "Đặng Báo Rồi Cử"},
        "excused": {"Trần Có Lý Do"},
        "unexcused": {"Lê Chỉ Báo"},
        "proxy_missing": {"Hoàng Cử Hụt"},
        "silent": {"Bùi Im Lặng"},
    }.items():
        page = office.get(f"{PEOPLE}?absence={absence}").text
        assert {name for name in NAMES if f">{name}<" in page} == names
        assert f'data-total="{len(names)}"' in page
        assert f'name="absence" value="{absence}" checked' in office.get(f"{HERE}/lists?absence={absence}").text
    assert rows_of(office, f"{PEOPLE}?instead=1") == 3
    for path in ("credentials", "report"):
        figures = Figures(office.get(f"{HERE}/{path}").text).figures
        followed = [(address, number) for address, number in figures if "absence=" in address or "instead=" in address]
        assert len(followed) >= 2
        assert [(address, rows_of(office, address)) for address, _ in followed] == followed


def test_one_who_comes_after_all_or_whose_proxy_is_refused_is_counted_anew(app, ids, desk, office):
    desk.told(scan(delegate_id=ids["Vũ Có Người Thay"]))
    with app.app_context():
        from seminar.checkin.models import WalkIn
        from seminar.invitations.models import ProxyOutcome

        walk_in = db.session.scalars(db.select(WalkIn).where(WalkIn.instead_of_id == ids["Đặng Báo Rồi Cử"])).one()
        walk_in.outcome = ProxyOutcome.REFUSED
        db.session.commit()
        counts = absence_counts(cast.find_seminar())
    assert (counts[Absence.REPRESENTED], counts[Absence.EXCUSED]) == (0, 2)
