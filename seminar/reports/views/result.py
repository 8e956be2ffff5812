"""The result report: as it stands, its sections of prose one at a time, and the draft as a Word file."""

from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.doors import opens
from seminar.access.guard import has_role, only, staff_actor
from seminar.access.roles import Role
from seminar.documents import queries as registers
from seminar.documents import rules
from seminar.documents.content import Lack
from seminar.documents.models import DocumentKind
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import N_, Message, Refused
from seminar.lib.language import say
from seminar.lib.numbers import whole
from seminar.minutes import queries as minutes
from seminar.minutes.queries import NOBODY
from seminar.planning import queries as plans
from seminar.planning.models import Seminar
from seminar.reports import actions
from seminar.reports.documents import result
from seminar.reports.documents.result_lacks import lacks_of
from seminar.reports.forms import ReportIssueForm, WordingForm
from seminar.reports.queries import Facts, facts, names, snapshot
from seminar.reports.queries import wordings as queries
from seminar.reports.rules.result import Change, Section, moved
from seminar.reports.views import WORD, bp, file

ISSUERS = (Role.OFFICE,)
READERS = (*ISSUERS, Role.SECRETARY)
PAGE = "/seminars/<slug>/report"
SECTION = f"{PAGE}/sections/<key>"
KEEPERS = (Role.ADMIN, Role.OFFICE)
"""Who may have the whole seminar packed."""
PLACES = {
    "sections": N_("to the sections"),
    "body": N_("to the sections"),
    "recipients": N_("to Nơi nhận"),
    "settings": N_("to the form of the documents"),
    "minutes": N_("to the minutes"),
    "recommendations": N_("to the recommendations"),
    "arrivals": N_("to the arrivals"),
    "statistics": N_("to the statistics"),
}
"""Where a lack is mended, as the words of a link."""


class Named:
    """The words of figures, and of what changed in them."""

    def __init__(self, known: Facts) -> None:
        self.counts = snapshot(known)
        self.names = names(known)

    def of(self, key: str) -> str:
        name = self.names[key]
        return f"{say(name.of)}: {say(name.which)}" if name.of else say(name.which)

    def change(self, one: Change) -> str:
        return say(Message("%(what)s %(then)s → %(now)s", what=self.of(one.key), then=one.then, now=one.now))

    def choices(self) -> dict[str, list[tuple[str, str, int]]]:
        """(key, words, count) of each figure that may stand in prose, under the headings of the list."""
        found: dict[str, list[tuple[str, str, int]]] = {}
        for key, name in self.names.items():
            found.setdefault(say(name.under), []).append((key, self.of(key), self.counts[key]))
        return found


def report_page(slug: str, form: ReportIssueForm | None = None, refusal: str = "") -> str:
    seminar = plans.seminar_or_404(slug)
    moment, known = now(), facts(seminar)
    named = Named(known)
    made = result.blocks(seminar, moment, known)
    states = queries.states(seminar, named.counts)
    issues = queries.issues_of(seminar)
    pending = queries.pending_document(seminar)
    printed = result.content_of(seminar, made, moment)
    lacks = lacks_of(
        printed, known, states, minutes.adopted_version(seminar), queries.recommendations_by_addressee(seminar)
    )
    return render_template(
        "reports/report.html",
        seminar=seminar,
        moment=moment,
        blocks=made,
        states=states,
        change=named.change,
        stops=_told(lacks, stops=True),
        remarks=_told(lacks, stops=False),
        places=_places(seminar),
        issues=issues,
        moved=moved(issues[-1].facts, named.counts) if issues else [],
        pending=pending,
        form=form or ReportIssueForm(data={"issue_count": len(issues)}),
        next_symbol=pending.symbol
        if pending
        else rules.symbol(
            registers.next_number(printed.settings, DocumentKind.REPORT), DocumentKind.REPORT, printed.settings
        ),
        may_issue=has_role(*ISSUERS),
        may_pack=has_role(*KEEPERS),
        refusal=refusal,
        here=url_for("reports.report", slug=slug),
    )


def _told(lacks: list[Lack], *, stops: bool) -> dict[str, str]:
    return {say(one.message): one.where for one in lacks if one.stops == stops}


def _places(seminar: Seminar) -> dict[str, tuple[str, str]]:
    """(address, words) of each place where something is mended."""
    slug = seminar.slug
    notes = url_for("minutes.notes", slug=slug)
    minutes, recommendations = (f"/seminars/{slug}/{page}" for page in ("minutes", "recommendations"))
    addresses = {
        "sections": "#sections",
        "body": "#sections",
        "recipients": url_for("documents.recipients", slug=slug, kind=DocumentKind.REPORT.value),
        "settings": f"{url_for('documents.settings', slug=slug)}#form",
        "minutes": minutes if opens(minutes) else notes,
        "recommendations": f"{recommendations}?addressee={NOBODY}" if opens(recommendations) else notes,
        "arrivals": url_for("checkin.arrivals", slug=slug),
    }
    statistics = url_for("statistics.board", slug=slug)
    if opens(statistics):
        addresses["statistics"] = statistics
    return {where: (addresses[where], say(words)) for where, words in PLACES.items() if where in addresses}


