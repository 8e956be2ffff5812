"""Lists out of a real browser: one form, several files of it, one right after the other."""

from tests.browser.test_whole_way import sign_in


def test_excel_and_word_of_one_list_are_downloaded_in_a_row(start_server, browser):
    server = start_server(demo=True)
    page = browser.new_page(viewport={"width": 1366, "height": 800})
    sign_in(page, server, "vanphong")
    page.goto(f"{server.url}/seminars/{server.slug}/lists")
    names = []
    for word in ("Excel", "Word", "Word"):
        with page.expect_download() as download:
            page.get_by_role("button", name=word, exact=True).click()
        names.append(download.value.suggested_filename.rpartition(".")[2])
    assert names == ["xlsx", "docx", "docx"]
    page.close()


def test_every_cell_of_a_summary_shows_on_a_telephone(start_server, browser):
    server = start_server(demo=True)
    page = browser.new_page(viewport={"width": 1366, "height": 800})
    sign_in(page, server, "vanphong")
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{server.url}/seminars/{server.slug}/credentials")
    cells = page.locator("#credentials td").evaluate_all(
        "cells => cells.map(cell => [cell.textContent.trim(), cell.getClientRects().length])"
    )
    assert len(cells) > 50
    assert [text for text, boxes in cells if text and not boxes] == []
    page.close()
