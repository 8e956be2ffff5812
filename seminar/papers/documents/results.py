"""The result of vetting as it is told: a notice for each paper, the list of all, a mail, a text for Zalo. Vietnamese.

Never a reviewer's name, never words for the office, no telephone but the office's own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask import render_template

from seminar.documents import rules
from seminar.documents.content import Annex, Block, Content, Line, Table
from seminar.documents.layout import rules_for
from seminar.documents.models import DocumentKind
from seminar.documents.rules import UNKNOWN, Recipient
from seminar.invitations.rules import quoted_title
from seminar.lib.clock import local, short_date
from seminar.lib.text import clean
from seminar.papers.models import PaperKind
from seminar.papers.queries.results import Result
from seminar.papers.rules.results import conclusion_words
from seminar.planning.messages import contact_of, doubt_sentence
from seminar.planning.models import Seminar

TICK = "x"
HEADINGS = ("STT", "Tên bài", "Tác giả", "Nơi gửi", "In kỷ yếu", "Trình bày", "Kết quả")
SHARES = (10, 52, 34, 30, 13, 13, 36)


def sender_of(result: Result) -> str:
    """Who is told: the unit, else the delegate, else the authors as they print."""
    paper = result.paper
    if paper.unit is not None:
        return paper.unit.name
    return paper.delegate.name if paper.delegate is not None else paper.authors


def sender_address(result: Result) -> str:
    paper = result.paper
    if paper.unit is not None:
        return paper.unit.contact_email
    return paper.delegate.email if paper.delegate is not None else ""


def _kind(result: Result) -> str:
    words = {PaperKind.PAPER: "bài tham luận", PaperKind.KEYNOTE: "báo cáo đề dẫn", PaperKind.SITUATION: "báo cáo"}
    return words[result.paper.kind]


def _plan(seminar: Seminar) -> str:
    day = short_date(seminar.plan_issued_on) if seminar.plan_issued_on else UNKNOWN
    return f"Thực hiện Kế hoạch số {seminar.plan_number or UNKNOWN}, ngày {day} của {seminar.issuer or UNKNOWN}"


def _paragraphs(text: str) -> list[Block]:
    return [Line(clean(part)) for part in text.split("\n") if clean(part)]


def _content(
    seminar: Seminar,
    subject: str,
    blocks: Sequence[Block],
    recipients: Sequence[str],
    now: datetime,
    annexes: Sequence[Annex] = (),
) -> Content:
    settings = rules.settings_of(seminar.settings)
    day = local(now).date()
    archive = next(
        (row for row in settings.rows_for(DocumentKind.NOTICE) if rules.is_archive(row)), Recipient("Lưu VP, TCKT")
    )
    return Content(
        kind=DocumentKind.NOTICE,
        symbol=rules.symbol(None, DocumentKind.NOTICE, settings),
        subject=subject,
        day=None,
        settings=settings,
        layout=rules_for(day),
        blocks=tuple(blocks),
        annexes=tuple(annexes),
        recipients=(*(Recipient(one) for one in recipients), archive),
    )


def notice(seminar: Seminar, result: Result, words: Sequence[str], now: datetime) -> Content:
    """ "Thông báo kết quả thẩm định tham luận" for the sender of one paper; its number is written in by hand."""
    decision, paper = result.decision, result.paper
    title = quoted_title(seminar.title)
    blocks: list[Block] = [
        Line(
            f"{_plan(seminar)} về tổ chức {title}, trên cơ sở kết quả thẩm định, {seminar.issuer or UNKNOWN} thông báo "
            f"đến {sender_of(result)} kết quả thẩm định {_kind(result)} như sau:"
        ),
        Line(f"“{paper.title}” (bản thứ {result.decided_on.version}).", strong="1. Tên bài:"),
        Line(f"{paper.authors}.", strong="2. Tác giả:"),
        Line(f"{conclusion_words(decision)}.", strong="3. Kết quả:"),
    ]
    if decision.note:
        label = "4. Nội dung cần chỉnh sửa:" if decision.needs_correction else "4. Ý kiến:"
        blocks += [Line("", strong=label), *_paragraphs(decision.note)]
    if words:
        number = 5 if decision.note else 4
        blocks.append(Line("", strong=f"{number}. Ý kiến thẩm định:"))
        for said in words:
            blocks += _paragraphs(said)
    if decision.needs_correction:
        blocks.append(
            Line("Bản chỉnh sửa gửi trên trang riêng theo đường dẫn đã cấp, hoặc qua " + contact_of(seminar) + ".")
        )
    blocks.append(Line(f"{seminar.issuer or UNKNOWN} thông báo để {sender_of(result)} biết./."))
    return _content(seminar, f"Kết quả thẩm định {_kind(result)} {title}", blocks, [sender_of(result)], now)


def results_table(results: Sequence[Result]) -> Table:
    rows = [
        (
            str(number),
            one.paper.title,
            one.paper.authors,
            sender_of(one),
            TICK if one.decision.in_print and not one.decision.needs_correction else "",
            TICK if one.decision.on_stage and not one.decision.needs_correction else "",
            conclusion_words(one.decision),
        )
        for number, one in enumerate(results, 1)
    ]
    return Table(
        (tuple((word, 1, 1) for word in HEADINGS),),
        tuple(rows) or (("", UNKNOWN, "", "", "", "", ""),),
        SHARES,
        centred=(0, 4, 5),
        size=11,
    )


def results_annex(seminar: Seminar, results: Sequence[Result]) -> Annex:
    return Annex(
        "DANH SÁCH",
        f"Kết quả thẩm định tham luận {quoted_title(seminar.title)}",
        (results_table(results),),
        is_landscape=True,
    )


def results_list(seminar: Seminar, results: Sequence[Result], now: datetime) -> Content:
    """One notice to all, with the list as its annex."""
    title = quoted_title(seminar.title)
    printed = sum(one.decision.in_print and not one.decision.needs_correction for one in results)
    staged = sum(one.decision.on_stage and not one.decision.needs_correction for one in results)
    corrected = sum(one.decision.needs_correction for one in results)
    said = (
        f"{_plan(seminar)} về tổ chức {title}, {seminar.issuer or UNKNOWN} thông báo kết quả thẩm định "
        f"{len(results):02d} bài tham luận (danh sách kèm theo): {printed:02d} bài in kỷ yếu, "
        f"{staged:02d} bài trình bày tại Tọa đàm"
    )
    blocks = [Line(f"{said}./.")]
    if corrected:
        blocks = [
            Line(f"{said}, {corrected:02d} bài cần chỉnh sửa."),
            Line(
                "Các bài cần chỉnh sửa đề nghị tác giả hoàn thiện và gửi lại trên trang riêng theo đường dẫn đã cấp, "
                f"hoặc qua {contact_of(seminar)}./."
            ),
        ]
    return _content(
        seminar,
        f"Kết quả thẩm định tham luận {title}",
        blocks,
        ["Các đơn vị, tác giả gửi tham luận"],
        now,
        [results_annex(seminar, results)],
    )


@dataclass(frozen=True)
class ResultMessage:
    """One mail, composed but not yet in the outbox: plain values."""

    decision_id: int
    delegate_id: int | None
    to_name: str
    to_address: str
    subject: str
    text: str
    html: str
    notice: bytes = field(default=b"", repr=False)
    """The printed notice as a PDF; empty where none goes along."""


def result_values(seminar: Seminar, result: Result, words: Sequence[str]) -> dict[str, object]:
    """What the texts say."""
    return {
        "to": sender_of(result),
        "title": clean(seminar.title),
        "issuer": seminar.issuer or UNKNOWN,
        "paper": result.paper.title,
        "kind": _kind(result),
        "conclusion": conclusion_words(result.decision),
        "corrects": result.decision.needs_correction,
        "note": result.decision.note,
        "words": list(words),
        "contact": contact_of(seminar),
        "doubt": doubt_sentence(seminar),
    }


def phone_text(seminar: Seminar, result: Result, words: Sequence[str]) -> str:
    """To be copied into Zalo."""
    return render_template("papers/_result.txt", **result_values(seminar, result, words)).strip()


def result_messages(
    seminar: Seminar, results: Sequence[Result], words: Mapping[int, Sequence[str]]
) -> list[ResultMessage]:
    """For each whose sender has an e-mail address; the others are left out. Without the notice attached."""
    found = []
    for one in results:
        address = sender_address(one)
        if not address:
            continue
        values = result_values(seminar, one, words.get(one.paper.id, []))
        name = one.paper.unit.contact_name if one.paper.unit is not None else ""
        found.append(
            ResultMessage(
                decision_id=one.decision.id,
                delegate_id=one.paper.delegate_id,
                to_name=name or sender_of(one)[:200],
                to_address=address,
                subject=f"Kết quả thẩm định tham luận – {clean(seminar.title)}"[:300],
                text=render_template("papers/result_mail.txt", **values),
                html=render_template("papers/result_mail.html", **values),
            )
        )
    return found
