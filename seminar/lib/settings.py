"""Settings come from the environment only, prefix SEMINAR_ (README's table; a test compares).

The demo marks its data folder with `demo.json`, which also remembers the address served, so that commands run beside
the server need no environment of their own.
"""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from seminar.lib.errors import Message

HOUSE = Path(__file__).parents[2]
"""The folder of the checkout."""

TABLE: dict[str, tuple[str, str]] = {
    "SEMINAR_DATA": ("var/", "folder of the database, uploads and issued documents"),
    "SEMINAR_DATABASE_URL": ("SQLite in the data folder", "PostgreSQL: postgresql+psycopg://user:password@host/name"),
    "SEMINAR_SECRET_KEY": ("none; made once in the demo", "signs sessions; at least 32 characters"),
    "SEMINAR_BASE_URL": ("the address served, in the demo", "address that people see, in letters and QR codes"),
    "SEMINAR_PRODUCTION": ("0", "1: refuses to start without an https base URL, cookies only over https"),
    "SEMINAR_DEMO": ("0", "1: the data folder becomes a demo (make run sets it)"),
    "SEMINAR_MAIL_SERVER": ("none", "SMTP server; without one messages stay held in the outbox"),
    "SEMINAR_MAIL_PORT": ("25, or 465 / 587 with TLS", "port of the SMTP server"),
    "SEMINAR_MAIL_SECURITY": ("none", "none, starttls or tls"),
    "SEMINAR_MAIL_USERNAME": ("none", "user of the SMTP server"),
    "SEMINAR_MAIL_PASSWORD": ("none", "its password"),
    "SEMINAR_MAIL_SENDER": (
        "seminar@ the base URL's host",
        "sender address of all messages; answers go to the plan's contact",
    ),
    "SEMINAR_MAIL_PER_MINUTE": ("0", "most messages a minute the provider allows; 0 is no limit"),
    "SEMINAR_MAIL_WORKER": ("1", "0: this server does not drain the outbox, `flask mail drain` elsewhere does"),
    "SEMINAR_REDIS_URL": ("none", "counts request limits across several processes"),
    "SEMINAR_SECOND_FACTOR": ("admin office; none in the demo", "roles that must have a second factor, or none"),
    "SEMINAR_PROXIES": ("0", "number of proxies in front whose X-Forwarded headers are believed"),
}


@dataclass(frozen=True)
class Settings:
    """What `load` read; `problems` is empty where it is safe to start."""

    data: Path
    database_url: str
    secret_key: str
    base_url: str
    is_production: bool
    is_demo: bool
    mail_server: str = ""
    mail_port: int = 25
    mail_security: str = "none"
    mail_username: str = ""
    mail_password: str = field(default="", repr=False)
    mail_sender: str = ""
    mail_per_minute: int = 0
    mail_worker: bool = True
    redis_url: str = ""
    second_factor_roles: frozenset[str] = frozenset()
    proxies: int = 0
    problems: tuple[Message, ...] = ()


def demo_file(data: Path) -> Path:
    return data / "demo.json"


def demo_state(data: Path) -> dict[str, str]:
    """What the demo remembers: secret_key, base_url; empty where the folder is no demo's."""
    path = demo_file(data)
    return json.loads(path.read_text()) if path.exists() else {}


def mark_demo(data: Path, **values: str) -> dict[str, str]:
    """Makes the folder a demo's, with a secret key made once; file mode 0600."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    state = {"secret_key": secrets.token_urlsafe(48), **demo_state(data), **values}
    fresh = demo_file(data).with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(state))
    fresh.replace(demo_file(data))
    return state


def _number(env: Mapping[str, str], name: str, default: int, problems: list[Message]) -> int:
    text = env.get(name, "").strip()
    if not text:
        return default
    if not text.isdecimal() or not text.isascii() or int(text) > 65535:
        problems.append(Message("%(name)s must be a whole number from 0 to 65535.", name=name))
        return default
    return int(text)


def load(env: Mapping[str, str] | None = None) -> Settings:
    """Reads the environment. Unsafe or contradictory settings are listed in `problems`, one sentence each."""
    env = os.environ if env is None else env
    problems: list[Message] = []
    data = Path(env.get("SEMINAR_DATA") or HOUSE / "var").resolve()
    state = demo_state(data)
    if env.get("SEMINAR_DEMO") == "1" and not state:
        state = mark_demo(data)
    is_demo = bool(state)
    is_production = env.get("SEMINAR_PRODUCTION") == "1"

    secret_key = env.get("SEMINAR_SECRET_KEY", "") or state.get("secret_key", "")
    if not secret_key:
        problems.append(
            Message(
                "SEMINAR_SECRET_KEY is not set: give it at least 32 random characters, for example from `python3 -c 'import secrets; print(secrets.token_urlsafe(48))'`."
            )
        )
    elif len(secret_key) < 32:
        problems.append(Message("SEMINAR_SECRET_KEY is too short: at least 32 characters."))

    base_url = (env.get("SEMINAR_BASE_URL", "") or state.get("base_url", "") or "http://127.0.0.1:8000").rstrip("/")
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path or parts.query:
        problems.append(Message("SEMINAR_BASE_URL must be an address like https://toadam.example.vn, without a path."))
    if is_production and parts.scheme != "https":
        problems.append(
            Message("SEMINAR_BASE_URL must begin with https:// in production: personal links must not travel in clear.")
        )
    if is_production and is_demo:
        problems.append(
            Message("This data folder holds the demo: production needs a folder of its own (SEMINAR_DATA).")
        )

    security = env.get("SEMINAR_MAIL_SECURITY", "") or "none"
    if security not in ("none", "starttls", "tls"):
        problems.append(Message("SEMINAR_MAIL_SECURITY must be none, starttls or tls."))
    port = _number(env, "SEMINAR_MAIL_PORT", {"tls": 465, "starttls": 587}.get(security, 25), problems)
    roles = env.get("SEMINAR_SECOND_FACTOR", "" if is_demo else "admin office").split()
    return Settings(
        data=data,
        database_url=env.get("SEMINAR_DATABASE_URL") or f"sqlite:///{data / 'seminar.db'}",
        secret_key=secret_key,
        base_url=base_url,
        is_production=is_production,
        is_demo=is_demo,
        mail_server=env.get("SEMINAR_MAIL_SERVER", ""),
        mail_port=port,
        mail_security=security,
        mail_username=env.get("SEMINAR_MAIL_USERNAME", ""),
        mail_password=env.get("SEMINAR_MAIL_PASSWORD", ""),
        mail_sender=env.get("SEMINAR_MAIL_SENDER", "") or f"seminar@{parts.hostname or 'localhost'}",
        mail_per_minute=_number(env, "SEMINAR_MAIL_PER_MINUTE", 0, problems),
        mail_worker=env.get("SEMINAR_MAIL_WORKER", "1") != "0",
        redis_url=env.get("SEMINAR_REDIS_URL", ""),
        second_factor_roles=frozenset(role for role in roles if role != "none"),
        proxies=_number(env, "SEMINAR_PROXIES", 0, problems),
        problems=tuple(problems),
    )
