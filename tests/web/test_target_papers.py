"""Where the targets go: into the dossier, to each unit what it was given, and away with the demo."""

from seminar.lib.database import db
from seminar.operations.demo.actions import clear_demo, load_demo
from seminar.planning.actions import issue_unit_link
from seminar.reports.documents.dossier.listings_of_targets import of_targets
from seminar.statistics.actions import remedies, targets
from seminar.statistics.models import FlagKind, Remedy, TargetPlan, TargetShare
from seminar.statistics.queries.targets import units_of_targets
from tests import cast
from tests.web import targeting


def given(app):
    """The first unit was given 40 and 20 a year and is at 12 and 3; gives the codes of both units' links."""
    with app.app_context():
        plan = targeting.begin(last_year=2022)
        targeting.open_quarters(plan, 2)
        first, second = targeting.units()
        shares = {(first.id, year): (40, 20) for year in (2021, 2022)}
        targets.keep_shares(plan, shares, targets.shares_seen(plan), cast.OFFICE, cast.NOW)
        targeting.give_back(plan, first, 1, introduced=12, admitted=3)
        words = remedies.Words(FlagKind.STALE, cause="Chưa đủ tuổi", remedy="Bồi dưỡng")
        remedies.note_remedy(plan, second, words, cast.OFFICE, cast.NOW)
        seminar = cast.find_seminar()
        codes = [issue_unit_link(seminar, unit, cast.OFFICE, cast.NOW).code for unit in (first, second)]
        db.session.commit()
        return codes


def test_a_unit_sees_what_it_was_given_and_how_far_it_is(app, visitor):
    first, second = given(app)
    page = visitor.get(f"/u/{first}").text
    assert "12/80" in page
    assert "15\N{NO-BREAK SPACE}%" in page
    assert "120\N{NO-BREAK SPACE}%" in page, "an even course asks 10 by now"
    assert 'id="targets"' not in visitor.get(f"/u/{second}").text


def test_the_dossier_has_shares_progress_and_remedies(app):
    with app.app_context():
        assert list(of_targets(cast.find_seminar())) == []
    given(app)
    with app.app_context():
        shares, progress, noted = of_targets(cast.find_seminar())
        assert shares.rows == [["Thành Đoàn Thử Một", 2021, 40, 20], ["Thành Đoàn Thử Một", 2022, 40, 20]]
        first, second, province = (row[:4] for row in progress.rows)
        assert first == ["Thành Đoàn Thử Một", "1/1", 12, 80]
        assert second == ["Huyện Đoàn Thử Hai", "0/1", None, None]
        assert province == ["Toàn tỉnh", "1/2", 12, 9000]
        assert [row[:4] for row in noted.rows] == [
            ["Huyện Đoàn Thử Hai", "Nhiều đoàn viên ưu tú từ 02 năm trở lên chưa kết nạp", "Chưa đủ tuổi", "Bồi dưỡng"]
        ]


def test_they_go_with_the_demo(app):
    with app.app_context():
        seminar = load_demo(cast.COMMAND, cast.NOW)
        plan = targets.begin_targets(seminar, targets.Aims(), cast.OFFICE, cast.NOW)
        unit = units_of_targets(seminar, plan)[0]
        targets.keep_shares(plan, {(unit.id, 2021): (4, 2)}, targets.shares_seen(plan), cast.OFFICE, cast.NOW)
        remedies.note_remedy(plan, unit, remedies.Words(FlagKind.ADMISSION, cause="x"), cast.OFFICE, cast.NOW)
        db.session.commit()
        clear_demo(cast.COMMAND, cast.NOW)
        db.session.commit()
        assert [db.session.query(table).count() for table in (TargetPlan, TargetShare, Remedy)] == [0, 0, 0]
