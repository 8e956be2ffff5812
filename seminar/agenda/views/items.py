"""Items of the programme: added, changed, put elsewhere, taken out."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import staff_actor
from seminar.agenda import actions, queries, rules
from seminar.agenda.forms import ItemForm
from seminar.agenda.models import Item, ItemKind
from seminar.agenda.views import ITEM, SITTING, bp, writes_programme
from seminar.agenda.views.programme import back, show
from seminar.delegates.models import Delegate
from seminar.delegates.queries import delegate_or_404
from seminar.lib import htmx
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.language import say
from seminar.lib.numbers import whole
from seminar.planning import queries as plans
from seminar.planning.models import Seminar


def _speaker(seminar: Seminar, form: ItemForm, known: Delegate | None) -> Delegate | None:
    """The delegate chosen from those offered, else the only one that the typed letters or number can mean.

    `known` is the speaker until now, who may have left the list meanwhile.
    """
    typed = form.speaker.data or ""
    chosen = whole(form.speaker_id.data or "")
    if not typed.strip():
        if chosen is None or (known is not None and known.id == chosen):
            return known if chosen is not None else None
        return delegate_or_404(seminar, chosen)
    found = queries.speakers_found(seminar, typed)
    named = [one for one in found if one.id == chosen] or found
    if not named:
        raise Refused("No delegate has this name or number. Type other letters, or write who presents above.")
    if len(named) > 1:
        raise Refused("Several delegates can be meant: choose one of them.")
    return named[0]


def _values(seminar: Seminar, form: ItemForm, known: Delegate | None = None) -> dict[str, Any]:
    return {
        "kind": ItemKind(form.kind.data),
        "title": form.title.data or "",
        "minutes": form.minutes.data,
        "presenter": form.presenter.data or "",
        "speaker": _speaker(seminar, form, known),
        "note": form.note.data or "",
    }


def _refuse(form: ItemForm, refusal: Refused) -> None:
    field = form.speaker if refusal.message.msgid in SPEAKER_UNCLEAR else form.title
    field.errors = [say(refusal.message)]


SPEAKER_UNCLEAR = (
    "Several delegates can be meant: choose one of them.",
    "No delegate has this name or number. Type other letters, or write who presents above.",
)


@bp.post(f"{SITTING}/items")
@writes_programme
def add_item(slug: str, sitting_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.sitting_or_404(seminar, sitting_id)
    form = ItemForm(request.form)
    try:
        if form.validate():
            actions.add_item(found, **_values(seminar, form), by=staff_actor(), now=now())
            db.session.commit()
            return back(slug)
    except Refused as refusal:
        db.session.rollback()
        _refuse(form, refusal)
    return show(seminar, item_form=form, open_sitting=sitting_id, offered=_offered(seminar, form)), 422


def _offered(seminar: Seminar, form: ItemForm) -> list[Delegate]:
    return queries.speakers_found(seminar, form.speaker.data or "")


def _show_item(seminar: Seminar, item: Item, form: ItemForm) -> str:
    sittings = queries.programme(seminar)
    block = rules.block_of(item.sitting.items, item)
    withdrawn = queries.withdrawn_items(sittings)
    labels = {one.id: rules.labels_of(one.items, withdrawn) for one in sittings}
    places = [(one, [(labels[one.id][row.id], row) for row in one.items if row not in block]) for one in sittings]
    offered = _offered(seminar, form)
    if item.speaker is not None and item.speaker not in offered:
        offered = [item.speaker, *offered]
    return render_template(
        "agenda/item.html",
        seminar=seminar,
        item=item,
        form=form,
        offered=offered,
        chosen=form.speaker_id.data,
        places=places,
        along=len(block) - 1,
    )


@bp.get(ITEM)
@writes_programme
def item(slug: str, item_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.item_or_404(seminar, item_id)
    values = {name: getattr(found, name) for name in ("title", "minutes", "kind", "presenter", "note")}
    return _show_item(seminar, found, ItemForm(**values, speaker_id=str(found.speaker_id or "")))


@bp.post(ITEM)
@writes_programme
def change_item(slug: str, item_id: int) -> Any:
    seminar = plans.seminar_or_404(slug)
    found = queries.item_or_404(seminar, item_id)
    form = ItemForm(request.form)
    try:
        if form.validate():
            actions.change_item(found, **_values(seminar, form, found.speaker), by=staff_actor(), now=now())
            db.session.commit()
            return back(slug)
    except Refused as refusal:
        db.session.rollback()
        _refuse(form, refusal)
    return _show_item(seminar, found, form), 422


@bp.get("/seminars/<slug>/programme/speakers")
@writes_programme
def speakers(slug: str) -> Any:
    """Delegates by a few letters or a number, to choose from; a region of the form of an item."""
    seminar = plans.seminar_or_404(slug)
    if not htmx.wants_fragment():
        return back(slug)
    found = queries.speakers_found(seminar, request.args.get("speaker", "")[:200])
    page = render_template("agenda/_speakers.html", offered=found, chosen="", region=request.args.get("region", ""))
    return htmx.varied(page)


@bp.post(f"{ITEM}/position")
@writes_programme
def move(slug: str, item_id: int) -> Any:
    """A step up or down, or to a chosen place: `place` is "sitting:item behind which it comes" (0: first)."""
    seminar = plans.seminar_or_404(slug)
    found = queries.item_or_404(seminar, item_id)
    if "place" in request.form:
        return _place(seminar, found, request.form["place"])
    step = {"up": -1, "down": 1}.get(request.form.get("to", ""))
    if step is None:
        abort(400)
    actions.move_item(found, step, staff_actor(), now())
    db.session.commit()
    return back(slug)


def _place(seminar: Seminar, item: Item, place: str) -> Any:
    sitting_id, _colon, after_id = place.partition(":")
    into = queries.sitting_or_404(seminar, whole(sitting_id) or 0)
    after = next((one for one in into.items if one.id == whole(after_id)), None)
    try:
        if after is None and after_id != "0":
            raise Refused("The item behind which it was to come is no longer in this sitting. Look again.")
        actions.place_item(item, into, after, staff_actor(), now())
        db.session.commit()
        flash(_("“%(title)s” stands in its new place.", title=item.title), "success")
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
        return redirect(url_for("agenda.item", slug=seminar.slug, item_id=item.id), 303)
    return redirect(f"{url_for('agenda.programme', slug=seminar.slug)}#item-{item.id}", 303)


@bp.post(f"{ITEM}/removal")
@writes_programme
def remove(slug: str, item_id: int) -> Any:
    found = queries.item_or_404(plans.seminar_or_404(slug), item_id)
    title, had_paper = found.title, found.paper_id is not None
    try:
        actions.remove_item(found, staff_actor(), now())
        db.session.commit()
        flash(
            _("“%(title)s” left the programme; the paper stays.", title=title)
            if had_paper
            else _("“%(title)s” left the programme.", title=title),
            "success",
        )
    except Refused as refusal:
        db.session.rollback()
        flash(say(refusal.message), "danger")
    return back(slug)
