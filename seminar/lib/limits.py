"""Limits of requests a minute, per address; memory by default, Redis for several processes."""

from flask import Flask, Response
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, headers_enabled=True, strategy="moving-window")


def init_limits(app: Flask, redis_url: str) -> None:
    app.config["RATELIMIT_STORAGE_URI"] = redis_url or "memory://"
    limiter.init_app(app)


def is_miss(response: Response) -> bool:
    """For limits that count only wrong codes: a hall of 300 behind one address opens 300 right pages."""
    return response.status_code in (403, 404)


guesses = limiter.shared_limit("60 per minute;600 per hour", scope="codes", deduct_when=is_miss)
"""On every page that is opened by a code, counted together; guessing 20 digits at that rate takes longer than the sun."""
