"""The report on the units that are looked at (domain.md S2.39 to S2.43): state of affairs, thresholds, causes, remedies."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from seminar.documents import rules
from seminar.documents.content import Block, Content, Line, Table, content_pdf
from seminar.documents.layout import rules_for
from seminar.documents.models import DocumentKind
from seminar.lib.clock import local, short_date
from seminar.lib.text import shorten, thousands
from seminar.planning.models import Seminar, Unit
from seminar.statistics.documents.heat import quarter_words
from seminar.statistics.models import FlagKind, Remedy
from seminar.statistics.queries.target_figures import YearLine
from seminar.statistics.queries.targets import Gathered, Standing
from seminar.statistics.rules.consolidation import Total
from seminar.statistics.rules.flags import Flag, FlagState, TargetSettings, ThresholdMode
from seminar.statistics.rules.indicators import AdmissionBase, IntroductionBase, PartyVerdict, Ratio
from seminar.statistics.rules.stale import ClearsOn, StaleMode
from seminar.statistics.rules.targets import Course, NeedKind, percent, short

UNKNOWN = "chưa đủ số liệu"
FLAG_WORDS = {
    FlagKind.INTRODUCTION: "Tỷ lệ giới thiệu thấp",
    FlagKind.ADMISSION: "Tỷ lệ kết nạp thấp",
    FlagKind.STALE: "Nhiều đoàn viên ưu tú từ 02 năm trở lên chưa kết nạp",
}
INTRODUCTION_WORDS = {
    IntroductionBase.OUTSTANDING: "số đoàn viên ưu tú được giới thiệu trên số đoàn viên ưu tú trong danh sách đầu kỳ",
    IntroductionBase.MEMBERS: "số đoàn viên ưu tú được giới thiệu trên tổng số đoàn viên đầu kỳ",
}
ADMISSION_WORDS = {
    AdmissionBase.INTRODUCED: "số đảng viên mới từ đoàn viên ưu tú trên số đoàn viên ưu tú được giới thiệu trong kỳ",
    AdmissionBase.OUTSTANDING: "số đảng viên mới từ đoàn viên ưu tú trên số đoàn viên ưu tú trong danh sách đầu kỳ",
}
STALE_WORDS = {
    StaleMode.CONSECUTIVE: "từ 02 năm liên tiếp trở lên",
    StaleMode.CUMULATIVE: "từ 02 năm trở lên (cộng dồn)",
}
CLEARING_WORDS = {
    ClearsOn.ADMISSION: "chưa được kết nạp Đảng",
    ClearsOn.ADMISSION_OR_RECOGNITION: "chưa được kết nạp Đảng và chưa được công nhận là đối tượng Đảng",
}
VERDICT_WORDS = {
    PartyVerdict.MET: "đạt",
    PartyVerdict.NOT_MET: "chưa đạt",
    PartyVerdict.UNDECIDED: "chưa kết luận được",
    PartyVerdict.UNKNOWN: UNKNOWN,
}


def ratio_words(ratio: Ratio) -> str:
    """ "55,56 % (2.500/4.500)" """
    if ratio.value is None:
        return UNKNOWN
    return f"{percent(ratio.value)} ({thousands(ratio.above)}/{thousands(ratio.below)})"


def threshold_words(kind: FlagKind, settings: TargetSettings, flags: Sequence[Flag]) -> str:
    """By what a unit is flagged; every one is set by the office (domain.md Đ23)."""
    if kind == FlagKind.STALE:
        return f"từ {thousands(settings.stale_count)} đồng chí hoặc từ {settings.stale_percent} % số đoàn viên ưu tú trở lên"
    limit = next((flag.threshold for flag in flags if flag.threshold is not None), None)
    absolute = settings.introduction_percent if kind == FlagKind.INTRODUCTION else settings.admission_percent
    words = {
        ThresholdMode.ABSOLUTE: f"dưới {absolute} %",
        ThresholdMode.RELATIVE: f"dưới {settings.relative_percent} % tỷ lệ chung toàn tỉnh",
        ThresholdMode.QUARTILE: "thuộc nhóm 1/4 đơn vị thấp nhất",
    }[settings.threshold_mode]
    reckoned = ""
    if settings.threshold_mode != ThresholdMode.ABSOLUTE:
        reckoned = f", tức dưới {percent(limit)}" if limit is not None else f", {UNKNOWN} để tính"
    return f"{words}{reckoned}; mẫu số từ {thousands(settings.least_count)} trở lên"


def measured_words(flag: Flag) -> str:
    """ "12 đồng chí, 24 % (12/50), theo 3/5 ô có số liệu" """
    said = _figures_of(flag)
    return f"{said}, theo {flag.known}/{flag.asked} ô có số liệu" if flag.is_partial else said


def _figures_of(flag: Flag) -> str:
    if flag.kind == FlagKind.STALE:
        count = UNKNOWN if flag.count is None else f"{thousands(flag.count)} đồng chí"
        return f"{count}, {ratio_words(flag.ratio)}" if flag.ratio.value is not None else count
    return ratio_words(flag.ratio)


def course_words(name: str, course: Course) -> str:
    if course.actual.value is None:
        return f"{name}: {UNKNOWN}."
    parts = [f"{thousands(course.actual.value)}/{thousands(course.target or 0)}, đạt {percent(course.completion)}"]
    if course.expected is not None:
        parts.append(f"so với tiến độ chia đều ({short(course.expected)}) đạt {percent(course.pace)}")
    need = course.need
    if need.kind == NeedKind.REACHED:
        parts.append("đã đạt chỉ tiêu")
    elif need.kind == NeedKind.IMPOSSIBLE:
        parts.append(f"đã hết thời gian, còn thiếu {thousands(need.lacking)}")
    elif need.per_quarter is not None:
        parts.append(f"mỗi quý còn lại cần {short(need.per_quarter)}")
    return f"{name}: {'; '.join(parts)}."


def _state_lines(gathered: Gathered, standing: Standing, until: int) -> list[Line]:
    plan, party = gathered.plan, standing.party
    bound = "ít nhất " if party.is_lower_bound and party.ratio.value is not None else ""
    return [
        Line(
            f"Số liệu lũy kế từ {quarter_words(gathered.span, 1)} đến {quarter_words(gathered.span, until)}, "
            f"tính trên các bản đã tiếp nhận: {standing.return_count}/{standing.asked_count} bản của "
            f"{gathered.unit_count(until)}/{len(gathered.units)} đơn vị. Nơi chưa có số liệu không tính là 0."
        ),
        Line(course_words("- Đoàn viên ưu tú được giới thiệu", standing.introduced), style="item"),
        Line(course_words("- Đảng viên mới được kết nạp từ đoàn viên ưu tú", standing.admitted), style="item"),
        Line(
            f"- Tỷ lệ kết nạp trên giới thiệu trong kỳ: {ratio_words(standing.conversion)}; kế hoạch: "
            f"{thousands(plan.admitted_count)}/{thousands(plan.introduced_count)}.",
            style="item",
        ),
        Line(
            f"- Tỷ lệ đảng viên mới được kết nạp từ đoàn viên: {bound}{ratio_words(party.ratio)}; "
            f"yêu cầu ít nhất {plan.share_percent} %: {VERDICT_WORDS[party.verdict]}.",
            style="item",
        ),
    ]


def _remedy_cells(remedies: Sequence[Remedy]) -> tuple[str, str, str, str]:
    """Cause, remedy, who and by when, outcome; gaps where nothing was noted."""
    if not remedies:
        return (rules.UNKNOWN, rules.UNKNOWN, rules.UNKNOWN, "")
    owners = []
    for one in remedies:
        due = f"hạn {short_date(one.due_on)}" if one.due_on else ""
        owners.append("; ".join(part for part in (one.owner, due) if part))
    return (
        "\n".join(one.cause for one in remedies if one.cause) or rules.UNKNOWN,
        "\n".join(one.remedy for one in remedies if one.remedy) or rules.UNKNOWN,
        "\n".join(filter(None, owners)) or rules.UNKNOWN,
        "\n".join(one.outcome for one in remedies if one.outcome),
    )


def _unit_table(
    gathered: Gathered, flags: dict[int, dict[FlagKind, Flag]], remedies: Sequence[Remedy], until: int
) -> Table | None:
    rows: list[tuple[str, ...]] = []
    count = 0
    returned = Counter(unit_id for unit_id, number in gathered.facts if number <= until)
    for unit in gathered.units:
        up = [flag for flag in flags[unit.id].values() if flag.is_up]
        count += bool(up)
        for place, flag in enumerate(up):
            own = [one for one in reversed(remedies) if one.unit_id == unit.id and one.flag == flag.kind]
            cause, remedy, owner, outcome = _remedy_cells(own)
            done = f"{remedy}\nKết quả: {outcome}" if outcome else remedy
            begin = ("", "") if place else (str(count), f"{unit.name}\n({returned[unit.id]}/{until} bản)")
            rows.append((*begin, f"{FLAG_WORDS[flag.kind]}: {measured_words(flag)}", cause, done, owner))
    if not rows:
        return None
    headings = ("TT", "Đơn vị", "Dấu hiệu, số liệu", "Nguyên nhân", "Giải pháp, kết quả", "Phụ trách, thời hạn")
    return Table((tuple((text, 1, 1) for text in headings),), tuple(rows), (8, 27, 38, 35, 40, 26), (0,), size=11)


def _named(gathered: Gathered, flags: dict[int, dict[FlagKind, Flag]], kind: FlagKind, state: FlagState) -> list[Unit]:
    return [unit for unit in gathered.units if flags[unit.id][kind].state == state]


def _year_words(one: YearLine) -> str:
    """Of the yearly sheet: how many say yes, no, nothing; and what is known of the two counts."""

    def counted(total: Total) -> str:
        if total.value is None:
            return UNKNOWN
        of = f" (của {len(total.counted)}/{len(one.table.units)} đơn vị)" if total.lacking else ""
        return f"{thousands(int(total.value))}{of}"

    return (
        f"- Năm báo cáo “{one.table.period.name}”: chỉ tiêu kết nạp đảng viên mới có trong Nghị quyết năm của cấp ủy ở "
        f"{one.yes} đơn vị, không có ở {one.no} đơn vị, chưa có số liệu của {one.unknown} đơn vị; số nghị quyết: "
        f"{counted(one.resolutions)}; đảng viên bỏ sinh hoạt Đảng: {counted(one.dropped_out)}."
    )


def flags_content(
    seminar: Seminar,
    gathered: Gathered,
    until: int,
    remedies: Sequence[Remedy],
    years: Sequence[YearLine],
    now: datetime,
) -> Content:
    """A draft, to be completed and signed: what is not known prints as a gap."""
    settings, chosen = rules.settings_of(seminar.settings), gathered.settings
    flags = gathered.flags(until)
    blocks: list[Block] = [
        Line("I. THỰC TRẠNG", style="section"),
        *_state_lines(gathered, gathered.standing(until), until),
        *(Line(_year_words(one), style="item") for one in years),
        Line("II. NGƯỠNG XEM XÉT (do người dùng đặt)", style="section"),
    ]
    reckoned = {
        FlagKind.INTRODUCTION: INTRODUCTION_WORDS[chosen.introduction_by],
        FlagKind.ADMISSION: ADMISSION_WORDS[chosen.admission_by],
        FlagKind.STALE: f"được bình chọn {STALE_WORDS[chosen.stale_mode]}, {CLEARING_WORDS[chosen.clears_on]}, "
        f"tại {quarter_words(gathered.span, until)}",
    }
    for kind in FlagKind:
        own = [flags[unit.id][kind] for unit in gathered.units]
        blocks.append(
            Line(f"- {FLAG_WORDS[kind]}: {reckoned[kind]}; {threshold_words(kind, chosen, own)}.", style="item")
        )
    table = _unit_table(gathered, flags, remedies, until)
    blocks.append(Line("III. ĐƠN VỊ CẦN LÀM VIỆC, NGUYÊN NHÂN VÀ GIẢI PHÁP", style="section"))
    blocks.append(table if table is not None else Line("Không có đơn vị nào chạm ngưỡng."))
    for state, words in ((FlagState.TOO_SMALL, "số nhỏ, không xếp"), (FlagState.UNKNOWN, UNKNOWN)):
        for kind in FlagKind:
            units = _named(gathered, flags, kind, state)
            if units:
                names = ", ".join(unit.name for unit in units)
                blocks.append(Line(f"- {FLAG_WORDS[kind]} – {words}: {names}.", style="item"))
    blocks += [Line("IV. ĐỀ XUẤT, KIẾN NGHỊ", style="section"), Line(rules.UNKNOWN)]
    day = local(now).date()
    return Content(
        kind=DocumentKind.REPORT,
        symbol=rules.symbol(None, DocumentKind.REPORT, settings),
        subject=f"Thực trạng và giải pháp công tác giới thiệu đoàn viên ưu tú cho Đảng, kết nạp đảng viên mới\n"
        f"(số liệu đến {quarter_words(gathered.span, until)})",
        day=None,
        settings=settings,
        layout=rules_for(day),
        blocks=tuple(blocks),
        recipients=tuple(settings.rows_for(DocumentKind.REPORT)),
        is_draft=True,
    )


def flags_pdf(content: Content) -> bytes:
    return content_pdf(content)


def flags_docx(content: Content, now: datetime) -> bytes:
    from seminar.documents.word.document import content_docx

    return content_docx(content, now)


def flags_filename(seminar: Seminar, ending: str) -> str:
    return f"{shorten(f'don-vi-can-lam-viec-{seminar.slug}', 80)}.{ending}"
