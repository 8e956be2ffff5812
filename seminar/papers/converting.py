"""Word and OpenDocument files turned into PDF or .docx, where LibreOffice is installed (recipes.md "Proceedings").

It exits 0 when it failed, fetches pictures that a document links to, and hangs on some: so every job has a profile of its
own that blocks links and macros, runs in the limited child with its whole group killed after, and only an output counts.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from seminar.lib.errors import Message, Refused
from seminar.lib.isolated import HOUSE, end_all_with_me, run_isolated
from seminar.lib.scratch import scratch
from seminar.papers.sealing import sealed
from seminar.papers.settling import settled

SECONDS = 60
SECONDS_PER_FILE = 10
MEMORY_BYTES = 3_000_000_000
FILTERS = {"pdf": "pdf:writer_pdf_Export", "docx": "docx:MS Word 2007 XML"}
NOT_CONVERTED = Message("LibreOffice could not turn the file into %(kind)s. Open it in Word and save it so yourself.")
MISSING = Message("There is no LibreOffice on this machine, so files are not converted: send a .docx or a PDF.")

RULES = 2
"""Counts on when the same file would be printed otherwise: PDFs that were made before are then made anew."""

PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>3</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetProxyType" oor:op="fuse"><value>2</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetNoProxy" oor:op="fuse"><value></value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyName" oor:op="fuse"><value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPProxyPort" oor:op="fuse"><value>9</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPSProxyName" oor:op="fuse"><value>127.0.0.1</value></prop></item>
<item oor:path="/org.openoffice.Inet/Settings"><prop oor:name="ooInetHTTPSProxyPort" oor:op="fuse"><value>9</value></prop></item>
</oor:items>
"""
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<dir>{vendor}</dir>
<cachedir>{cache}</cachedir>
{choice}
</fontconfig>
"""
TINOS = """<selectfont><rejectfont><pattern><patelt name="family"><string>Liberation Serif</string></patelt></pattern></rejectfont></selectfont>
<match target="pattern"><test name="family"><string>Times New Roman</string></test><edit name="family" mode="prepend" binding="strong"><string>Tinos</string></edit></match>"""
"""Tinos has the widths of Times New Roman and all Vietnamese letters; Debian's own substitute lacks two thirds of them."""


@cache
def program() -> str | None:
    """LibreOffice on this machine, if it is there."""
    return shutil.which("soffice") or shutil.which("libreoffice")


@cache
def version() -> str:
    """Its name and version for the record, for example "LibreOffice 7.4.7.2"; empty where there is none."""
    if program() is None:
        return ""
    with scratch("office") as folder:
        said = subprocess.run(
            [str(program()), f"-env:UserInstallation=file://{folder}", "--version"],
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
            env=_environment(folder),
        ).stdout
    found = re.search(r"LibreOffice [\d.]+", said)
    return found.group() if found else "LibreOffice"


@cache
def draws_equations() -> bool:
    """Debian keeps the part that does in a package of its own; without it they vanish from the PDF without a word."""
    found = program()
    return found is not None and any(Path(found).resolve().parent.glob("libsmlo.*"))


def made_by() -> str:
    """What a PDF that is kept says of its making."""
    return f"{version()} ({RULES})"


def is_outdated(made_by: str) -> bool:
    """Whether it would be printed otherwise now, as with the deleted text that LibreOffice prints from tracked changes."""
    return made_by.startswith("LibreOffice") and not made_by.endswith(f" ({RULES})")


def convert(files: Mapping[str, bytes], kind: str) -> dict[str, bytes]:
    """The files as `kind` ("pdf" or "docx") under the same keys, all by one run of LibreOffice (1 s, then 0.15 s each).

    Keys are the caller's, plain letters and digits; values are (bytes of a checked file). What could not be converted is
    missing in the answer. Refused where there is no LibreOffice.
    """
    if program() is None:
        raise Refused(MISSING.msgid)
    if not files:
        return {}  # without a file LibreOffice opens its window and waits
    with scratch("office") as folder:
        for part in ("in", "out", "profile/user", "cache"):
            (Path(folder) / part).mkdir(parents=True)
        for key, content in files.items():
            (Path(folder) / "in" / f"{key}.{extension_of(content)}").write_bytes(content)
        (Path(folder) / "profile/user/registrymodifications.xcu").write_text(PROFILE)
        vendor = HOUSE / "static/vendor"
        choice = TINOS if (vendor / "Tinos-Regular.ttf").exists() else ""
        fonts = FONTS.format(vendor=vendor, cache=f"{folder}/cache", choice=choice)
        (Path(folder) / "fonts.conf").write_text(fonts)
        seconds = SECONDS + SECONDS_PER_FILE * len(files)
        try:
            run_isolated(
                run, str(program()), folder, kind, cpu_seconds=seconds, wall_seconds=seconds, memory_bytes=MEMORY_BYTES
            )
            is_over = True
        except Refused:
            is_over = False
        out = Path(folder) / "out"
        found = {
            key: made.read_bytes() for key in files if (made := out / f"{key}.{kind}").exists() and _is_whole(made)
        }
    if is_over or len(files) == 1:
        return found
    order = sorted(files)  # LibreOffice takes one after the other: what follows the last one brought it down
    at = max((order.index(key) for key in found), default=-1) + 1
    for some in (order[at : at + 1], order[at + 1 :]):
        found |= convert({key: files[key] for key in some}, kind)
    return found


def run(soffice: str, folder: str, kind: str) -> None:
    """In the child: its limits hold for LibreOffice too, and the group is killed by the parent, or after it."""
    end_all_with_me()
    files = sorted((Path(folder) / "in").iterdir(), key=lambda path: path.stem)
    files = [path for path in files if _is_sealed(path)]
    if not files:
        return  # without a file LibreOffice opens its window and waits
    for path in files:
        _settle(path)
    subprocess.run(
        [
            soffice,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--convert-to",
            FILTERS[kind],
            "--outdir",
            f"{folder}/out",
            *map(str, files),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=_environment(folder),
        check=True,
    )


def _is_sealed(path: Path) -> bool:
    """A file that cannot be sealed does not go to LibreOffice. An old .doc is kept from the network by the profile only."""
    if path.suffix != ".doc":
        try:
            path.write_bytes(sealed(path.read_bytes()))
        except Exception:  # noqa: BLE001 - a stranger's file
            return False
    return True


def _settle(path: Path) -> None:
    """A file that cannot be read so goes to LibreOffice as it is."""
    if path.suffix == ".docx":
        try:
            path.write_bytes(settled(path.read_bytes()))
        except Exception:  # noqa: BLE001, S110 - a stranger's file
            pass


def _environment(folder: str) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": folder,
        "LANG": "C.UTF-8",
        "FONTCONFIG_FILE": f"{folder}/fonts.conf",
    }


def extension_of(content: bytes) -> str:
    """Of a checked file by its first bytes: docx, odt or doc."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return "doc"
    return "odt" if b"opendocument.text" in content[:200] else "docx"


def _is_whole(path: Path) -> bool:
    start = path.open("rb").read(5)
    return start.startswith((b"%PDF-", b"PK\x03\x04")) and path.stat().st_size > 100
