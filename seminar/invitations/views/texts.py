"""Texts for Zalo and SMS: per person and for the group of a unit, their length counted, marked as sent by hand."""

from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for

from seminar.access.actor import Channel
from seminar.access.guard import staff_actor
from seminar.delegates import queries as delegates
from seminar.invitations import actions, queries, rules
from seminar.invitations.forms import TextsForm
from seminar.invitations.messages.phone import ZALO_MOST, PhoneText, texts_of, unit_text
from seminar.invitations.models import Invitation, Purpose
from seminar.invitations.queries import STATE_LABELS, STATES_OF, Choice
from seminar.invitations.views import base_url, bp, choice_of, timely, writes
from seminar.lib import htmx
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext, say
from seminar.lib.numbers import whole
from seminar.lib.paging import page_asked
from seminar.lib.text import clean_block, unaccented
from seminar.mail.models import PURPOSE_LABELS
from seminar.planning import queries as plans
from seminar.planning.models import Seminar

ROWS = 20
KINDS = ("long", "short", "bare")
MOST_WORDS = 600
"""Of an own text: it goes by the address of the page, and an SMS is short."""


def _bearer_without_email(invitation: Invitation) -> bool:
    return not (invitation.proxy or invitation.delegate).email


def show_texts(seminar: Seminar, choice: Choice, said: Any, refusal: str = "", form: TextsForm | None = None) -> Any:
    """The page, or for htmx the region with the texts alone: the count is told while somebody types."""
    kind = said["kind"] if said.get("kind") in KINDS else KINDS[0]
    only_without = said.get("without") == "1"
    wording = clean_block(said.get("wording", ""))[:MOST_WORDS] if choice.purpose == Purpose.MESSAGE else ""
    chosen = queries.recipients(seminar, choice)
    if only_without:
        chosen = [one for one in chosen if _bearer_without_email(one)]
    pages = max(1, -(-len(chosen) // ROWS))
    page = min(page_asked(), pages)
    shown = chosen[(page - 1) * ROWS : page * ROWS]
    answers = plans.milestone(seminar, "answers")
    moment = now()
    is_timely = timely(seminar, choice.purpose, moment, (Purpose.REMINDER,))
    told = queries.told_now(seminar)
    before = queries.last_told(shown)
    rows = []
    try:
        until = rules.answer_by(answers, moment)
        rows = texts_of(shown, base_url(), choice.purpose, until, before, told, wording)
    except Refused as wrong:
        refusal = say(wrong.message)
    unit = plans.unit_or_404(choice.unit_id) if choice.unit_id and choice.unit_id != delegates.NO_UNIT else None
    invites = chosen and choice.purpose != Purpose.CANCELLATION and not is_timely.refusal
    bundle = unit_text(unit.name, chosen, base_url()) if unit and invites else None
    here = url_for("invitations.texts", slug=seminar.slug)
    words = [*choice.said(), ("kind", kind)] + ([("without", "1")] if only_without else [])
    words += [("wording", wording)] if wording else []
    region = {
        "seminar": seminar,
        "choice": choice,
        "rows": [(one, getattr(one, kind)) for one in rows],
        "kind": kind,
        "total": len(chosen),
        "page": page,
        "pages": pages,
        "href": lambda number: f"{here}?{urlencode([*words, ('page', number)])}",
        "words": words,
        "here": here,
        "form": form or TextsForm(channel=Channel.ZALO.value),
        "bundle": bundle,
        "bare_bundle": PhoneText.of(unaccented(bundle.text)) if bundle else None,
        "unit": unit,
        "refusal": refusal,
        "timely": is_timely,
        "zalo_most": ZALO_MOST,
        "states": [(one, STATE_LABELS[one]) for one in STATES_OF[choice.purpose]],
        "person": f"/seminars/{seminar.slug}/delegates/",
    }
    if htmx.wants_fragment():
        state = render_template("invitations/_state.html", states=region["states"], choice=choice, is_beside=True)
        return render_template("invitations/_texts.html", **region) + state
    return render_template(
        "invitations/texts.html",
        **region,
        only_without=only_without,
        wording=wording,
        purposes=[(one, PURPOSE_LABELS[one]) for one in STATES_OF],
        groups=plans.groups_of(seminar),
        units=plans.units_on(seminar.held_on),
        NO_UNIT=delegates.NO_UNIT,
        fields=list(rules.MERGE_FIELDS),
        most_words=MOST_WORDS,
    )


@bp.get("/seminars/<slug>/texts")
@writes
def texts(slug: str) -> Any:
    return htmx.varied(show_texts(plans.seminar_or_404(slug), choice_of(request.args), request.args))


@bp.post("/seminars/<slug>/texts")
@writes
def mark_texts(slug: str) -> Any:
    """Those ticked got the text, or all of the unit with the one text for its group."""
    seminar = plans.seminar_or_404(slug)
    choice = Choice.of(request.form)
    form = TextsForm(request.form)
    try:
        if not form.validate():
            raise Refused("Choose how it was handed over.")
        ticked = {whole(one) for one in request.form.getlist("ticked")}
        chosen = queries.recipients(seminar, choice)
        if request.form.get("everybody") != "1":
            chosen = [one for one in chosen if one.id in ticked]
            if len(chosen) != len(ticked):
                raise Refused("Meanwhile the list changed, nothing was written down: look at it again.")
        by, moment = staff_actor(), now()
        channel, note = Channel(form.channel.data), form.note.data or ""
        actions.hand_over_all(seminar, chosen, choice.purpose, channel, note, by, moment)
    except Refused as refusal:
        db.session.rollback()
        with reading():
            seminar = plans.seminar_or_404(slug)
            return show_texts(seminar, choice, request.form, say(refusal.message), form), 422
    count = len(chosen)
    db.session.commit()
    flash(ngettext("Written down for %(num)d person.", "Written down for %(num)d people.", count), "success")
    said = [(name, value) for name, value in request.form.items() if name in ("kind", "without", "wording") and value]
    return redirect(f"{url_for('invitations.texts', slug=slug)}?{urlencode([*choice.said(), *said])}", 303)
