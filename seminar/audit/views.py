"""The log of a seminar, and that of the installation, as sentences."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from seminar.access.actor import CHANNEL_LABELS, Channel
from seminar.access.guard import only
from seminar.access.roles import Role
from seminar.access.scope import Scope, scope_or_404
from seminar.audit import queries
from seminar.audit.models import AuditEntry
from seminar.audit.rules import CONTEXT, NOUNS, VERBS
from seminar.lib.paging import page_asked

bp = Blueprint("audit", __name__)
ROWS = 50


def verb_label(verb: str) -> str:
    return pgettext(CONTEXT, VERBS[verb]) if verb in VERBS else verb


def noun_label(noun: str) -> str:
    return pgettext(CONTEXT, NOUNS[noun]) if noun in NOUNS else noun.replace("_", " ")


def sentence(entry: AuditEntry) -> str:
    """Who did what, for whom and by which channel, without the moment."""
    deed = _(
        "%(actor)s %(verb)s %(noun)s",
        actor=entry.actor_name,
        verb=verb_label(entry.verb),
        noun=noun_label(entry.noun),
    )
    if entry.on_behalf_of:
        deed = _(
            "%(deed)s on behalf of %(somebody)s, %(channel)s",
            deed=deed,
            somebody=entry.on_behalf_of,
            channel=_(CHANNEL_LABELS[entry.channel]),
        )
    elif entry.channel != Channel.PAGE:
        deed = _("%(deed)s %(channel)s", deed=deed, channel=_(CHANNEL_LABELS[entry.channel]))
    return f"{deed}: {entry.summary}" if entry.summary else deed


def _page(seminar: Scope | None, here: str) -> str:
    seminar_id = seminar.id if seminar else None
    wanted = queries.Wanted.from_args(request.args)
    query = queries.matching(seminar_id, wanted)
    total = queries.counted(query)
    pages = max(1, -(-total // ROWS))
    page = min(page_asked(), pages)
    chosen = {name: value for name, value in request.args.items() if name != "page" and value}
    return render_template(
        "audit/log.html",
        seminar=seminar,
        wanted=wanted,
        rows=queries.page_of(query, page, ROWS),
        total=total,
        page=page,
        pages=pages,
        href=lambda number: f"{here}?{urlencode({**chosen, 'page': number})}",
        here=here,
        nouns=sorted((noun_label(noun), noun) for noun in queries.nouns(seminar_id)),
        actors=queries.actors(seminar_id),
        sentence=sentence,
    )


@bp.get("/seminars/<slug>/audit")
@only(Role.ADMIN, Role.OFFICE)
def log(slug: str) -> Any:
    return _page(scope_or_404(slug), url_for("audit.log", slug=slug))


@bp.get("/audit")
@only(Role.ADMIN)
def installation() -> Any:
    """What belongs to no seminar: accounts, roles, sign-ins."""
    return _page(None, url_for("audit.installation"))
