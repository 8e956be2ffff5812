"""Where to go next, as a form or an address asks: only ever a place on this site."""

import re

OWN = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
"""Browsers read `\\` as `/` and leave out tabs and line breaks, so "/<tab>/evil.example" is another site."""


def is_own(target: str) -> bool:
    """True for a path of this site, with or without a query; false for other hosts, however they are spelt."""
    return OWN.fullmatch(target) is not None
