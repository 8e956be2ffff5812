"""The handover dossier: asked once, packed, opened without the app, counted against the database, fetched and cleared."""

import csv
import hashlib
import io
import json
import re
import tomllib
import zipfile
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import openpyxl
import pytest

from seminar.audit.models import AuditEntry
from seminar.checkin.models import Arrival, Scan, WalkIn
from seminar.delegates.models import Delegate
from seminar.documents.models import IssuedDocument
from seminar.invitations.models import Invitation, Proxy, Rsvp
from seminar.lib import clock, files
from seminar.lib.database import db
from seminar.minutes.actions import Wording, write_note
from seminar.minutes.models import Note, NoteAttachment, NoteKind, NoteRevision, Recommendation
from seminar.papers.models import Decision, Paper, Submission
from seminar.reports import actions
from seminar.reports.documents.dossier import gatherings
from seminar.reports.documents.dossier.archive import LONGEST_PATH
from seminar.reports.models import BuildState, Dossier, ReportIssue, ReportWording
from seminar.reports.rules.proceedings import SILENT_FOR
from seminar.reports.worker import build_next, dossiers
from tests import cast
from tests.web.booking import accept
from tests.web.returning import add_period, cells, units
from tests.web.test_consolidated import ONE, TWO
from tests.web.test_consolidated import accept as accept_return
from tests.web.test_report import REPORT, add_note, hold
from tests.web.test_report_issues import FIRST, ISSUES
from tests.web.test_wordings import write

PAGE = f"/seminars/{cast.SLUG}/dossier"
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
DANGEROUS = "=HYPERLINK(1)"


@pytest.fixture
def held(app, office):
    """Everything of a seminar: people, papers with files, notes with revisions and a file, a report written and issued."""
    with app.app_context():
        hold(6)
        seminar = cast.find_seminar()
        accept(seminar, "Bài có tệp: “Đảng viên trẻ” & <b>", versions=2)
        accept(seminar, "A" * 300)
        item = seminar_item(seminar)
        note = write_note(
            seminar, "k" * 32, Wording(item, NoteKind.OPINION, "", None, DANGEROUS), cast.OFFICE, cast.NOW
        )
        db.session.flush()
        add_note(seminar, item, NoteKind.OPINION, "Bị xóa")
        removed = db.session.scalars(db.select(Note).where(Note.text == "Bị xóa")).one()
        removed.removed_at = cast.NOW
        beside = {"media_type": "image/jpeg", "size_bytes": 4, "at": cast.NOW, "by": "Thu"}
        photo = NoteAttachment(
            note_id=note.id, sha256=files.keep(b"JPEG of a slide"), filename="Ảnh chụp.JPG", **beside
        )
        db.session.add(photo)
        db.session.add(
            Recommendation(seminar_id=seminar.id, text="Kiến nghị một", created_at=cast.NOW, created_by="Thu")
        )
        letter = db.session.scalars(db.select(IssuedDocument)).first()
        letter.file_sha256 = files.keep(b"%PDF-1.7 the letters")
        db.session.commit()
    write(office, "Có {all.arrived} đại biểu.")
    assert office.post(ISSUES, data=FIRST).status_code == 303


def seminar_item(seminar):
    from seminar.minutes.queries import items_of

    return items_of(seminar)[0]


def pack(app, client) -> int:
    assert client.post(PAGE).location == PAGE
    with app.app_context():
        assert dossiers.pack_next("thử")
        found = db.session.scalars(db.select(Dossier).order_by(Dossier.id.desc())).first()
        assert (found.state, found.failure) == (BuildState.DONE, "")
        assert found.steps_done == found.step_count >= 2
        return found.id


def fetch(client, dossier_id) -> zipfile.ZipFile:
    answer = client.post(f"{PAGE}/{dossier_id}/file")
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert re.search(r"ho-so-toa-dam-thu-\d{8}-\d{4}\.zip", answer.headers["Content-Disposition"])
    return zipfile.ZipFile(io.BytesIO(answer.data))


class Links(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.ids: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        self.found += [values[name] for name in ("href", "src") if name in values]
        if values.get("id"):
            self.ids.add(values["id"])


def rows(archive, path):
    content = archive.read(path)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))[1:]


def test_every_link_of_the_first_page_leads_to_a_file_and_every_file_is_linked(app, held, office):
    archive = fetch(office, pack(app, office))
    page = archive.read("index.html").decode()
    links = Links(page)
    names = set(archive.namelist())
    followed = set()
    for href in links.found:
        parts = urlsplit(href)
        assert not parts.scheme and not parts.netloc, "nothing is fetched from elsewhere"
        if parts.path:
            assert parts.path in names, href
            followed.add(unquote(parts.path))
        else:
            assert parts.fragment in links.ids, href
    assert names - followed == {"index.html"}
    assert '<html lang="vi">' in page and "Có dữ liệu cá nhân" in page
    assert "<script" not in page
    assert "“Đảng viên trẻ” &amp; &lt;b&gt;" in page, "text of people is never markup"


