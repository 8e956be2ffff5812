"""Three thousand letters are printed in little memory: a small server goes on letting people in meanwhile."""

import subprocess
import sys

from tests.house.sources import HOUSE

MOST_MB = 400
PROGRAM = """
import re
import resource
from datetime import date
from pathlib import Path
from seminar.documents import content, layout, pdf
from seminar.documents.models import DocumentKind
from seminar.documents.rules import DocumentSettings
from seminar.lib import qr

settings, form = DocumentSettings(signer_name="Trần Thị Mẫu"), layout.rules_for(date(2024, 3, 1))

def letters():
    for number in range(3000):
        code = str(10**19 + number * 7919)
        yield {
            **content.head_data(settings, "01-TM/TĐTN-TCKT", date(2024, 3, 1), is_draft=False),
            **content.signature_data(settings, settings.rows_for(DocumentKind.INVITATION)),
            "kind": "invitation",
            "title": "THƯ MỜI",
            "subject": "Dự Tọa đàm Nâng cao chất lượng công tác phát triển Đảng trong học sinh, sinh viên",
            "name": f"Đồng chí Nguyễn Thị Hồng Hạnh {number}",
            "lines": ["Phó Trưởng ban, Ban Tổ chức Tỉnh ủy"],
            "opening": "Ban Thường vụ Tỉnh Đoàn trân trọng kính mời đồng chí tới dự Tọa đàm.",
            "points": [{"label": f"Mục {n}", "text": "Hội trường Trường Đại học, trang phục lịch sự. " * 2} for n in range(5)],
            "closing": ["Trân trọng./."],
            "digits": [code[at : at + 5] for at in range(0, 20, 5)],
            "qr": qr.svg(f"HTTPS://TOADAM.EXAMPLE.VN/I/{code}"),
            "notes": [f"https://toadam.example.vn/i/{code}"],
        }

common = {**content.common_data(form, settings), "heading": "Tọa đàm"}
made = pdf.compile_many("letter.typ", common, "letters", letters())
# The peak of this very program: getrusage would count what the process weighed before it became this program.
own = int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024
children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
from pypdf import PdfReader
from io import BytesIO
print(len(PdfReader(BytesIO(made)).pages), own, children)
"""


def test_three_thousand_letters_take_less_than_400_mb_in_parent_and_child_together():
    made = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=HOUSE, capture_output=True, text=True, check=True, timeout=300
    )
    pages, own, children = map(int, made.stdout.split())
    assert pages == 3000
    assert own + children < MOST_MB, f"{own} MB here and {children} MB in a child"
