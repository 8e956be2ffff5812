"""Two languages: English msgids, Vietnamese by default and complete; the choice stays with the visitor in a cookie.

The catalog is kept as one small .po file per feature in `seminar/translations/vi/` and compiled into one .mo.
"""

from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import has_request_context, request
from flask_babel import Babel, get_translations, gettext

from seminar.lib.errors import Message
from seminar.lib.text import thousands

LANGUAGES = ("vi", "en")
COOKIE = "language"
FOLDER = Path(__file__).parent.parent / "translations"

babel = Babel()


def chosen() -> str:
    """The visitor's language; Vietnamese where nothing was chosen, on the command line and in mail."""
    wanted = request.cookies.get(COOKIE) if has_request_context() else None
    return wanted if wanted in LANGUAGES else "vi"


def say(message: Message | str) -> str:
    """The sentence in the visitor's language; a `Message` argument inside a `Message` is translated too."""
    if isinstance(message, str):
        return gettext(message)
    values = {name: say(value) if isinstance(value, Message) else value for name, value in message.values.items()}
    return gettext(message.msgid, **values)


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    """The sentence for so many; "%(num)d" is written as numbers are, "1.023"."""
    sentence = get_translations().ungettext(one, many, num).replace("%(num)d", "%(num)s")
    return sentence % {"num": thousands(num), **values}


def merged(language: str = "vi") -> Catalog:
    """All entries of `translations/<language>/*.po` in one catalog; of two translations of one msgid the first stays.

    A house test refuses such pairs (`clashes`); a running server must not stop for one.
    """
    whole = Catalog(locale=language, domain="messages")
    for path in sorted((FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file, locale=language):
                if not entry.id:
                    continue
                if whole.get(entry.id, entry.context) is None:
                    whole.add(entry.id, entry.string, context=entry.context)
    return whole


def clashes(language: str = "vi") -> list[str]:
    """Msgids that two files translate differently, as "file: msgid"."""
    found, whole = [], merged(language)
    for path in sorted((FOLDER / language).glob("*.po")):
        with path.open("rb") as file:
            for entry in read_po(file, locale=language):
                kept = whole.get(entry.id, entry.context) if entry.id else None
                if kept is not None and kept.string != entry.string:
                    found.append(f"{path.name}: {entry.id!r}")
    return found


def compile_catalog(language: str = "vi") -> Path:
    """Writes LC_MESSAGES/messages.mo if it is missing or older than a .po file."""
    target = FOLDER / language / "LC_MESSAGES" / "messages.mo"
    sources = list((FOLDER / language).glob("*.po"))
    if not target.exists() or any(path.stat().st_mtime > target.stat().st_mtime for path in sources):
        target.parent.mkdir(exist_ok=True)
        fresh = target.with_suffix(".new")
        with fresh.open("wb") as file:
            write_mo(file, merged(language))
        fresh.replace(target)
    return target


def init_language(app: Any) -> None:
    compile_catalog()
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(FOLDER)
    babel.init_app(app, default_locale="vi", default_timezone="Asia/Ho_Chi_Minh", locale_selector=chosen)
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext, newstyle=True)
    app.jinja_env.globals["say"] = say
    app.jinja_env.globals["language"] = chosen
