"""The mail by which a reviewer is reminded of the papers that still wait for a word. Vietnamese."""

from collections.abc import Sequence
from datetime import datetime

from seminar.documents.rules import UNKNOWN
from seminar.lib.clock import local, short_date
from seminar.lib.text import clean
from seminar.papers.models import Reviewer
from seminar.papers.queries.vetting import Task
from seminar.planning.messages import contact_of
from seminar.planning.models import Seminar


def reminder_text(seminar: Seminar, reviewer: Reviewer, tasks: Sequence[Task], base_url: str, now: datetime) -> str:
    """Empty where nothing waits."""
    if not tasks:
        return ""
    issuer = seminar.issuer or UNKNOWN
    lines = [f"{number}. “{task.assignment.paper.title}”{_due(task, now)}" for number, task in enumerate(tasks, 1)]
    return "\n".join(
        (
            f"Kính gửi: {reviewer.user.name}",
            "",
            f"{issuer} đề nghị đồng chí thẩm định {len(tasks):02d} bài tham luận còn chờ ý kiến, gửi {clean(seminar.title)}:",
            "",
            *lines,
            "",
            f"Đọc bài và ghi ý kiến tại: {base_url}/seminars/{seminar.slug}/papers/mine",
            "",
            "Trân trọng,",
            issuer,
            contact_of(seminar),
        )
    )


def _due(task: Task, now: datetime) -> str:
    said = []
    if task.assignment.due_on is not None:
        said.append(
            f"{'đã quá hạn' if task.is_overdue(local(now).date()) else 'hạn'} {short_date(task.assignment.due_on)}"
        )
    if task.has_newer:
        said.append("đã có bản mới")
    return f" – {', '.join(said)}" if said else ""
