"""What the isolated child made of a paper's file, kept beside the file store by the file's sha256.

The folder may be emptied at any time. One child works at a time, and makes several pages at once.
"""

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from flask import current_app

from seminar.lib import files
from seminar.lib.errors import Message, Refused
from seminar.lib.isolated import run_isolated
from seminar.papers import queries
from seminar.papers.checking import EXTENSIONS
from seminar.papers.models import Review, Submission
from seminar.papers.reading import changes, nameless, pages, word

FORM = 1
"""Of what is kept; a new one makes everything anew."""
PAGES_AT_ONCE = 10
CHILD_SECONDS = 30
WAITING_SECONDS = 15
FAILED = "refused.json"
FAILED_SECONDS = 600


@dataclass(frozen=True)
class Source:
    """The file of a version that is shown, and as what."""

    kind: Literal["word", "pdf", "comments"]
    sha256: str

    @property
    def folder(self) -> Path:
        return _root() / f"{self.kind}-{self.sha256}"


@dataclass(frozen=True)
class WordText:
    """`pictures` are media types by number; "" for one that no browser shows."""

    html: str
    pictures: list[str]
    paragraphs: list[str]
    has_equations: bool


@dataclass(frozen=True)
class PageTexts:
    """Of each page of a PDF its (width, height) in points and its text."""

    sizes: list[tuple[int, int]]
    texts: list[str]


def source_of(submission: Submission) -> Source | None:
    """What of the version can be shown: Word before PDF; None where neither is there, as of a .doc not converted."""
    if (digest := queries.word_sha256(submission)) is not None:
        return Source("word", digest)
    digest = queries.pdf_sha256(submission)
    return Source("pdf", digest) if digest is not None else None


def word_text(source: Source) -> WordText:
    """`Refused` where the child cannot read it. Slow the first time."""
    said = _made(source, "text.json", lambda: _make_word(source))
    return WordText(**json.loads(said.read_text(encoding="utf-8")))


def page_texts(source: Source) -> PageTexts:
    """Also makes the first pages, which are looked at next. `Refused` as above."""
    said = _made(source, "pages.json", lambda: _make_pages(source, 0))
    return PageTexts(**json.loads(said.read_text(encoding="utf-8")))


def page_picture(source: Source, number: int) -> Path | None:
    """The JPEG of page `number` (from 1), made with its neighbours; None where there is no such page."""
    if not 0 < number <= len(page_texts(source).sizes):
        return None
    begin = (number - 1) // PAGES_AT_ONCE * PAGES_AT_ONCE
    return _made(source, f"{number}.jpg", lambda: _make_pages(source, begin))


def word_picture(source: Source, number: int) -> tuple[Path, str] | None:
    """The picture `number` (from 0) with its media type; None where there is none that a browser shows."""
    kinds = word_text(source).pictures
    if not 0 <= number < len(kinds) or not kinds[number]:
        return None
    return source.folder / f"{number}.picture", kinds[number]


def paragraphs_of(source: Source) -> list[str]:
    if source.kind == "word":
        return word_text(source).paragraphs
    return changes.paragraphs("\n".join(page_texts(source).texts))


def compare(before: Source, after: Source) -> list[changes.Change]:
    """What changed, by paragraphs. `Refused` where one of the two cannot be read."""
    found = run_isolated(changes.compare, paragraphs_of(before), paragraphs_of(after), cpu_seconds=CHILD_SECONDS)
    return [changes.Change(**one) for one in found]


def without_names(review: Review) -> Path:
    """The file with the reviewer's comments as the author gets it. `Refused` where it cannot be, with what to do.

    Which names must not stand in it is part of where it is kept: a reviewer whose name changes is looked for anew.
    """
    if EXTENSIONS.get(review.media_type) not in ("docx", "pdf"):
        raise Refused("Only a Word file (.docx) or a PDF goes to the author; this one stays in the office.")
    user = review.assignment.reviewer.user
    names = sorted({review.by, user.name, user.email})
    before = review.submission.file_sha256
    source = Source("comments", files.sha256("|".join((review.file_sha256, before, *names)).encode()))

    def make() -> None:
        content, paper = files.read(review.file_sha256), files.read(before)
        _keep(source, {"file": run_isolated(nameless.without_names, content, paper, names, cpu_seconds=CHILD_SECONDS)})

    return _made(source, "file", make)


def why_not_to_author(review: Review) -> Message | None:
    """Why the file with comments does not go to the author with the words; None where it may."""
    try:
        without_names(review)
    except Refused as refusal:
        return refusal.message
    return None


def _root() -> Path:
    return Path(current_app.config["SEMINAR"].data) / "reading" / str(FORM)


def _made(source: Source, name: str, make: Callable[[], None]) -> Path:
    """Makes what is not there yet. A file that could not be read is not tried again for some minutes: each try is slow."""
    target = source.folder / name
    if not target.exists():
        _refuse_what_failed(source)
        with _alone():
            if not target.exists():
                _refuse_what_failed(source)
                try:
                    make()
                except Refused as refusal:
                    said = {"msgid": refusal.message.msgid, "values": refusal.message.values}
                    _keep(source, {FAILED: json.dumps(said).encode()})
                    raise
    return target


def _refuse_what_failed(source: Source) -> None:
    failed = source.folder / FAILED
    if failed.exists() and time.time() - failed.stat().st_mtime < FAILED_SECONDS:
        said = json.loads(failed.read_text(encoding="utf-8"))
        raise Refused(said["msgid"], **said["values"])


@contextmanager
def _alone() -> Iterator[None]:
    """One child at a time on this machine: whoever waited finds the work done, and nobody waits for long."""
    _root().mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = os.open(_root() / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    until = time.monotonic() + WAITING_SECONDS
    try:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise Refused(
                        "Other papers are being made ready to read just now. Wait a moment and open it again."
                    ) from None
                time.sleep(0.05)
        yield
    finally:
        os.close(lock)


def _make_word(source: Source) -> None:
    made = run_isolated(word.read, files.read(source.sha256), cpu_seconds=CHILD_SECONDS, wall_seconds=CHILD_SECONDS)
    kinds = [kind for kind, _ in made["pictures"]]
    parts = {f"{number}.picture": content for number, (_, content) in enumerate(made["pictures"])}
    parts["text.json"] = json.dumps(made | {"pictures": kinds}, ensure_ascii=False).encode()
    _keep(source, parts)


def _make_pages(source: Source, begin: int) -> None:
    """The pages from `begin` on, and what all pages say if it is not known yet."""
    has_texts = (source.folder / "pages.json").exists()
    made = run_isolated(
        pages.read,
        files.read(source.sha256),
        begin,
        begin + PAGES_AT_ONCE,
        not has_texts,
        cpu_seconds=CHILD_SECONDS,
        wall_seconds=CHILD_SECONDS,
    )
    parts = {f"{begin + number}.jpg": content for number, content in enumerate(made["pictures"], 1)}
    if not has_texts:
        parts["pages.json"] = json.dumps(made["said"], ensure_ascii=False).encode()
    _keep(source, parts)


def _keep(source: Source, parts: dict[str, bytes]) -> None:
    """What says that all of it is there comes last."""
    source.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, content in parts.items():
        fresh = source.folder / f".{name}"
        fresh.write_bytes(content)
        fresh.replace(source.folder / name)
