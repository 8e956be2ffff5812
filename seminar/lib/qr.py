"""QR codes: level Q and border 4 read under glare; upper-case payloads keep the code small (recipes.md)."""

from io import BytesIO

import qrcode
from qrcode.constants import ERROR_CORRECT_Q


def png(payload: str, *, box_pixels: int = 8) -> bytes:
    """A PNG of the payload with its quiet zone. The mask is fixed: choosing the best one costs three times as much."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, box_size=box_pixels, border=4, mask_pattern=3)
    code.add_data(payload)
    code.make(fit=True)
    out = BytesIO()
    code.make_image().save(out, format="PNG")
    return out.getvalue()


def terminal(payload: str) -> str:
    """The code as text for a terminal with a dark background."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=2, mask_pattern=3)
    code.add_data(payload)
    code.make(fit=True)
    rows = code.get_matrix()
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    blocks = {(False, False): "█", (True, False): "▄", (False, True): "▀", (True, True): " "}
    return "\n".join(
        "".join(blocks[bool(top), bool(bottom)] for top, bottom in zip(rows[i], rows[i + 1], strict=True))
        for i in range(0, len(rows), 2)
    )
