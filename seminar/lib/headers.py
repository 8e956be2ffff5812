"""Security headers on every answer (security.md V3.4). Nothing inline, nothing from elsewhere: the hall may be offline."""

from flask import Flask, Response, g, request

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


def policy(**changes: str) -> str:
    merged = POLICY | {name.replace("_", "-"): value for name, value in changes.items()}
    return "; ".join(f"{name} {value}" for name, value in merged.items())


def allow_camera() -> None:
    """This answer may use the camera and run the QR reader's WebAssembly; only desk pages ask for it."""
    g.uses_camera = True


def allow_frame() -> None:
    """This answer may show another page of ours in a frame."""
    g.policy = policy(frame_src="'self'")


def only_framed() -> None:
    """This answer shows what somebody else composed: inert, with its own inline styles, and only in a frame of ours."""
    g.policy = (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'self'; base-uri 'none'; "
        "form-action 'none'; sandbox"
    )


def sandbox() -> None:
    """This answer is a stranger's file: whatever it holds, a browser runs and loads nothing of it."""
    g.policy = "sandbox; default-src 'none'"


def init_headers(app: Flask, *, is_production: bool) -> None:
    plain = policy()
    camera = policy(script_src="'self' 'wasm-unsafe-eval'", media_src="'self' blob:")

    @app.after_request
    def add(response: Response) -> Response:
        uses_camera = g.get("uses_camera", False)
        headers = response.headers
        headers["Content-Security-Policy"] = g.get("policy") or (camera if uses_camera else plain)
        headers["Permissions-Policy"] = f"camera=({'self' if uses_camera else ''}), microphone=(), geolocation=()"
        headers["X-Content-Type-Options"] = "nosniff"
        # same-origin, not no-referrer: forms need it, and other sites still see nothing of a personal link.
        headers["Referrer-Policy"] = "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if is_production:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.endpoint != "static" and "Cache-Control" not in headers:
            headers["Cache-Control"] = "no-store"
        return response
