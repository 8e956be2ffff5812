"""`make lock`: requirements*.txt with hashes from pyproject.toml, package-lock.json from package.json.

pip-tools lives in a throw-away environment; no address of a registry reaches the files.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import environment

OPTIONS = (
    "--quiet",
    "--generate-hashes",
    "--strip-extras",
    "--allow-unsafe",
    "--no-emit-index-url",
    "--no-emit-trusted-host",
    "--no-emit-find-links",
    "--no-header",
)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment.say("making a throw-away environment with pip-tools")
        environment.run(sys.executable, "-m", "venv", folder)
        python = str(Path(folder) / "bin" / "python")
        environment.run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "pip-tools")
        for target, extra in (("requirements.txt", ()), ("requirements-dev.txt", ("--extra", "dev"))):
            environment.say(f"writing {target}")
            environment.run(python, "-m", "piptools", "compile", *OPTIONS, *extra, "-o", target, "pyproject.toml")
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is missing: package-lock.json was left as it is. apt-get install npm")
    environment.say("writing package-lock.json")
    subprocess.run([npm, "install", "--package-lock-only", "--loglevel=error"], cwd=environment.HOUSE, check=True)
    environment.prepare("requirements-dev.txt")
    environment.run(str(environment.PYTHON), str(environment.HOUSE / "tools" / "assets.py"), "--lock")


if __name__ == "__main__":
    main()
