"""Every page that a GET opens, over the demo with one of everything: Vietnamese throughout, safe headers, no writing."""

import re
import shutil
from datetime import time, timedelta
from html.parser import HTMLParser

import pytest
from sqlalchemy import event

from seminar.access.guard import access_of
from seminar.agenda.models import Item
from seminar.checkin.actions import boards, stage
from seminar.checkin.models import Arrival, Desk, Scan, ScanKind, Source, Verdict
from seminar.checkin.views.app import module_folder
from seminar.delegates.models import Delegate
from seminar.documents import actions as registering
from seminar.documents.models import DocumentKind, Purpose
from seminar.invitations import actions as inviting
from seminar.invitations import documents as inviting_documents
from seminar.invitations.models import Answer, ReminderRule
from seminar.invitations.queries import in_force_of
from seminar.lib import codes, files
from seminar.lib.certificates import folder_of
from seminar.lib.database import db
from seminar.lib.language import merged
from seminar.lib.pages import modules_version
from seminar.mail import actions as mailing
from seminar.minutes import actions as minutes
from seminar.minutes.checking import CheckedFile
from seminar.minutes.checking import CheckedFile as NoteFile
from seminar.minutes.models import NoteKind
from seminar.operations.certificates import make
from seminar.operations.demo.actions import FOLDER, load_demo
from seminar.papers import actions as papers
from seminar.papers.actions import vetting as vetting_actions
from seminar.papers.checking import Beside
from seminar.papers.models import Advice
from seminar.planning.queries import unit_links
from seminar.reports import actions as reports
from seminar.reports.actions import proceedings
from seminar.reports.models import Build, BuildState, Entry, ReportIssue
from seminar.reports.queries import wordings as queries
from seminar.statistics import actions as statistics
from seminar.statistics.actions import remedies, targets
from seminar.statistics.models import FlagKind
from seminar.statistics.queries import sheets_of
from tests import cast, corpus
from tests.house.msgids import extracted
from tests.web import vetting
from tests.web.returning import cells

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
KEYS = {"shift"}
"""Names on every keyboard."""
# Who of the cast opens a page, the first that may.
ENTERS = {
    "office": "oanh",
    "admin": "an",
    "secretary": "thu",
    "reviewer": "vinh",
    "reception": "tam",
    "viewer": "chung",
}
# Pages that send on: no text of their own.
SENDS_ON = {
    "accounts.second_factor",
    "agenda.running",
    "agenda.speakers",
    "minutes.live",
    "minutes.live_on_note",
    "portal.delegate_proceedings",
    "portal.delegate_programme",
    "portal.floor",
    "portal.unit_proceedings",
    "portal.unit_programme",
    "statistics.figure",
    "statistics.table_index",
    "reports.builds",
    "reports.dossier_progress",
}


@pytest.fixture(autouse=True)
def _with_a_certificate(app):
    """The page to install it from is there only where one was made."""
    data = app.config["SEMINAR"].data
    make(data, "toadam.lan", [], cast.NOW, anew=True)
    yield
    shutil.rmtree(folder_of(data))


