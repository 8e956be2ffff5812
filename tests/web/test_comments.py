"""The file with a reviewer's comments: let through to the author by the office, and never with the reviewer's name."""

import io
import re
import zipfile

import docx
import pypdf
import pytest
from pypdf.annotations import Text

from seminar.lib.database import db
from seminar.lib.errors import Refused
from seminar.lib.text import fold
from seminar.papers.models import Paper
from seminar.papers.reading.nameless import SOMEBODY, without_names
from seminar.planning.actions import issue_unit_link
from tests import cast, corpus
from tests.web import inviting, vetting
from tests.web.vetting import PAPERS

NAME = "Phạm Quang Vinh"
PEOPLE = (
    '<?xml version="1.0"?><w15:people xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml">'
    f'<w15:person w15:author="{NAME}"><w15:presenceInfo w15:providerId="AD" w15:userId="vinh@example.vn"/></w15:person>'
    "</w15:people>"
)
CUSTOM = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties">'
    f'<property name="Owner"><v>{NAME}</v></property></Properties>'
)
TEMPLATE = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" '
    'Target="file:///C:\\Users\\Pham Quang Vinh\\Normal.dotm" TargetMode="External"/></Relationships>'
)


def commented(said="Bổ sung số liệu năm 2023", more="") -> bytes:
    """A Word paper as Word leaves it: a comment, a change, and the name in all the places where Word writes it."""
    document = docx.Document()
    paragraph = document.add_paragraph("Nội dung của bài.")
    document.add_comment(paragraph.runs, text=said, author=NAME, initials="PQV")
    if more:
        document.add_paragraph(more)
    document.core_properties.author = document.core_properties.last_modified_by = NAME
    out, made = io.BytesIO(), io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out) as package, zipfile.ZipFile(made, "w") as changed:
        for name in package.namelist():
            part = package.read(name)
            if name == "word/document.xml":
                change = f'<w:ins w:id="9" w:author="{NAME}" w:date="2024-03-01T00:00:00Z"><w:r><w:t>Thêm</w:t></w:r></w:ins></w:p>'
                part = part.decode().replace("</w:p>", change, 1).encode()
            elif name == "docProps/app.xml":
                part = re.sub(rb"<Company>.*?</Company>|<Company/>|</Properties>", b"", part)
                part += f"<Company>{NAME}</Company></Properties>".encode()
            changed.writestr(name, part)
        changed.writestr("word/people.xml", PEOPLE)
        changed.writestr("docProps/custom.xml", CUSTOM)
        changed.writestr("word/_rels/settings.xml.rels", TEMPLATE)
    return made.getvalue()


