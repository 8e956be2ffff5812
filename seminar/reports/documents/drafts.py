"""What the office's documents begin with: words from the plan, tables from the allotment and the programme, annexes.

In the sober language of such offices (domain.md 2.1 to 2.3); all of it is edited before it is issued. Always Vietnamese.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from seminar.delegates.queries import allotted
from seminar.documents import content, rules
from seminar.documents.content import Content
from seminar.documents.layout import rules_for
from seminar.documents.models import DocumentKind, Draft, Purpose
from seminar.documents.rules import UNKNOWN
from seminar.invitations.documents import seminar_values
from seminar.invitations.rules import ARRIVE_BEFORE_MINUTES, hour, quoted_title
from seminar.invitations.rules import deadline as deadline_of
from seminar.lib.clock import local, short_date
from seminar.lib.errors import N_, Message
from seminar.lib.text import clean, fold
from seminar.planning import queries as plans
from seminar.planning.messages import contact_of
from seminar.planning.models import Audience, Seminar, Topic, Unit, UnitKind
from seminar.planning.rules import falls_on_holiday
from seminar.reports.documents.annexes import (
    ANNEX_LABELS,
    PROGRAMME,
    QUOTAS,
    annex_of,
    attached_to,
    programme_rows,
    programme_table,
    quota_table,
    span,
)
from seminar.reports.rules import copies

DISTRICTS = (UnitKind.DISTRICT, UnitKind.TOWN, UnitKind.CITY)
COMMUNES = (UnitKind.COMMUNE, UnitKind.WARD, UnitKind.SPECIAL_ZONE)


@dataclass(frozen=True)
class Beginning:
    """What a new draft begins with."""

    subject: str
    addressees: tuple[str, ...]
    lines: tuple[str, ...]
    annexes: tuple[str, ...] = ()


def units_words(units: Iterable[Unit]) -> str:
    """ "các Huyện, Thị, Thành Đoàn và Đoàn trực thuộc", as far as there are such units."""
    kinds = {unit.kind for unit in units}
    named = ["các Huyện, Thị, Thành Đoàn"] if kinds & set(DISTRICTS) else []
    named += ["Đoàn các xã, phường, đặc khu"] if kinds & set(COMMUNES) else []
    named += ["Đoàn trực thuộc"] if UnitKind.AFFILIATED in kinds or not named else []
    return " và ".join(named) if len(named) < 3 else f"{', '.join(named[:-1])} và {named[-1]}"


def _deadline(seminar: Seminar, code: str) -> str:
    return deadline_of(plans.milestone(seminar, code))


def _issuer(seminar: Seminar) -> str:
    return seminar.issuer or UNKNOWN


def _plan(seminar: Seminar) -> str:
    day = short_date(seminar.plan_issued_on) if seminar.plan_issued_on else UNKNOWN
    return f"Thực hiện Kế hoạch số {seminar.plan_number or UNKNOWN}, ngày {day} của {_issuer(seminar)}"


def _about(seminar: Seminar) -> str:
    return f"về tổ chức {quoted_title(seminar.title)}"


def _send_to(seminar: Seminar) -> str:
    mail = f", thư điện tử {seminar.contact_email}" if seminar.contact_email else ""
    return f"{contact_of(seminar)}{mail}"


def beginning(seminar: Seminar, purpose: Purpose) -> Beginning:
    """Subject, addressees, paragraphs and annexes of a new draft."""
    units = units_words(plans.units_on(seminar.held_on))
    said = seminar_values(seminar)
    title = quoted_title(seminar.title)
    if purpose == Purpose.SUMMONS:
        return Beginning(
            f"triệu tập đại biểu dự {title}",
            (f"Ban Thường vụ {units}",),
            (
                f"{_plan(seminar)} {_about(seminar)}, {_issuer(seminar)} triệu tập đại biểu dự Tọa đàm như sau:",
                "1. Thành phần:",
                f"[{QUOTAS}]",
                f"2. Thời gian: {said['thoi_gian']}; có mặt trước {ARRIVE_BEFORE_MINUTES} phút để điểm danh, nhận tài liệu.",
                f"3. Địa điểm: {said['dia_diem']}.",
                f"4. Trang phục: {seminar.dress or UNKNOWN}; đại biểu mang theo giấy triệu tập có mã QR.",
                f"5. Đăng ký danh sách: theo mẫu kèm theo hoặc trên trang riêng của đơn vị, "
                f"{_deadline(seminar, 'nominations')}, qua {_send_to(seminar)}.",
                "6. Yêu cầu:",
                "- Đề nghị các đơn vị chọn cử đại biểu đầy đủ, đúng thành phần, đúng số lượng được phân bổ.",
                "- Đại biểu vắng phải báo cáo lý do; người dự thay phải được Ban Tổ chức đồng ý trước.",
                f"- Mỗi đơn vị chuẩn bị 01 bài tham luận phát biểu tại Tọa đàm, gửi {_deadline(seminar, 'papers')}.",
                f"7. Chế độ đi lại, ăn, nghỉ của đại biểu: {UNKNOWN}.",
                f"{_issuer(seminar)} đề nghị các đơn vị triển khai thực hiện nghiêm túc./.",
            ),
            ("quotas", "register"),
        )
    if purpose == Purpose.PAPERS:
        topics = [f"- {clean(topic.text or topic.title).rstrip('.;')}{mark}" for topic, mark in _ended(seminar.topics)]
        return Beginning(
            f"mời viết bài tham luận {title}",
            (
                "Các cơ quan, sở, ban, ngành tỉnh",
                "Ban Giám hiệu các trường đại học, cao đẳng trên địa bàn tỉnh",
                f"Ban Thường vụ {units}",
                "Các chuyên gia, nhà khoa học, giảng viên",
            ),
            (
                f"{_plan(seminar)} {_about(seminar)}, {_issuer(seminar)} trân trọng kính mời các cơ quan, đơn vị, cá nhân "
                "tham gia viết bài tham luận cho Tọa đàm như sau:",
                f"1. Chủ đề: “{seminar.theme or UNKNOWN}”.",
                "2. Nội dung tham luận: tập trung vào các nội dung sau:",
                *(topics or [f"- {UNKNOWN}."]),
                "3. Hình thức: tệp Word (.docx) hoặc PDF; ghi rõ tên bài, tác giả, chức vụ, đơn vị; tác giả có thể là cá "
                f"nhân hoặc tập thể; dung lượng: {UNKNOWN}.",
                f"4. Thời hạn và nơi nhận bài: {_deadline(seminar, 'papers')}, gửi về {_send_to(seminar)}.",
                f"5. Bài của các đơn vị: mỗi đơn vị trong {units} chuẩn bị 01 bài tham luận phát biểu, đóng góp ý kiến tại Tọa đàm.",
                "6. Thẩm định: các bài tham luận được thẩm định để in kỷ yếu và chọn trình bày tại Tọa đàm.",
                "Sự tham gia của các cơ quan, đơn vị và các đồng chí góp phần vào thành công của Tọa đàm.",
                "Trân trọng./.",
            ),
        )
    if purpose == Purpose.RETURNS:
        return Beginning(
            "cung cấp số liệu phát triển đảng trong học sinh, sinh viên và thanh niên công nhân " + span(seminar),
            (f"Ban Thường vụ {units}",),
            (
                f"{_plan(seminar)} {_about(seminar)}, {_issuer(seminar)} đề nghị các đơn vị cung cấp số liệu như sau:",
                f"1. Nội dung: số liệu phát triển đảng trong học sinh, sinh viên, thanh niên công nhân {span(seminar)}, "
                "theo biểu mẫu kèm theo.",
                "2. Cách ghi: số liệu theo từng năm; ô không phát sinh ghi số 0, không để trống.",
                f"3. Thời hạn: {_deadline(seminar, 'returns')}.",
                f"4. Nơi nhận: bản có chữ ký và dấu gửi {_send_to(seminar)}; số liệu nhập trên trang riêng của đơn vị.",
                f"{_issuer(seminar)} đề nghị các đơn vị triển khai thực hiện nghiêm túc, đúng thời hạn./.",
            ),
            ("data",),
        )
    if purpose == Purpose.PROGRAMME:
        return Beginning(
            title,
            (),
            (
                f"1. Thời gian: {said['thoi_gian']}.",
                f"2. Địa điểm: {said['dia_diem']}.",
                "3. Nội dung chương trình:",
                f"[{PROGRAMME}]",
            ),
        )
    return Beginning("", (), (f"{_plan(seminar)} {_about(seminar)}, {UNKNOWN}", "Trân trọng./."))


def _ended(topics: Sequence[Topic]) -> list[tuple[Topic, str]]:
    return [(topic, "." if number == len(topics) else ";") for number, topic in enumerate(topics, 1)]


def copies_of(draft: Draft, seminar: Seminar) -> list[copies.Counted]:
    """How many copies a draft needs, by who gets them; groups of units as the directory has them on the day."""
    rows = [rules.Recipient(**row) for row in draft.recipients]
    return copies.counted_copies(draft.addressees, rows, Counter(one.kind for one in plans.units_on(seminar.held_on)))


def content_of(draft: Draft, seminar: Seminar, now: datetime, verification: str = "") -> Content:
    """The draft as it prints now; once issued, with its number and day."""
    settings = rules.settings_of(seminar.settings)
    document = draft.document
    day = document.issued_on if document else None
    places = allotted(seminar)
    tables = {QUOTAS: quota_table(places), PROGRAMME: programme_table(seminar)}
    symbol = document.symbol if document else rules.symbol(None, draft.kind, settings)
    attached = attached_to(seminar, draft.kind, symbol, day)
    annexes = (annex_of(code, seminar, settings, places) for code in draft.annexes if code in ANNEX_LABELS)
    return Content(
        kind=draft.kind,
        symbol=symbol,
        subject=draft.subject,
        day=day,
        settings=settings,
        layout=rules_for(day or local(now).date()),
        addressees=tuple(draft.addressees),
        blocks=content.read_body(draft.body, tables),
        annexes=tuple(replace(annex, attached_to=attached) for annex in annexes),
        recipients=tuple(rules.Recipient(**row) for row in draft.recipients),
        copies=document.copies if document else sum(one.copies for one in copies_of(draft, seminar)),
        is_draft=document is None,
        urgency=draft.urgency,
        meeting_mark=draft.meeting_mark,
        notes=(verification,) if verification else (),
    )


# What it lacks


def lacks_of(draft: Draft, seminar: Seminar, printed: Content, today: date) -> list[content.Lack]:
    """What a document lacks before it may be issued: by its form, and by what it is for."""
    lacks = content.lacks_of(printed)
    if not (seminar.plan_number and seminar.plan_issued_on) and UNPLANNED.search(draft.body):
        lacks.append(
            content.Lack(
                Message("Number and day of the plan are not set: set them, then write them into the text."),
                where="plan",
            )
        )
    if draft.purpose in (Purpose.SUMMONS, Purpose.PROGRAMME):
        lacks += _of_the_day(draft, seminar, today)
    lacks += _of_tables(draft, seminar)
    codes = {Purpose.SUMMONS: ("nominations", "papers"), Purpose.PAPERS: ("papers",), Purpose.RETURNS: ("returns",)}
    for code in codes.get(draft.purpose, ()):
        milestone = plans.milestone(seminar, code)
        if milestone and milestone.due_on:
            lacks += _of_a_deadline(milestone.due_on, today, is_demo=seminar.is_demo)
    if draft.purpose == Purpose.RETURNS and "data" not in draft.annexes:
        lacks.append(content.Lack(Message("The form of the data is not attached."), where="annexes"))
    return lacks


def _of_tables(draft: Draft, seminar: Seminar) -> list[content.Lack]:
    """Tables that the text or an annex asks for and that would print empty."""
    asked = {fold(table[1]) for table in re.finditer(r"^\s*\[([^\]]+)\]\s*$", draft.body, re.MULTILINE)}
    lacks = []
    is_programme = draft.purpose == Purpose.PROGRAMME
    if (is_programme or fold(PROGRAMME) in asked or "programme" in draft.annexes) and not programme_rows(seminar):
        lacks.append(content.Lack(Message("The programme has no items yet."), stops=is_programme, where="programme"))
    if fold(QUOTAS) in asked or "quotas" in draft.annexes:
        places = allotted(seminar)
        if not any(places.of_group(group).allotted for group in places.groups if group.audience == Audience.SUMMONED):
            lacks.append(content.Lack(Message("No places are allotted to summoned delegates yet."), where="plan"))
    return lacks


UNPLANNED = re.compile(rf"Kế hoạch số {UNKNOWN}|Kế hoạch số [^,]+, ngày {UNKNOWN}")


def _of_the_day(draft: Draft, seminar: Seminar, today: date) -> list[content.Lack]:
    """What a summons or the programme lacks of day and place, or says of another day and place than the plan."""
    lacks = []
    for known, message, where in (
        (seminar.venue, N_("The venue is not confirmed: confirm it on the page of the plan."), "venues"),
        (seminar.held_on, N_("The day of the seminar is not set."), "plan"),
        (seminar.starts_at, N_("The hour of the seminar is not set."), "plan"),
    ):
        if not known:
            lacks.append(content.Lack(Message(message), stops=True, where=where))
    if seminar.held_on and seminar.held_on < today and not seminar.is_demo:
        over = Message("The seminar is over: its day is %(day)s.", day=short_date(seminar.held_on))
        lacks.append(content.Lack(over, where="plan"))
    return lacks + moved_since(draft, seminar)


def _of_a_deadline(due_on: date, today: date, *, is_demo: bool) -> list[content.Lack]:
    lacks, day, holiday = [], short_date(due_on), falls_on_holiday(due_on)
    if due_on < today and not is_demo:
        lacks.append(content.Lack(Message("The deadline %(day)s is past.", day=day), where="milestones"))
    if due_on == today and not is_demo:
        lacks.append(content.Lack(Message("The deadline %(day)s is today.", day=day), where="milestones"))
    if holiday:
        message = Message("The deadline %(day)s is a day off: %(what)s.", day=day, what=holiday)
        lacks.append(content.Lack(message, where="milestones"))
    return lacks


def moved_since(draft: Draft, seminar: Seminar) -> list[content.Lack]:
    """What the text of a summons or of the programme, begun before the seminar was moved, does not say of day, hour and
    place as they are now; nothing of other documents.
    """
    if draft.purpose not in (Purpose.SUMMONS, Purpose.PROGRAMME):
        return []
    said = fold(draft.body)
    lacks = []
    if seminar.venue and fold(seminar.venue.name) not in said:
        other = Message("The text does not name the confirmed venue “%(name)s”.", name=seminar.venue.name)
        lacks.append(content.Lack(other, where="body"))
    known = [rules.long_date(seminar.held_on)] if seminar.held_on else []
    known += [hour(seminar.starts_at)] if seminar.starts_at else []
    return lacks + [
        content.Lack(Message("The text does not say “%(words)s”, as the plan does now.", words=words), where="body")
        for words in known
        if fold(words) not in said
    ]


def invited_without_copy(seminar: Seminar, draft: Draft) -> list[str]:
    """Groups of guests that nobody in Nơi nhận or Kính gửi resembles (domain.md Đ11): for the office to look at."""
    said = fold(" ".join([*draft.addressees, *(row["to"] for row in draft.recipients)]))
    missing = []
    for group in plans.groups_of(seminar):
        if group.audience == Audience.GUEST:
            words = {word for word in fold(group.name).replace(",", " ").split() if len(word) > 2} - COMMON_WORDS
            if words and not any(word in said for word in words):
                missing.append(group.name)
    return missing


COMMON_WORDS = {
    "ban",
    "cac",
    "lanh",
    "dao",
    "tinh",
    "truong",
    "dai",
    "dien",
    "van",
    "phong",
    "dong",
    "chi",
    "chu",
    "tri",
}


def template_values(seminar: Seminar, printed: Content) -> dict[str, object]:
    """A dispatch or the programme as the fields of the office's own template (documents/merging.py)."""
    rows = programme_rows(seminar) if printed.kind == DocumentKind.PROGRAMME else []
    return {
        **content.content_values(printed),
        **seminar_values(seminar),
        "chuong_trinh": [
            dict(zip(("stt", "thoi_gian", "noi_dung", "nguoi_thuc_hien", "ghi_chu"), row, strict=True)) for row in rows
        ],
    }


def sample(seminar: Seminar, kind: DocumentKind, now: datetime) -> Content:
    """A document of the kind as it would begin now, without a number: for the preview of a template."""
    purpose = Purpose.PROGRAMME if kind == DocumentKind.PROGRAMME else Purpose.SUMMONS
    begun = beginning(seminar, purpose)
    settings = rules.settings_of(seminar.settings)
    draft = Draft(
        purpose=purpose,
        kind=kind,
        subject=begun.subject,
        addressees=list(begun.addressees),
        body="\n".join(begun.lines),
        annexes=list(begun.annexes),
        recipients=rules.row_data(settings.rows_for(kind)),
        urgency="",
        meeting_mark="",
    )
    return content_of(draft, seminar, now)
