"""The plan's comparisons by group (S1.16; domain.md 3.4, "With the annex"): M_g/M and K_g/K_all, which neither sheet has alone."""

from seminar.statistics.rules.definitions import Definition, Formula, FormulaKind

MEMBERS, ADMITTED = "members", "admitted_outstanding"
GROUPS = (
    ("Học sinh", "members_pupils", ("pupils",)),
    ("Sinh viên", "members_students", ("students",)),
    ("Thanh niên công nhân", "members_workers", ("workers_state", "workers_private")),
)
"""(group, its members in the annex, those admitted in the form)."""
WORKERS = Formula(
    key="admitted_workers",
    label="Thanh niên công nhân được kết nạp",
    kind=FormulaKind.SUM,
    of=("workers_state", "workers_private"),
)


def compared(form: Definition, annex: Definition) -> Definition | None:
    """Columns of both, the rows that both have, and the ratios; None where they do not fit: others than the plan's."""
    columns = (*form.columns, *annex.columns)
    known = {one.key for one in columns}
    wanted = {MEMBERS, ADMITTED, *(key for _, members, admitted in GROUPS for key in (members, *admitted))}
    theirs = {(row.key, row.year) for row in form.rows}
    rows = tuple(row for row in annex.rows if (row.key, row.year) in theirs)
    if not rows or not wanted <= known or len(known) < len(columns):
        return None
    of_members = [_ratio(f"{name} trên tổng số đoàn viên", key, MEMBERS) for name, key, _ in GROUPS]
    of_admitted = [
        _ratio(
            f"{name} trên đoàn viên ưu tú được kết nạp (mọi đối tượng)",
            keys[0] if len(keys) == 1 else WORKERS.key,
            ADMITTED,
        )
        for name, _, keys in GROUPS
    ]
    update = {"columns": columns, "rows": rows, "checks": (), "formulas": (WORKERS, *of_members, *of_admitted)}
    return annex.model_copy(update=update)


def _ratio(label: str, above: str, below: str) -> Formula:
    return Formula(key=f"{above}_by_{below}"[:40], label=label, kind=FormulaKind.RATIO, of=(above, below))