def test_names_open_on_any_windows_and_the_sums_prove_every_file(app, held, office):
    archive = fetch(office, pack(app, office))
    assert archive.testzip() is None
    for info in archive.infolist():
        assert info.filename.isascii() and len(info.filename) <= LONGEST_PATH
        assert not PurePosixPath(info.filename).is_absolute() and ".." not in info.filename
        assert info.flag_bits & 0x800, "named as UTF-8"
    names = archive.namelist()
    assert len({name.casefold() for name in names}) == len(names)
    sums = dict(reversed(line.split("  ", 1)) for line in archive.read("sha256.txt").decode().splitlines())
    assert set(sums) == set(names) - {"sha256.txt"}
    assert {name: hashlib.sha256(archive.read(name)).hexdigest() for name in sums} == sums


def test_the_lists_have_as_many_rows_as_the_database(app, held, office):
    archive = fetch(office, pack(app, office))
    with app.app_context():
        seminar = cast.find_seminar()
        count = lambda model, *where: db.session.scalar(db.select(db.func.count()).select_from(model).where(*where))  # noqa: E731
        expected = {
            "03-danh-sach/dai-bieu": count(Delegate, Delegate.removed_at.is_(None)),
            "03-danh-sach/tra-loi": count(Rsvp),
            "03-danh-sach/du-thay": count(Proxy),
            "03-danh-sach/luot-den": count(Arrival),
            "03-danh-sach/luot-quet": count(Scan),
            "03-danh-sach/ghi-danh-tai-ban": count(WalkIn),
            "04-tham-luan/tham-luan": count(Paper),
            "04-tham-luan/lan-gui": count(Submission),
            "04-tham-luan/ket-luan": count(Decision),
            "06-bien-ban/ghi-chep": count(Note),
            "06-bien-ban/ghi-chep-cac-lan-viet": count(NoteRevision),
            "06-bien-ban/kien-nghi": count(Recommendation),
            "07-bao-cao/cac-lan-phat-hanh": count(ReportIssue),
            "07-bao-cao/phan-viet": count(ReportWording),
            "02-van-ban-di/so-dang-ky": count(IssuedDocument),
            "05-chuong-trinh/chuong-trinh": len(seminar_items(seminar)),
        }
        log = count(AuditEntry, AuditEntry.seminar_id == seminar.id)
    assert expected["03-danh-sach/luot-den"] > 5 and expected["06-bien-ban/ghi-chep"] == 7
    assert {path: len(rows(archive, f"{path}.csv")) for path in expected} == expected
    for path, number in expected.items():
        book = openpyxl.load_workbook(io.BytesIO(archive.read(f"{path}.xlsx")))
        assert book.active.max_row == number + 1, path
    assert {row[-1] for row in rows(archive, "03-danh-sach/luot-den.csv")} == {"Buổi sáng"}
    assert len(rows(archive, "09-nhat-ky/nhat-ky.csv")) == log - 1, "the download was written down after it was packed"


def seminar_items(seminar):
    from seminar.minutes.queries import items_of

    return items_of(seminar)


def test_formulas_are_harmless_and_no_personal_code_stands_in_a_list(app, held, office):
    archive = fetch(office, pack(app, office))
    notes = rows(archive, "06-bien-ban/ghi-chep.csv")
    assert [row[5] for row in notes if "HYPERLINK" in row[5]] == [f"'{DANGEROUS}"]
    sheet = openpyxl.load_workbook(io.BytesIO(archive.read("06-bien-ban/ghi-chep.xlsx"))).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == DANGEROUS]
    assert [cell.data_type for cell in cells] == ["s"]
    with app.app_context():
        codes = list(db.session.scalars(db.select(Invitation.code)))
    assert len(codes) > 5
    for name in archive.namelist():
        if name.endswith((".csv", ".toml", ".html", ".txt")):
            content = archive.read(name).decode()
            assert [code for code in codes if code in content] == [], name


