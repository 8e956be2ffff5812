"""The paper part of a personal page or a unit's: what was sent, what may still be sent, checked before any writing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import current_app, flash, request
from flask_babel import gettext as _

from seminar.access.actor import Actor
from seminar.delegates.models import Delegate
from seminar.lib.clock import short_moment
from seminar.lib.errors import Message
from seminar.lib.language import say
from seminar.papers import converting, messages, rules
from seminar.papers import queries as papers
from seminar.papers.checking import Sent, check_sent
from seminar.papers.models import PAPER_KIND_LABELS, Paper, PaperKind, RenditionKind, Submission
from seminar.papers.queries.results import corrections_due, outcomes
from seminar.papers.reading import keeping
from seminar.planning.models import Seminar, Unit
from seminar.portal.forms import PaperDetailsForm, PaperForm, words_of

UNIT_KINDS = (PaperKind.PAPER, PaperKind.SITUATION)
"""A unit sends its one paper (S1.69) and its report on the situation (S1.68)."""
DELEGATE_KINDS = (PaperKind.PAPER,)


@dataclass(frozen=True)
class Sender:
    """Whose page it is: a unit or a delegate, with the address of the page and who acts by it."""

    here: str
    seminar: Seminar
    by: Actor
    unit: Unit | None = None
    delegate: Delegate | None = None

    @property
    def kinds(self) -> tuple[PaperKind, ...]:
        return UNIT_KINDS if self.unit is not None else DELEGATE_KINDS

    @property
    def name(self) -> str:
        return self.unit.name if self.unit is not None else self.delegate.name if self.delegate is not None else ""

    def papers(self) -> list[Paper]:
        if self.unit is not None:
            return papers.papers_of_unit(self.seminar, self.unit)
        return papers.papers_of_delegate(self.delegate) if self.delegate is not None else []

    def deadline(self, now: datetime) -> rules.Deadline:
        return papers.deadline_of(self.seminar, now, unit=self.unit, delegate=self.delegate)

    def standing(self, kind: PaperKind) -> Paper | None:
        """The paper that a file of that kind is a better version of. A delegate's first one, whatever the office calls it."""
        own = self.papers()
        return next((one for one in own if self.delegate is not None or one.kind == kind), None)

    def paper(self, paper_id: int) -> Paper | None:
        return next((one for one in self.papers() if one.id == paper_id), None)


@dataclass(frozen=True)
class Card:
    """One paper as its sender sees it."""

    paper: Paper
    latest: Submission | None
    remarks: list[Message]
    samples: tuple[tuple[str, str], ...]
    fonts: str
    is_converted: bool
    has_pdf: bool
    form: PaperDetailsForm


def paper_form(sender: Sender, data: Any = None, target: Paper | None = None) -> PaperForm:
    kinds = sender.kinds if target is None else (target.kind,)
    return PaperForm(data, authors=sender.name, kind=kinds[0].value).offer(sender.seminar.topics, kinds)


def _forms(sender: Sender, asked: PaperForm | None) -> list[tuple[PaperForm, Paper | None]]:
    """A form for each kind that the sender may send, with the paper that it is a better version of, and one for each
    further paper, which the office entered.
    """
    targets = [(kind, sender.standing(kind), "") for kind in sender.kinds]
    known = {standing.id for _kind, standing, _id in targets if standing}
    targets += [(paper.kind, paper, str(paper.id)) for paper in sender.papers() if paper.id not in known]
    found = []
    for kind, standing, paper_id in targets:
        words = words_of(standing) if standing else {"authors": sender.name}
        form = PaperForm(None, **words, kind=kind.value, paper=paper_id).offer(sender.seminar.topics, (kind,))
        found.append((asked if asked is not None and asked.key == form.key else form, standing))
    return found


def paper_part(
    sender: Sender, now: datetime, form: PaperForm | None = None, details: tuple[int, PaperDetailsForm] | None = None
) -> dict[str, Any]:
    """What the template of the part shows; a form that was sent and is not right yet is shown as it was sent."""
    call = papers.call_of(sender.seminar)
    can_convert = converting.program() is not None
    cards = []
    for paper in sender.papers():
        latest = paper.submissions[-1] if paper.submissions else None
        pdf = papers.rendition(latest, RenditionKind.PDF) if latest else None
        cards.append(
            Card(
                paper,
                latest,
                messages.remarks_on_form(latest, call) if latest else [],
                papers.legacy_samples(latest) if latest else (),
                messages.fonts_said(latest) if latest else "",
                bool(latest and papers.rendition(latest, RenditionKind.UNICODE)),
                bool(pdf and pdf.is_sent),
                details[1] if details and details[0] == paper.id else PaperDetailsForm.of(paper, sender.seminar.topics),
            )
        )
    deadline, forms = sender.deadline(now), _forms(sender, form)
    due = {paper.id for paper in corrections_due([card.paper for card in cards])}
    found = outcomes([card.paper for card in cards])
    return {
        "papers_here": sender.here,
        "cards": cards,
        "outcomes": found,
        "comments": {
            paper_id: [one for one in outcome.comments if keeping.why_not_to_author(one) is None]
            for paper_id, outcome in found.items()
        },
        "call": call,
        "paper_deadline": deadline,
        "open_forms": {
            one.key for one, paper in forms if not deadline.is_closed or paper is not None and paper.id in due
        },
        "kinds_said": rules.kinds_said(rules.kinds_asked(call, can_convert=can_convert)),
        "can_convert": can_convert,
        "paper_forms": forms,
        "paper_kinds": PAPER_KIND_LABELS,
        "now": now,
    }


def receive_paper(standing: bytes | None = None) -> Sent:
    """The files of the form, checked. `standing` is the Word file that is there: a PDF may come to it alone."""
    upload, beside = request.files.get("file"), request.files.get("beside")
    return check_sent(
        upload.filename or "" if upload else "",
        upload.read() if upload else b"",
        beside.read() if beside else b"",
        standing,
    )


def say_problems(form: PaperForm, sent: Sent) -> None:
    if sent.problem:
        form.file.errors = [say(sent.problem)]
    elif sent.checked and not form.file.errors:
        form.file.errors = [_("Choose the file once more: it is stored when all the rest is right.")]
    if sent.beside_problem:
        form.beside.errors = [say(sent.beside_problem)]


def tell_receipt(submission: Submission, *, is_new: bool, has_pdf: bool, is_mailed: bool) -> None:
    """Says what the server stored, so that a cut upload or the wrong file is noticed, and where the receipt will go."""
    kilobytes = max(1, (submission.size_bytes + 1023) // 1024)
    version = submission.version
    if is_new:
        flash(_("Your paper arrived: version %(version)d, %(size)d kB.", version=version, size=kilobytes), "success")
    elif not has_pdf:
        told = _(
            "This very file arrived before, as version %(version)d at %(moment)s. If you meant to send a better one, "
            "look which file you chose.",
            version=version,
            moment=short_moment(submission.at),
        )
        flash(told, "info")
    if has_pdf:
        flash(_("The PDF is kept beside version %(version)d.", version=version), "success")
    if is_mailed and current_app.config["SEMINAR"].mail_server:
        address = _masked(messages.address_of(submission)[1])
        if submission.paper.unit is not None:
            flash(_("A receipt will be sent to the unit's e-mail address: %(address)s.", address=address), "info")
        else:
            flash(_("A receipt will be sent to the delegate's e-mail address: %(address)s.", address=address), "info")


def _masked(address: str) -> str:
    """Enough of it to know one's own, for whoever holds the link."""
    name, _at, host = address.partition("@")
    return f"{name[:1]}…@{host}"
