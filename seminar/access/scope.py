"""Which seminar an address is of, for the features below planning (audit, mail): they keep rows of a seminar by its id
and must not import its model. Only what scoping and the page's heading need is read.
"""

from dataclasses import dataclass

from flask import abort
from sqlalchemy import column, select, table

from seminar.lib.database import db

SEMINAR = table("seminar", column("id"), column("slug"), column("title"))


@dataclass(frozen=True)
class Scope:
    id: int
    slug: str
    title: str


def scope_or_404(slug: str) -> Scope:
    row = db.session.execute(select(SEMINAR).where(SEMINAR.c.slug == slug)).first()
    if row is None:
        abort(404)
    return Scope(row.id, row.slug, row.title)