def test_kept_files_are_those_that_were_sent_and_issued(app, held, office):
    archive = fetch(office, pack(app, office))
    names = archive.namelist()
    with app.app_context():
        issue = db.session.scalars(db.select(ReportIssue)).one()
        assert archive.read("07-bao-cao/bao-cao-lan-1.pdf") == files.read(issue.pdf_sha256)
        assert archive.read("07-bao-cao/bao-cao-lan-1.docx") == files.read(issue.docx_sha256)
        sent = {one.file_sha256 for one in db.session.scalars(db.select(Submission)) if one.file_sha256 != "0" * 64}
    papers = [name for name in names if re.search(r"^04-tham-luan/\d{3}-.+/lan-\d", name)]
    assert len(papers) == len(sent) == 3
    assert {hashlib.sha256(archive.read(name)).hexdigest() for name in papers} == sent
    assert [name for name in names if name.endswith(".jpg")] != []
    assert any(archive.read(name) == b"%PDF-1.7 the letters" for name in names if name.startswith("02-"))


def test_the_plan_is_read_again_as_toml(app, held, office):
    plan = tomllib.loads(fetch(office, pack(app, office)).read("01-ke-hoach/ke-hoach.toml").decode())
    assert (plan["seminar"]["slug"], plan["seminar"]["theme"]) == (cast.SLUG, "Vì sao")
    assert [group["code"] for group in plan["groups"]] == ["CT2", "G1", "G2", "T2", "T5", "KHAC"]
    assert [topic["title"] for topic in plan["topics"]] == ["Thực trạng", "Giải pháp"]
    assert [item["title"] for item in plan["items"]] == ["Tham luận", "Trao đổi ý kiến"]
    assert plan["venues"][0]["is_confirmed"] is True


def test_what_is_missing_is_named_and_the_dossier_is_still_made(app, held, office):
    """The four papers of `hold` have no file at all, and one file is broken."""
    with app.app_context():
        issue = db.session.scalars(db.select(ReportIssue)).one()
        path = files.path_of(issue.docx_sha256)
        path.chmod(0o600)
        path.write_bytes(b"broken")
    archive = fetch(office, pack(app, office))
    page = office.get(PAGE).text
    for where in (page, archive.read("index.html").decode()):
        assert "Không còn tệp của “Bài đang chờ (lần 1)” trong kho lưu" in where
        assert "07-bao-cao/bao-cao-lan-1.docx" in where and "không còn nguyên như khi lưu" in where
        assert "không có bản lưu như khi phát hành" in where, "letters of which no copy was kept"
    assert archive.testzip() is None


def test_asking_twice_is_asking_once_and_the_page_says_how_far_it_is(app, office):
    for _ in range(2):
        assert office.post(PAGE).status_code == 303
    with app.app_context():
        assert db.session.query(Dossier).count() == 1
    page = office.get(PAGE).text
    assert "Sắp bắt đầu đóng gói." in page and "hx-trigger" in page
    with app.app_context():
        taken = actions.take_up_dossier("một", clock.now())
        actions.tell_of_dossier(taken, "một", clock.now(), step_count=9, steps_done=3)
        db.session.commit()
    region = office.get(f"{PAGE}/progress", headers=HTMX)
    assert "Bước 4 trên 9" in region.text and "<html" not in region.text
    assert office.get(f"{PAGE}/progress").location == PAGE


def test_a_builder_that_fell_silent_is_overtaken_and_keeps_nothing(app, held, office):
    office.post(PAGE)
    with app.app_context():
        first = actions.take_up_dossier("một", clock.now())
        db.session.commit()
        assert actions.take_up_dossier("hai", clock.now()) is None, "the first one lives"
        db.session.rollback()
        db.session.execute(db.update(Dossier).values(told_at=clock.now() - SILENT_FOR - timedelta(seconds=1)))
        db.session.commit()
        assert actions.take_up_dossier("hai", clock.now()) == first
        db.session.commit()
        before = set(files.folder().glob("??/*"))
        dossiers.pack(first, "một")
        assert set(files.folder().glob("??/*")) == before, "nothing is left behind"
        dossiers.pack(first, "hai")
        assert db.session.get_one(Dossier, first).state == BuildState.DONE


def test_what_breaks_is_told_and_the_next_one_is_packed(app, office, monkeypatch):
    office.post(PAGE)

    def broken(*_):
        raise OSError(28, "No space left on device")

    with app.app_context():
        monkeypatch.setattr(dossiers.Packing, "finish", broken)
        assert dossiers.pack_next("thử")
        monkeypatch.undo()
    page = office.get(PAGE).text
    assert "Có lỗi khi đóng gói hồ sơ" in page and "không đóng gói được" in page
    pack(app, office)
    with app.app_context():
        assert list((files.folder() / "00").glob("half.*")) == []


def test_the_files_of_the_last_two_stay_and_older_ones_go(app, office):
    ids = [pack(app, office) for _ in range(3)]
    with app.app_context():
        kept = {one.id: one.sha256 for one in db.session.scalars(db.select(Dossier))}
        assert kept[ids[0]] == "" and kept[ids[1]] and kept[ids[2]]
        assert all(files.path_of(kept[one]).exists() for one in ids[1:])
    assert office.get(PAGE).text.count("Tải tệp ZIP") == 2
    answer = office.post(f"{PAGE}/{ids[0]}/file")
    assert answer.status_code == 422
    assert "Hồ sơ này không còn được giữ" in answer.text


