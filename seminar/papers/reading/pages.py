"""In the child: a PDF as pictures of its pages, with what they say for whoever does not see them."""

import io
from typing import Any

WIDTH = 1200
"""Pixels: an A4 page beside the form, sharp on a screen of double density."""
TALLEST = 3000
QUALITY = 80
TEXT_LENGTH = 20_000


def read(content: bytes, begin: int, end: int, with_texts: bool) -> dict[str, Any]:
    """{"pictures": JPEGs of the pages begin … end - 1 (from 0), "said": {"sizes", "texts"} of all, or None}."""
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        pictures = [_picture(document[number]) for number in range(begin, min(end, len(document)))]
        said = None
        if with_texts:
            whole = [document[number] for number in range(len(document))]
            said = {
                "sizes": [[round(side) for side in page.get_size()] for page in whole],
                "texts": [_text(page) for page in whole],
            }
        return {"pictures": pictures, "said": said}
    finally:
        document.close()


def _picture(page: Any) -> bytes:
    width, height = page.get_size()
    scale = min(WIDTH / max(width, 1), TALLEST / max(height, 1))
    image = page.render(scale=scale, may_draw_forms=False).to_pil()
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=QUALITY)
    return out.getvalue()


def _text(page: Any) -> str:
    try:
        return str(page.get_textpage().get_text_range()).replace("\r\n", "\n").replace("\ufffe", "")[:TEXT_LENGTH]
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - a page whose text cannot be read still has its picture
        return ""
