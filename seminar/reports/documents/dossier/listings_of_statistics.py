"""The lists of the dossier about the units' statistics: what was sent and ruled, every figure, and the province's sums."""

from collections.abc import Iterator

from seminar.access.actor import CHANNEL_LABELS
from seminar.lib.language import say
from seminar.planning.models import Seminar
from seminar.reports.documents.dossier.rows import Listing, Row, moment, yes
from seminar.statistics.documents import tables
from seminar.statistics.models import RULING_LABELS, Return, ReturnVersion
from seminar.statistics.queries.tables import PeriodTable, opened_periods, tables_of
from seminar.statistics.rules import label_of, standing_ruling
from seminar.statistics.rules.consolidation import shown_keys

FOLDER = "10-so-lieu"
WHAT = ("Biểu mẫu", "Kỳ báo cáo")


def of_statistics(seminar: Seminar) -> Iterator[Listing]:
    found = tables_of(seminar, opened_periods(seminar))
    yield _versions(found)
    yield _cells(found)
    yield _sums(found)


def _what(table: PeriodTable) -> Row:
    return [table.period.sheet.title, table.period.name]


def _sent(table: PeriodTable) -> Iterator[tuple[Return, ReturnVersion]]:
    """In the order of the units; of units that are no longer asked too."""
    places = {unit.id: place for place, unit in enumerate(table.units)}
    for one in sorted(table.returns.values(), key=lambda one: (places.get(one.unit_id, len(places)), one.unit_id)):
        for version in one.versions:
            yield one, version


def _versions(found: list[PeriodTable]) -> Listing:
    rows: list[Row] = []
    for table in found:
        for one, version in _sent(table):
            ruling = standing_ruling(version)
            rows.append(
                [
                    *_what(table),
                    one.unit.name,
                    version.number,
                    moment(version.sent_at),
                    version.actor_name,
                    say(CHANNEL_LABELS[version.channel]),
                    version.late_days,
                    version.reason,
                    version.remarks,
                    say(RULING_LABELS[ruling.kind]) if ruling else "",
                    ruling.reason if ruling else "",
                    moment(ruling.at) if ruling else "",
                    ruling.by if ruling else "",
                    yes(version is table.versions.get(one.unit_id)),
                ]
            )
    headings = (
        *(*WHAT, "Đơn vị", "Lần nộp", "Nộp lúc", "Người nộp", "Cách", "Trễ (ngày)", "Lý do nộp lại", "Ghi chú"),
        *("Kết luận", "Lý do", "Lúc", "Người ghi", "Được tính"),
    )
    return Listing(f"{FOLDER}/lan-nop", "Các lần nộp số liệu của đơn vị", headings, rows)


def _cells(found: list[PeriodTable]) -> Listing:
    """Of every version, those that do not count too."""
    rows: list[Row] = []
    for table in found:
        labels = {row.key: row.label for row in table.definition.rows}
        for one, version in _sent(table):
            counts = version is table.versions.get(one.unit_id)
            for cell in version.cells:
                column = label_of(table.definition, cell.column)
                row = labels.get(cell.row, cell.row)
                rows.append([*_what(table), one.unit.name, version.number, row, column, cell.value, yes(counts)])
    headings = (*WHAT, "Đơn vị", "Lần nộp", "Hàng", "Cột", "Số", "Được tính")
    return Listing(f"{FOLDER}/o-so-lieu", "Từng số của mỗi lần nộp (ô để trống không có dòng)", headings, rows)


def _sums(found: list[PeriodTable]) -> Listing:
    rows: list[Row] = []
    for table in found:
        for line in tables.province(table).lines:
            for key, cell in zip(shown_keys(table.definition), line.cells, strict=True):
                if cell.text != tables.NO_FIGURE:
                    label = label_of(table.definition, key)
                    rows.append([*_what(table), line.label, label, cell.text, cell.counted, cell.asked])
    headings = (*WHAT, "Hàng", "Chỉ số", "Toàn tỉnh", "Số đơn vị được tính", "Số đơn vị")
    return Listing(f"{FOLDER}/tong-hop", "Số liệu tổng hợp toàn tỉnh", headings, rows)