def test_each_download_is_written_down(app, office, staff):
    made = pack(app, office)
    fetch(staff("an"), made)
    with app.app_context():
        entries = db.session.scalars(db.select(AuditEntry).where(AuditEntry.noun == "dossier").order_by(AuditEntry.id))
        assert [(one.verb, one.actor_name) for one in entries] == [("begin", "Trần Thị Oanh"), ("export", "Lê Văn An")]


def test_a_file_that_is_gone_is_a_sentence(app, office):
    made = pack(app, office)
    with app.app_context():
        files.path_of(db.session.get_one(Dossier, made).sha256).unlink()
    answer = office.post(f"{PAGE}/{made}/file", follow_redirects=True)
    assert answer.status_code == 200
    assert "Tệp của hồ sơ này không còn" in answer.text


def test_after_a_restore_the_page_offers_no_file_that_is_not_there_and_packs_anew(app, held, office):
    made = pack(app, office)
    assert f'action="{PAGE}/{made}/file"' in office.get(PAGE).text
    with app.app_context():
        before = sorted(zipfile.ZipFile(files.path_of(db.session.get_one(Dossier, made).sha256)).namelist())
        files.path_of(db.session.get_one(Dossier, made).sha256).unlink()
    page = office.get(PAGE).text
    assert "không có trong bản sao lưu đã khôi phục" in page and f'action="{PAGE}/{made}/file"' not in page
    assert sorted(fetch(office, pack(app, office)).namelist()) == before


@pytest.mark.parametrize("login", ["thu", "vinh", "tam", "chung"])
def test_only_office_and_administrator_see_and_fetch_it(app, office, staff, login):
    made = pack(app, office)
    client = staff(login)
    assert client.get(PAGE).status_code == client.post(PAGE).status_code == 403
    assert client.post(f"{PAGE}/{made}/file").status_code == 403
    assert "Hồ sơ bàn giao" not in client.get(f"/seminars/{cast.SLUG}/").text


def test_another_seminars_dossier_is_not_found(app, office):
    made = pack(app, office)
    with app.app_context():
        cast.add_seminar("toa-dam-khac")
        db.session.commit()
    assert office.post(f"/seminars/toa-dam-khac/dossier/{made}/file").status_code == 404


def test_the_thread_of_the_proceedings_has_nothing_to_do_with_a_dossier(app, office):
    office.post(PAGE)
    with app.app_context():
        assert build_next("thử") is False


def test_an_empty_seminar_has_a_dossier_too(app, office):
    archive = fetch(office, pack(app, office))
    assert rows(archive, "03-danh-sach/luot-den.csv") == []
    assert json.dumps(Links(archive.read("index.html").decode()).found).count(".csv") > 15


def test_the_report_leads_to_the_dossier(app, office):
    assert f'href="{PAGE}"' in office.get(REPORT).text


def test_files_of_colliding_names_are_all_told_apart():
    paths = ("a/x.pdf", "a/x-2.pdf", "a/x.pdf", "a/X.pdf", "a/x-2.pdf", "a/x.docx")
    found = gatherings._named_apart(gatherings.Stored(path, str(n), "") for n, path in enumerate(paths))
    assert [one.path for one in found] == [
        "a/x.pdf",
        "a/x-2.pdf",
        "a/x-3.pdf",
        "a/X-4.pdf",
        "a/x-2-2.pdf",
        "a/x.docx",
    ]
    assert [one.sha256 for one in found] == list("012345")


def test_statistics_are_in_it_version_by_version_cell_by_cell_and_summed(app, held, office):
    with app.app_context():
        period = add_period(cast.find_seminar())
        accept_return(period, units()[0], cells(*ONE))
        accept_return(period, units()[1], cells(*TWO), ruled=None)
        db.session.commit()
    archive = fetch(office, pack(app, office))
    versions, figures = rows(archive, "10-so-lieu/lan-nop.csv"), rows(archive, "10-so-lieu/o-so-lieu.csv")
    assert [(row[2], row[3], row[-1]) for row in versions] == [
        ("Thành Đoàn Thử Một", "1", "x"),
        ("Huyện Đoàn Thử Hai", "1", ""),
    ]
    assert (len(figures), sum(row[-1] == "x" for row in figures)) == (21 + 19, 21)
    sums = {(row[2], row[3]): row[4:] for row in rows(archive, "10-so-lieu/tong-hop.csv")}
    assert sums["Cộng", "Cộng kết nạp ba nhóm"] == ["60", "1", "2"]
