"""The lists of the dossier about the day and what came of it: programme, floor, notes, minutes, recommendations, report."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from seminar.agenda.models import ITEM_KIND_LABELS, Run, Sitting
from seminar.agenda.queries import programme, withdrawn_items
from seminar.agenda.rules import labels_of, timetable
from seminar.lib.clock import short_date
from seminar.lib.database import db
from seminar.lib.language import say
from seminar.minutes.models import (
    ADDRESSEE_LABELS,
    FLOOR_OUTCOME_LABELS,
    NOTE_KIND_LABELS,
    RECOMMENDATION_STATUS_LABELS,
    FloorRequest,
    MinutesVersion,
    Note,
    NoteRevision,
    Recommendation,
    Turn,
)
from seminar.planning.models import Seminar
from seminar.reports.documents.dossier.rows import Listing, Row, moment, yes
from seminar.reports.models import ReportWording
from seminar.reports.queries.wordings import issues_of, sections_of


def of_the_day(seminar: Seminar) -> Iterator[Listing]:
    yield _programme(seminar)
    yield _runs(seminar)
    yield _floor(seminar)
    yield _turns(seminar)
    yield _notes(seminar)
    yield _revisions(seminar)
    yield _versions(seminar)
    yield _recommendations(seminar)
    yield _steps(seminar)
    yield _issues(seminar)
    yield _wordings(seminar)


def _programme(seminar: Seminar) -> Listing:
    """Numbered as it is printed; what was withdrawn has a dash and says so."""
    rows: list[Row] = []
    sittings = programme(seminar)
    withdrawn = withdrawn_items(sittings)
    for sitting in sittings:
        labels = labels_of(sitting.items, withdrawn)
        for start, end, item in timetable(sitting.starts_at, sitting.items):
            paper = item.paper.title if item.paper else ""
            kind = say(ITEM_KIND_LABELS[item.kind])
            rows.append(
                [
                    sitting.name,
                    labels[item.id],
                    moment(start),
                    moment(end),
                    item.minutes,
                    kind,
                    item.title,
                    item.who,
                    paper,
                    "đã rút" if item.is_withdrawn else "",
                    item.note,
                ]
            )
    headings = (
        *("Buổi", "TT", "Bắt đầu (dự kiến)", "Kết thúc (dự kiến)", "Số phút", "Loại", "Nội dung"),
        *("Người thực hiện", "Tham luận", "Tham luận đã rút", "Ghi chú"),
    )
    return Listing("05-chuong-trinh/chuong-trinh", "Chương trình", headings, rows)


def _runs(seminar: Seminar) -> Listing:
    query = (
        select(Run)
        .join(Sitting, Sitting.id == Run.sitting_id)
        .where(Sitting.seminar_id == seminar.id)
        .options(joinedload(Run.sitting), joinedload(Run.item))
        .order_by(Run.began_at, Run.id)
    )
    rows: list[Row] = [
        [
            one.sitting.name,
            one.item.title if one.item else "(cả buổi)",
            moment(one.began_at),
            one.began_by,
            moment(one.ended_at),
            one.ended_by,
            moment(one.undone_at),
        ]
        for one in db.session.scalars(query)
    ]
    headings = ("Buổi", "Mục", "Bắt đầu", "Người bấm", "Kết thúc", "Người bấm kết thúc", "Hủy lúc")
    return Listing("05-chuong-trinh/dien-bien", "Diễn biến thực tế", headings, rows)


def _floor(seminar: Seminar) -> Listing:
    query = (
        select(FloorRequest)
        .where(FloorRequest.seminar_id == seminar.id)
        .options(joinedload(FloorRequest.delegate), joinedload(FloorRequest.topic))
        .order_by(FloorRequest.asked_at, FloorRequest.id)
    )
    rows: list[Row] = [
        [
            one.delegate.number,
            one.delegate.name,
            one.subject,
            one.topic.title if one.topic else "",
            moment(one.asked_at),
            one.asked_by,
            say(FLOOR_OUTCOME_LABELS[one.outcome]) if one.outcome else "",
            moment(one.settled_at),
        ]
        for one in db.session.scalars(query)
    ]
    headings = ("Số thẻ", "Họ và tên", "Về việc", "Nội dung", "Đăng ký lúc", "Người ghi", "Kết quả", "Lúc")
    return Listing("05-chuong-trinh/dang-ky-phat-bieu", "Đăng ký phát biểu", headings, rows)


def _turns(seminar: Seminar) -> Listing:
    query = select(Turn).where(Turn.seminar_id == seminar.id).options(joinedload(Turn.item))
    rows: list[Row] = [
        [
            one.speaker,
            one.item.title,
            one.minutes,
            moment(one.began_at),
            moment(one.ended_at),
            moment(one.undone_at),
        ]
        for one in db.session.scalars(query.order_by(Turn.began_at, Turn.id))
    ]
    headings = ("Người phát biểu", "Mục", "Số phút cho phép", "Bắt đầu", "Kết thúc", "Hủy lúc")
    return Listing("05-chuong-trinh/luot-phat-bieu", "Lượt phát biểu", headings, rows)


def _notes(seminar: Seminar) -> Listing:
    """Those taken back too, marked."""
    query = (
        select(Note)
        .where(Note.seminar_id == seminar.id)
        .options(joinedload(Note.item), joinedload(Note.topic))
        .order_by(Note.spoken_at, Note.id)
    )
    rows: list[Row] = [
        [
            one.id,
            one.item.title,
            say(NOTE_KIND_LABELS[one.kind]),
            one.speaker,
            one.topic.title if one.topic else "",
            one.text,
            moment(one.spoken_at),
            one.created_by,
            one.revision,
            one.reply_to_id,
            yes(one.is_excerpt),
            moment(one.removed_at),
        ]
        for one in db.session.scalars(query)
    ]
    headings = (
        *("Mã", "Mục", "Loại", "Người phát biểu", "Nội dung", "Lời ghi", "Lúc", "Người ghi", "Lần viết"),
        *("Trả lời cho mã", "Trích in kỷ yếu", "Xóa lúc"),
    )
    return Listing("06-bien-ban/ghi-chep", "Ghi chép", headings, rows)


def _revisions(seminar: Seminar) -> Listing:
    query = (
        select(NoteRevision)
        .join(Note, Note.id == NoteRevision.note_id)
        .where(Note.seminar_id == seminar.id)
        .order_by(NoteRevision.note_id, NoteRevision.revision)
    )
    rows: list[Row] = [
        [one.note_id, one.revision, say(NOTE_KIND_LABELS[one.kind]), one.speaker, one.text, moment(one.at), one.by]
        for one in db.session.scalars(query)
    ]
    headings = ("Mã ghi chép", "Lần viết", "Loại", "Người phát biểu", "Lời ghi", "Lúc", "Người ghi")
    return Listing("06-bien-ban/ghi-chep-cac-lan-viet", "Ghi chép, mọi lần viết", headings, rows)


def _versions(seminar: Seminar) -> Listing:
    query = select(MinutesVersion).where(MinutesVersion.seminar_id == seminar.id).order_by(MinutesVersion.number)
    rows: list[Row] = [
        [
            one.number,
            one.reason,
            moment(one.opened_at),
            one.opened_by,
            moment(one.began_at),
            moment(one.ended_at),
            moment(one.adopted_at),
            one.adopted_by,
            one.manner,
            one.note_count,
        ]
        for one in db.session.scalars(query)
    ]
    headings = (
        *("Lần", "Lý do", "Mở lúc", "Người mở", "Tọa đàm bắt đầu", "Tọa đàm kết thúc"),
        *("Thông qua lúc", "Người ghi nhận", "Cách thông qua", "Số ghi chép"),
    )
    return Listing("06-bien-ban/bien-ban-cac-lan", "Biên bản, các lần", headings, rows)


def _recommendations(seminar: Seminar) -> Listing:
    query = (
        select(Recommendation)
        .where(Recommendation.seminar_id == seminar.id)
        .options(joinedload(Recommendation.note), selectinload(Recommendation.steps))
        .order_by(Recommendation.position, Recommendation.id)
    )
    rows: list[Row] = [
        [
            one.id,
            one.text or (one.note.text if one.note else ""),
            one.raised_by or (one.note.speaker if one.note else ""),
            say(ADDRESSEE_LABELS[one.addressee]) if one.addressee else "",
            one.addressee_name,
            one.owner,
            short_date(one.due_on) if one.due_on else "",
            say(RECOMMENDATION_STATUS_LABELS[one.steps[-1].status]) if one.steps else "",
            one.note_id,
            moment(one.removed_at),
        ]
        for one in db.session.scalars(query)
    ]
    headings = (
        *("Mã", "Nội dung", "Người, đơn vị nêu", "Cấp có thẩm quyền", "Cơ quan", "Theo dõi", "Hạn"),
        *("Tình trạng", "Mã ghi chép", "Xóa lúc"),
    )
    return Listing("06-bien-ban/kien-nghi", "Đề xuất, kiến nghị", headings, rows)


def _steps(seminar: Seminar) -> Listing:
    query = select(Recommendation).where(Recommendation.seminar_id == seminar.id)
    those = db.session.scalars(query.options(selectinload(Recommendation.steps)).order_by(Recommendation.id))
    rows: list[Row] = [
        [
            one.id,
            short_date(step.on),
            say(RECOMMENDATION_STATUS_LABELS[step.status]),
            step.note,
            moment(step.at),
            step.by,
        ]
        for one in those
        for step in one.steps
    ]
    headings = ("Mã kiến nghị", "Ngày", "Tình trạng", "Ghi chú", "Ghi lúc", "Người ghi")
    return Listing("06-bien-ban/kien-nghi-theo-doi", "Theo dõi đề xuất, kiến nghị", headings, rows)


def _issues(seminar: Seminar) -> Listing:
    rows: list[Row] = [
        [one.number, one.document.symbol, short_date(one.document.issued_on), one.reason, moment(one.at), one.by]
        for one in issues_of(seminar)
    ]
    headings = ("Lần", "Số, ký hiệu", "Ngày", "Lý do", "Phát hành lúc", "Người phát hành")
    return Listing("07-bao-cao/cac-lan-phat-hanh", "Báo cáo, các lần phát hành", headings, rows)


def _wordings(seminar: Seminar) -> Listing:
    titles = {one.key: one.title for one in sections_of(seminar)}
    query = select(ReportWording).where(ReportWording.seminar_id == seminar.id)
    rows: list[Row] = [
        [titles.get(one.section, one.section), one.revision, one.text, moment(one.at), one.by]
        for one in db.session.scalars(query.order_by(ReportWording.section, ReportWording.revision))
    ]
    headings = ("Phần", "Lần viết", "Lời viết", "Lúc", "Người viết")
    return Listing("07-bao-cao/phan-viet", "Phần viết của báo cáo, mọi lần", headings, rows)
