"""The board of units and experts by the state of their paper, and reminders to those only whose paper is missing."""

from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from seminar.access.guard import has_role, staff_actor
from seminar.access.roles import Role
from seminar.delegates.queries import by_number
from seminar.invitations.messages import Message
from seminar.invitations.messages import composed as composed_invitations
from seminar.invitations.models import Purpose
from seminar.lib.clock import now
from seminar.lib.database import db, reading
from seminar.lib.errors import Refused
from seminar.lib.language import ngettext, say
from seminar.lib.numbers import whole
from seminar.papers.actions import reminders as actions
from seminar.papers.documents.board import board_workbook, delegate_wording, unit_need
from seminar.papers.forms import ExpectationForm
from seminar.papers.queries import own_deadlines
from seminar.papers.queries.senders import Sender, expectation_or_404, is_today, senders
from seminar.papers.rules.senders import SENDER_STATE_LABELS, SenderState
from seminar.papers.views import bp, reads_papers, uploads
from seminar.planning import queries as plans
from seminar.planning.messages import LinkMessage, composed
from seminar.planning.models import Seminar
from seminar.planning.rules import what_links_lack

BOARD = "/seminars/<slug>/papers/board"
REMINDERS = "/seminars/<slug>/papers/reminders"
WHO = ("units", "experts")
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _filtered(found: list[Sender]) -> tuple[list[Sender], str, str]:
    """(what the address asks for, who, state)."""
    who, state = request.args.get("who", ""), request.args.get("state", "")
    if (who and who not in WHO) or (state and state not in {*SenderState, "late"}):
        abort(404)
    if who:
        found = [one for one in found if (one.unit is not None) == (who == "units")]
    return [one for one in found if _is(one, state)], who, state


def _is(one: Sender, state: str) -> bool:
    return one.late_days > 0 if state == "late" else not state or state in one.states


def show_board(seminar: Seminar, form: ExpectationForm | None = None) -> str:
    everybody = senders(seminar, now())
    shown, who, state = _filtered(everybody)
    of_who = [one for one in everybody if not who or (one.unit is not None) == (who == "units")]
    return render_template(
        "papers/board.html",
        seminar=seminar,
        shown=shown,
        who=who,
        state=state,
        counts={one: sum(_is(sender, one) for sender in of_who) for one in ("", *SenderState, "late")},
        states=SENDER_STATE_LABELS,
        form=form or ExpectationForm(),
        may_upload=has_role(Role.OFFICE),
    )


@bp.get(BOARD)
@reads_papers
def board(slug: str) -> Any:
    return show_board(plans.seminar_or_404(slug))


@bp.get(f"{BOARD}.xlsx")
@reads_papers
def board_as_workbook(slug: str) -> Response:
    seminar = plans.seminar_or_404(slug)
    shown, _who, _state = _filtered(senders(seminar, now()))
    return Response(
        board_workbook(seminar, shown),
        mimetype=EXCEL,
        headers={"Content-Disposition": f'attachment; filename="tham-luan-{seminar.slug}.xlsx"'},
    )


@bp.post("/seminars/<slug>/papers/expected")
@uploads
def expect_paper(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    form = ExpectationForm(request.form)
    if form.validate():
        delegate = by_number(seminar, form.number.data)
        if delegate is not None and delegate.removed_at is None:
            name = delegate.name
            actions.expect_paper(seminar, delegate, staff_actor(), now())
            db.session.commit()
            flash(_("A paper is expected from %(name)s.", name=name), "success")
            return redirect(url_for("papers.board", slug=slug, who="experts"), 303)
        form.number.errors = [_("There is no delegate with the number %(number)d.", number=form.number.data)]
    return show_board(seminar, form), 422


@bp.post("/seminars/<slug>/papers/expected/<int:expectation_id>/removal")
@uploads
def expect_no_paper(slug: str, expectation_id: int) -> Any:
    found = expectation_or_404(plans.seminar_or_404(slug), expectation_id)
    actions.expect_no_paper(found, staff_actor(), now())
    db.session.commit()
    return redirect(url_for("papers.board", slug=slug, who="experts"), 303)


def _to_remind(seminar: Seminar, again: bool) -> tuple[list[Sender], list[Sender], list[Sender]]:
    """(whom the reminder reaches, whom it cannot reach, who was reminded today already and is left out)."""
    moment = now()
    missing = [one for one in senders(seminar, moment) if one.is_missing]
    today = [] if again else [one for one in missing if is_today(one.reminded_at, moment)]
    rest = [one for one in missing if one not in today]
    return [one for one in rest if one.address], [one for one in rest if not one.address], today


def _composed(seminar: Seminar, reached: list[Sender]) -> tuple[list[LinkMessage], list[Message]]:
    moment, base_url = now(), current_app.config["SEMINAR"].base_url
    needs = {one.unit.id: [unit_need(one, moment)] for one in reached if one.unit}
    links = [one.link for one in reached if one.unit and one.link]
    to_units = composed(links, seminar.milestones, base_url, moment, needs, own=own_deadlines(seminar, moment))
    to_delegates: list[Message] = []
    for one in reached:
        if one.invitation is not None:
            words = delegate_wording(one, moment)
            to_delegates += composed_invitations([one.invitation], base_url, Purpose.MESSAGE, wording=words, now=moment)
    return to_units, to_delegates


def _show_reminders(slug: str, again: bool, refusal: str = "") -> str:
    seminar = plans.seminar_or_404(slug)
    reached, unreached, today = _to_remind(seminar, again)
    to_units, to_delegates = _composed(seminar, reached)
    return render_template(
        "papers/reminders.html",
        seminar=seminar,
        reached=reached,
        unreached=unreached,
        today=today,
        again=again,
        mails=[*to_units[:1], *to_delegates[:1]],
        lacks=what_links_lack(seminar.issuer, seminar.contact_name, seminar.contact_phone),
        refusal=refusal,
        has_server=bool(current_app.config["SEMINAR"].mail_server),
    )


@bp.get(REMINDERS)
@uploads
def reminders(slug: str) -> Any:
    return _show_reminders(slug, request.args.get("again") == "yes")


@bp.post(REMINDERS)
@uploads
def remind(slug: str) -> Any:
    """Composes outside of the writing transaction; sends only what the sender saw counted, to the person."""
    again = request.form.get("again") == "yes"
    seen = tuple(whole(request.form.get(name, "")) for name in ("seen_count", "seen_without"))
    with reading():
        seminar = plans.seminar_or_404(slug)
        reached, unreached, _today = _to_remind(seminar, again)
        to_units, to_delegates = _composed(seminar, reached)
        is_seen = seen == (len(reached), len(unreached))
    seminar = plans.seminar_or_404(slug)
    try:
        if not is_seen:
            raise Refused("Meanwhile the numbers changed, nothing was sent: look at them again and confirm.")
        batches = actions.remind_missing(seminar, to_units, to_delegates, staff_actor(), now(), again=again)
    except Refused as refusal:
        db.session.rollback()
        with reading():
            return _show_reminders(slug, again, say(refusal.message)), 422
    db.session.commit()
    count = len(to_units) + len(to_delegates)
    flash(ngettext("%(num)d message is in the outbox.", "%(num)d messages are in the outbox.", count), "success")
    if len(batches) == 1:
        return redirect(url_for("mail.batch", slug=slug, batch=batches[0]), 303)
    return redirect(url_for("mail.outbox", slug=slug), 303)
