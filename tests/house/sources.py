"""The files of the checkout that are ours, as the house tests read them."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).parents[2]
PACKAGES = sorted(path.parent.name for path in HOUSE.glob("seminar/*/__init__.py"))


@cache
def tracked() -> list[Path]:
    """What git keeps, or would keep with the next `git add`; everything but ignored names where there is no git."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    outcome = subprocess.run(command, cwd=HOUSE, capture_output=True, check=False)
    if outcome.returncode == 0:
        return [path for name in outcome.stdout.decode().split("\0") if name and (path := HOUSE / name).is_file()]
    away = {".venv", "node_modules", "var", "vendor", "__pycache__", ".git"}
    return [path for path in HOUSE.rglob("*") if path.is_file() and not away & set(path.parts)]


def texts(*suffixes: str) -> Iterator[tuple[Path, str]]:
    for path in tracked():
        if path.suffix in suffixes:
            yield path.relative_to(HOUSE), path.read_text(encoding="utf-8")


@cache
def trees() -> dict[Path, ast.Module]:
    """Every Python file of the program, parsed."""
    return {path: ast.parse(text) for path, text in texts(".py") if path.parts[0] == "seminar"}
