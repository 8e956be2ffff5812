"""README cannot lie: its settings, its commands with their options, and its make targets are those of the program."""

import re

import click
import pytest

from seminar.lib.settings import TABLE, load
from tests.house.sources import HOUSE, texts

README = (HOUSE / "README.md").read_text(encoding="utf-8")
OF_FLASK = {"run", "shell", "routes", "limiter"}


def commands_of(group: click.Group, path: str = "") -> dict[str, click.Command]:
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        where = f"{path} {name}".strip()
        found |= commands_of(command, where) if isinstance(command, click.Group) else {where: command}
    return found


def section(title: str) -> str:
    return README.split(f"\n## {title}\n")[1].split("\n## ")[0]


@pytest.fixture(scope="module")
def commands(built) -> dict[str, click.Command]:
    return {name: command for name, command in commands_of(built.cli).items() if name.split()[0] not in OF_FLASK}


def lines() -> list[str]:
    found = [line.strip().split("#")[0].strip() for line in section("Commands").splitlines() if line.startswith("    ")]
    return [line for line in found if line]


def name_in(line: str, commands: dict[str, click.Command]) -> str:
    return next((name for name in commands if line == name or line.startswith(f"{name} ")), line)


def test_the_table_of_settings_is_the_programs():
    rows = re.findall(r"^\| `(SEMINAR_\w+)` \| (.*?) \| (.*?) \|$", README, re.M)
    assert {name: (default, text) for name, default, text in rows} == TABLE


def test_every_setting_that_is_read_is_in_the_table():
    read = set()
    for path, text in texts(".py"):
        if path.parts[0] == "seminar":
            read |= set(re.findall(r"""(?:env(?:iron)?\.get\(|env\[|_number\(env, )["'](SEMINAR_\w+)""", text))
    assert read <= set(TABLE)
    assert load({"SEMINAR_DATA": "x", "SEMINAR_SECRET_KEY": "k" * 40}).problems == ()


def test_every_command_is_listed_and_every_listed_one_exists(commands):
    listed = {name_in(line, commands) for line in lines()}
    own = {name for name in commands if not name.startswith("db ")}
    assert listed - {"db upgrade"} == own


def test_the_options_in_the_list_exist_and_none_that_must_be_given_is_missing(commands):
    for line in lines():
        command = commands[name_in(line, commands)]
        named = set(re.findall(r"(--[a-z-]+)", line))
        have = {option for one in command.params for option in one.opts if option.startswith("--")}
        needed = {one.opts[-1] for one in command.params if one.required and isinstance(one, click.Option)}
        arguments = {
            one.human_readable_name for one in command.params if isinstance(one, click.Argument) and one.required
        }
        assert named <= have, line
        assert needed <= named, line
        assert arguments <= set(line.split()), line


def test_make_targets_of_the_readme_exist():
    targets = set(re.findall(r"^([a-z]+):", (HOUSE / "Makefile").read_text(), re.M))
    assert set(re.findall(r"`?make ([a-z]+)", README)) <= targets


def test_pictures_and_files_named_in_the_readme_exist():
    named = set(re.findall(r"\((static/[^)]+)\)", README)) | {
        "tests/house/routes.txt",
        "tools/routes.py",
        "tools/assets.py",
    }
    assert [name for name in named if not (HOUSE / name).exists()] == []


def test_the_contract_names_the_packages_in_the_readmes_order():
    order = re.search(r"access(?:\s*<\s*\w+)+", README)
    assert order
    shown = re.findall(r"\w+", order.group())
    contract = (HOUSE / "pyproject.toml").read_text()
    layers = [name for name in re.findall(r'"seminar\.(\w+)",', contract) if name not in ("lib", "factory")]
    assert shown == list(reversed(layers))
