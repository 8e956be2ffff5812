"""The list of addresses: method, path, who may. `python tools/routes.py --write` rewrites tests/house/routes.txt.

A change of access is then one line of a diff; a test compares the file with the application.
"""

import os
import sys
import tempfile
from pathlib import Path

HOUSE = Path(__file__).parents[1]
FILE = HOUSE / "tests" / "house" / "routes.txt"


def lines_of(app) -> list[str]:
    """One line per method and path, sorted by path; `nobody` where an endpoint does not say."""
    from seminar.access.guard import access_of

    found = []
    for rule in app.url_map.iter_rules():
        access = access_of(app.view_functions[rule.endpoint])
        who = "static" if rule.endpoint == "static" else access.who if access else "nobody"
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            found.append((rule.rule, method, who))
    return [f"{method:<5} {path:<72} {who}".rstrip() for path, method, who in sorted(found)]


def application():
    from seminar.factory import create_app
    from seminar.lib.settings import load

    folder = tempfile.mkdtemp(prefix="seminar-routes-")
    return create_app(load({"SEMINAR_DATA": folder, "SEMINAR_SECRET_KEY": "k" * 40}))


def main() -> None:
    sys.path.insert(0, str(HOUSE))
    os.chdir(HOUSE)
    text = "\n".join(lines_of(application())) + "\n"
    if "--write" in sys.argv:
        FILE.write_text(text, encoding="utf-8")
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
