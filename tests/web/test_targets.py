"""The targets: set up by the office, followed by quarter, every figure opened down to its cells."""

import re

import pytest

from seminar.audit.models import AuditEntry
from seminar.lib.database import db
from seminar.planning.models import Unit
from seminar.statistics.models import Sheet, TargetPlan
from seminar.statistics.queries import target_figures as figures
from seminar.statistics.queries import targets as reads
from seminar.statistics.rules.indicators import party_ratio
from seminar.statistics.rules.targets import percent
from tests import cast
from tests.web import targeting
from tests.web.targeting import HERE

AIMS = {
    "title": "Chỉ tiêu thử",
    "basis": "Chỉ thị thử",
    "first_year": "2021",
    "first_quarter": "1",
    "last_year": "2025",
    "introduced_count": "9.000",
    "admitted_count": "5000",
    "share_percent": "70",
}


@pytest.fixture
def followed(app):
    """Ten quarters of two units: 4.500 introduced and 2.500 admitted together, and one return that nobody accepted."""
    with app.app_context():
        plan = targeting.begin()
        targeting.open_quarters(plan, 11)
        first, second = targeting.units()[:2]
        for number in range(1, 11):
            targeting.give_back(plan, first, number, outstanding=600, introduced=400, admitted=200)
            targeting.give_back(
                plan,
                second,
                number,
                outstanding=600,
                introduced=50,
                admitted=50,
                admitted_members=60,
                new_party_members=80,
            )
        targeting.give_back(plan, first, 11, accept=False, introduced=77)
        db.session.commit()
        return first.id, second.id


def test_nothing_is_followed_before_the_office_begins(app, office, staff):
    page = office.get(HERE)
    assert page.status_code == 200
    assert 'value="9000"' in page.text
    for path in ("/units", "/heat", "/heat.xlsx", "/flags", "/shares", "/settings", "/plan", "/figures/introduced"):
        assert office.get(HERE + path).status_code == 404, path
    assert "<form class=" not in staff("chung").get(HERE).text.split('id="main"')[1]
    with app.app_context():
        assert db.session.query(Sheet).filter_by(code="chi-tieu-quy").count() == 0


def test_the_office_sets_them_up_with_the_quarterly_sheet_and_twice_is_once(app, office):
    for _ in range(2):
        assert office.post(HERE, data=AIMS).status_code == 303
    with app.app_context():
        [plan] = db.session.scalars(db.select(TargetPlan)).all()
        assert (plan.introduced_count, plan.admitted_count, plan.quarter_count) == (9000, 5000, 20)
        assert plan.sheet.code == "chi-tieu-quy"
        assert "02 năm liên tiếp" in str(plan.sheet.definition)
        assert [entry.noun for entry in db.session.scalars(db.select(AuditEntry)) if entry.verb == "begin"] == [
            "targets"
        ]
    assert "chưa đủ số liệu" in office.get(HERE).text


@pytest.mark.parametrize(
    "changes",
    [
        {"introduced_count": "chín nghìn"},
        {"introduced_count": ""},
        {"admitted_count": "9001"},
        {"last_year": "2020"},
        {"last_year": "2040"},
        {"first_quarter": "5"},
        {"share_percent": "101"},
        {"title": " "},
    ],
)
def test_wrong_numbers_are_told_and_kept(app, office, changes):
    answer = office.post(HERE, data=AIMS | changes)
    assert answer.status_code == 422
    assert "Chỉ thị thử" in answer.text
    with app.app_context():
        assert db.session.query(TargetPlan).count() == 0


def test_only_the_office_writes_and_leadership_reads(app, staff, followed):
    for login in ("chung", "thu"):
        assert staff(login).get(HERE).status_code == 200
        for path in ("", "/plan", "/removal", "/shares", "/settings", f"/units/{followed[0]}/remedies"):
            assert staff(login).post(HERE + path, data={}).status_code == 403, path
    assert staff("tam").get(HERE).status_code == 403
    assert staff("oanh").get(HERE.replace(cast.SLUG, "nowhere")).status_code == 404


def row_of(page, label):
    """What stands in the cells of the row that begins with the label."""
    row = re.search(rf'<th scope="row">{re.escape(label)}</th>(.*?)</tr>', page, re.S)[1]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)
    return [" ".join(re.sub(r"<[^>]*>", " ", cell).split()) for cell in cells]


def test_the_worked_example_stands_on_the_page(office, followed):
    """ΣI = 4500, ΣA = 2500 at k = 10; four sectors of five were left blank in each of the twenty returns."""
    page = office.get(HERE).text
    assert row_of(page, "Đoàn viên ưu tú được giới thiệu cho Đảng") == [
        "4.500 80 ô trống",
        *("9.000", "50 %", "4.500", "100 %"),
        "450 mỗi quý, còn 10 quý",
    ]
    assert row_of(page, "Đoàn viên ưu tú được kết nạp Đảng")[4:] == ["100 %", "250 mỗi quý, còn 10 quý"]
    assert row_of(page, "Kết nạp trên giới thiệu trong kỳ")[:3] == ["55,56 %", "2.500/4.500", "55,56 %"]
    party = row_of(page, "Đảng viên mới kết nạp từ đoàn viên")
    assert (party[:2], party[3].split()[0]) == (["75 %", "600/800"], "đạt")
    assert row_of(page, "Đoàn viên ưu tú đã có nhận xét trong quý")[0] == "chưa đủ số liệu"
    assert "20/20 bản, của 2/2 đơn vị" in page


