"""What is looked at before the minutes are adopted: each gap with the place where it is mended."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from seminar.documents.content import texts_of
from seminar.documents.glyphs import unprintable
from seminar.lib.clock import short_moment
from seminar.lib.errors import N_, Message
from seminar.lib.text import shorten
from seminar.minutes import queries
from seminar.minutes.documents.minutes import Minutes
from seminar.minutes.models import Note
from seminar.minutes.rules import empty_items, unanswered
from seminar.planning.models import Seminar

MOST_LINKS = 12
WORDS_SHOWN = 70


@dataclass(frozen=True)
class Remark:
    """`links` are (words, path) of the places; `more` how many there are besides. What `stops` must be mended first."""

    message: Message
    links: tuple[tuple[str, str], ...] = ()
    more: int = 0
    stops: bool = False


def remarks_of(seminar: Seminar, minutes: Minutes) -> list[Remark]:
    """First what stops, then what is warned of; nothing else is forbidden."""
    base = f"/seminars/{seminar.slug}"
    here = f"{base}/minutes#particulars"
    has = minutes.particulars
    found = []
    if not minutes.notes:
        found.append(
            Remark(
                Message("There is no note yet: minutes of nothing cannot be adopted."),
                (("", f"{base}/notes"),),
                stops=True,
            )
        )
    found += _unprintable(seminar, minutes)
    for is_there, text in (
        (has.began_at, N_("When it began is not known.")),
        (has.ended_at, N_("When it ended is not known.")),
        (has.chairs, N_("Who presided is not known.")),
        (has.secretaries, N_("Nobody stands as secretary.")),
        (has.copies, N_("The number of copies is not written.")),
    ):
        if not is_there:
            found.append(Remark(Message(text), (("", here),)))
    if seminar.venue is None:
        found.append(Remark(Message("The venue is not confirmed: it prints as a gap."), (("", f"{base}/plan#venues"),)))
    drafts = queries.drafts_of_notes(seminar)
    if drafts:
        links = [
            (
                f"{one.user.name}, {short_moment(one.saved_at)}",  # the words are theirs until they save them
                f"{base}/notes/{one.note_id}" if one.note_id else f"{base}/notes",
            )
            for one in drafts
        ]
        found.append(_listed(N_("Words that somebody typed and has not saved: %(count)s."), links))
    empty = [(one.title, f"{base}/notes?item={one.id}") for one in empty_items(minutes.items, minutes.notes)]
    if empty:
        found.append(_listed(N_("Items of the programme without a note: %(count)s."), empty))
    found += _of_notes(seminar, minutes.notes)
    return found


def _of_notes(seminar: Seminar, notes: Sequence[Note]) -> list[Remark]:
    base = f"/seminars/{seminar.slug}"
    found = []
    for text, wanting in (
        (N_("Notes without a speaker: %(count)s."), [note for note in notes if not note.speaker]),
        (N_("Questions without an answer: %(count)s."), unanswered(notes)),
    ):
        if wanting:
            found.append(_listed(text, _links(seminar, wanting)))
    unaddressed = queries.recommendations_of(seminar, queries.RecommendationsWanted(addressee=queries.NOBODY))
    loose = len(queries.notes_not_followed(seminar)) + len(unaddressed)
    if loose:
        found.append(
            Remark(
                Message(
                    "Proposals and recommendations of which nobody has said to whom they go: %(count)s.",
                    count=loose,
                ),
                (("", f"{base}/recommendations?addressee={queries.NOBODY}"),),
            )
        )
    return found


def _unprintable(seminar: Seminar, minutes: Minutes) -> list[Remark]:
    """The PDF would lack a character without a word; so it is written otherwise first."""
    wrong = [note for note in minutes.notes if unprintable(f"{note.speaker} {note.text}")]
    signs = "".join(dict.fromkeys(sign for text in texts_of(minutes.content) for sign in unprintable(text)))
    if not signs:
        return []
    message = Message("The font has no “%(characters)s”: write it otherwise.", characters=" ".join(signs))
    return [Remark(message, tuple(_links(seminar, wrong))[:MOST_LINKS], stops=True)]


def _links(seminar: Seminar, notes: Iterable[Note]) -> list[tuple[str, str]]:
    return [(shorten(note.text, WORDS_SHOWN), f"/seminars/{seminar.slug}/notes/{note.id}") for note in notes]


def _listed(text: str, links: Sequence[tuple[str, str]]) -> Remark:
    return Remark(Message(text, count=len(links)), tuple(links[:MOST_LINKS]), more=max(0, len(links) - MOST_LINKS))