def commented_pdf() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(corpus.pdf()))
    writer.add_annotation(0, Text(text="Bo sung so lieu", rect=(50, 550, 200, 650), title_bar=NAME))
    writer.add_metadata({"/Author": NAME})
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def words_in(content: bytes) -> str:
    """All parts of a Word file in one text."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return fold(" ".join(package.read(name).decode("utf-8", "replace") for name in package.namelist()))


@pytest.fixture
def given(app):
    """A paper of the unit and one of a delegate, both given to Vinh and decided on; the pages of both."""
    with app.app_context():
        unit = vetting.unit("Huyện Đoàn Thử Hai")
        person = inviting.invite(("Hồ Văn Ý", "G2", {"email": "y@example.vn"}))["Hồ Văn Ý"]
        from seminar.delegates.models import Delegate

        first = vetting.submit("Của đơn vị", unit=unit)
        second = vetting.submit("Của chuyên gia", delegate=db.session.get(Delegate, person))
        for one in (first, second):
            vetting.assign(one)
            vetting.decide(one, in_print=True, needs_correction=True, note="Sửa theo góp ý")
        link = issue_unit_link(cast.find_seminar(), unit, cast.OFFICE, cast.NOW)
        db.session.commit()
        return {
            f"/u/{link.code}": first.paper_id,
            f"/i/{inviting.in_force(person).code}": second.paper_id,
        }


def review(client, paper_id, content, name="Nhận xét của Vinh.docx", **fields):
    data = {"advice": "print", "file": (io.BytesIO(content), name)} | fields
    address = f"{PAPERS}/{paper_id}/versions/1/review"
    assert client.post(address, data=data, content_type="multipart/form-data").status_code == 303


def links(page: str) -> list[str]:
    return re.findall(r'href="([^"]+/comments/\d+)"', page)


@pytest.mark.parametrize(("content", "extension"), [(commented, "docx"), (commented_pdf, "pdf")])
def test_the_author_gets_the_comments_and_never_the_name(app, office, staff, visitor, given, content, extension):
    for number, (page, paper_id) in enumerate(given.items(), 1):
        sent = content()
        review(staff("vinh"), paper_id, sent)
        assert links(visitor.get(page).text) == []
        assert visitor.get(f"{page}/papers/{paper_id}/comments/{number}").status_code == 404
        assert "trong tệp không còn tên" in office.get(f"{PAPERS}/{paper_id}").text
        office.post(f"{PAPERS}/{paper_id}/reviews/{number}/release")
        (link,) = links(visitor.get(page).text)
        answer = visitor.get(link)
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"] == f"attachment; filename=gop-y-ban-1.{extension}"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
        if extension == "docx":
            said = words_in(answer.data)
            assert "vinh" not in said
            assert "bo sung so lieu nam 2023" in said
            assert {one.author for one in docx.Document(io.BytesIO(answer.data)).comments} == {SOMEBODY}
        else:
            reader = pypdf.PdfReader(io.BytesIO(answer.data))
            (note,) = [one.get_object() for one in reader.pages[0]["/Annots"]]
            assert (note["/Contents"], note["/T"]) == ("Bo sung so lieu", SOMEBODY)
            assert not reader.metadata
        assert office.get(f"{PAPERS}/{paper_id}/reviews/{number}/file").data == sent
        office.post(f"{PAPERS}/{paper_id}/reviews/{number}/release/reversal")
        assert links(visitor.get(page).text) == []
        assert visitor.get(link).status_code == 404


def test_nobody_gets_the_comments_of_another_paper(app, office, staff, visitor, given):
    (one, first), (other, second) = given.items()
    review(staff("vinh"), first, commented())
    office.post(f"{PAPERS}/{first}/reviews/1/release")
    assert visitor.get(f"{one}/papers/{first}/comments/1").status_code == 200
    for address in (
        f"{one}/papers/{second}/comments/1",
        f"{other}/papers/{first}/comments/1",
        f"{other}/papers/{second}/comments/1",
        f"/u/sai/papers/{first}/comments/1",
    ):
        assert visitor.get(address).status_code == 404


def test_a_file_in_which_the_name_still_stands_stays_in_the_office(app, office, staff, visitor, given):
    page, paper_id = next(iter(given.items()))
    review(staff("vinh"), paper_id, commented("Ý kiến của Phạm Quang VINH"), for_author="Xin bổ sung số liệu")
    assert "Trong tệp có nhận xét còn ghi “Phạm Quang Vinh”" in office.get(f"{PAPERS}/{paper_id}").text
    office.post(f"{PAPERS}/{paper_id}/reviews/1/release")
    shown = visitor.get(page).text
    assert "Xin bổ sung số liệu" in shown
    assert links(shown) == []
    assert visitor.get(f"{page}/papers/{paper_id}/comments/1").status_code == 404
    review(staff("vinh"), paper_id, commented(), for_author="Xin bổ sung số liệu")
    office.post(f"{PAPERS}/{paper_id}/reviews/2/release")
    assert len(links(visitor.get(page).text)) == 1


def test_a_changed_mind_is_let_through_anew(app, office, staff, visitor, given):
    page, paper_id = next(iter(given.items()))
    review(staff("vinh"), paper_id, commented())
    office.post(f"{PAPERS}/{paper_id}/reviews/1/release")
    review(staff("vinh"), paper_id, commented("Khác rồi"))
    assert links(visitor.get(page).text) == []
    assert visitor.get(f"{page}/papers/{paper_id}/comments/1").status_code == 404


def test_words_on_the_version_decided_on_stay_when_a_newer_one_is_reviewed(app, office, staff, visitor, given):
    page, paper_id = next(iter(given.items()))
    review(staff("vinh"), paper_id, commented(), for_author="Thêm số liệu")
    office.post(f"{PAPERS}/{paper_id}/reviews/1/release")
    with app.app_context():
        newer = vetting.submit("", corpus.word("Bản hai"), paper=db.session.get(Paper, paper_id))
        db.session.commit()
    data = {"advice": "present", "for_author": "Đã tốt hơn"}
    staff("vinh").post(f"{PAPERS}/{paper_id}/versions/2/review", data=data)
    shown = visitor.get(page).text
    assert "Thêm số liệu" in shown
    assert "Đã tốt hơn" not in shown
    assert visitor.get(*links(shown)).status_code == 200
    office.post(f"{PAPERS}/{paper_id}/reviews/2/release")
    assert "Đã tốt hơn" not in visitor.get(page).text
    with app.app_context():
        vetting.decide(db.session.merge(newer), in_print=True)
        db.session.commit()
    shown = visitor.get(page).text
    assert "Đã tốt hơn" in shown
    assert "Thêm số liệu" not in shown
    assert links(shown) == []


def test_a_name_that_the_paper_itself_says_is_no_reason_to_keep_the_file():
    document = docx.Document()
    document.add_paragraph(f"Theo {NAME} (2020).")
    out = io.BytesIO()
    document.save(out)
    made = without_names(commented(more=f"Theo {NAME} (2020)."), out.getvalue(), [NAME])
    assert words_in(made).count("pham quang vinh") == 1
    with pytest.raises(Refused):
        without_names(commented(more=f"{NAME}. Theo {NAME} (2020)."), out.getvalue(), [NAME])
