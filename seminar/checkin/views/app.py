"""What makes the desk an app that opens without the server: its modules, worker, shell page, manifest and icons.

The worker keeps one set of files. Its name is a hash of them all, so that any change brings a whole new set.
"""

import json
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import abort, current_app, make_response, render_template, url_for
from flask_babel import gettext as _
from PIL import Image, ImageDraw

from seminar.access.guard import desk_device, public
from seminar.checkin import rules
from seminar.checkin.forms.pages import WalkInForm
from seminar.checkin.models import Verdict
from seminar.checkin.views import bp
from seminar.lib.clock import now
from seminar.lib.database import reading
from seminar.lib.errors import Message
from seminar.lib.headers import allow_camera
from seminar.lib.language import chosen, say
from seminar.lib.pages import asset, digest, has_asset, module_file, modules, modules_version
from seminar.planning.queries import seminar_or_404

ICON_SIZES = (192, 512)
# Asked for by name only, without a hash, by css/fonts.css.
FONTS = [
    f"vendor/be-vietnam-pro-{script}-{weight}.woff2" for script in ("latin", "vietnamese") for weight in (400, 600, 700)
]
ASSETS = (
    "css/seminar.css",
    "css/fonts.css",
    "js/page.js",
    "icon.svg",
    "vendor/icons.svg",
    "vendor/htmx.min.js",
    "vendor/zxing_reader.js",
    "vendor/zxing_reader.wasm",
)


def module_folder() -> str:
    """Names the content of all modules, so that what one of them imports fits it."""
    return modules_version("desk")


def module(name: str) -> str:
    """Address of a module of the desk."""
    return url_for("checkin.app_module", folder=module_folder(), file=name)


@bp.get("/desk/app/<folder>/<file>")
@public
def app_module(folder: str, file: str) -> Any:
    return module_file("desk", folder, file)


@bp.get("/desk/<slug>/shell")
@desk_device
def shell(slug: str) -> Any:
    """The desk's page without anything of the moment: names, counts and lists come from the device's own store."""
    return shell_page(slug)


def shell_page(slug: str) -> str:
    allow_camera()
    form = WalkInForm()
    form.group.choices = [("", _("not known"))]
    return render_template(
        "checkin/desk.html",
        seminar=seminar_or_404(slug),
        desk=None,
        sitting=None,
        counts=None,
        shown=None,
        search="",
        kind="entry",
        found=[],
        form=form,
        fresh_id=str,
        **words(slug),
    )


def words(slug: str) -> dict[str, Any]:
    """What the page needs for the app, whoever it is served to."""
    return {
        "labels": rules.VERDICT_LABELS,
        "tones": rules.VERDICT_TONES,
        "sentences": sentences(),
        "module": module,
        "version": module_folder(),
        "worker": url_for("checkin.worker", slug=slug, language=chosen()),
    }


def sentences() -> dict[str, str]:
    """The sentences of rules.py with places for name, time and desk, for what the device decides by itself."""
    name, at, there = "{name}", now(), "{desk}"
    told = {verdict.value: say(rules.sentence(verdict, name, None, "", is_same_desk=False)) for verdict in Verdict}
    return told | {
        "revoked_unnamed": say(rules.sentence(Verdict.REVOKED, "", None, "", is_same_desk=False)),
        "already_in_here": _timed(rules.sentence(Verdict.ALREADY_IN, name, at, "", is_same_desk=True)),
        "already_in_there": _timed(rules.sentence(Verdict.ALREADY_IN, name, at, there, is_same_desk=False)),
        "unknown_number": _("Nobody on the list has this number. Look at the badge again, or look for the name."),
        "unchecked": _("Kept, but this device has no list and cannot tell who it is. Look at the letter, and let in."),
    }


def _timed(message: Message) -> str:
    return say(Message(message.msgid, **(message.values | {"time": "{time}"})))


@bp.get("/desk/<slug>/worker.js")
@public
def worker(slug: str) -> Any:
    """The service worker of one seminar's desks; its scope is its folder."""
    files = [module(path.name) for path in modules("desk") if path.name not in ("worker.js", "print.js")]
    present = [name for name in ASSETS if has_asset(name)]
    fonts = [name for name in FONTS if has_asset(name)]
    files += [asset(name) for name in present] + [url_for("static", filename=name) for name in fonts]
    with reading():
        page = shell_page(slug)
    root = Path(current_app.static_folder or "")
    # Addresses of modules and assets hold a hash of what lies there; those of fonts do not.
    whole = digest(
        page.encode(), *(address.encode() for address in files), *(root.joinpath(f).read_bytes() for f in fonts)
    )
    values = {
        "NAME": f"desk-{slug}-{whole}",
        "PAGE": url_for("checkin.desk", slug=slug),
        "SHELL": url_for("checkin.shell", slug=slug, v=whole),
        "FILES": files,
    }
    head = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in values.items())
    response = make_response(head + root.joinpath("desk/worker.js").read_text(encoding="utf-8"))
    response.headers |= {"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "no-cache"}
    return response


@bp.get("/desk/<slug>/manifest.webmanifest")
@public
def manifest(slug: str) -> Any:
    seminar = seminar_or_404(slug)
    page = url_for("checkin.desk", slug=slug)
    icons = [
        {
            "src": url_for("checkin.app_icon", slug=slug, size=size),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "any maskable",
        }
        for size in ICON_SIZES
    ]
    told = {
        "id": page,
        "name": _("Reception: %(title)s", title=seminar.title),
        "short_name": _("Reception desk"),
        "start_url": page,
        "scope": page,
        "display": "standalone",
        "background_color": "#f4f6f9",
        "theme_color": "#0e2545",
        "lang": chosen(),
        "icons": icons,
    }
    response = make_response(json.dumps(told, ensure_ascii=False))
    response.headers |= {"Content-Type": "application/manifest+json", "Cache-Control": "no-cache"}
    return response


@bp.get("/desk/<slug>/icon-<int:size>.png")
@public
def app_icon(slug: str, size: int) -> Any:
    if size not in ICON_SIZES:
        abort(404)
    response = make_response(drawn_icon(size))
    response.headers |= {"Content-Type": "image/png", "Cache-Control": "public, max-age=86400"}
    return response


@lru_cache(maxsize=len(ICON_SIZES))
def drawn_icon(size: int) -> bytes:
    """static/icon.svg in pixels, on a whole square so that a phone may cut its own shape."""
    unit = size / 32
    picture = Image.new("RGB", (size, size), "#0e2545")
    draw = ImageDraw.Draw(picture)

    def box(left: float, top: float, right: float, bottom: float, **how: Any) -> None:
        draw.rectangle([unit * side for side in (left, top, right, bottom)], **how)

    for left, top in ((8, 8), (17, 8), (8, 17)):
        box(left, top, left + 7, top + 7, outline="#ffffff", width=round(2 * unit))
    box(17.5, 17.5, 20.5, 20.5, fill="#ff6f5b")
    box(21, 21, 24, 24, fill="#ff6f5b")
    out = BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()
