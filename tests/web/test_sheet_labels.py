"""Labels that would be something else where they are printed: HTML, Typst, formulas, placeholders."""

import re
from io import BytesIO

from openpyxl import load_workbook

from seminar.lib.database import db
from seminar.planning.models import Unit, UnitLink
from seminar.statistics import actions
from seminar.statistics.models import RulingKind
from seminar.statistics.rules.defining import checked_definition
from tests import cast

STATISTICS = f"/seminars/{cast.SLUG}/statistics"
HOSTILE = (
    '<script>alert(1)</script>"><svg onload=x>',
    '#panic("x") $x$ #read("/etc/passwd") *b* `r`',
    '=HYPERLINK("http://vd.example","x")',
    "+cmd|calc",
    "@SUM(A1)",
    "{{7*7}} {0.__class__} %(x)s %s",
)


def test_labels_of_any_kind_are_text_everywhere(app, office):
    """On pages, in the drawings, Word, PDF, Excel and CSV; and a title longer than a Word file's properties hold."""
    columns = [{"key": f"c{place}", "label": label, "kind": "flow"} for place, label in enumerate(HOSTILE)]
    hostile = {
        "code": "la",
        "title": f"{HOSTILE[0]} {'dài ' * 60}",
        "layout": {"title": HOSTILE[1], "subject": HOSTILE[3], "row_heading": HOSTILE[4], "number_heading": HOSTILE[2]},
        "columns": columns,
        "rows": [{"key": "r", "label": HOSTILE[1], "year": 2023}, {"key": "s", "label": HOSTILE[2], "year": 2022}],
        "formulas": [{"key": "f", "label": HOSTILE[0], "kind": "sum", "of": ["c0", "c1"]}],
        "checks": [{"kind": "at_most", "left": "c0", "right": "c1", "level": "warning", "note": HOSTILE[5]}],
    }
    office.post(f"/seminars/{cast.SLUG}/units/links")
    with app.app_context():
        seminar = cast.find_seminar()
        sheet = actions.begin_sheet(seminar, checked_definition(hostile), cast.OFFICE, cast.NOW)
        period = actions.add_period(sheet, actions.Terms(HOSTILE[0]), cast.OFFICE, cast.NOW)
        actions.open_period(period, cast.OFFICE, cast.NOW)
        unit = db.session.scalars(db.select(Unit)).first()
        cells = {f"{row}.c{place}": str(9 - place) for row in "rs" for place in range(6)}
        draft = actions.keep_draft(period, unit, cells, cast.OFFICE, cast.NOW, 0, remarks=HOSTILE[0])
        version = actions.send_return(period, unit, cast.OFFICE, cast.NOW, draft.revision)
        actions.rule_on(version, RulingKind.ACCEPTED, "", cast.OFFICE, cast.NOW)
        db.session.commit()
        code = db.session.scalars(db.select(UnitLink.code).where(UnitLink.unit_id == unit.id)).one()
        here, mine = f"{STATISTICS}/periods/{period.id}", f"/u/{code}/returns/{period.id}"
        pages = [
            f"/u/{code}",
            mine,
            f"{mine}?correct=1",
            f"{mine}/review",
            STATISTICS,
            f"{STATISTICS}/sheets/{sheet.id}",
        ]
        pages += [f"{STATISTICS}/sheets", f"{STATISTICS}/reminders", f"{here}/units/{unit.id}", f"{here}/returns"]
        pages += [
            f"{here}/table",
            f"{here}/table?by=rows",
            f"{here}/figure?row=r&key=f",
            f"{here}/units",
            f"{here}/terms",
        ]
    for address in pages:
        text = office.get(address, follow_redirects=True).text
        assert "<script>alert" not in text and "<svg onload" not in text and ">49<" not in text, address
    for address in (f"{here}/form", f"{here}/table", f"{mine}/versions/1/form"):
        for ending in ("pdf", "docx"):
            assert office.get(f"{address}.{ending}").status_code == 200, (address, ending)
    for address in (f"{here}/form.xlsx", f"{here}/table.xlsx", f"{mine}/sheet.xlsx"):
        book = load_workbook(BytesIO(office.get(address).data))
        assert all(cell.data_type != "f" for page in book for row in page.iter_rows() for cell in row), address
    lines = office.get(f"{here}/table.csv").data.decode("utf-8-sig").splitlines()
    assert not [line for line in lines if re.search(r'(^|,)"?[=+@-]', line)]
