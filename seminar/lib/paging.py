"""Lists page by page."""

from flask import request


def page_asked() -> int:
    """The page of a list, from its address, at least 1; what is no number is the first."""
    text = request.args.get("page", "1")
    return max(1, min(int(text), 10**6)) if text.isascii() and text.isdecimal() and len(text) < 8 else 1