@pytest.fixture
def whole(app):
    """The demo with answers, a proxy, mail, a paper, a note, a desk, arrivals and a draft; values for the addresses."""
    with app.app_context():
        seminar = load_demo(cast.COMMAND, cast.NOW)
        people = list(db.session.scalars(db.select(Delegate).where(Delegate.seminar_id == seminar.id).limit(6)))
        inviting.answer(people[0], Answer.ATTENDING, "", cast.OFFICE, cast.NOW)
        inviting.answer(people[1], Answer.DECLINED, "Bận họp", cast.OFFICE, cast.NOW)
        inviting.propose_proxy(people[2], "Người Thay", "Phó", "", "", "Ốm", cast.OFFICE, cast.NOW)
        mail = mailing.enqueue(
            people[0].name,
            "dai.bieu@example.vn",
            "Thư mời",
            "Kính gửi đồng chí",
            "<p>Kính gửi</p>",
            "invitation",
            cast.OFFICE,
            cast.NOW,
            seminar_id=seminar.id,
            delegate_id=people[0].id,
            batch="00000000-0000-4000-8000-000000000009",
            attachment_sha256=files.keep(b"%PDF-1.7 the letter"),
            attachment_name="thu-moi.pdf",
        )
        rule = ReminderRule(
            seminar_id=seminar.id, days_before=3, at=time(8), seen_count=1, created_at=cast.NOW, created_by="Oanh"
        )
        db.session.add(rule)
        paper = papers.submit_paper(
            seminar,
            vetting.checked(vetting.manuscript(cell="Số liệu")),
            title="Bài tham luận",
            authors="Tập thể",
            delegate=people[0],
            unit=unit_links(seminar)[0].unit,
            beside=Beside(b"%PDF-1.7 the paper", 1),
            by=cast.OFFICE,
            now=cast.NOW,
        )
        better = papers.submit_paper(
            seminar,
            vetting.checked(corpus.pdf(2)),
            title="",
            authors="",
            paper=paper.paper,
            by=cast.OFFICE,
            now=cast.NOW,
        )
        reviewer = vetting_actions.add_reviewer(seminar, vetting.user("vinh"), None, "", cast.OFFICE, cast.NOW)
        given = vetting_actions.assign_papers(seminar, [paper.paper], [reviewer], None, by=cast.OFFICE, now=cast.NOW)
        review = vetting_actions.review_paper(
            given[0],
            paper,
            advice=Advice.PRINT,
            marks={seminar.topics[0].id: 2},
            for_author="Bài tốt",
            commented=vetting.checked(corpus.word("Ghi")),
            by=cast.OFFICE,
            now=cast.NOW,
        )
        vetting_actions.release_words(review, cast.OFFICE, cast.NOW)
        papers.decide_paper(
            paper.paper, version=2, in_print=True, on_stage=True, note="Bài tốt", by=cast.OFFICE, now=cast.NOW
        )
        item = db.session.scalars(db.select(Item)).first()
        note = minutes.write_note(
            seminar,
            "k" * 32,
            minutes.Wording(item, NoteKind.OPINION, "", None, "Ý kiến"),
            cast.OFFICE,
            cast.NOW,
        )
        picture = b"\xff\xd8\xff a photo"
        photo = NoteFile("anh.jpg", picture, files.sha256(picture), "image/jpeg")
        minutes.keep_content(photo)
        attached = minutes.attach_file(seminar, note, photo, cast.OFFICE, cast.NOW)
        token = codes.token()
        desk = Desk(
            seminar_id=seminar.id, name="Bàn 1", token_sha256=codes.digest(token), paired_at=cast.NOW, paired_by="Oanh"
        )
        db.session.add(desk)
        db.session.flush()
        for number, person in enumerate(people[:2]):
            scan = Scan(
                id=f"00000000-0000-4000-8000-00000000000{number}",
                seminar_id=seminar.id,
                desk_id=desk.id,
                kind=ScanKind.ENTRY,
                delegate_id=person.id,
                sitting_id=item.sitting_id,
                source=Source.CAMERA,
                offline=False,
                at=cast.NOW,
                received_at=cast.NOW,
                corrected_at=cast.NOW,
                verdict=Verdict.ADMITTED,
            )
            db.session.add(scan)
            db.session.flush()
            db.session.add(
                Arrival(
                    seminar_id=seminar.id,
                    delegate_id=person.id,
                    sitting_id=item.sitting_id,
                    scan_id=scan.id,
                    desk_id=desk.id,
                    arrived_at=cast.NOW + timedelta(minutes=number),
                )
            )
        issued = in_force_of(people[0]).document
        issued.file_sha256 = files.keep(b"%PDF-1.7 as it was issued")
        issued.word_sha256 = files.keep(b"PK as it was issued")
        letter = inviting_documents.letters_docx([in_force_of(people[0])], "http://localhost", cast.NOW)
        registering.keep_template(seminar, DocumentKind.SUMMONS, "mau.docx", files.keep(letter), cast.OFFICE, cast.NOW)
        written = registering.begin_draft(
            seminar, Purpose.SUMMONS, "triệu tập", ["Các đơn vị"], "1. Nơi: x", ["data"], cast.OFFICE, cast.NOW
        )
        screen = boards.set_screen(seminar, seminar.groups, ["G1"], 10, cast.OFFICE, cast.NOW)
        stage.assign_places(seminar, seminar.groups[-4], 10, "unit", cast.OFFICE, cast.NOW)
        asked = minutes.add_recommendation(seminar, minutes.Asked(text="Hỗ trợ kinh phí"), cast.OFFICE, cast.NOW)
        frozen = minutes.freeze_minutes(seminar, "đã được thông qua", cast.NOW)
        minutes.adopt_minutes(seminar, frozen, frozen.minutes.seen, cast.OFFICE, cast.NOW)
        values = {
            "slug": seminar.slug,
            "delegate_id": people[0].id,
            "user_id": 1,
            "document_id": in_force_of(people[0]).document_id,
            "note_id": note.id,
            "attachment_id": attached.id,
            "kind": "summons",
            "written_id": written.id,
            "mail_id": mail.id,
            "batch": mail.batch,
            "rule_id": rule.id,
            "paper_id": paper.paper_id,
            "build_id": built(seminar, paper).id,
            "version": 1,
            "newer_version": better.version,
            "review_id": review.id,
            "form": "pdf",
            "item_id": item.id,
            "sitting_id": item.sitting_id,
            "unit_id": unit_links(seminar)[0].unit_id,
            **returned(seminar, unit_links(seminar)[0].unit),
            "group_id": seminar.groups[-2].id,
            "venue_id": seminar.venues[0].id,
            "basis_id": seminar.bases[0].id,
            "topic_id": seminar.topics[0].id,
            "milestone_id": seminar.milestones[0].id,
            "delegate_code": in_force_of(people[0]).code,
            "unit_code": unit_links(seminar)[0].code,
            "token": token,
            "screen_code": screen.code,
            "recommendation_id": asked.id,
            "key": "strengths",
            "number": issued_report(seminar).number,
            **targets_of(seminar),
        }
        db.session.commit()
    return values


