"""The office's pages: letters, sendings, answers, proxies."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import joinedload, selectinload

from seminar.access.actor import CHANNEL_LABELS, Actor, Channel
from seminar.access.guard import has_role, only, staff_actor
from seminar.access.roles import Role
from seminar.delegates import queries as delegates
from seminar.delegates.models import Delegate
from seminar.documents import actions as documents_actions
from seminar.documents.queries import document_or_404
from seminar.invitations import actions, documents, messages, queries, rules
from seminar.invitations.forms import (
    AnswerForm,
    DecisionForm,
    DeliveryForm,
    IssueForm,
    ProxyForm,
    ReasonForm,
    SendingForm,
)
from seminar.invitations.models import ANSWER_LABELS, PROXY_OUTCOME_LABELS, Answer
from seminar.invitations.queries import STATE_LABELS, State
from seminar.lib import codes, files
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.paging import page_asked
from seminar.planning import queries as plans
from seminar.planning.models import AUDIENCE_LABELS, LETTER_KIND_LABELS, Audience, LetterKind, Seminar

bp = Blueprint("invitations", __name__)

LETTER = "/seminars/<slug>/letters/<int(max=2147483647):document_id>"
DELEGATE = "/seminars/<slug>/delegates/<int(max=2147483647):delegate_id>"

reads = only(Role.ADMIN, Role.OFFICE, Role.SECRETARY)
writes = only(Role.ADMIN, Role.OFFICE)
holds_codes = writes
"""What shows personal codes or links opens only to those who may issue them."""


class Look(NamedTuple):
    """Colour and icon of a state; the word stands beside them."""

    tone: str
    symbol: str


LOOKS = {
    State.ATTENDING: Look("success", symbol="circle-check"),
    State.PROXIED: Look("info", symbol="user-share"),
    State.DECLINED: Look("danger", symbol="circle-x"),
    State.NO_ANSWER: Look("warning", symbol="clock"),
    State.NO_INVITATION: Look("muted", symbol="mail-off"),
}
CROSS_STATES = (State.LATE, State.ASKS_PROXY, State.NOT_SENT, State.NO_EMAIL)
FILTERS = (*queries.PARTITION, State.INVITED, *CROSS_STATES, State.HAS_EMAIL, State.TO_INVITE, State.NO_LETTER)
WHO = {"not_sent": (State.NOT_SENT,), "everybody": (State.INVITED,), "no_answer": (State.NO_ANSWER,)}
"""Whom a sending reaches; those without an answer get a reminder, the others the invitation."""
ROWS = 50


def base_url() -> str:
    url: str = current_app.config["SEMINAR"].base_url
    return url


def pdf_response(content: bytes, filename: str) -> Response:
    return Response(
        content, mimetype="application/pdf", headers={"Content-Disposition": f'inline; filename="{filename}"'}
    )


# --- letters


def show_letters(seminar: Seminar, form: IssueForm | None = None, refusal: str = "") -> str:
    groups = plans.groups_of(seminar)
    counts = queries.answer_counts(seminar, (State.INVITED, State.NO_INVITATION, State.TO_INVITE))
    nobody = queries.Counts(0, dict.fromkeys((State.INVITED, State.NO_INVITATION, State.TO_INVITE), 0))
    wanted = form.groups.data if form else [group.code for group in groups if group.audience != Audience.UNASSIGNED]
    return render_template(
        "invitations/letters.html",
        seminar=seminar,
        groups=groups,
        counts=counts,
        nobody=nobody,
        total=queries.summed(counts.values(), (State.INVITED, State.NO_INVITATION, State.TO_INVITE)),
        wanted=wanted or [],
        refusal=refusal,
        lacks=[
            say(rules.LACK_SENTENCES[lack])
            for lack in rules.what_lacks(seminar.venue is not None, seminar.held_on, seminar.starts_at)
        ],
        runs=queries.runs_of(seminar),
        kinds=LETTER_KIND_LABELS,
        audiences=AUDIENCE_LABELS,
        NO_LETTER=LetterKind.NONE,
        UNASSIGNED=Audience.UNASSIGNED,
        answers=url_for("invitations.answers", slug=seminar.slug),
        here=url_for("invitations.letters", slug=seminar.slug),
        may_issue=has_role(Role.ADMIN, Role.OFFICE),
    )


@bp.get("/seminars/<slug>/letters")
@reads
def letters(slug: str) -> Any:
    return show_letters(plans.seminar_or_404(slug))


@bp.post("/seminars/<slug>/letters")
@writes
def issue(slug: str) -> Any:
    """Takes the numbers and makes the codes; afterwards the letters are built and kept as they were issued."""
    seminar = plans.seminar_or_404(slug)
    form = IssueForm(request.form)
    form.groups.choices = [(group.code, group.name) for group in plans.groups_of(seminar)]
    try:
        if not form.validate() or not form.groups.data:
            raise Refused("Choose at least one group.")
        chosen = queries.delegates_to_invite(seminar, form.groups.data)
        issued = actions.issue_letters(seminar, chosen, staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        return show_letters(plans.seminar_or_404(slug), form, say(refusal.message)), 422
    told = [(one.id, one.symbol, one.addressee_count) for one in issued]
    db.session.commit()
    for _id, symbol, count in told:
        flash(
            ngettext(
                "Letter %(symbol)s was issued to %(num)d person.",
                "Letter %(symbol)s was issued to %(num)d people.",
                count,
                symbol=symbol,
            ),
            "success",
        )
    keep_runs(slug, [one[0] for one in told])
    return redirect(url_for("invitations.letters", slug=slug), 303)


def keep_runs(slug: str, document_ids: list[int]) -> None:
    """Builds each run outside of any writing transaction and keeps it; what fails can be printed again at any time."""
    try:
        with reading():
            seminar = plans.seminar_or_404(slug)
            kept = documents.kept_runs(seminar, document_ids, base_url())
        seminar = plans.seminar_or_404(slug)
        for document_id, digest in kept.items():
            documents_actions.keep_issued(document_or_404(seminar, document_id), digest)
        db.session.commit()
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "warning")


@bp.get(f"{LETTER}/print.pdf")
@holds_codes
def print_letters(slug: str, document_id: int) -> Any:
    """The letters of the run that are in force, one after the other, in protocol order."""
    seminar = plans.seminar_or_404(slug)
    document = document_or_404(seminar, document_id)
    invitations = queries.invitations_of_document(document, seminar)
    if not invitations:
        raise Refused("None of these letters is in force any more.")
    return pdf_response(
        documents.letters_pdf(invitations, base_url()), f"{document.kind.value}-{document.number:02d}.pdf"
    )


@bp.get(f"{LETTER}/issued.pdf")
@holds_codes
def issued_letters(slug: str, document_id: int) -> Any:
    """The run as it was issued, also where codes were revoked since."""
    document = document_or_404(plans.seminar_or_404(slug), document_id)
    if not document.file_sha256:
        abort(404)
    return pdf_response(files.read(document.file_sha256), f"{document.kind.value}-{document.number:02d}.pdf")


@bp.get("/seminars/<slug>/letters/preview.pdf")
@reads
def preview(slug: str) -> Any:
    """One letter of each kind as it would be issued now, marked as a draft and without a code."""
    seminar = plans.seminar_or_404(slug)
    sample = documents.drafts(seminar, queries.samples(seminar), now())
    if not sample:
        raise Refused("There is nobody on the list yet to whom a letter could be shown.")
    return pdf_response(documents.letters_pdf(sample, base_url(), is_draft=True), "du-thao.pdf")


# --- sendings


def _choice(seminar: Seminar, values: Any) -> tuple[str, str]:
    """(who, code of the group or nothing) as asked for; what is unknown falls back to the first choice."""
    who, group = values.get("who", ""), values.get("group", "")
    known = {one.code for one in plans.groups_of(seminar)}
    return who if who in WHO else "not_sent", group if group in known else ""


def show_sendings(seminar: Seminar, who: str, group: str, refusal: str = "") -> str:
    states = WHO[who]
    chosen = delegates.matching(seminar, delegates.Wanted(group=group))
    listing = url_for("invitations.answers", slug=seminar.slug)

    def counted(*more: State) -> tuple[int, str]:
        wanted = [("state", state.value) for state in (*states, *more)] + ([("group", group)] if group else [])
        return delegates.counted(queries.with_state(chosen, *states, *more)), f"{listing}?{urlencode(wanted)}"

    return render_template(
        "invitations/sendings.html",
        seminar=seminar,
        who=who,
        group=group,
        groups=plans.groups_of(seminar),
        with_email=counted(State.HAS_EMAIL),
        without_email=counted(State.NO_EMAIL),
        waiting=delegates.counted(queries.with_state(chosen, State.TO_INVITE)),
        waiting_href=f"{listing}?{urlencode([('state', 'to_invite')] + ([('group', group)] if group else []))}",
        refusal=refusal,
        has_server=bool(current_app.config["SEMINAR"].mail_server),
        may_send=has_role(Role.ADMIN, Role.OFFICE),
    )


@bp.get("/seminars/<slug>/sendings")
@writes
def sendings(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    return show_sendings(seminar, *_choice(seminar, request.args))


@bp.post("/seminars/<slug>/sendings")
@writes
def send(slug: str) -> Any:
    """Composes outside of the writing transaction; sends only what the sender saw counted, to the person."""
    form = SendingForm(request.form)
    moment = now()
    with reading():
        seminar = plans.seminar_or_404(slug)
        who, group = _choice(seminar, request.form)
        purpose = queries.REMINDS if who == "no_answer" else queries.INVITES
        chosen = queries.invitations_in_force(seminar, *WHO[who], group_codes=[group] if group else [])
        mails = messages.composed(chosen, base_url(), purpose)
        seen_now = (len(mails), len(chosen) - len(mails))
    seminar = plans.seminar_or_404(slug)
    try:
        if not form.validate() or seen_now != (form.seen_count.data, form.seen_without.data):
            raise Refused("Meanwhile the numbers changed, nothing was sent: look at them again and confirm.")
        still = queries.invitations_in_force(seminar, *WHO[who], group_codes=[group] if group else [])
        if {one.id for one in still if documents.bearer_email(one)} != {mail.invitation_id for mail in mails}:
            raise Refused("Meanwhile the numbers changed, nothing was sent: look at them again and confirm.")
        act = actions.remind if purpose == queries.REMINDS else actions.send_invitations
        batch = act(seminar, mails, staff_actor(), moment)
    except Refused as refusal:
        db.session.rollback()
        seminar = plans.seminar_or_404(slug)
        return show_sendings(seminar, who, group, say(refusal.message)), 422
    db.session.commit()
    flash(ngettext("%(num)d message is in the outbox.", "%(num)d messages are in the outbox.", len(mails)), "success")
    return redirect(url_for("mail.outbox", slug=slug, batch=batch), 303)


# --- answers


def _states(args: Any) -> list[State]:
    return [State(value) for value in dict.fromkeys(args.getlist("state")) if value in set(State)]


@bp.get("/seminars/<slug>/answers")
@reads
def answers(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    wanted = delegates.Wanted.from_args(request.args)
    states = _states(request.args)
    query = queries.with_state(delegates.matching(seminar, wanted), *states)
    letter = number_asked(request.args, "letter")
    if letter:
        query = queries.of_letter(query, letter)
    total = delegates.counted(query)
    pages = max(1, -(-total // ROWS))
    page = min(page_asked(), pages)
    eager = (joinedload(Delegate.unit), selectinload(Delegate.memberships))
    shown = delegates.page_of(delegates.ordered(query, wanted.order).options(*eager), page, ROWS)
    chosen = [(name, value) for name, value in request.args.items(multi=True) if name != "page" and value]
    here = url_for("invitations.answers", slug=slug)
    counts = queries.answer_counts(seminar)
    by_unit = queries.answer_counts_by_unit(seminar)
    return render_template(
        "invitations/answers.html",
        seminar=seminar,
        wanted=wanted,
        states=states,
        rows=queries.answer_rows(shown),
        total=total,
        page=page,
        pages=pages,
        href=lambda number: f"{here}?{urlencode([*chosen, ('page', number)])}",
        here=here,
        groups=plans.groups_of(seminar),
        units=plans.units_on(seminar.held_on),
        counts=counts,
        by_unit=by_unit,
        all=queries.summed(counts.values()),
        partition=queries.PARTITION,
        cross=CROSS_STATES,
        filters=FILTERS,
        labels=STATE_LABELS,
        looks=LOOKS,
        channels=CHANNEL_LABELS,
        person=f"/seminars/{seminar.slug}/delegates/",
        may_act=has_role(Role.ADMIN, Role.OFFICE),
    )


def number_asked(args: Any, name: str) -> int:
    """A whole number of the address, or 0."""
    text = args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


# --- one delegate: on behalf


def show_delegate(seminar: Seminar, delegate: Delegate, status: int = 200, refusal: str = "", **forms: Any) -> Any:
    invitation = queries.in_force_of(delegate)
    page = {
        "answer_form": AnswerForm(),
        "proxy_form": ProxyForm(),
        "reissue_form": ReasonForm(),
        "revoke_form": ReasonForm(),
        "delivery_form": DeliveryForm(),
    } | forms
    return render_template(
        "invitations/answer.html",
        seminar=seminar,
        delegate=delegate,
        invitation=invitation,
        facts=documents.facts(invitation, base_url()) if invitation else None,
        code=codes.grouped(invitation.code) if invitation else "",
        state=queries.state_of(invitation, queries.current_rsvp(delegate)),
        rsvps=queries.rsvps_of(delegate),
        history=queries.invitations_of(delegate),
        deliveries=queries.deliveries_of(delegate),
        proxy=queries.open_proxy_of(delegate),
        refusal=refusal,
        labels=STATE_LABELS,
        looks=LOOKS,
        channels=CHANNEL_LABELS,
        answer_labels=ANSWER_LABELS,
        here=f"/seminars/{seminar.slug}/delegates/{delegate.id}",
        **page,
    ), status


@bp.get(f"{DELEGATE}/answer")
@holds_codes
def answer_of(slug: str, delegate_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    return show_delegate(seminar, delegates.delegate_or_404(seminar, delegate_id))


def _act(slug: str, delegate_id: int, name: str, form: Any, act: Any, done: str) -> Any:
    """One action on one delegate: done and back to the page, or the page again with what was typed and why not."""
    seminar = plans.seminar_or_404(slug)
    delegate = delegates.delegate_or_404(seminar, delegate_id)
    problem = ""
    try:
        if form.validate():
            act(delegate)
            db.session.commit()
            flash(done, "success")
            return redirect(f"/seminars/{slug}/delegates/{delegate_id}", 303)
    except Refused as refusal:
        problem = say(refusal.message)
    db.session.rollback()
    seminar = plans.seminar_or_404(slug)
    delegate = delegates.delegate_or_404(seminar, delegate_id)
    return show_delegate(seminar, delegate, 422, problem, **{name: form})


def _for(delegate: Delegate, channel: str) -> Actor:
    return staff_actor().for_(delegate.name, Channel(channel))


@bp.post(f"{DELEGATE}/answer")
@writes
def answer_for(slug: str, delegate_id: int) -> Any:
    form = AnswerForm(request.form)

    def act(delegate: Delegate) -> None:
        by = _for(delegate, form.channel.data)
        actions.answer(delegate, Answer(form.answer.data), form.reason.data or "", by, now())

    return _act(slug, delegate_id, "answer_form", form, act, _("The answer is recorded."))


@bp.post(f"{DELEGATE}/proxy")
@writes
def propose_proxy_for(slug: str, delegate_id: int) -> Any:
    form = ProxyForm(request.form)

    def act(delegate: Delegate) -> None:
        actions.propose_proxy(
            delegate,
            form.name.data or "",
            form.position.data or "",
            form.phone.data or "",
            form.email.data or "",
            form.reason.data or "",
            _for(delegate, form.channel.data),
            now(),
        )

    return _act(slug, delegate_id, "proxy_form", form, act, _("The proposal is recorded."))


@bp.post(f"{DELEGATE}/invitation/reissue")
@writes
def reissue(slug: str, delegate_id: int) -> Any:
    form = ReasonForm(request.form)

    def act(delegate: Delegate) -> None:
        actions.reissue(delegate, form.reason.data or "", staff_actor(), now())

    done = _("There is a new code; the old one opens nothing any more.")
    return _act(slug, delegate_id, "reissue_form", form, act, done)


@bp.post(f"{DELEGATE}/invitation/revocation")
@writes
def revoke(slug: str, delegate_id: int) -> Any:
    form = ReasonForm(request.form)

    def act(delegate: Delegate) -> None:
        invitation = queries.in_force_of(delegate)
        if invitation is not None:  # twice is harmless
            actions.revoke(invitation, form.reason.data or "", staff_actor(), now())

    done = _("The invitation is revoked: its code opens nothing any more.")
    return _act(slug, delegate_id, "revoke_form", form, act, done)


@bp.post(f"{DELEGATE}/deliveries")
@writes
def hand_over(slug: str, delegate_id: int) -> Any:
    form = DeliveryForm(request.form)

    def act(delegate: Delegate) -> None:
        invitation = queries.in_force_of(delegate)
        if invitation is None:
            raise Refused("%(name)s has no invitation in force: issue a letter.", name=delegate.name)
        actions.hand_over(invitation, Channel(form.channel.data), form.note.data or "", staff_actor(), now())

    return _act(slug, delegate_id, "delivery_form", form, act, _("It is recorded that the invitation was handed over."))


# --- proxies


def show_proxies(seminar: Seminar, refused: int = 0, refusal: str = "", note: str = "") -> str:
    found = queries.proxies_of(seminar)
    return render_template(
        "invitations/proxies.html",
        seminar=seminar,
        waiting=[proxy for proxy in found if proxy.outcome is None],
        decided=[proxy for proxy in found if proxy.outcome is not None],
        refused=refused,
        refusal=refusal,
        note=note,
        outcomes=PROXY_OUTCOME_LABELS,
        channels=CHANNEL_LABELS,
        person=f"/seminars/{seminar.slug}/delegates/",
        prefix=f"/seminars/{seminar.slug}/proxies/",
        may_decide=has_role(Role.ADMIN, Role.OFFICE),
    )


@bp.get("/seminars/<slug>/proxies")
@reads
def proxies(slug: str) -> Any:
    return show_proxies(plans.seminar_or_404(slug))


@bp.post("/seminars/<slug>/proxies/<int(max=2147483647):proxy_id>/decision")
@writes
def decide(slug: str, proxy_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    proxy = queries.proxy_or_404(seminar, proxy_id)
    form = DecisionForm(request.form)
    try:
        if not form.validate():
            raise Refused("Choose: approve or refuse.")
        approved = form.outcome.data == "approve"
        actions.decide_proxy(proxy, approved, form.note.data or "", staff_actor(), now())
    except Refused as refusal:
        db.session.rollback()
        seminar = plans.seminar_or_404(slug)
        return show_proxies(seminar, proxy_id, say(refusal.message), form.note.data or ""), 422
    name = proxy.name
    db.session.commit()
    flash(
        _("%(name)s may come instead and has an own code now: send or print the letter.", name=name)
        if approved
        else _("The request is refused."),
        "success",
    )
    return redirect(url_for("invitations.proxies", slug=slug), 303)
