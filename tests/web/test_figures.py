"""Every figure on a page is a link to a list of exactly that many rows: each is followed and counted, over all its pages."""

from datetime import date
from html.parser import HTMLParser

import pytest

from seminar.invitations import actions as inviting
from seminar.invitations.models import Answer
from seminar.lib.database import db
from seminar.planning.models import Milestone, MilestoneRule
from tests import cast

HERE = f"/seminars/{cast.SLUG}"
PAGES = (
    "/",
    "/board",
    "/letters",
    "/answers",
    "/arrivals",
    "/papers",
    "/outbox",
    "/report",
    "/notes",
    "/minutes",
    "/recommendations",
    "/delegates",
    "/sendings",
    "/credentials",
    "/quotas",
)


class Figures(HTMLParser):
    """The (address, number) of every a.figure, the rows of a list, and the address of its next page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.figures: list[tuple[str, int]] = []
        self.rows = 0
        self.next = None
        self._href = None
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if "data-row" in values:
            self.rows += 1
        if tag == "a" and values.get("rel") == "next":
            self.next = values["href"]
        if tag == "a" and "figure" in (values.get("class") or "").split():
            self._href = values["href"]

    def handle_data(self, data):
        if self._href and data.strip():
            self.figures.append((self._href, int(data.strip().replace(".", ""))))
            self._href = None


def rows_of(client, address):
    """How many rows the list has, over all its pages."""
    count, seen = 0, 0
    while address:
        page = client.get(address)
        assert page.status_code == 200, address
        found = Figures(page.text)
        count, address, seen = count + found.rows, found.next, seen + 1
        assert seen < 20, address
    return count


@pytest.fixture
def busy(app):
    """60 guests (more than a page), a unit secretary, three of the closed list; answers of each kind, a proxy, a late one."""
    with app.app_context():
        seminar = cast.find_seminar()
        guests = [
            cast.add_delegate(seminar, f"Nguyễn Văn {chr(65 + i % 26)}{i}", "G1", email=f"g{i}@example.vn")
            for i in range(60)
        ]
        secretary = cast.add_delegate(seminar, "Đặng Văn Dung", "T2", body="Thành Đoàn Thử Một", unit_id=1)
        cast.add_delegate(seminar, "Người Chưa Phân", "KHAC")
        closed = [cast.add_delegate(seminar, f"Lý Thu H{i}", "T5") for i in range(3)]
        seminar.milestones.append(
            Milestone(position=1, code="answers", rule=MilestoneRule.UNTIL, due_on=date(2024, 2, 1), text="Trả lời")
        )
        inviting.issue_letters(seminar, [*guests, secretary, *closed], cast.OFFICE, cast.NOW)
        for guest in guests[:7]:
            inviting.answer(guest, Answer.ATTENDING, "", cast.OFFICE, cast.NOW)
        inviting.answer(guests[8], Answer.DECLINED, "Bận", cast.OFFICE, cast.NOW)
        inviting.propose_proxy(guests[9], "Người Thay", "", "", "", "Ốm", cast.OFFICE, cast.NOW)
        inviting.propose_proxy(secretary, "Phó Bí Thư", "", "", "", "Họp", cast.OFFICE, cast.NOW)
        db.session.commit()


def test_every_figure_opens_a_list_of_exactly_that_many_rows(app, staff, busy):
    office = staff("oanh")
    followed: dict[str, int] = {}
    for path in PAGES:
        page = office.get(HERE + path)
        assert page.status_code == 200, path
        for address, number in Figures(page.text).figures:
            if address not in followed:
                followed[address] = rows_of(office, address)
            assert (address, followed[address]) == (address, number), path
    assert len(followed) > 60
    assert followed[f"{HERE}/answers?state=attending"] == 7
    assert followed[f"{HERE}/delegates?group=G1"] == 60
    assert followed[f"{HERE}/answers?state=asks_proxy"] == 1