def issued_report(seminar) -> ReportIssue:
    """The report as it went out once, after somebody wrote a section of it; a dossier is being packed."""
    strengths = queries.section_or_404(seminar, "strengths")
    reports.write_section(seminar, strengths, 0, "Tốt", {"all.arrived": 1}, cast.OFFICE, cast.NOW)
    document = reports.take_report_number(seminar, "Kết quả", 0, "", cast.OFFICE, cast.NOW)
    kept = files.keep(b"PK as it was issued")
    reports.ask_dossier(seminar, cast.OFFICE, cast.NOW)
    return reports.keep_issue(document, "", {}, kept, kept, cast.OFFICE, cast.NOW)


def targets_of(seminar) -> dict:
    """Targets that were begun, with a remedy at a unit."""
    plan = targets.begin_targets(seminar, targets.Aims(), cast.OFFICE, cast.NOW)
    unit = unit_links(seminar)[0].unit
    words = remedies.Words(FlagKind.STALE, cause="Chưa đủ tuổi")
    return {"remedy_id": remedies.note_remedy(plan, unit, words, cast.OFFICE, cast.NOW).id, "figure": "party"}


def returned(seminar, unit) -> dict:
    """A statistics return that was sent, with its signed page."""
    period = sheets_of(seminar)[0].periods[0]
    statistics.keep_draft(period, unit, cells(), cast.OFFICE, cast.NOW, 0)
    version = statistics.send_return(period, unit, cast.OFFICE, cast.NOW, 1)
    pdf = b"%PDF-1.7 signed"
    scan = CheckedFile("da-ky.pdf", pdf, files.keep(pdf), "application/pdf")
    scan_id = statistics.attach_scan(version, scan, cast.OFFICE, cast.NOW).id
    return {"sheet_id": period.sheet_id, "period_id": period.id, "scan_id": scan_id}


