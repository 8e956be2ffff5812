"""The lists of the dossier: the register, people with their answers and arrivals, papers, and the log.

No personal code stands in them: whoever has the dossier could else come as another.
"""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from flask_babel import pgettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from seminar.access.actor import CHANNEL_LABELS
from seminar.agenda.queries import sittings_of
from seminar.audit.models import AuditEntry
from seminar.audit.rules import CONTEXT, NOUNS, VERBS
from seminar.checkin.models import Arrival, Scan, ScanKind, Source, WalkIn
from seminar.checkin.rules import VERDICT_LABELS
from seminar.delegates import documents as delegate_lists
from seminar.delegates.models import Delegate
from seminar.delegates.queries import everyone
from seminar.documents.documents import HEADINGS as REGISTER_HEADINGS
from seminar.documents.documents import register_rows
from seminar.documents.models import IssuedDocument
from seminar.invitations.models import ANSWER_LABELS, PROXY_OUTCOME_LABELS, Proxy, Rsvp
from seminar.lib.database import db
from seminar.lib.language import say
from seminar.papers.models import PAPER_KIND_LABELS, Decision, Paper, Submission
from seminar.papers.queries import units_without_paper
from seminar.planning.models import UNIT_KIND_LABELS, Seminar
from seminar.planning.queries import units_on
from seminar.reports.documents.dossier.listings_of_statistics import of_statistics
from seminar.reports.documents.dossier.listings_of_targets import of_targets
from seminar.reports.documents.dossier.listings_of_the_day import of_the_day
from seminar.reports.documents.dossier.rows import Listing, Row, moment, yes

PEOPLE = ("Số thẻ", "Họ và tên")
SCAN_KINDS = {ScanKind.ENTRY: "vào", ScanKind.EXIT: "ra", ScanKind.ANNUL: "hủy lượt quét"}
SOURCES = {
    Source.CAMERA: "camera",
    Source.SCANNER: "máy quét",
    Source.SEARCH: "tìm theo tên",
    Source.NUMBER: "số thẻ",
    Source.PAPER: "danh sách giấy",
}


def listings(seminar: Seminar) -> Iterator[Listing]:
    """One after the other, in the order of the folders; each is read when it is asked for."""
    yield _register(seminar)
    yield _delegates(seminar)
    yield _answers(seminar)
    yield _proxies(seminar)
    yield _arrivals(seminar)
    yield _scans(seminar)
    yield _walk_ins(seminar)
    yield _units(seminar)
    yield _papers(seminar)
    yield _submissions(seminar)
    yield _decisions(seminar)
    yield _missing_units(seminar)
    yield from of_the_day(seminar)
    yield from of_statistics(seminar)
    yield from of_targets(seminar)
    yield _log(seminar)


def _person(delegate: Delegate | None) -> Row:
    return [delegate.number, delegate.name] if delegate else ["", ""]


def _of(seminar: Seminar, table: Any, *order: Any) -> Any:
    """Rows of a table that belong to the seminar's delegates, those removed since too, each with its delegate."""
    query = select(table, Delegate).join(Delegate, Delegate.id == table.delegate_id)
    return db.session.execute(query.where(Delegate.seminar_id == seminar.id).order_by(*order))


def _register(seminar: Seminar) -> Listing:
    query = select(IssuedDocument).where(IssuedDocument.seminar_id == seminar.id)
    documents = list(db.session.scalars(query.order_by(IssuedDocument.issued_on, IssuedDocument.id)))
    rows: list[Row] = [list(row) for row in register_rows(documents)]
    return Listing("02-van-ban-di/so-dang-ky", "Sổ đăng ký văn bản đi (của tọa đàm này)", REGISTER_HEADINGS, rows)


def _delegates(seminar: Seminar) -> Listing:
    """In the shape that the program itself reads in again."""
    people = everyone(seminar)
    rows = list(delegate_lists.rows_of(people, group_names=False))
    return Listing(
        "03-danh-sach/dai-bieu",
        "Danh sách đại biểu",
        delegate_lists.CSV_HEADINGS,
        rows,
        partial(delegate_lists.list_workbook, people),
    )


def _answers(seminar: Seminar) -> Listing:
    rows: list[Row] = [
        [
            *_person(delegate),
            say(ANSWER_LABELS[one.answer]),
            one.reason,
            moment(one.at),
            one.actor_name,
            say(CHANNEL_LABELS[one.channel]),
            yes(one.is_late),
        ]
        for one, delegate in _of(seminar, Rsvp, Rsvp.id)
    ]
    headings = (*PEOPLE, "Trả lời", "Lý do", "Lúc", "Người ghi", "Cách", "Trễ")
    return Listing("03-danh-sach/tra-loi", "Trả lời của đại biểu, mọi lần", headings, rows)


