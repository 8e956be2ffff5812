"""The minutes (biên bản) in the outline of domain.md 2.4, as blocks that the page, the Word file and the PDF share."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from seminar.agenda.models import Item, ItemKind, Run, Sitting
from seminar.agenda.queries import programme, runs_of
from seminar.checkin.queries import Absence
from seminar.documents import rules
from seminar.documents.content import PAGE_COUNT, Block, Content, Line, Table, content_pdf
from seminar.documents.layout import rules_for
from seminar.documents.models import DocumentKind
from seminar.lib import files
from seminar.lib.clock import local, short_moment
from seminar.minutes import queries
from seminar.minutes.documents.words import (
    ADDRESSEE_WORDS,
    KIND_WORDS,
    NO_FIGURES,
    day,
    person,
    place,
    speech,
    subject_of,
)
from seminar.minutes.models import Addressee, MinutesVersion, Note, NoteKind, Recommendation
from seminar.minutes.queries import Figure, RollCall
from seminar.minutes.rules import (
    Hours,
    Thread,
    followed_sittings,
    hours_of,
    is_frame,
    lines_of,
    threads,
    was_passed_over,
)
from seminar.planning.models import Audience, Seminar

UNKNOWN = rules.UNKNOWN


@dataclass(frozen=True)
class Particulars:
    """What stands in the minutes beside notes and figures: as typed, else as the records of the day know it."""

    began_at: datetime | None
    ended_at: datetime | None
    chairs: tuple[str, ...]
    secretaries: tuple[str, ...]
    copies: int | None


@dataclass(frozen=True)
class Minutes:
    """The minutes as they would print now."""

    content: Content
    particulars: Particulars
    known: Particulars
    """The particulars if nothing were typed."""
    notes: list[Note]
    items: list[Item]
    figures: list[Figure]
    asked_for: dict[str, str]
    """The rows of section 4 as they print, by the note or the recommendation that each is of."""
    seen: str
    """Digest of all that they say: what was read is what is adopted."""

    @property
    def facts(self) -> dict[str, dict[str, Any]]:
        """{"figures": {key: count}, "notes": {id: wording}, "particulars": {name: text}, "asked_for": {key: row}}."""
        has = self.particulars
        return {
            "particulars": {
                "began_at": short_moment(has.began_at) if has.began_at else "",
                "ended_at": short_moment(has.ended_at) if has.ended_at else "",
                "chairs": "; ".join(has.chairs),
                "secretaries": "; ".join(has.secretaries),
                "copies": str(has.copies or ""),
            },
            "figures": {one.key: one.count for one in self.figures},
            "notes": {str(note.id): note.revision for note in self.notes},
            "asked_for": self.asked_for,
        }


def minutes_of(
    seminar: Seminar, version: MinutesVersion | None, now: datetime, *, manner: str = "", is_draft: bool = True
) -> Minutes:
    """All notes that were not removed, in the order of the programme; what is unknown prints as a gap."""
    notes, sittings, runs = queries.notes_of(seminar), programme(seminar), runs_of(seminar)
    roll = queries.roll_call(seminar)
    known = _known(seminar, hours_of(runs, len(sittings)))
    particulars = _typed(version, known) if version else known
    asked_for = asked_for_in(seminar)
    blocks = (
        *_correction(seminar, version),
        *_when_and_where(seminar, particulars, sittings, runs),
        *_who(seminar, particulars, roll),
        *_course(seminar, sittings, notes, runs),
        *_asked_for(list(asked_for.values())),
    )
    kinds: dict[NoteKind, int] = {}
    for note in notes:
        kinds[NoteKind(note.kind)] = kinds.get(NoteKind(note.kind), 0) + 1
    figures = queries.figures_of(seminar, roll, kinds, len(asked_for))
    settings = rules.settings_of(seminar.settings)
    content = Content(
        kind=DocumentKind.MINUTES,
        symbol=None,  # HD29 names no such kind and the outline has no number (domain.md 1.1, 2.4)
        subject=subject_of(seminar),
        day=seminar.held_on,
        settings=settings,
        layout=rules_for(seminar.held_on or local(now).date()),
        blocks=(*blocks, *_end(particulars, manner)),
        signers=tuple(
            (title, names[0].split(",")[0] if names else "")
            for title, names in (("Thư ký", particulars.secretaries), ("Chủ trì", particulars.chairs))
        ),
        is_draft=is_draft,
        notes=(f"Dự thảo từ {len(notes)} ghi chép, số liệu lúc {short_moment(now)}.",) if is_draft else (),
    )
    told = {
        "blocks": [asdict(block) for block in blocks],
        "signers": content.signers,
        "particulars": [str(one) for one in asdict(particulars).values()],
        "figures": [(one.key, one.count) for one in figures],
    }
    return Minutes(
        content=content,
        particulars=particulars,
        known=known,
        notes=notes,
        items=[item for sitting in sittings for item in sitting.items],
        figures=figures,
        asked_for={key: " – ".join(said) for key, said in asked_for.items()},
        seen=sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest(),
    )


def word_of(content: Content, now: datetime) -> bytes:
    from seminar.documents.word.document import content_docx

    return content_docx(content, now)


pdf_of = content_pdf


def minutes_docx(seminar: Seminar, now: datetime, version: MinutesVersion | None = None) -> bytes:
    """Of a version as it was adopted; without one, as they stand: the adopted file, or the draft while one is open."""
    kept, opened = _which(seminar, version)
    return files.read(kept.docx_sha256) if kept else word_of(minutes_of(seminar, opened, now).content, now)


def minutes_pdf(seminar: Seminar, now: datetime, version: MinutesVersion | None = None) -> bytes:
    """As `minutes_docx`; refused where the font lacks a character of the draft."""
    kept, opened = _which(seminar, version)
    return files.read(kept.pdf_sha256) if kept else pdf_of(minutes_of(seminar, opened, now).content)


def _which(seminar: Seminar, version: MinutesVersion | None) -> tuple[MinutesVersion | None, MinutesVersion | None]:
    """(the one whose files are kept, else the one to write)."""
    version = version or queries.newest_version(seminar.id)
    return (version, None) if version is not None and version.adopted_at else (None, version)


def _known(seminar: Seminar, hours: Hours) -> Particulars:
    chairs, secretaries = queries.chairs_and_secretaries(seminar)
    return Particulars(
        hours.began_at, hours.ended_at, tuple(map(person, chairs)), tuple(map(person, secretaries)), None
    )


def known_particulars(seminar: Seminar) -> Particulars:
    """As the records of the day know them."""
    return _known(seminar, queries.known_hours(seminar))


def _typed(version: MinutesVersion, known: Particulars) -> Particulars:
    return Particulars(
        version.began_at or known.began_at,
        version.ended_at or known.ended_at,
        tuple(lines_of(version.chairs)) or known.chairs,
        tuple(lines_of(version.secretaries)) or known.secretaries,
        version.copies,
    )


def _heading(text: str) -> Line:
    return Line("", strong=text)


def _said(strong: str, text: str, opens: str = "") -> list[Block]:
    """A paragraph and, where the words have several lines, further ones."""
    first, *rest = text.split("\n")
    return [Line(first, strong=strong, opens=opens), *(Line(line, opens=opens) for line in rest if line)]


def clock(moment: datetime | None) -> str:
    """ "08 giờ 02 phút"."""
    return f"{local(moment):%H} giờ {local(moment):%M} phút" if moment else f"{UNKNOWN} giờ {UNKNOWN} phút"


def _date(moment: datetime) -> str:
    on = local(moment).date()
    return f"{rules.running_weekday(on)}, {rules.long_date(on)}"


def _correction(seminar: Seminar, version: MinutesVersion | None) -> list[Block]:
    before = queries.version_before(version) if version is not None and version.number > 1 else None
    if version is None or before is None or before.adopted_at is None:
        return []
    return [
        Line(
            f"(Biên bản sửa đổi lần {version.number - 1}, thay cho bản thông qua lúc {short_moment(before.adopted_at)}. "
            f"Lý do: {version.reason}.)"
        )
    ]


def _when_and_where(
    seminar: Seminar, particulars: Particulars, sittings: Sequence[Sitting], runs: Sequence[Run]
) -> list[Block]:
    began = particulars.began_at
    planned = f" (theo chương trình: {seminar.starts_at:%H} giờ {seminar.starts_at:%M})" if seminar.starts_at else ""
    on = f"{clock(began)}, {_date(began)}" if began else f"{clock(None)}{planned}, {day(seminar)}"
    made: list[Block] = [_heading("1. Thời gian, địa điểm"), Line(f"Bắt đầu: {on}.")]
    if len(sittings) > 1:
        whole = {run.sitting_id: run for run in runs if run.item_id is None}
        for sitting in sittings:
            own = whole.get(sitting.id)
            made.append(
                Line(
                    f"- {sitting.name}: từ {clock(own.began_at if own else None)} đến {clock(own.ended_at if own else None)}"
                    f"{f', {_date(own.began_at)}' if own else ''};"
                )
            )
    return [*made, Line(f"Địa điểm: {place(seminar)}.")]


def _people(label: str, names: Sequence[str]) -> Line:
    return Line(f"{label}: {'; '.join(names) if names else UNKNOWN}.")


def _who(seminar: Seminar, particulars: Particulars, roll: RollCall) -> list[Block]:
    made: list[Block] = [
        _heading("2. Thành phần"),
        _people("2.1. Chủ trì", particulars.chairs),
        _people("2.2. Thư ký", particulars.secretaries),
    ]
    if roll.arrived == 0:
        return [*made, Line(f"2.3. Đại biểu có mặt: {NO_FIGURES} (chưa có lượt đến nào được ghi nhận).")]
    for number, label, audience in (
        (3, "Đại biểu khách mời", Audience.GUEST),
        (4, "Đại biểu triệu tập", Audience.SUMMONED),
    ):
        came, listed = roll.by_audience[audience]
        made.append(Line(f"2.{number}. {label}: có mặt {came}/{listed} đại biểu trong danh sách."))
    for label, audience in (
        ("chủ trì, thư ký, ban tổ chức", Audience.ORGANISER),
        ("đại biểu chưa phân nhóm", Audience.UNASSIGNED),
    ):
        came, listed = roll.by_audience[audience]
        if listed:
            made.append(Line(f"Ngoài ra, {label}: có mặt {came}/{listed} đại biểu trong danh sách."))
    represented, missing = roll.absences[Absence.REPRESENTED], roll.absences[Absence.PROXY_MISSING]
    parts = [
        *([f"có người dự thay {represented}"] if represented else []),
        *([f"đã cử người dự thay nhưng không ai đến {missing}"] if missing else []),
        f"có báo vắng {len(roll.excused)}",
        f"không báo {roll.absences[Absence.SILENT]}",
    ]
    made.append(Line(f"2.5. Vắng: {roll.absent} đại biểu; trong đó {', '.join(parts)}."))
    made += [Line(f"- {person(one)}: {reason or UNKNOWN};") for one, reason in roll.excused]
    made.append(Line(f"2.6. Dự thay: {len(roll.proxies)} đại biểu{':' if roll.proxies else '.'}"))
    made += [Line(f"- {proxy} dự thay {person(one)};") for proxy, one in roll.proxies]
    return made


def _course(seminar: Seminar, sittings: Sequence[Sitting], notes: Sequence[Note], runs: Sequence[Run]) -> list[Block]:
    by_item: dict[int, list[Thread]] = {note.item_id: [] for note in notes}
    for thread in threads(notes):  # an answer stands under its question, also where it was given during a later item
        by_item[thread.note.item_id].append(thread)
    began: dict[int | None, Run] = {}
    for run in runs:
        began.setdefault(run.item_id, run)
    units, told_of = queries.units_of_papers(seminar), followed_sittings(runs)
    made: list[Block] = [_heading("3. Diễn biến")]
    number = 0
    for sitting in sittings:
        if len(sittings) > 1:
            made.append(Line(f"{sitting.name}:", style="point"))
        for item in sitting.items:
            number += 1
            own = began.get(item.id)
            at = f" ({clock(own.began_at)})" if own else ""
            made.append(Line(f"3.{number}. {item.title}{at}", style="point"))
            told = by_item.get(item.id)
            if sitting.id in told_of and was_passed_over(item, sitting.items, began, told is not None):
                made.append(Line("Không diễn ra."))
            else:
                made += _item(seminar, item, sitting.items, told, units)
    return made if number else [*made, Line(UNKNOWN)]


def _item(
    seminar: Seminar, item: Item, items: Sequence[Item], told: Sequence[Thread] | None, units: dict[int, str]
) -> list[Block]:
    who = item.who
    unit = units.get(item.paper_id or 0, "")
    made: list[Block] = []
    if who:
        made.append(Line(f"Người trình bày: {who}{f' – {unit}' if unit and unit not in who else ''}."))
    if told is None and item.kind != ItemKind.RECEPTION and not is_frame(item, items):
        made.append(Line(UNKNOWN, opens=f"/seminars/{seminar.slug}/notes?item={item.id}"))
    for number, thread in enumerate(told or (), 1):
        made += _note(seminar, f"({number}) ", thread.note)
        for reply in thread.replies:
            made += _note(seminar, "– ", reply)
    return made


def _note(seminar: Seminar, mark: str, note: Note) -> list[Block]:
    word = KIND_WORDS[NoteKind(note.kind)]
    return _said(f"{mark}{word} –", speech(note), f"/seminars/{seminar.slug}/notes/{note.id}")


def addressed_to(one: Recommendation) -> str:
    """The body by its name, else its kind; a gap where nobody has said it."""
    if one.addressee_name:
        return one.addressee_name
    return ADDRESSEE_WORDS[Addressee(one.addressee)] if one.addressee else UNKNOWN


def asked_for_in(seminar: Seminar) -> dict[str, tuple[str, str, str]]:
    """(what, who, to whom): what was made ready to be followed, then what was only noted; one of a note keeps its key."""
    said = {
        f"note.{one.note_id}" if one.note_id else f"recommendation.{one.id}": (
            queries.wording_of(one),
            queries.raiser_of(one) or UNKNOWN,
            addressed_to(one),
        )
        for one in queries.recommendations_of(seminar)
    }
    for note in queries.notes_not_followed(seminar):
        said[f"note.{note.id}"] = note.text, note.speaker or UNKNOWN, UNKNOWN
    return said


def _asked_for(said: Sequence[tuple[str, str, str]]) -> list[Block]:
    heading = _heading("4. Đề xuất, kiến nghị ghi nhận")
    if not said:
        return [heading, Line("Không có đề xuất, kiến nghị nào được ghi nhận.")]
    rows = tuple((str(number), *row) for number, row in enumerate(said, 1))
    headings = tuple((text, 1, 1) for text in ("STT", "Nội dung", "Người, đơn vị nêu", "Cơ quan có thẩm quyền"))
    return [heading, Table((headings,), rows, (12, 73, 40, 35), centred=(0,))]


def _end(particulars: Particulars, manner: str) -> list[Block]:
    ended, began = particulars.ended_at, particulars.began_at
    same_day = ended is None or began is None or local(ended).date() == local(began).date()
    on = "cùng ngày" if same_day or ended is None else _date(ended)
    copies = rules.padded(particulars.copies) if particulars.copies else UNKNOWN
    return [
        _heading("5. Kết thúc"),
        Line(
            f"Tọa đàm kết thúc lúc {clock(ended)} {on}. Biên bản được lập thành {copies} bản, mỗi bản {PAGE_COUNT} trang; "
            f"{manner or f'đã được thông qua {UNKNOWN}'}./.",
            style="closing",
        ),
    ]
