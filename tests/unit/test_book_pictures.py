"""Pictures in the book are as fine as they print, lie as they lay, and do not tell where they were taken."""

import io
import random

import docx
import pytest
from docx.shared import Mm
from PIL import Image

from seminar.reports.documents import pictures
from seminar.reports.documents.pictures import ORIENTATION, PLACE

EMU_MM = 36_000


def picture(width: int, height: int, kind: str = "JPEG", **exif: object) -> bytes:
    made = Image.frombytes("RGB", (width // 8, height // 8), random.Random(1).randbytes(width // 8 * (height // 8) * 3))
    told = Image.Exif()
    told[ORIENTATION] = 6
    told.get_ifd(PLACE)[1] = "N"
    out = io.BytesIO()
    made.resize((width, height)).save(out, kind, exif=told)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_picture_finer_than_print_is_drawn_anew_and_keeps_only_how_it_lies(kind):
    made = pictures.lightened(picture(4000, 3000, kind), 160 * EMU_MM, 120 * EMU_MM)
    with Image.open(io.BytesIO(made)) as seen:
        assert seen.format == kind and abs(seen.width - 1890) <= 2 and abs(seen.height - 1417) <= 2
        assert dict(seen.getexif()) == {ORIENTATION: 6}


def test_a_small_one_keeps_its_points_and_loses_the_place():
    small = picture(800, 600)
    made = pictures.lightened(small, 160 * EMU_MM, 120 * EMU_MM)
    with Image.open(io.BytesIO(made)) as seen:
        assert seen.size == (800, 600) and PLACE not in seen.getexif()
    assert pictures.lightened(made, 160 * EMU_MM, 120 * EMU_MM) is None, "well as it is"


def test_the_largest_frame_and_what_is_cut_off_are_counted():
    document = docx.Document()
    content = picture(4000, 3000)
    document.add_picture(io.BytesIO(content), Mm(40))
    document.add_picture(io.BytesIO(content), Mm(80))
    blips = list(document.element.body.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip"))
    cut = blips[1].makeelement("{http://schemas.openxmlformats.org/drawingml/2006/main}srcRect", {"l": "50000"})
    blips[1].addnext(cut)
    pictures.lighten(document)
    [part] = {rel.target_part for rel in document.part.rels.values() if "image" in rel.reltype}
    with Image.open(io.BytesIO(part.blob)) as seen:
        assert abs(seen.width - 1890) <= 2, "160 mm at 300 points an inch"


def test_what_is_no_picture_stays():
    document = docx.Document()
    document.add_picture(io.BytesIO(picture(4000, 3000)), Mm(40))
    [part] = [rel.target_part for rel in document.part.rels.values() if "image" in rel.reltype]
    part._blob = b"\xff\xd8\xff rubbish"
    pictures.lighten(document)
    assert part.blob == b"\xff\xd8\xff rubbish"
