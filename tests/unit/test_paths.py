"""What counts as a place on this site."""

import pytest

from seminar.lib.paths import is_own


@pytest.mark.parametrize(
    "target", ["/", "/seminars/thu/delegates?search=L%C3%AA&page=2", "/i/12345#answer", "/đại-biểu"]
)
def test_a_path_with_or_without_a_query_is_ours(target):
    assert is_own(target)


@pytest.mark.parametrize(
    "target",
    [
        "",
        "seminars",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\nSet-Cookie: a=b",
        "\t//evil.example",
        " //evil.example",
        "/a\\..\\b",
        "/a\0b",
        "/\n",
    ],
)
def test_another_host_is_not_however_it_is_spelt(target):
    assert not is_own(target)
