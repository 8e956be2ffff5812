"""What the result report lacks before it is issued: by what happened so far, and by its form. Most of it only warns."""

from collections.abc import Mapping, Sequence

from seminar.documents import content
from seminar.documents.content import Content, Lack
from seminar.lib.errors import Message
from seminar.minutes.models import Addressee, MinutesVersion
from seminar.reports.queries import Column, Facts
from seminar.reports.queries.wordings import Asked, SectionState


def lacks_of(
    printed: Content,
    known: Facts,
    states: Sequence[SectionState],
    minutes: MinutesVersion | None,
    asked: Mapping[Addressee | None, Sequence[Asked]],
) -> list[Lack]:
    """Sections without words, figures that moved, minutes not adopted, people not counted; then the document's own form."""
    found = []
    empty = [one.section.title for one in states if not one.text]
    if empty:
        message = Message("Not written yet: %(titles)s.", titles="; ".join(empty))
        found.append(Lack(message, where="sections"))
    moved = [one.section.title for one in states if one.text and one.changes]
    if moved:
        message = Message("Figures changed since it was written: %(titles)s.", titles="; ".join(moved))
        found.append(Lack(message, where="sections"))
    if minutes is None:
        found.append(Lack(Message("The minutes are not adopted yet."), where="minutes"))
    if not known.whole[Column.ARRIVED].count:
        found.append(Lack(Message("Nobody is recorded as having come."), where="arrivals"))
    for one in known.statistics:
        if one.missing.count and one.is_owed:
            message = Message(
                "%(count)s units have no accepted figures: %(name)s.", count=one.missing.count, name=one.table.name
            )
            found.append(Lack(message, where="statistics"))
    undecided = [one for one in asked.get(None, ()) if not one.addressee_name]
    if undecided:
        message = Message(
            "To whom %(count)s of the proposals and recommendations go is not decided.", count=len(undecided)
        )
        found.append(Lack(message, where="recommendations"))
    return found + content.lacks_of(printed)