def _proxies(seminar: Seminar) -> Listing:
    rows: list[Row] = [
        [
            *_person(delegate),
            one.name,
            one.position,
            one.reason,
            moment(one.proposed_at),
            one.proposed_by,
            say(PROXY_OUTCOME_LABELS[one.outcome]) if one.outcome else "chưa quyết định",
            moment(one.decided_at),
            one.decided_by,
            one.decision_note,
        ]
        for one, delegate in _of(seminar, Proxy, Proxy.id)
    ]
    headings = (
        *(*PEOPLE, "Người dự thay", "Chức vụ", "Lý do", "Đề nghị lúc", "Người đề nghị"),
        *("Kết quả", "Quyết định lúc", "Người quyết định", "Ghi chú"),
    )
    return Listing("03-danh-sach/du-thay", "Người dự thay", headings, rows)


def _arrivals(seminar: Seminar) -> Listing:
    sittings = {one.id: one.name for one in sittings_of(seminar.id)}
    query = (
        select(Arrival)
        .where(Arrival.seminar_id == seminar.id)
        .options(joinedload(Arrival.delegate), joinedload(Arrival.desk))
        .order_by(Arrival.arrived_at, Arrival.id)
    )
    rows: list[Row] = [
        [
            *_person(one.delegate),
            one.delegate.position,
            one.delegate.body,
            moment(one.arrived_at),
            moment(one.left_at),
            one.desk.name,
            sittings.get(one.sitting_id or 0, ""),
        ]
        for one in db.session.scalars(query)
    ]
    headings = (*PEOPLE, "Chức vụ", "Đơn vị", "Đến lúc", "Ra lúc", "Bàn đón tiếp", "Buổi")
    return Listing("03-danh-sach/luot-den", "Lượt đến", headings, rows)


def _scans(seminar: Seminar) -> Listing:
    """Of what was read only what the program keeps to be told apart by: length and sha256, never the digits."""
    query = (
        select(Scan)
        .where(Scan.seminar_id == seminar.id)
        .options(joinedload(Scan.delegate), joinedload(Scan.desk))
        .order_by(Scan.received_at, Scan.id)
    )
    rows: list[Row] = [
        [
            one.id,
            *_person(one.delegate),
            SCAN_KINDS[one.kind],
            say(VERDICT_LABELS[one.verdict]),
            one.desk.name,
            SOURCES[one.source],
            moment(one.at),
            moment(one.received_at),
            yes(one.offline),
            one.entered_by,
            one.annuls or "",
            one.payload_length or None,
            one.payload_sha256,
        ]
        for one in db.session.scalars(query)
    ]
    headings = (
        *("Mã lượt quét", *PEOPLE, "Loại", "Kết quả", "Bàn đón tiếp", "Nguồn", "Giờ thiết bị", "Giờ máy chủ"),
        *("Ngoại tuyến", "Người nhập", "Hủy lượt", "Độ dài mã đọc", "SHA-256 mã đọc"),
    )
    return Listing("03-danh-sach/luot-quet", "Lượt quét, kể cả bị từ chối", headings, rows)


def _walk_ins(seminar: Seminar) -> Listing:
    query = (
        select(WalkIn)
        .join(Delegate, Delegate.id == WalkIn.delegate_id)
        .where(Delegate.seminar_id == seminar.id)
        .options(joinedload(WalkIn.delegate), joinedload(WalkIn.instead_of), joinedload(WalkIn.desk))
        .order_by(WalkIn.received_at, WalkIn.id)
    )
    rows: list[Row] = [
        [*_person(one.delegate), *_person(one.instead_of), one.desk.name, moment(one.at), one.settlement]
        for one in db.session.scalars(query)
    ]
    headings = (*PEOPLE, "Số thẻ người được thay", "Dự thay cho", "Bàn đón tiếp", "Lúc", "Xử lý")
    return Listing("03-danh-sach/ghi-danh-tai-ban", "Ghi danh tại bàn đón tiếp", headings, rows)


def _units(seminar: Seminar) -> Listing:
    rows: list[Row] = [
        [
            one.position,
            one.name,
            say(UNIT_KIND_LABELS[one.kind]),
            one.contact_name,
            one.contact_phone,
            one.contact_email,
        ]
        for one in units_on(seminar.held_on)
    ]
    headings = ("Thứ tự", "Đơn vị", "Loại", "Đầu mối", "Điện thoại", "Thư điện tử")
    return Listing("03-danh-sach/don-vi", "Đơn vị và đầu mối", headings, rows)


