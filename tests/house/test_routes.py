"""Every address says who may use it, and the list of them is kept in the repository: a change of access is a diff."""

import re

from tests.house.sources import HOUSE
from tools import routes


def test_the_list_of_addresses_is_the_application(app):
    kept = routes.FILE.read_text(encoding="utf-8").splitlines()
    assert routes.lines_of(app) == kept, "run: .venv/bin/python tools/routes.py --write, and read the diff"


def test_every_address_says_who_may(app):
    assert [line for line in routes.lines_of(app) if line.endswith(" nobody")] == []


def test_addresses_are_kebab_case_and_take_get_and_post_only(app):
    strange = []
    for rule in app.url_map.iter_rules():
        parts = [part for part in rule.rule.split("/") if part and not part.startswith("<") and "<" not in part]
        if rule.endpoint != "static" and any(part != part.lower() or "_" in part for part in parts if part != "I"):
            strange.append(rule.rule)
        if rule.methods - {"GET", "POST", "HEAD", "OPTIONS"}:
            strange.append(f"{rule.rule} {rule.methods}")
    assert strange == []


def test_whole_numbers_in_addresses_have_a_converter(app):
    """A bare <delegate_id> would hand "1 OR 1" to a query; <int:…> answers 404."""
    strange = [
        rule.rule
        for rule in app.url_map.iter_rules()
        for name in rule.arguments
        if name.endswith(("_id", "number", "version")) and not re.search(rf"<int(\(max=\d+\))?:{name}>", rule.rule)
    ]
    assert strange == []


def test_the_menu_leads_to_addresses_that_exist(app):
    from seminar.portal.menu import SEMINAR_MENU

    assert [entry.endpoint for entry in SEMINAR_MENU if entry.endpoint not in app.view_functions] == []


def test_the_house_has_no_other_top_level_folder():
    known = {"seminar", "templates", "static", "migrations", "tests", "tools", ".ci"}
    from tests.house.sources import tracked

    found = {path.relative_to(HOUSE).parts[0] for path in tracked() if len(path.relative_to(HOUSE).parts) > 1}
    assert found <= known
