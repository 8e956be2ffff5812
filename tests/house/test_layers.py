"""The house of style.md: what lies where. The order of the packages is import-linter's, run by `make test`."""

import ast
import re

from tests.house.sources import HOUSE, PACKAGES, texts, trees

VOCABULARY = {
    "__init__",
    "models",
    "rules",
    "queries",
    "actions",
    "forms",
    "views",
    "documents",
    "messages",
    "cli",
}
# Parts of a feature with a noun of their own; each is named here when it comes.
NOUNS = {
    "access": {"actor", "doors", "guard", "roles", "scope"},
    "accounts": {"passwords", "totp"},
    "checkin": {"committing"},
    "invitations": {"particulars", "worker"},
    "mail": {"transport", "worker"},
    "documents": {"content", "glyphs", "layout", "merging", "pdf", "starters", "word", "workbook"},
    "delegates": {"importing", "columns"},
    "papers": {"checking", "converting", "reading", "sealing", "settling"},
    "minutes": {"checking"},
    "statistics": {"reading"},
    "reports": {"worker"},
    "portal": {"menu", "uploads"},
    "operations": {"backup", "certificates", "demo", "doctor", "schema", "serve", "snapshots"},
}
VAGUE = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "services",
    "service",
    "misc",
    "tools",
    "base",
    "core",
    "manager",
}
OTHERS_BUSINESS = {"views", "forms", "templates"}


def imported(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_packages_are_those_of_the_contract():
    contract = (HOUSE / "pyproject.toml").read_text()
    listed = set(re.findall(r'"seminar\.(\w+)",', contract)) - {"factory"}
    assert set(PACKAGES) == listed


def test_files_of_a_feature_have_the_fixed_names():
    strange = []
    for path in trees():
        if len(path.parts) > 2 and path.parts[1] != "lib":
            name = path.parts[2].removesuffix(".py")
            if name not in VOCABULARY | NOUNS.get(path.parts[1], set()):
                strange.append(str(path))
    assert strange == []


def test_no_file_or_folder_has_a_vague_name():
    assert [str(path) for path in trees() if VAGUE & {part.removesuffix(".py") for part in path.parts}] == []


def test_every_module_opens_with_a_docstring():
    assert [str(path) for path, tree in trees().items() if not ast.get_docstring(tree)] == []


def test_no_feature_uses_anothers_views_forms_or_templates():
    wrong = []
    for path, tree in trees().items():
        if path.parts[1] == "factory.py":
            continue
        for name in imported(tree):
            parts = name.split(".")
            if len(parts) >= 3 and parts[0] == "seminar" and parts[1] != path.parts[1] and parts[2] in OTHERS_BUSINESS:
                wrong.append(f"{path}: {name}")
    assert wrong == []


def test_rules_do_not_ask_what_time_it_is():
    wrong = []
    for path, tree in trees().items():
        if "rules" in path.name or "rules" in path.parts:
            for node in ast.walk(tree):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                    if node.func.attr in ("now", "utcnow", "today"):
                        wrong.append(f"{path}:{node.lineno}")
                elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "now":
                    wrong.append(f"{path}:{node.lineno}")
    assert wrong == []


def test_only_views_commands_and_workers_commit():
    """Actions never commit; the one exception, named in style.md, is the group-commit thread of check-in."""
    allowed = {"views", "cli", "worker", "writer", "tasks"}
    wrong = []
    for path, tree in trees().items():
        names = {part.removesuffix(".py") for part in path.parts}
        if names & allowed or path.parts[1] in ("lib", "mail", "factory.py"):
            continue
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Attribute)
                and node.attr == "commit"
                and path.parts[1:] != ("checkin", "committing.py")
            ):
                wrong.append(f"{path}:{node.lineno}")
    assert wrong == []


def test_no_command_goes_through_a_shell():
    wrong = []
    for path, text in texts(".py"):
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.keyword) and node.arg == "shell":
                wrong.append(f"{path}:{node.value.lineno}")
            if isinstance(node, ast.Attribute) and node.attr in ("system", "popen"):
                wrong.append(f"{path}:{node.lineno}")
    assert wrong == []


def test_no_package_of_the_registry_is_imported_without_being_locked():
    import sys

    names = {"argon2": "argon2-cffi", "PIL": "pillow", "docx": "python-docx", "pysqlite3": "pysqlite3"}
    locked = set(re.findall(r"^([a-z0-9-]+)==", (HOUSE / "requirements.txt").read_text(), re.M))
    wanted = set()
    for tree in trees().values():
        wanted |= {name.split(".")[0] for name in imported(tree)}
    wanted -= set(sys.stdlib_module_names) | {"seminar"}
    missing = {name for name in wanted if names.get(name, name.replace("_", "-").lower()) not in locked}
    assert missing - {"python_calamine"} == set()