def built(seminar, submission) -> Build:
    """A book that was built of one paper, and published for everybody."""
    book = proceedings.begin_proceedings(seminar, cast.OFFICE, cast.NOW)
    book.is_open = True
    kept = files.keep(b"%PDF-1.7 a book")
    build = Build(
        proceedings_id=book.id,
        state=BuildState.DONE,
        asked_at=cast.NOW,
        asked_by="Oanh",
        page_count=9,
        pdf_sha256=kept,
        docx_sha256=kept,
        published_at=cast.NOW,
    )
    build.entries = [
        Entry(
            paper_id=submission.paper_id,
            submission_id=submission.id,
            position=1,
            part_title="Phần 1",
            title="Bài",
            authors="Nhóm",
            first_page=2,
            page_count=3,
            pdf_sha256=kept,
        )
    ]
    db.session.add(build)
    db.session.flush()
    return build


def draft(office, values) -> int:
    """A list that was read and is being looked at."""
    import io

    table = "Họ và tên,Chức vụ,Đơn vị\nNguyễn Văn Thử,Bí thư,Thành Đoàn Thử Một\n,thiếu tên,\n"
    answer = office.post(
        f"/seminars/{values['slug']}/imports",
        data={"file": (io.BytesIO(table.encode("utf-8-sig")), "danh-sach.csv")},
    )
    assert answer.status_code == 303, answer.text
    return int(answer.location.rstrip("/").rsplit("/", 1)[1])


class Shown(HTMLParser):
    """Everything a person reads or hears: text, and the attributes that are spoken; not what is marked as English."""

    SILENT = {"script", "style", "code", "template"}
    VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        silent = tag in self.SILENT or (values.get("lang") == "en" and tag != "html")
        if not silent and not any(one for _, one in self.open):
            spoken = [values.get(name) or "" for name in ("title", "alt", "placeholder", "aria-label")]
            if tag == "input" and values.get("type") in ("submit", "button"):
                spoken.append(values.get("value") or "")
            self.words += spoken
        if tag not in self.VOID:
            self.open.append((tag, silent))

    def handle_endtag(self, tag):
        while self.open:
            if self.open.pop()[0] == tag:
                break

    def handle_data(self, data):
        if not any(silent for _, silent in self.open):
            self.words.append(re.sub(r"https?://\S+", " ", data))  # an address is no sentence


def english_words() -> set[str]:
    """Words of our English sentences that no Vietnamese text of ours contains."""
    split = re.compile(r"[^\W\d_]+")
    english = {
        word.casefold()
        for msgid in extracted()
        for word in re.findall(
            r"\b[A-Za-z]{4,}\b", re.sub(r"%\(\w+\)[sd]|https?:\S+|`[^`]*`", " ", msgid.split("|")[-1])
        )
    }
    texts = [str(entry.string) for entry in merged() if entry.id]
    texts += [path.read_text(encoding="utf-8") for path in FOLDER.glob("*.[tc]*")]
    vietnamese = {word.casefold() for text in texts for word in split.findall(text)}
    return english - vietnamese - KEYS


