"""`make run`: sets up, brings the database up to date, loads the demo, and becomes the server.

Everything stays in this process group: the last step replaces this process.
"""

import argparse
import os
import sys
from pathlib import Path

import environment

FLASK = ("-m", "flask", "--app", "app")


def settings_of_demo() -> dict[str, str]:
    """`make run` serves the demo, except over a data folder that already belongs to a real installation."""
    data = Path(os.environ.get("SEMINAR_DATA") or environment.HOUSE / "var")
    is_real = (data / "seminar.db").exists() and not (data / "demo.json").exists()
    if is_real or os.environ.get("SEMINAR_PRODUCTION") == "1":
        return {}
    return {"SEMINAR_DEMO": "1"}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make run")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    arguments = parser.parse_args()
    environment.prepare("requirements.txt")
    os.environ.update(settings_of_demo(), PYTHONUNBUFFERED="1")
    python = str(environment.PYTHON)
    environment.say("bringing the database up to date")
    environment.run(python, *FLASK, "db", "upgrade")
    if os.environ.get("SEMINAR_DEMO") == "1":
        environment.say("loading the demo seminar")
        environment.run(python, *FLASK, "demo", "load")
    environment.say("starting the server")
    os.chdir(environment.HOUSE)
    sys.stdout.flush()
    os.execv(python, [python, *FLASK, "serve", "--host", arguments.host, "--port", str(arguments.port)])  # noqa: S606


if __name__ == "__main__":
    main()
