"""The summary of the delegates, the people behind each of its figures, and the units that sent nobody."""

from typing import Any
from urllib.parse import urlencode

from flask import current_app, render_template, request, url_for

from seminar.access.guard import has_role, only
from seminar.access.roles import Role
from seminar.checkin.queries.walk_ins import represented
from seminar.delegates.queries import PAGE_SIZE, counted, ordered, page_of
from seminar.invitations.queries import proxies_in_force
from seminar.lib.clock import now
from seminar.lib.database import db
from seminar.lib.paging import page_asked
from seminar.planning import queries as plans
from seminar.reports.documents import credentials as documents
from seminar.reports.queries import credentials as queries
from seminar.reports.queries import people
from seminar.reports.queries.people import Who
from seminar.reports.views import WORD, bp, file

READERS = (Role.ADMIN, Role.OFFICE, Role.SECRETARY, Role.VIEWER)


@bp.get("/seminars/<slug>/credentials")
@only(*READERS)
def credentials(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    moment = now()
    return render_template(
        "reports/credentials.html",
        seminar=seminar,
        moment=moment,
        subject=documents.subject_of(seminar),
        blocks=documents.blocks(seminar, moment),
    )


@bp.get("/seminars/<slug>/credentials.docx")
@only(*READERS)
def credentials_document(slug: str) -> Any:
    seminar = plans.seminar_or_404(slug)
    base_url: str = current_app.config["SEMINAR"].base_url
    content = documents.credentials_docx(seminar, base_url, now())
    return file(content, WORD, f"tinh-hinh-dai-bieu-{seminar.slug}.docx")


@bp.get("/seminars/<slug>/credentials/people")
@only(*READERS)
def counted_people(slug: str) -> Any:
    """Exactly those whom a figure counts; with `count=memberships` a row for each group of each."""
    seminar = plans.seminar_or_404(slug)
    who = Who.from_args(request.args)
    in_memberships = request.args.get("count") == "memberships"
    total = people.count_memberships(seminar, who) if in_memberships else counted(people.matching(seminar, who))
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(page_asked(), pages)
    if in_memberships:
        query = people.memberships_of(seminar, who).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE)
        rows = [(delegate, group) for delegate, group in db.session.execute(query)]
    else:
        shown = page_of(ordered(people.matching(seminar, who), "protocol"), page)
        rows = [(delegate, delegate.group) for delegate in shown]
    chosen = [(name, value) for name, value in request.args.items(multi=True) if name != "page" and value]
    here = url_for("reports.counted_people", slug=slug)
    return render_template(
        "reports/people.html",
        seminar=seminar,
        rows=rows,
        proxies=proxies_in_force(delegate.id for delegate, _ in rows),
        instead=represented(delegate.id for delegate, _ in rows),
        total=total,
        in_memberships=in_memberships,
        page=page,
        pages=pages,
        href=lambda number: f"{here}?{urlencode([*chosen, ('page', number)])}",
        query=who.to_query(),
        person=f"/seminars/{seminar.slug}/delegates/",
        may_open=has_role(Role.ADMIN, Role.OFFICE),
        may_list=has_role(Role.ADMIN, Role.OFFICE, Role.SECRETARY),
    )


@bp.get("/seminars/<slug>/credentials/units")
@only(*READERS)
def silent_units(slug: str) -> Any:
    """Units with nobody on the list, or with nobody in the hall."""
    seminar = plans.seminar_or_404(slug)
    is_absent = request.args.get("which") == "absent"
    summary, units = queries.summary(seminar), queries.units_of(seminar)
    ids = [unit.id for unit in units]
    wanted = set(summary.absent_units(ids) if is_absent else summary.unheard_units(ids))
    return render_template(
        "reports/units.html",
        seminar=seminar,
        is_absent=is_absent,
        units=[unit for unit in units if unit.id in wanted],
        listed={unit_id: line["listed"] for unit_id, line in summary.units.items()},
    )
