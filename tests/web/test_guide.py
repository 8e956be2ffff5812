"""The volunteers' sheet says what the desk says, because it takes words and tones from the same tables."""

import re

import pytest

from seminar.checkin import rules
from seminar.checkin.models import Verdict
from seminar.checkin.views.guide import SHOWN
from tests import cast

PAGE = f"/seminars/{cast.SLUG}/desks/guide"


def test_every_verdict_of_an_entry_is_explained():
    of_entries = set(Verdict) - {Verdict.LEFT, Verdict.NOT_IN, Verdict.ANNULLED, Verdict.NOTHING_TO_ANNUL}
    assert set(SHOWN) == of_entries - {Verdict.MALFORMED, Verdict.CONFLICT}


def test_words_and_tones_are_those_of_the_desk(office):
    page = office.get(PAGE).text
    drawn = re.findall(r'<li data-tone="(\w+)">.*?class="guide-word">([^<]+)<', page, re.S)
    assert [tone for tone, _ in drawn] == [rules.VERDICT_TONES[verdict] for verdict in SHOWN]
    assert [word for _, word in drawn][:3] == ["Mời vào", "Mời vào – đã báo vắng", "Đã vào rồi"]
    for said in ("Cứ quét tiếp, đừng tắt máy.", "“Đăng ký và cho vào”", "15/03/2024", "02740000000"):
        assert said in page.replace(" ", "") or said in page


def test_drawings_say_what_they_show_and_come_from_no_other_host(office):
    page = office.get(PAGE).text
    drawings = re.findall(r"<svg [^>]*viewBox[^>]*>", page)
    assert len(drawings) == 12
    assert all('role="img"' in one and re.search(r'aria-label="\w', one) for one in drawings)
    assert "<img" not in page


def test_the_certificate_is_named_only_where_one_was_made(app, office):
    assert "/certificate" not in office.get(PAGE).text


@pytest.mark.parametrize(("login", "status"), [("tam", 200), ("chung", 200), ("thu", 200), ("vinh", 403)])
def test_who_may_print_it(staff, login, status):
    assert staff(login).get(PAGE).status_code == status