def _papers(seminar: Seminar) -> Listing:
    query = select(Paper).where(Paper.seminar_id == seminar.id).order_by(Paper.id)
    rows: list[Row] = [
        [
            number,
            paper.title,
            paper.authors,
            paper.unit.name if paper.unit else "",
            say(PAPER_KIND_LABELS[paper.kind]),
            paper.topic.title if paper.topic else "",
            paper.abstract,
            paper.keywords,
            moment(paper.created_at),
            moment(paper.withdrawn_at),
            paper.withdrawn_why,
        ]
        for number, paper in enumerate(
            db.session.scalars(query.options(joinedload(Paper.unit), joinedload(Paper.topic))), 1
        )
    ]
    headings = (
        *("TT", "Tên bài", "Tác giả", "Đơn vị", "Loại", "Nội dung", "Tóm tắt", "Từ khóa", "Nhận lúc"),
        *("Rút lúc", "Lý do rút"),
    )
    return Listing("04-tham-luan/tham-luan", "Danh mục tham luận", headings, rows)


def _submissions(seminar: Seminar) -> Listing:
    query = (
        select(Submission)
        .join(Paper, Paper.id == Submission.paper_id)
        .where(Paper.seminar_id == seminar.id)
        .options(joinedload(Submission.paper))
        .order_by(Submission.paper_id, Submission.version)
    )
    rows: list[Row] = [
        [
            one.paper.title,
            one.version,
            one.filename,
            one.size_bytes,
            one.word_count,
            one.page_count,
            moment(one.at),
            one.actor_name,
            say(CHANNEL_LABELS[one.channel]),
            yes(one.is_late),
            one.file_sha256,
        ]
        for one in db.session.scalars(query)
    ]
    headings = (
        *("Tên bài", "Lần gửi", "Tên tệp gốc", "Số byte", "Số từ", "Số trang", "Lúc", "Người gửi", "Cách", "Trễ"),
        "SHA-256",
    )
    return Listing("04-tham-luan/lan-gui", "Các lần gửi bài", headings, rows)


def _decisions(seminar: Seminar) -> Listing:
    query = (
        select(Decision, Paper, Submission)
        .join(Paper, Paper.id == Decision.paper_id)
        .join(Submission, Submission.id == Decision.submission_id)
        .where(Paper.seminar_id == seminar.id)
        .order_by(Decision.id)
    )
    rows: list[Row] = [
        [
            paper.title,
            sent.version,
            yes(one.in_print),
            yes(one.on_stage),
            yes(one.needs_correction),
            one.note,
            moment(one.at),
            one.by,
            moment(one.released_at),
        ]
        for one, paper, sent in db.session.execute(query)
    ]
    headings = (
        *("Tên bài", "Lần gửi", "In kỷ yếu", "Trình bày", "Cần chỉnh sửa", "Ghi chú"),
        *("Kết luận lúc", "Người kết luận", "Công bố lúc"),
    )
    return Listing("04-tham-luan/ket-luan", "Kết luận thẩm định, mọi lần", headings, rows)


def _missing_units(seminar: Seminar) -> Listing:
    rows: list[Row] = [[number, unit.name] for number, unit in enumerate(units_without_paper(seminar), 1)]
    return Listing("04-tham-luan/don-vi-chua-gui", "Đơn vị chưa gửi tham luận", ("TT", "Đơn vị"), rows)


def _log(seminar: Seminar) -> Listing:
    query = select(AuditEntry).where(AuditEntry.seminar_id == seminar.id).order_by(AuditEntry.id)
    rows: list[Row] = [
        [
            moment(one.at),
            one.actor_name,
            one.on_behalf_of,
            say(CHANNEL_LABELS[one.channel]),
            pgettext(CONTEXT, VERBS[one.verb]) if one.verb in VERBS else one.verb,
            pgettext(CONTEXT, NOUNS[one.noun]) if one.noun in NOUNS else one.noun,
            one.object_id,
            one.summary,
            json.dumps(one.detail, ensure_ascii=False) if one.detail else "",
        ]
        for one in db.session.scalars(query.execution_options(yield_per=1_000))
    ]
    headings = ("Lúc", "Ai", "Thay mặt", "Cách", "Việc", "Về", "Mã", "Tóm tắt", "Chi tiết")
    return Listing("09-nhat-ky/nhat-ky", "Nhật ký thao tác", headings, rows)
