"""Words of the minutes that other documents print too. Always Vietnamese."""

from seminar.delegates.models import Delegate
from seminar.documents import rules
from seminar.documents.models import DocumentKind
from seminar.minutes.models import Addressee, Note, NoteKind, RecommendationStatus
from seminar.minutes.rules import printed
from seminar.planning.models import Seminar

NO_FIGURES = "chưa có số liệu"
KIND_WORDS = {
    NoteKind.PAPER: "Tham luận",
    NoteKind.OPINION: "Trao đổi",
    NoteKind.QUESTION: "Câu hỏi",
    NoteKind.REPLY: "Trả lời",
    NoteKind.PROPOSAL: "Đề xuất",
    NoteKind.RECOMMENDATION: "Kiến nghị",
    NoteKind.GUIDANCE: "Chỉ đạo",
    NoteKind.CONCLUSION: "Kết luận",
}
ADDRESSEE_WORDS = {
    Addressee.CENTRAL_UNION: "Trung ương Đoàn",
    Addressee.PROVINCIAL_PARTY: "Tỉnh ủy",
    Addressee.LOCAL_PARTY: "Cấp ủy cơ sở",
    Addressee.PARTNERS: "Sở, ngành, nhà trường, doanh nghiệp",
    Addressee.UNION: "Nội bộ Đoàn",
}
STATUS_WORDS = {
    RecommendationStatus.RECORDED: "Đã ghi nhận",
    RecommendationStatus.SENT: "Đã gửi",
    RecommendationStatus.ANSWERED: "Đã được trả lời",
    RecommendationStatus.UNDER_WAY: "Đang thực hiện",
    RecommendationStatus.DONE: "Đã thực hiện",
    RecommendationStatus.NOT_TAKEN_UP: "Không được tiếp nhận",
}


def subject_of(seminar: Seminar, kind: DocumentKind = DocumentKind.MINUTES) -> str:
    title = seminar.title if seminar.title.startswith("Tọa đàm") else f"Tọa đàm {seminar.title}"
    return f"Kết quả {title}" if kind == DocumentKind.REPORT else title


def person(delegate: Delegate) -> str:
    return printed(delegate.name, delegate.position, delegate.body)


def place(seminar: Seminar) -> str:
    venue = seminar.venue
    return ", ".join(part for part in (venue.name, venue.address) if part) if venue else rules.UNKNOWN


def day(seminar: Seminar) -> str:
    """ "thứ Sáu, ngày 15 tháng 3 năm 2024"; the weekday is derived."""
    if seminar.held_on is None:
        return f"ngày {rules.UNKNOWN}"
    return f"{rules.running_weekday(seminar.held_on)}, {rules.long_date(seminar.held_on)}"


def speech(note: Note) -> str:
    return f"{note.speaker or rules.UNKNOWN}: {note.text}"
