"""PDF by Typst: values travel as JSON and are never markup; many pages are made in child processes (recipes.md).

Typst's memory grows with every page it made, and one Compiler serves one thread only.
"""

import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from seminar.documents import glyphs
from seminar.lib.isolated import run_isolated
from seminar.lib.scratch import scratch

TEMPLATES = Path(__file__).parent / "typst"
FONTS = Path(__file__).parents[2] / "static" / "vendor"
FAMILIES = ("Tinos", "Libertinus Serif")
"""Times metrics with all Vietnamese letters; where set-up could not fetch it, Typst's own serif."""
DRAWING_PPI = 220
BATCH = 100
IN_PROCESS = 10
"""Up to so many letters are made in the server's own process; more in a child."""
LARGE_LETTERS = 400_000
"""Of data: the table of a sheet with thousands of cells and all units. Typst takes 5 s and 1,3 GB for 70.000 cells."""
LARGE_SECONDS, LARGE_BYTES = 300, 6_000_000_000
MADE_AT = datetime(2024, 1, 1, tzinfo=UTC)
"""A fixed time stamp inside the file: the same data gives the same bytes."""
_threads = threading.local()


@cache
def _fonts() -> Any:
    import typst

    folders = [str(FONTS)] if FONTS.exists() else []
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=folders)


@cache
def families() -> list[str]:
    """The font families to set, best first, of those that are there."""
    return [family for family in FAMILIES if family in _fonts().families()]


def _compiler(template_name: str) -> Any:
    import typst

    compilers: dict[str, Any] = _threads.__dict__.setdefault("compilers", {})
    if template_name not in compilers:
        compilers[template_name] = typst.Compiler(
            input=str(TEMPLATES / template_name), root=str(TEMPLATES), font_paths=_fonts()
        )
    return compilers[template_name]


def compile(template_name: str, data: Mapping[str, Any]) -> bytes:
    """The document of `documents/typst/<template_name>`; the template finds `data` with the font families added.

    Refused where a character has no shape in the font: Typst would leave it out without a word.
    """
    text = _checked(data)
    return _compiled_apart(template_name, text) if len(text) > LARGE_LETTERS else _compiled(template_name, text)


def _checked(data: Mapping[str, Any]) -> str:
    glyphs.refuse_unprintable(data)
    return json.dumps({**data, "families": families()}, ensure_ascii=False)


def _compiled(template_name: str, text: str, *, tags: bool = True) -> bytes:
    pdf: bytes = _compiler(template_name).compile(
        format="pdf", sys_inputs={"data": text}, timestamp=MADE_AT, pdf_tags=tags
    )
    return pdf


def _compiled_apart(template_name: str, text: str) -> bytes:
    """In a child, which gives a gigabyte back, and without tags, which would be nine tenths of the file."""
    with scratch("documents") as folder:  # readable by its owner only
        path = str(Path(folder) / "large.pdf")
        run_isolated(
            compile_large,
            *(path, template_name, text),
            cpu_seconds=LARGE_SECONDS,
            wall_seconds=LARGE_SECONDS,
            memory_bytes=LARGE_BYTES,
        )
        return Path(path).read_bytes()


def compile_large(path: str, template_name: str, text: str) -> None:
    """In the child."""
    Path(path).write_bytes(_compiled(template_name, text, tags=False))


def drawn(svg: str, width_mm: float) -> bytes:
    """The drawing as a PNG on white, fine enough to print."""
    glyphs.refuse_unprintable(svg)
    text = json.dumps({"svg": svg, "width_mm": width_mm}, ensure_ascii=False)
    png: bytes = _compiler("drawing.typ").compile(format="png", ppi=DRAWING_PPI, sys_inputs={"data": text})
    return png


def compile_in(folder: Path, template_name: str, data: Mapping[str, Any]) -> bytes:
    """As `compile`, with the files that `data` names in `folder`. In the child: it opens them, and checks no characters."""
    import shutil

    import typst

    for template in TEMPLATES.glob("*.typ"):
        shutil.copyfile(template, folder / template.name)
    text = json.dumps({**data, "families": families()}, ensure_ascii=False)
    compiler: Any = typst.Compiler(input=str(folder / template_name), root=str(folder), font_paths=_fonts())
    pdf: bytes = compiler.compile(format="pdf", sys_inputs={"data": text}, timestamp=MADE_AT)
    return pdf


def compile_many(
    template_name: str,
    common: Mapping[str, Any],
    name: str,
    items: Iterable[Mapping[str, Any]],
    *,
    batch: int = BATCH,
    fills_sheets: bool = False,
) -> bytes:
    """One PDF of many items, which the template finds under `name` beside `common`. Items may be made one by one as they
    are asked for, so that thousands never lie in memory together; `fills_sheets` begins each batch on a front side.
    """
    coming = iter(items)
    some = list(islice(coming, batch))
    if len(some) <= IN_PROCESS:
        return compile(template_name, {**common, name: some})
    with scratch("letters") as folder:  # readable by its owner only
        parts: list[str] = []
        while some:
            parts.append(str(Path(folder) / f"{len(parts)}.pdf"))
            run_isolated(compile_to, parts[-1], template_name, {**common, name: some})
            some = list(islice(coming, batch))
        if len(parts) > 1:
            whole = str(Path(folder) / "whole.pdf")
            run_isolated(merge, parts, whole, fills_sheets)
            return Path(whole).read_bytes()
        return Path(parts[0]).read_bytes()


def compile_to(path: str, template_name: str, data: Mapping[str, Any]) -> None:
    """In the child: files, not pipes, carry what is large."""
    Path(path).write_bytes(_compiled(template_name, _checked(data)))


def merge(parts: Sequence[str], whole: str, fills_sheets: bool = False) -> None:
    """The pages of all files, one after the other, in the file `whole`; with `fills_sheets` each takes whole sheets."""
    from pypdf import PdfWriter

    writer = PdfWriter()
    for part in parts:
        if fills_sheets and len(writer.pages) % 2:
            writer.add_blank_page()
        writer.append(part, import_outline=False)
    writer.write(whole)
