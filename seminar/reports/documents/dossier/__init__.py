"""The handover dossier: the whole seminar as one ZIP that opens without the app. Always Vietnamese; names are ASCII.

Written to a file as it goes, never held in memory: first all lists, as they are at one moment, then the kept files.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import render_template

from seminar.lib import files, sheets
from seminar.lib.clock import short_moment
from seminar.lib.errors import N_, Message, Refused
from seminar.lib.isolated import run_isolated
from seminar.lib.language import say
from seminar.lib.text import thousands
from seminar.minutes.documents import subject_of
from seminar.planning.models import Seminar
from seminar.reports.documents.dossier import gatherings, listings, plan
from seminar.reports.documents.dossier.archive import Archive, Member
from seminar.reports.documents.dossier.gatherings import Stored
from seminar.reports.documents.dossier.rows import Listing

STYLE = "trang.css"
INDEX = "index.html"
SUMS = "sha256.txt"
PLAN = "01-ke-hoach/ke-hoach.toml"
CHAPTERS = {
    "01-ke-hoach": "Kế hoạch",
    "02-van-ban-di": "Văn bản đã phát hành và sổ đăng ký văn bản đi",
    "03-danh-sach": "Đại biểu, trả lời, lượt đến",
    "04-tham-luan": "Tham luận và kết luận thẩm định",
    "05-chuong-trinh": "Chương trình",
    "06-bien-ban": "Biên bản, ghi chép, đề xuất, kiến nghị",
    "07-bao-cao": "Báo cáo kết quả",
    "08-ky-yeu": "Kỷ yếu",
    "09-nhat-ky": "Nhật ký thao tác",
    "10-so-lieu": "Số liệu của các đơn vị",
}
MANY_ROWS = 2_000
"""From here on a workbook is written in a child process, so that the desks do not wait."""
CHILD_SECONDS = 180
MISSING = N_("%(what)s is not among the kept files, so the dossier is without it: %(path)s.")
NOT_KEPT = N_("%(what)s has no copy as it was issued; the register names it.")
CHANGED = N_("%(what)s is no longer as it was kept; look for it in a backup: %(path)s.")
NO_WORKBOOK = N_("The Excel file of %(what)s could not be made; its CSV has all rows.")


class Packing:
    """One dossier being written. What could not be packed is told in `problems`, as {msgid, values}."""

    def __init__(self, path: Path, seminar: Seminar, asked_by: str, now: datetime) -> None:
        self.archive = Archive(path, now)
        self.problems: list[dict[str, Any]] = []
        self.page: dict[str, list[tuple[str, str, list[Member]]]] = {folder: [] for folder in CHAPTERS}
        self.now = now
        self.heading = subject_of(seminar)
        self.slug = seminar.slug
        self.asked_by = asked_by

    def lists(self, seminar: Seminar) -> list[Stored]:
        """Writes every list and the plan, all as they are at one moment; says which kept files belong to the dossier."""
        self._said(PLAN, "Kế hoạch dưới dạng dữ liệu", "TOML", [self.archive.add(PLAN, plan.toml(seminar).encode())])
        for listing in listings.listings(seminar):
            self._listing(listing)
        for title in gatherings.documents_without_file(seminar):
            self._problem(NOT_KEPT, what=title)
        return gatherings.stored_files(seminar)

    def _listing(self, one: Listing) -> None:
        made = [self.archive.add(f"{one.path}.csv", one.csv())]
        try:
            made.append(self.archive.add(f"{one.path}.xlsx", _workbook(one)))
        except Refused:
            self._problem(NO_WORKBOOK, what=one.title)
        self._said(one.path, one.title, f"{thousands(len(one.rows))} dòng", made)

    def keep(self, one: Stored) -> None:
        """Copies one kept file, under its own name."""
        path = files.path_of(one.sha256)
        if not path.exists():
            self._problem(MISSING, what=one.title, path=one.path)
            return
        member = self.archive.add_file(one.path, path)
        if member.sha256 != one.sha256:
            self._problem(CHANGED, what=one.title, path=one.path)
        self._said(one.path, one.title, one.note, [member])

    def finish(self) -> None:
        """The page, its style and the sums; then the file is whole."""
        self.archive.add(STYLE, (Path(__file__).parents[4] / "static" / "css" / "dossier.css").read_bytes())
        page = render_template(
            "reports/dossier_index.html",
            heading=self.heading,
            made_at=short_moment(self.now),
            asked_by=self.asked_by,
            style=STYLE,
            sums=SUMS,
            chapters=[(CHAPTERS[folder], rows) for folder, rows in self.page.items()],
            problems=[say(Message(one["msgid"], **one["values"])) for one in self.problems],
            count=len(self.archive.members) + len((INDEX, SUMS)),
        )
        self.archive.add(INDEX, page.encode())
        sums = "".join(f"{one.sha256}  {one.path}\n" for one in self.archive.members)
        self.archive.add(SUMS, sums.encode())
        self.archive.close()

    def _said(self, path: str, title: str, note: str, members: Sequence[Member]) -> None:
        self.page[path.split("/")[0]].append((title, note, list(members)))

    def _problem(self, msgid: str, **values: str) -> None:
        self.problems.append({"msgid": msgid, "values": values})


def _workbook(one: Listing) -> bytes:
    if one.workbook is not None:
        return one.workbook()
    if len(one.rows) < MANY_ROWS:
        return sheets.workbook(one.title, one.headings, one.rows)
    made: bytes = run_isolated(
        sheets.workbook, one.title, one.headings, one.rows, cpu_seconds=CHILD_SECONDS, wall_seconds=CHILD_SECONDS
    )
    return made
