"""The one question asked about htmx 4: does it want a fragment? (recipes.md: hx-select, boost and history ask for full.)"""

from flask import Response, make_response, request


def wants_fragment() -> bool:
    return request.headers.get("HX-Request-Type") == "partial"


def is_htmx() -> bool:
    return request.headers.get("HX-Request") == "true"


def varied(body: str | Response, status: int = 200) -> Response:
    """An answer that differs for fragments; caches must know."""
    response = make_response(body, status)
    response.headers["Vary"] = "HX-Request-Type"
    return response


def go_to(address: str) -> Response:
    """401 that makes htmx open the address; a redirect would silently put the sign-in page into a region."""
    response = make_response("", 401)
    response.headers["HX-Redirect"] = address
    return response
