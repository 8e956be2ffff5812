"""A tiny application behind the gateway, with limits short enough for a test; served by test_bodies.py."""

from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from seminar.lib.gateway import Gateway, Limits

LIMITS = Limits(
    most_bytes=1_000_000,
    upload_bytes=1000,
    uploads_at_once=2,
    upload_seconds=4.5,
    other_seconds=1.5,
    wait_seconds=1.5,
)


@Request.application
def echo(request: Request) -> Response:
    request.max_content_length = LIMITS.most_bytes
    try:
        body = request.get_data()
    except HTTPException as error:
        return error.get_response()  # type: ignore[return-value]
    told = f"{request.method} {request.path} {request.query_string.decode()} {len(body)} {request.cookies.get('a', '')}"
    return Response(told, headers=[("X-One", "1"), ("X-One", "2")])


application = Gateway(echo, 4, LIMITS)
