"""Whoever writes holds everybody else off: slow reading and judging come before (design.md, engine room)."""

from io import BytesIO

import pytest
from sqlalchemy import event

from seminar.delegates.models import Delegate, ImportDraft
from seminar.lib.database import db
from tests import cast

IMPORTS = f"/seminars/{cast.SLUG}/imports"
WRITES = "BEGIN IMMEDIATE"
LIST = "Họ và tên,Chức vụ,Điện thoại\nHồ Thị Na,Bí thư,0912345678\nLê Văn Bê,Phó,0977111222\n"


@pytest.fixture
def statements(app):
    """What a call sends to the database; SQLite's writing transactions show by how they begin."""

    def sent(call):
        seen = []

        def listen(conn, cursor, statement, *rest):
            seen.append(statement)

        with app.app_context():
            engine = db.engine
        event.listen(engine, "before_cursor_execute", listen)
        try:
            call()
        finally:
            event.remove(engine, "before_cursor_execute", listen)
        return seen

    return sent


@pytest.fixture
def draft(app, office):
    """A list whose first row is somebody stored, with another position."""
    with app.app_context():
        cast.add_delegate(cast.find_seminar(), "Hồ Thị Na", phone="0912345678", position="Phó Bí thư")
        db.session.commit()
    office.post(IMPORTS, data={"file": (BytesIO(LIST.encode()), "a.csv"), "group": "G1"})
    with app.app_context():
        return db.session.scalars(db.select(ImportDraft.id)).one()


def test_looking_at_a_list_of_units_writes_nothing(statements, office):
    asked = statements(lambda: office.post("/units/list/preview", data={"text": "Đoàn xã A"}))
    assert any("unit_alias" in one for one in asked)
    assert WRITES not in asked


def test_rows_are_judged_before_a_choice_is_written(app, statements, office, draft):
    asked = statements(lambda: office.post(f"{IMPORTS}/{draft}/choices", data={"bulk": "position"}))
    with app.app_context():
        assert list(db.session.scalars(db.select(ImportDraft.choices)).one().values())[0]["take"] == ["position"]
    judging = [index for index, one in enumerate(asked) if Delegate.name_folded.key in one]
    assert judging
    assert WRITES not in asked or max(judging) < asked.index(WRITES)
