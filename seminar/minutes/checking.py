"""May this file stand beside a note? Decided by content in the isolated child; of a photo only the picture is kept.

Telephones write where and when into their photos (EXIF, XMP); a photo is written anew with its picture, colours and the
way up, and nothing else. Word files and PDFs are read as papers are (`papers.checking`).
"""

import io
from dataclasses import dataclass, field
from typing import Any

from seminar.lib import files
from seminar.lib.errors import Message, Refused
from seminar.lib.isolated import run_isolated
from seminar.papers.checking import pdf, safe_filename, word

MOST_BYTES = 20 * 1024 * 1024
PIXELS = 120_000_000
ORIENTATION = 0x0112
JPEG, PNG = "image/jpeg", "image/png"
EXTENSIONS = {JPEG: "jpg", PNG: "png", pdf.MEDIA_TYPE: "pdf", word.MEDIA_TYPE: "docx"}

NOTHING = Message("No file arrived: choose it and send it again.")
TOO_LARGE = Message("The file is too large: at most 20 MB. Make the photo smaller and send it again.")
OTHER_KIND = Message("Beside a note stand photos (JPEG, PNG), PDFs and Word files (.docx). Save it as one of these.")
DAMAGED_PICTURE = Message("The picture is damaged or was cut off. Take or save it anew and send it again.")
TOO_MANY_PIXELS = Message("The picture has too many pixels. Make it smaller and send it again.")


@dataclass(frozen=True)
class CheckedFile:
    """A file that may be kept; `content` is what is kept of it."""

    filename: str
    content: bytes = field(repr=False)
    sha256: str
    media_type: str


def check_file(filename: str, content: bytes, most_pixels: int = PIXELS) -> CheckedFile:
    """Opens the file in a child process; `Refused` says why it cannot be kept. Slow: call it before writing."""
    if not content:
        raise Refused(NOTHING.msgid)
    if len(content) > MOST_BYTES:
        raise Refused(TOO_LARGE.msgid)
    media_type, kept = run_isolated(inspect, content, most_pixels)
    return CheckedFile(
        filename=safe_filename(filename or "tep-kem", EXTENSIONS[media_type]),
        content=kept,
        sha256=files.sha256(kept),
        media_type=media_type,
    )


def inspect(content: bytes, most_pixels: int = PIXELS) -> tuple[str, bytes]:
    """In the child: (media type, bytes to keep), or `Refused`."""
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG, _picture(content, ("JPEG", "MPO"), most_pixels)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG, _picture(content, ("PNG",), most_pixels)
    if content.startswith(b"%PDF-"):
        return pdf.inspect(content)["media_type"], content
    if content.startswith(b"PK\x03\x04"):
        return word.inspect(content)["media_type"], content
    raise Refused(OTHER_KIND.msgid)


def _picture(content: bytes, formats: tuple[str, ...], most_pixels: int) -> bytes:
    """The picture alone, read to its end and written anew; a JPEG with the tables it came with, so that it loses nothing more."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # ours is asked below, and refuses instead of warning
    out = io.BytesIO()
    try:
        with Image.open(io.BytesIO(content), formats=formats) as image:
            if image.width * image.height > most_pixels:
                raise Refused(TOO_MANY_PIXELS.msgid)
            upright = Image.Exif()
            if way := image.getexif().get(ORIENTATION):
                upright[ORIENTATION] = way
            colours: Any = image.info.get("icc_profile")
            image.load()
            if image.format == "PNG":
                image.save(out, "PNG", icc_profile=colours, exif=upright)
            else:
                how: dict[str, Any] = {"quality": "keep"} if image.format == "JPEG" else {"quality": 92}
                image.save(out, "JPEG", icc_profile=colours, exif=upright, comment=b"", **how)
    except Refused:
        raise
    except (OSError, ValueError, SyntaxError, KeyError, TypeError, IndexError, EOFError):
        raise Refused(DAMAGED_PICTURE.msgid) from None
    return out.getvalue()
