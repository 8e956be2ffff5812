"""Pictures of a paper as fine as they print and no finer, without what a camera wrote beside them. In the child.

Photographs of phones have ten times the points that a page shows, and the place where they were taken.
"""

import io
from typing import Any

from docx.oxml.ns import qn

DPI = 300
MARGIN = 1.25
"""Only what is finer by a quarter is worth drawing anew."""
QUALITY = 88
EMU = 914_400
ORIENTATION, PLACE = 0x0112, 0x8825
MODES = {"JPEG": ("L", "RGB"), "PNG": ("1", "L", "LA", "P", "RGB", "RGBA")}


def lighten(document: Any) -> None:
    """Every JPEG and PNG that is drawn somewhere; one that cannot be read so stays as it is."""
    for key, (width, height) in _drawn(document.element.body).items():
        part = document.part.related_parts.get(key)
        if part is None or not hasattr(part, "blob"):
            continue
        try:
            made = lightened(part.blob, width, height)
        except Exception:  # noqa: BLE001, S112 - a stranger's picture
            continue
        if made is not None:
            part._blob = made


def _drawn(body: Any) -> dict[str, tuple[int, int]]:
    """{relation: largest (width, height) in EMU at which the whole picture is drawn}"""
    found: dict[str, tuple[int, int]] = {}
    for blip in body.iter(qn("a:blip")):
        key = blip.get(qn("r:embed"))
        frame = next(blip.iterancestors(qn("wp:inline"), qn("wp:anchor")), None)
        if key is None or frame is None:
            continue
        extent, crop = frame.find(qn("wp:extent")), blip.getnext()
        cut = {} if crop is None or crop.tag != qn("a:srcRect") else crop.attrib
        shown = [1 - sum(int(cut.get(side, 0)) for side in sides) / 100_000 for sides in ("lr", "tb")]
        size = [int(extent.get(name)) / max(share, 0.01) for name, share in zip(("cx", "cy"), shown, strict=True)]
        before = found.get(key, (0, 0))
        found[key] = (max(before[0], int(size[0])), max(before[1], int(size[1])))
    return found


def lightened(content: bytes, width: int, height: int) -> bytes | None:
    """The picture for a frame of that size in EMU; None where it is well as it is."""
    from PIL import Image

    with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
        kind, exif = str(picture.format), picture.getexif()
        if picture.mode not in MODES[kind] or width <= 0 or height <= 0:
            return None
        least = sorted((width / EMU * DPI, height / EMU * DPI))
        share = max(one / side for one, side in zip(least, sorted(picture.size), strict=True))
        is_finer = share * MARGIN < 1
        if not is_finer and PLACE not in exif:
            return None
        if is_finer:
            size = (max(1, round(picture.width * share)), max(1, round(picture.height * share)))
            picture.draft(picture.mode, size)
            drawn = picture.convert("RGBA") if picture.mode == "P" else picture
            drawn = drawn.resize(size, Image.Resampling.LANCZOS)
        else:
            drawn = picture.copy()
        kept = Image.Exif()
        if ORIENTATION in exif:
            kept[ORIENTATION] = exif[ORIENTATION]
        out = io.BytesIO()
        if kind == "JPEG":
            drawn.save(out, "JPEG", quality=QUALITY, exif=kept, icc_profile=picture.info.get("icc_profile"))
        else:
            drawn.save(out, "PNG", exif=kept)
        return out.getvalue()