@bp.get(PAGE)
@only(*READERS)
def report(slug: str) -> Any:
    return report_page(slug)


@bp.get("/seminars/<slug>/report.docx")
@only(*READERS)
def document(slug: str) -> Response:
    seminar = plans.seminar_or_404(slug)
    base_url: str = current_app.config["SEMINAR"].base_url
    return file(result.report_docx(seminar, base_url, now()), WORD, f"bao-cao-{seminar.slug}.docx")


# One section


def _section_page(
    seminar: Seminar,
    section: Section,
    form: WordingForm | None = None,
    refusal: str = "",
    *,
    is_conflict: bool = False,
) -> str:
    known = facts(seminar)
    named = Named(known)
    history = queries.history_of(seminar, section.key)
    latest = history[0] if history else None
    begun = ""
    if not (latest and latest.text):
        begun = queries.start_of(seminar, section)
    if form is None:
        starts = request.args.get("from") == "notes" and bool(begun)
        form = WordingForm(
            data={
                "text": begun if starts else latest.text if latest else "",
                "revision": latest.revision if latest else 0,
            }
        )
    else:
        starts = False
    all_sections = queries.sections_of(seminar)
    at = [one.key for one in all_sections].index(section.key)
    return render_template(
        "reports/section.html",
        seminar=seminar,
        section=section,
        form=form,
        history=history,
        latest=latest,
        changes=queries.state_of(section, latest, named.counts).changes,
        change=named.change,
        choices=named.choices(),
        can_begin=bool(begun),
        is_begun=starts,
        is_conflict=is_conflict,
        refusal=refusal,
        figure=known.topics.get(section.topic_id) if section.topic_id is not None else None,
        before=all_sections[at - 1] if at else None,
        after=all_sections[at + 1] if at + 1 < len(all_sections) else None,
        here=url_for("reports.section", slug=seminar.slug, key=section.key),
        page=url_for("reports.report", slug=seminar.slug),
    )


@bp.get(SECTION)
@only(*READERS)
def section(slug: str, key: str) -> Any:
    """The section open for writing; `from=notes` fills an empty one with the notes, not yet saved."""
    seminar = plans.seminar_or_404(slug)
    return _section_page(seminar, queries.section_or_404(seminar, key))


@bp.post(SECTION)
@only(*READERS)
def write_section(slug: str, key: str) -> Any:
    with reading():  # desks go on scanning while it is counted
        seminar = plans.seminar_or_404(slug)
        found, counts = queries.section_or_404(seminar, key), snapshot(facts(seminar))
    form = WordingForm(request.form)
    try:
        if not form.validate():
            raise Refused("The page is incomplete. Copy your words, open the section anew and put them in.")
        seminar = plans.seminar_or_404(slug)
        actions.write_section(seminar, found, form.revision.data, form.text.data or "", counts, staff_actor(), now())
        db.session.commit()
    except Refused as refusal:
        return _not_written(slug, found, form, refusal)
    flash(_("“%(title)s” is saved.", title=found.title), "success")
    return redirect(url_for("reports.report", slug=slug, _anchor="sections"), 303)


def _not_written(slug: str, found: Section, form: WordingForm | None, refusal: Refused) -> Any:
    """What was typed stays in the form; where somebody else saved, both stand there and the form follows theirs."""
    db.session.rollback()
    is_conflict = isinstance(refusal, actions.WrittenMeanwhile)
    with reading():  # desks go on scanning while it is counted
        seminar = plans.seminar_or_404(slug)
        if is_conflict and form is not None:
            latest = queries.wording_of(seminar, found.key)
            form.revision.raw_data = [str(latest.revision if latest else 0)]  # what the field shows, before its data
        page = _section_page(seminar, found, form, say(refusal.message), is_conflict=is_conflict and form is not None)
    return page, 409 if is_conflict else 422


def _seen(said: Mapping[str, str]) -> dict[str, int]:
    """The figures that the page showed as changed: fields seen-<key>."""
    counts = {name.removeprefix("seen-"): whole(text) for name, text in said.items() if name.startswith("seen-")}
    return {key: count for key, count in counts.items() if count is not None}


@bp.post(f"{SECTION}/figures")
@only(*READERS)
def look_through(slug: str, key: str) -> Any:
    """The words stand, though figures changed."""
    seminar = plans.seminar_or_404(slug)
    found = queries.section_or_404(seminar, key)
    revision = whole(request.form.get("revision", ""))
    try:
        if revision is None:
            raise Refused("Somebody else was faster. Reload the page and look again.")
        actions.look_through(seminar, found, revision, _seen(request.form), staff_actor(), now())
        db.session.commit()
    except Refused as refusal:
        return _not_written(slug, found, None, refusal)
    flash(_("“%(title)s” stands with the figures as they are now.", title=found.title), "success")
    return redirect(url_for("reports.report", slug=slug, _anchor="sections"), 303)
