"""Films for Chromium's fake camera: an .mjpeg file is JPEG pictures one after another, about 30 a second, in a loop."""

from io import BytesIO
from pathlib import Path

from PIL import Image

from seminar.lib import qr

SIZE = (640, 480)


def _jpeg(picture: Image.Image) -> bytes:
    out = BytesIO()
    picture.save(out, format="JPEG", quality=85)
    return out.getvalue()


def hall(payload: str | None = None) -> bytes:
    """One picture: a grey hall, and where there is a payload somebody holding its QR code into the camera."""
    picture = Image.new("RGB", SIZE, (96, 98, 104))
    if payload is not None:
        code = Image.open(BytesIO(qr.png(payload))).convert("RGB").resize((300, 300)).rotate(4, fillcolor=(96, 98, 104))
        picture.paste(code, (170, 90))
    return _jpeg(picture)


def make_film(path: Path, *payloads: str, pictures_each: int = 60, pause: int = 20) -> Path:
    """Each payload is held up for `pictures_each` pictures, after a pause with nothing to see."""
    empty = hall()
    path.write_bytes(b"".join(empty * pause + hall(payload) * pictures_each for payload in payloads))
    return path
