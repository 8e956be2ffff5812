"""The layout rule set against the table of the guidance (domain.md 1.1, Mẫu 3)."""

from datetime import date

import pytest

from seminar.documents.layout import rules_for, rulesets

HD29 = rules_for(date(2024, 3, 15))


def test_the_guidance_of_2013_holds_for_every_day_since():
    assert (HD29.code, HD29.effective_from) == ("hd29_2013", date(2013, 10, 29))
    assert rules_for(date(2010, 1, 1)) is rulesets()[0]


def test_the_page_is_a4_with_a_wide_left_margin():
    page = HD29.page
    assert (page.width_mm, page.height_mm) == (210, 297)
    assert (page.top_mm, page.bottom_mm, page.left_mm, page.right_mm) == (20, 20, 30, 20)
    assert (page.back_left_mm, page.back_right_mm) == (20, 30)


@pytest.mark.parametrize(
    ("name", "size", "bold", "italic", "caps"),
    [
        ("heading", 15, True, False, True),
        ("superior", 14, False, False, True),
        ("issuer", 14, True, False, True),
        ("number", 14, False, False, False),
        ("date_line", 13, False, True, False),
        ("dispatch_subject", 12, False, True, False),
        ("draft_mark", 13, True, False, True),
        ("title", 16, True, False, True),
        ("subject", 14, True, False, False),
        ("address_label", 14, True, True, False),
        ("body", 14, False, False, False),
        ("recipients_label", 13, True, False, False),
        ("recipients", 11, False, False, False),
        ("authority", 14, True, False, True),
        ("signer_title", 14, False, False, True),
        ("signer_name", 14, True, False, False),
        ("archive_mark", 8, False, True, False),
    ],
)
def test_each_component_has_its_size_and_style(name, size, bold, italic, caps):
    block = HD29.blocks[name]
    assert (block.size, block.bold, block.italic, block.caps) == (size, bold, italic, caps)


def test_running_text_is_indented_and_at_most_six_points_apart():
    assert (HD29.text.first_line_mm, HD29.text.after_pt, HD29.text.line) == (12.7, 6, 1.2)
    assert HD29.blocks["body"].align == "justify"


def test_a_successor_is_one_more_file_and_older_documents_keep_their_form(tmp_path, monkeypatch):
    from seminar.documents import layout

    text = (layout.RULESETS / "hd29_2013.toml").read_text(encoding="utf-8")
    (tmp_path / "old.toml").write_text(text, encoding="utf-8")
    newer = text.replace('code = "hd29_2013"', 'code = "hd_2027"').replace("2013-10-29", "2027-01-01")
    (tmp_path / "new.toml").write_text(newer.replace("left_mm = 30", "left_mm = 25"), encoding="utf-8")
    monkeypatch.setattr(layout, "RULESETS", tmp_path)
    layout.rulesets.cache_clear()
    try:
        found = [layout.rules_for(day) for day in (date(2026, 12, 31), date(2027, 1, 1))]
        assert [(one.code, one.page.left_mm) for one in found] == [("hd29_2013", 30), ("hd_2027", 25)]
    finally:
        layout.rulesets.cache_clear()