def test_a_return_that_is_not_accepted_counts_nowhere_and_the_page_says_how_many_do(office, followed):
    page = office.get(f"{HERE}?until=11").text
    assert "4.577" not in page
    assert "20/22 bản" in page


def test_wrong_quarters_fall_back_to_the_latest_known(office, followed):
    shown = re.search(r'<option value="(\d+)" selected', office.get(HERE).text)[1]
    assert shown == "10"
    for wrong in ("0", "21", "x", "-1", "9" * 30):
        assert re.search(r'<option value="(\d+)" selected', office.get(f"{HERE}?until={wrong}").text)[1] == "10"


def test_every_figure_opens_down_to_its_cells(app, office, followed):
    """What the page of a figure sums up is what the dashboard shows, by unit and down to quarter and sector."""
    with app.app_context():
        seminar = cast.find_seminar()
        gathered = reads.gather(seminar, reads.target_plan_of(seminar))
        standing = gathered.standing(10)
        opened = figures.open_figure(gathered, "party", 10, None, "")
        members, stand_in, everybody = (total or 0 for total in opened.totals)
        assert (members + stand_in, everybody) == (standing.party.ratio.above, standing.party.ratio.below)
        for code, ratio in (
            ("conversion", standing.conversion),
            ("introduction-rate", standing.introduction),
            ("admission-rate", standing.admission),
        ):
            totals = figures.open_figure(gathered, code, 10, None, "").totals
            assert totals == (ratio.above, ratio.below), code
            lines = list(figures.lines_of(gathered, code, figures.open_figure(gathered, code, 10, None, "")))
            assert tuple(sum(line.sums[at] or 0 for line in lines) for at in (0, 1)) == totals
        unit = db.session.get_one(Unit, followed[0])
        own = figures.open_figure(gathered, "introduced", 10, unit, "")
        parts = list(figures.quarters_of(gathered, "introduced", own, unit))
        cells = [cell.value for part in parts for _row, cells in part.lines for cell in cells if cell.is_used]
        assert (sum(cells), own.totals) == (4000, (4000,))
    page = office.get(f"{HERE}/figures/introduced?until=10").text
    assert "4.500" in page
    assert page.count("data-line") == len_units(app)
    unit_page = office.get(f"{HERE}/figures/introduced?until=10&unit={followed[0]}").text
    assert unit_page.count("data-line") == 50
    assert unit_page.count("<strong>400</strong>") == 10
    assert "lần nộp 1" in unit_page
    one_sector = office.get(f"{HERE}/figures/introduced?until=10&unit={followed[0]}&sector=schools").text
    assert one_sector.count("data-line") == 10


def len_units(app):
    with app.app_context():
        return len(targeting.units())


def test_all_figures_open_and_strange_ones_do_not(office, followed):
    codes = (
        "introduced admitted conversion party introduction-rate admission-rate stale stale-share comments dissemination"
    )
    for code in codes.split():
        assert office.get(f"{HERE}/figures/{code}").status_code == 200, code
        assert office.get(f"{HERE}/figures/{code}?unit={followed[1]}&sector=schools").status_code == 200, code
    for path in (
        "/figures/nothing",
        "/figures/introduced?unit=999",
        "/figures/introduced?unit=x",
        "/figures/introduced?sector=x",
    ):
        assert office.get(HERE + path).status_code == 404, path


def test_figures_follow_a_correction_once_it_is_accepted(app, office, followed):
    with app.app_context():
        seminar = cast.find_seminar()
        plan = reads.target_plan_of(seminar)
        unit = db.session.get_one(Unit, followed[0])
        targeting.give_back(plan, unit, 10, accept=False, outstanding=600, introduced=500, admitted=200)
        db.session.commit()
    assert "4.500" in office.get(HERE).text
    assert "4.600" not in office.get(HERE).text
    with app.app_context():
        plan = reads.target_plan_of(cast.find_seminar())
        unit = db.session.get_one(Unit, followed[0])
        targeting.give_back(plan, unit, 10, outstanding=600, introduced=501, admitted=200)
        db.session.commit()
    assert "4.601" in office.get(HERE).text


def test_pages_cost_as_much_for_ten_quarters_as_for_one(app, office, followed, query_count):
    for path in ("", "/units", "/flags", "/heat", "/figures/introduced"):
        one = query_count(lambda path=path: office.get(f"{HERE}{path}?until=1"))
        assert query_count(lambda path=path: office.get(f"{HERE}{path}?until=10")) == one, path
        assert one < 40, path


