"""What is in the repository: pins that agree, no paths of a machine, no addresses of registries, no foreign code."""

import re
import tomllib

from tests.house.sources import HOUSE, texts, tracked

TEXTS = (".py", ".md", ".html", ".css", ".js", ".toml", ".txt", ".json", ".ini", ".mako", ".po", ".typ", ".npmrc", "")
MACHINE = re.compile(r"(?:^|[\s\"'`=(:])/(?:work|root|home)/")
REGISTRIES = re.compile(
    r"files\.pythonhosted\.org|pypi\.org/simple|registry\.npmjs\.org|--index-url|https?://[^\s\"]*(?:nexus|artifactory|proxy)[^\s\"]*/"
)
FOREIGN = (".woff", ".woff2", ".ttf", ".otf", ".wasm", ".min.js")
LARGEST_BYTES = 600_000


def pinned(name: str) -> dict[str, str]:
    text = (HOUSE / name).read_text()
    return dict(re.findall(r"^([a-z0-9._-]+)==([^\s\\;]+)", text, re.M))


def wanted() -> tuple[dict[str, str], dict[str, str]]:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text())["project"]

    def split(lines: list[str]) -> dict[str, str]:
        return dict(re.sub(r"\[.*?\]", "", line).split("==") for line in lines)

    return split(project["dependencies"]), split(project["optional-dependencies"]["dev"])


def test_requirements_are_what_the_project_names():
    runs, tests = wanted()
    locked, locked_dev = pinned("requirements.txt"), pinned("requirements-dev.txt")
    assert {name: locked.get(name) for name in runs} == runs
    assert {name: locked_dev.get(name) for name in runs | tests} == runs | tests
    assert {name: locked_dev.get(name) for name in locked} == locked, "run: make lock"


def test_every_package_is_locked_by_hash():
    for name in ("requirements.txt", "requirements-dev.txt"):
        entries = re.findall(r"^([a-z0-9._-]+==[^\n]*(?:\n +[^\n]*)*)", (HOUSE / name).read_text(), re.M)
        assert len(entries) == len(pinned(name))
        assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_no_path_of_a_machine_and_no_address_of_a_registry_is_in_the_repository():
    wrong = []
    for path, text in texts(*TEXTS):
        if path.parts[:2] == ("tests", "house") and path.name == "test_checkout.py":
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if MACHINE.search(line) or REGISTRIES.search(line):
                wrong.append(f"{path}:{number}: {line.strip()[:80]}")
    assert wrong == []


def test_no_foreign_code_and_nothing_huge_is_in_the_repository():
    assert [str(path) for path in tracked() if path.name.endswith(FOREIGN)] == []
    assert [str(path) for path in tracked() if path.stat().st_size > LARGEST_BYTES] == []


def test_lock_files_name_no_addresses():
    assert "resolved" not in (HOUSE / "package-lock.json").read_text()


def test_versions_of_the_pages_packages_are_exact():
    import json

    versions = json.loads((HOUSE / "package.json").read_text())["dependencies"].values()
    assert [version for version in versions if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []


def test_the_pipeline_runs_what_a_person_runs():
    lines = [line for line in (HOUSE / ".ci" / "run").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[-1] == "exec make test"
    assert (HOUSE / ".ci" / "run").stat().st_mode & 0o111


def test_what_set_up_makes_is_ignored_by_git():
    ignored = (HOUSE / ".gitignore").read_text().split()
    assert {".venv/", "node_modules/", "var/", "static/vendor/", "*.mo"} <= set(ignored)


def test_every_layer_of_the_styles_stands_alone():
    """A brace lost in a merge would hide all that follows in a layer for print."""
    depth = 0
    for number, line in enumerate((HOUSE / "static/css/seminar.css").read_text(encoding="utf-8").splitlines(), 1):
        assert not line.startswith("@layer") or not depth, f"line {number} is inside of another rule"
        bare = re.sub(r"/\*.*?\*/|\"[^\"]*\"", "", line)
        depth += bare.count("{") - bare.count("}")
    assert not depth