def addresses(app, values):
    """(endpoint, address, access) of every GET, with the values put in."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint == "static":
            continue
        access = access_of(app.view_functions[rule.endpoint])
        code = {"unit": values["unit_code"], "screen": values["screen_code"]}.get(access.who, values["delegate_code"])
        with app.app_context(), app.test_request_context():
            desk = {"folder": module_folder(), "file": "desk.js", "size": 192}
            notes = {"folder": modules_version("notes"), "file": "notes.js"}
        have = {**values, **desk, "code": code}
        if rule.endpoint == "minutes.notes_module":
            have |= notes
        if rule.endpoint in ("papers.page", "papers.changes"):
            have |= {"version": values["newer_version"], "number": 1}
        if rule.endpoint == "papers.picture":
            have["number"] = 0
        if rule.endpoint in (
            "minutes.version",
            "portal.unit_form",
            "portal.return_form",
            "portal.unit_scan",
            "portal.scan",
        ):
            have["number"] = 1
        if rule.endpoint.startswith("reports."):
            have["draft_id"] = values["written_id"]
        assert rule.arguments <= set(have), f"{rule.rule}: tell test_every_page what stands there"
        yield rule.endpoint, adapter.build(rule.endpoint, {name: have[name] for name in rule.arguments}), access


@pytest.fixture
def visits(app, whole, staff):
    """(endpoint, address, answer, statements that wrote) of every page, each opened by somebody who may."""
    whole["draft_id"] = draft(staff("oanh"), whole)
    clients = {login: staff(login) for login in ENTERS.values()}
    visitor = app.test_client()
    writing: list[str] = []

    def listen(connection, cursor, statement, *rest):
        if re.match(r"\s*(INSERT|UPDATE|DELETE|BEGIN IMMEDIATE)", statement, re.I):
            writing.append(statement)

    found = []
    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        for endpoint, address, access in addresses(app, whole):
            client = visitor
            if access.roles:
                client = clients[next(login for role, login in ENTERS.items() if role in access.roles)]
            headers = {"Authorization": f"Bearer {whole['token']}"} if access.who == "desk" else {}
            writing.clear()
            answer = client.get(address, headers=headers)
            found.append((endpoint, address, answer, list(writing)))
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    return found


def test_every_page_opens_in_vietnamese_with_safe_headers_and_writes_nothing(visits):
    english = english_words()
    assert len(english) > 200
    closed, untranslated, unsafe, writes = {}, {}, {}, {}
    for endpoint, address, answer, wrote in visits:
        if answer.status_code != 200 and endpoint not in SENDS_ON:
            closed[address] = (answer.status_code, answer.location)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            words = {word.casefold() for text in Shown(answer.text).words for word in re.findall(r"[^\W\d_]+", text)}
            if words & english:
                untranslated[address] = sorted(words & english)
            if "<html" in answer.text and '<html lang="vi">' not in answer.text:
                untranslated[address] = ["<html lang>"]
        wrong = {name for name, value in HEADERS.items() if answer.headers.get(name) != value}
        policy = answer.headers.get("Content-Security-Policy", "")
        if "default-src 'none'" not in policy or "unsafe-inline" in policy and not address.endswith("/body"):
            wrong.add("Content-Security-Policy")
        if "camera=" not in answer.headers.get("Permissions-Policy", "") or "Cache-Control" not in answer.headers:
            wrong.add("Permissions-Policy or Cache-Control")
        for cookie in answer.headers.getlist("Set-Cookie"):
            if "HttpOnly" not in cookie or "SameSite" not in cookie:
                wrong.add(cookie)
        if wrong:
            unsafe[address] = wrong
        if wrote:
            writes[address] = wrote
    assert closed == {}
    assert untranslated == {}
    assert unsafe == {}
    assert writes == {}


def test_english_would_be_noticed(office):
    office.set_cookie("language", "en")
    page = office.get(f"/seminars/{cast.SLUG}/")
    words = {word.casefold() for text in Shown(page.text).words for word in re.findall(r"[^\W\d_]+", text)}
    assert len(words & english_words()) > 10


def test_pages_name_nothing_of_other_hosts(visits):
    hosts = {}
    for _, address, answer, _ in visits:
        if answer.mimetype == "text/html":
            found = set(re.findall(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//([^/"']+)""", answer.text))
            if found - {"localhost"}:
                hosts[address] = found
    assert hosts == {}


def test_personal_pages_and_errors_are_vietnamese_and_safe_too(app, visitor):
    english = english_words()
    for address, status in (("/i/10000000000000000000", 404), ("/u/10000000000000000000", 404), ("/nowhere", 404)):
        answer = visitor.get(address)
        assert answer.status_code == status
        words = {word.casefold() for text in Shown(answer.text).words for word in re.findall(r"[^\W\d_]+", text)}
        assert words & english == set()
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