def test_the_numbers_of_the_plan_change_and_years_with_shares_stay(app, office, followed):
    asked = office.post(f"{HERE}/plan", data=AIMS | {"first_quarter": "3"})
    assert asked.status_code == 422
    assert "4 bản đơn vị đã nộp của quý I/2021, II/2021, trong đó 4 bản đã tiếp nhận" in asked.text
    assert '<option selected value="3">' in asked.text, "what was chosen stays"
    with app.app_context():
        assert reads.target_plan_of(cast.find_seminar()).first_quarter == 1
    agreed = {"first_quarter": "3", "left_out": mark_on(asked)}
    assert office.post(f"{HERE}/plan", data=AIMS | agreed).status_code == 303
    with app.app_context():
        [entry] = db.session.scalars(db.select(AuditEntry).filter_by(verb="change", noun="targets")).all()
        assert (entry.detail["left_out"], entry.detail["before"]) == (
            4,
            {
                "title": entry.detail["before"]["title"],
                "basis": entry.detail["before"]["basis"],
                "first_quarter": 1,
                "quarter_count": 20,
            },
        )
        assert "4 bản của quý I/2021, II/2021 không còn được tính" in entry.summary
    with app.app_context():
        plan = reads.target_plan_of(cast.find_seminar())
        assert (plan.quarter_count, plan.first_quarter) == (18, 3)
    page = office.get(HERE).text
    assert "3.600" in page, "eight quarters are left of the ten: 450 each"
    office.post(f"{HERE}/plan", data=AIMS)
    seen = re.search(r'name="seen" value="(\w+)"', office.get(f"{HERE}/shares").text)[1]
    office.post(f"{HERE}/shares", data={"seen": seen, f"share-{followed[0]}-2025-i": "10"})
    answer = office.post(f"{HERE}/plan", data=AIMS | {"last_year": "2024"})
    assert answer.status_code == 422
    assert "2025" in answer.text


def mark_on(answer):
    return re.search(r'name="left_out" value="(\w+)"', answer.text)[1]


def test_what_falls_out_is_agreed_to_as_it_was_seen(app, office, followed):
    """One more return between looking and pressing asks again; where nothing falls out nothing is asked."""
    shorter = AIMS | {"last_year": "2022"}
    asked = office.post(f"{HERE}/plan", data=shorter)
    assert "5 bản đơn vị đã nộp của quý I/2023, II/2023, III/2023, trong đó 4 bản đã tiếp nhận" in asked.text
    with app.app_context():
        plan = reads.target_plan_of(cast.find_seminar())
        targeting.give_back(plan, db.session.get_one(Unit, followed[1]), 11, introduced=5)
        db.session.commit()
    again = office.post(f"{HERE}/plan", data=shorter | {"left_out": mark_on(asked)})
    assert again.status_code == 422
    assert "6 bản" in again.text
    assert office.post(f"{HERE}/plan", data=shorter | {"left_out": mark_on(again)}).status_code == 303
    assert office.post(f"{HERE}/plan", data=AIMS).status_code == 303
    assert office.post(f"{HERE}/plan", data=AIMS | {"last_year": "2023"}).status_code == 303


def test_by_unit_and_by_quarter(app, office, followed):
    page = office.get(f"{HERE}/units").text
    assert "4.000" in page
    assert "<svg" in page
    heat = office.get(f"{HERE}/heat").text
    assert heat.count("data-line") == len_units(app)
    assert row_of(heat, "Số đơn vị có số liệu được tiếp nhận")[:2] == ["2/2", "2/2"]
    returns = office.get(f"{HERE}/heat?show=returns&until=11").text
    assert re.findall(r"data-heat=\"(\w+)\"", returns).count("half") == 1, "one waits for the office"
    assert re.findall(r"data-heat=\"(\w+)\"", returns).count("low") == 1, "one is missing"
    assert office.get(f"{HERE}/heat?show=nothing").status_code == 200


def test_the_verdict_is_the_rules(app, followed):
    with app.app_context():
        seminar = cast.find_seminar()
        gathered = reads.gather(seminar, reads.target_plan_of(seminar))
        assert percent(party_ratio(gathered.facts, gathered.cut(10), 70).ratio.value).startswith("75")


def test_targets_begun_by_mistake_are_taken_away_and_what_was_sent_stays(app, office, followed):
    seen = re.search(r'name="seen" value="(\w+)"', office.get(f"{HERE}/shares").text)[1]
    office.post(f"{HERE}/shares", data={"seen": seen, f"share-{followed[0]}-2021-i": "10"})
    assert office.post(f"{HERE}/removal").status_code == 422
    seen = re.search(r'name="seen" value="(\w+)"', office.get(f"{HERE}/shares").text)[1]
    office.post(f"{HERE}/shares", data={"seen": seen, f"share-{followed[0]}-2021-i": ""})
    assert office.post(f"{HERE}/removal").status_code == 303
    assert office.post(f"{HERE}/removal").status_code == 404
    assert 'value="9000"' in office.get(HERE).text
    assert office.post(HERE, data=AIMS).status_code == 303
    assert "4.500" in office.get(HERE).text
