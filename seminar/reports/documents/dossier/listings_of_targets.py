"""The lists of the dossier about the targets: shares of the units, how far each is, causes and remedies."""

from collections.abc import Iterator

from seminar.lib.clock import short_date
from seminar.planning.models import Seminar
from seminar.reports.documents.dossier.rows import Listing, Row, moment
from seminar.statistics.documents.flags import FLAG_WORDS, UNKNOWN
from seminar.statistics.documents.heat import quarter_words
from seminar.statistics.queries.targets import Gathered, gather, remedies_of, target_plan_of
from seminar.statistics.rules.targets import Course, percent

FOLDER = "10-so-lieu"


def of_targets(seminar: Seminar) -> Iterator[Listing]:
    """Nothing where the office follows no targets."""
    plan = target_plan_of(seminar)
    if plan is None:
        return
    gathered = gather(seminar, plan)
    yield _shares(gathered)
    yield _progress(gathered)
    yield _remedies(gathered)


def _shares(gathered: Gathered) -> Listing:
    rows: list[Row] = []
    for unit in gathered.units:
        for year, share in sorted(gathered.shares.get(unit.id, {}).items()):
            rows.append([unit.name, year, share.introduced_count, share.admitted_count])
    headings = ("Đơn vị", "Năm", "Chỉ tiêu giới thiệu", "Chỉ tiêu kết nạp")
    return Listing(f"{FOLDER}/chi-tieu-giao", "Chỉ tiêu giao cho đơn vị", headings, rows)


def _course(course: Course) -> Row:
    return [course.actual.value, course.target, percent(course.completion) or UNKNOWN, percent(course.pace) or UNKNOWN]


def _progress(gathered: Gathered) -> Listing:
    until = gathered.latest
    rows: list[Row] = []
    for name, unit_id in (*((unit.name, unit.id) for unit in gathered.units), ("Toàn tỉnh", None)):
        one = gathered.standing(until, unit_id)
        counted = f"{one.return_count}/{one.asked_count}"
        rows.append([name, counted, *_course(one.introduced), *_course(one.admitted)])
    each = ("đạt được", "chỉ tiêu", "hoàn thành", "tiến độ")
    headings = (
        *("Đơn vị", "Bản đã tiếp nhận"),
        *(f"Giới thiệu: {word}" for word in each),
        *(f"Kết nạp: {word}" for word in each),
    )
    title = f"Kết quả thực hiện chỉ tiêu đến {quarter_words(gathered.span, until)} (để trống: chưa đủ số liệu)"
    return Listing(f"{FOLDER}/chi-tieu-ket-qua", title, headings, rows)


def _remedies(gathered: Gathered) -> Listing:
    rows: list[Row] = [
        [
            one.unit.name,
            FLAG_WORDS[one.flag],
            one.cause,
            one.remedy,
            one.owner,
            short_date(one.due_on) if one.due_on else "",
            one.outcome,
            moment(one.noted_at),
            one.noted_by,
            moment(one.closed_at),
            one.closed_by,
        ]
        for one in reversed(remedies_of(gathered.plan))
    ]
    headings = (
        *("Đơn vị", "Dấu hiệu", "Nguyên nhân", "Giải pháp", "Phụ trách", "Hạn", "Kết quả"),
        *("Ghi lúc", "Người ghi", "Kết thúc lúc", "Người kết thúc"),
    )
    return Listing(f"{FOLDER}/bien-phap", "Nguyên nhân và giải pháp ở các đơn vị cần xem xét", headings, rows)
