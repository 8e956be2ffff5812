"""Which parts the proceedings have, and in which of them a paper stands by itself (outline of domain.md 2.6)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from seminar.lib.text import fold
from seminar.papers.models import PaperKind
from seminar.planning.models import Audience
from seminar.reports.models import PartKind

SILENT_FOR = timedelta(seconds=60)
"""A builder says every `TELLS_SECONDS` that it lives; one that is silent so long was killed."""
TELLS_SECONDS = 10.0


class PartRole(StrEnum):
    """The usual parts; the office renames, moves and removes them."""

    REPORTS = "reports"
    EXPERTS = "experts"
    AUTHORITIES = "authorities"
    UNITS = "units"
    DISCUSSION = "discussion"
    STORIES = "stories"
    FIGURES = "figures"
    DELEGATES = "delegates"


USUAL_PARTS = (
    (PartRole.REPORTS, PartKind.PAPERS, "Phần 1. Báo cáo đề dẫn; báo cáo thực trạng"),
    (PartRole.EXPERTS, PartKind.PAPERS, "Phần 2. Tham luận của lãnh đạo, chuyên gia, nhà khoa học"),
    (PartRole.AUTHORITIES, PartKind.PAPERS, "Phần 3. Tham luận của cấp ủy, nhà trường"),
    (PartRole.UNITS, PartKind.PAPERS, "Phần 4. Tham luận của các Huyện, Thị, Thành Đoàn, Đoàn trực thuộc"),
    (PartRole.DISCUSSION, PartKind.EXCERPTS, "Phần 5. Ý kiến trao đổi; phát biểu chỉ đạo; kết luận (lược ghi)"),
    (
        PartRole.STORIES,
        PartKind.PAPERS,
        "Phần 6. Câu chuyện “Vì sao tôi vào Đảng” của đảng viên trẻ tiêu biểu",
    ),
    (PartRole.FIGURES, PartKind.TEXT, "Phụ lục 1. Số liệu công tác phát triển đảng viên"),
    (PartRole.DELEGATES, PartKind.DELEGATES, "Phụ lục 2. Danh sách đại biểu"),
)
SCHOOLS = re.compile(r"\b(?:truong|dai hoc|cao dang|hoc vien)\b")
COMMITTEES = re.compile(r"\b(?:huyen uy|thi uy|thanh uy|dang uy|cap uy|chi bo)\b")
YOUNG_MEMBERS = re.compile(r"\bdang vien tre\b")


@dataclass(frozen=True)
class Sender:
    """Who stands behind a paper: its unit, or the group of its delegate."""

    has_unit: bool = False
    group: str = ""
    audience: Audience | None = None


def part_of(kind: PaperKind, sender: Sender) -> PartRole:
    """The usual part of a paper: reports first, units by themselves, others by the words of their group."""
    if kind in (PaperKind.KEYNOTE, PaperKind.SITUATION):
        return PartRole.REPORTS
    if sender.has_unit:
        return PartRole.UNITS
    words = fold(sender.group)
    if YOUNG_MEMBERS.search(words):
        return PartRole.STORIES
    if sender.audience == Audience.SUMMONED:
        return PartRole.UNITS
    if SCHOOLS.search(words) or COMMITTEES.search(words):
        return PartRole.AUTHORITIES
    return PartRole.EXPERTS


@dataclass(frozen=True)
class Wish:
    """Where the office wants a paper: part and number there, beside where it stands now (0-based place in the whole)."""

    paper_id: int
    part_id: int
    number: int
    old_part_id: int
    old_number: int


def ordered(wishes: Iterable[Wish]) -> dict[int, list[int]]:
    """{part: papers in order}. Who is given a number stands there: before the old holder when it came up, else behind."""

    def key(wish: Wish) -> tuple[int, int, int]:
        is_same = wish.part_id == wish.old_part_id
        moves = 1 if is_same and wish.number == wish.old_number else 0
        if is_same and wish.number > wish.old_number:
            moves = 2
        return wish.number, moves, wish.old_number

    parts: dict[int, list[Wish]] = {}
    for wish in wishes:
        parts.setdefault(wish.part_id, []).append(wish)
    return {part: [wish.paper_id for wish in sorted(those, key=key)] for part, those in parts.items()}


def public_path(slug: str) -> str:
    """Where the published book is read."""
    return f"/proceedings/{slug}"
