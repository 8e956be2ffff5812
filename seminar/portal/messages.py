"""What a reminder tells a unit that it still owes: names, names that were returned, its paper or the correction of it, its
figures.

Always Vietnamese.
"""

from collections import defaultdict
from datetime import datetime

from seminar.delegates import queries as delegates
from seminar.documents.rules import padded
from seminar.papers import queries as papers
from seminar.papers.queries.results import corrections_due
from seminar.planning.models import Seminar
from seminar.planning.queries import groups_of
from seminar.statistics.documents.reminding import needs_of
from seminar.statistics.queries.reminders import debtors


def unit_needs(seminar: Seminar, now: datetime) -> dict[int, list[str]]:
    """By unit, in a number of statements that grows neither with units nor with people."""
    groups = {group.id: group for group in groups_of(seminar)}
    needs: dict[int, list[str]] = defaultdict(list)
    free = delegates.free_places(list(groups))
    for one in delegates.returned_names(seminar):
        if one.unit_id is not None:
            why = f" ({one.decision_note})" if one.decision_note else ""
            needs[one.unit_id].append(f"cử lại thay đồng chí {one.name} đã trả lại{why}: {one.group.name}")
            left = free.get((one.group_id, one.unit_id), [])
            if one.place_id in left:
                left.remove(one.place_id)
    for group in groups.values():
        for (group_id, unit_id), places in free.items():
            if group_id == group.id and unit_id is not None and places:
                needs[unit_id].append(f"cử thêm {padded(len(places))} đồng chí: {group.name}")
    for unit in papers.units_without_paper(seminar):
        needs[unit.id].append("gửi bài tham luận của đơn vị")
    for paper in corrections_due(papers.papers_of_units(seminar)):
        assert paper.unit_id is not None
        needs[paper.unit_id].append(f"gửi bản đã chỉnh sửa của bài “{paper.title}”, theo ý kiến thẩm định trên trang")
    for debtor in debtors(seminar, now):
        needs[debtor.unit.id] += needs_of(debtor.owed, now)
    return dict(needs)
