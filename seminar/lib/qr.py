"""QR codes: level Q and border 4 read under glare; upper-case payloads keep the code small (recipes.md)."""

from base64 import b64encode
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


def data_url(picture: bytes) -> str:
    """The PNG as an address that a page shows without another request."""
    return "data:image/png;base64," + b64encode(picture).decode()


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


def svg(payload: str) -> str:
    """The code with its quiet zone as one SVG path, one unit a module: sharp at any size, small in a PDF of 300 letters."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=4, mask_pattern=3)
    code.add_data(payload)
    code.make(fit=True)
    path = []
    for y, row in enumerate(code.get_matrix()):
        x = 0
        while x < len(row):
            run = 1
            while row[x] and x + run < len(row) and row[x + run]:
                run += 1
            if row[x]:
                path.append(f"M{x} {y}h{run}v1h-{run}z")
            x += run
    side = len(code.get_matrix())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side}" height="{side}">'
        f'<path d="{"".join(path)}"/></svg>'
    )
