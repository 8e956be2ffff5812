"""What the tests of vetting share: papers with real files, reviewers, decisions."""

import io

import docx
from PIL import Image

from seminar.accounts.models import User
from seminar.lib import files
from seminar.lib.database import db
from seminar.papers import actions
from seminar.papers.actions import vetting
from seminar.papers.checking import EXTENSIONS, CheckedFile, inspect
from seminar.papers.models import Assignment, Paper, Submission
from seminar.papers.queries import vetting as queries
from seminar.planning.models import Unit
from tests import cast, corpus

PAPERS = f"/seminars/{cast.SLUG}/papers"


def manuscript(*paragraphs: str, with_more: bool = True, cell: str = "<script>alert(1)</script>") -> bytes:
    """A Word paper with headings, and with more: a table of merged cells and a picture."""
    document = docx.Document()
    document.add_heading("Giải pháp phát triển đảng", 0)
    document.add_heading("I. Thực trạng", 1)
    for text in paragraphs or ("Đoạn thứ nhất.", "Đoạn thứ hai."):
        document.add_paragraph(text)
    if with_more:
        table = document.add_table(2, 2)
        table.cell(0, 0).merge(table.cell(0, 1)).text = "Năm 2023"
        table.cell(1, 0).text = cell
        picture = io.BytesIO()
        Image.new("RGB", (40, 20), "red").save(picture, "PNG")
        picture.seek(0)
        document.add_picture(picture)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def unit(name: str = "Thành Đoàn Thử Một") -> Unit:
    return db.session.scalars(db.select(Unit).where(Unit.name == name)).one()


def checked(content: bytes) -> CheckedFile:
    """A file that is known to be good, looked at without the price of a child."""
    found = inspect(content)
    extension = EXTENSIONS[found["media_type"]]
    return CheckedFile(
        f"Bài.{extension}",
        content,
        files.sha256(content),
        found["media_type"],
        extension,
        found["word_count"],
        found["page_count"],
    )


def submit(title: str = "Bài thử", content: bytes | None = None, **values) -> Submission:
    values = {"authors": "Tập thể", "by": cast.OFFICE, "now": cast.NOW} | values
    file = checked(content or corpus.word(f"Nội dung của {title}."))
    return actions.submit_paper(cast.find_seminar(), file, title=title, **values)


def decide(sent: Submission, in_print=False, on_stage=False, needs_correction=False, note="Vì vậy"):
    return actions.decide_paper(
        db.session.get(Paper, sent.paper_id),
        version=sent.version,
        in_print=in_print,
        on_stage=on_stage,
        needs_correction=needs_correction,
        note=note,
        by=cast.OFFICE,
        now=cast.NOW,
    )


def user(login: str) -> User:
    return db.session.scalars(db.select(User).where(User.email == f"{login}@example.vn")).one()


def reviewer(login: str = "vinh", unit: Unit | None = None, body: str = ""):
    return vetting.add_reviewer(cast.find_seminar(), user(login), unit, body, cast.OFFICE, cast.NOW)


def assign(sent: Submission, login: str = "vinh") -> Assignment:
    seminar = cast.find_seminar()
    one = queries.reviewer_of(seminar, user(login).id) or reviewer(login)
    made = vetting.assign_papers(
        seminar, [db.session.get(Paper, sent.paper_id)], [one], None, confirmed=True, by=cast.OFFICE, now=cast.NOW
    )
    return made[0]
