"""Every address by every role: the declared ones come in, all others are turned away, and no other site may ask."""

from seminar.access.guard import access_of
from seminar.access.roles import Role
from tests import cast

ROLE_OF = {login: roles[0] for login, (_, roles) in cast.STAFF.items()}
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def doors(app):
    """(rule, method, address with something in it, access); nothing in the seminar matches what stands there."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        values = dict.fromkeys(rule.arguments, 999_999_999)
        values |= {
            name: "khong-co"
            for name in rule.arguments
            if rule._converters[name].__class__.__name__ == "UnicodeConverter"
        }
        for method in sorted(rule.methods & {"GET", "POST"}):
            yield rule, method, adapter.build(rule.endpoint, values), access_of(app.view_functions[rule.endpoint])


def test_staff_come_in_where_their_role_is_named_and_nowhere_else(app, staff):
    clients = {login: staff(login) for login in ROLE_OF}
    wrong = []
    for rule, method, address, access in doors(app):
        if not access.roles or rule.endpoint == "accounts.leave":
            continue
        for login, client in clients.items():
            status = client.open(address, method=method).status_code
            may = ROLE_OF[login] in access.roles
            if (status == 403) == may:
                wrong.append((method, address, login, status))
    assert wrong == []


def test_strangers_are_asked_to_sign_in_and_nothing_else(app, visitor):
    wrong = []
    for _, method, address, access in doors(app):
        if access.roles:
            answer = visitor.open(address, method=method)
            if answer.status_code != 302 or not answer.location.startswith("/login"):
                wrong.append((method, address, answer.status_code))
    assert wrong == []


def test_an_expired_sign_in_under_htmx_opens_the_sign_in_page_not_a_region(app, visitor):
    wrong = []
    for _, method, address, access in doors(app):
        if access.roles:
            answer = visitor.open(address, method=method, headers=HTMX)
            if answer.status_code != 401 or not answer.headers.get("HX-Redirect", "").startswith("/login"):
                wrong.append((method, address, answer.status_code))
    assert wrong == []


def test_codes_and_rows_that_do_not_exist_are_not_found(app, visitor, staff):
    """A signed-in person of the right role, and a stranger with a code, both get 404 and no hint."""
    order = [Role.OFFICE, Role.ADMIN, Role.SECRETARY, Role.REVIEWER, Role.RECEPTION, Role.VIEWER]
    clients = {ROLE_OF[login]: staff(login) for login in ROLE_OF}
    wrong = []
    for rule, method, address, access in doors(app):
        if not rule.arguments or access.who == "desk" or method == "POST":
            continue
        client = clients[next(role for role in order if role in access.roles)] if access.roles else visitor
        status = client.open(address, method=method).status_code
        if status != 404:
            wrong.append((method, address, status))
    assert wrong == []


def test_no_other_site_may_ask_for_a_change(app, staff):
    clients = {ROLE_OF[login]: staff(login) for login in ROLE_OF}
    wrong = []
    for _, method, address, access in doors(app):
        if method != "POST":
            continue
        client = clients[sorted(access.roles)[0]] if access.roles else app.test_client()
        for headers in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://evil.example"},
        ):
            status = client.post(address, headers=headers).status_code
            if status != 403:
                wrong.append((address, headers, status))
    assert wrong == []


def test_a_change_is_never_a_get(app, staff):
    """An address that only takes POST answers 405 to a link in a mail, to everybody."""
    wrong = []
    only_post = {rule.rule for rule in app.url_map.iter_rules() if "POST" in rule.methods}
    only_post -= {rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    client = staff("oanh")
    for rule, method, address, _ in doors(app):
        if rule.rule in only_post and method == "POST" and client.get(address).status_code not in (404, 405):
            wrong.append(address)
    assert wrong == []


def test_a_nul_opens_nothing_and_breaks_nothing(app, office, visitor):
    """PostgreSQL's text cannot hold one: in a path it is no page, in what is asked or sent no request."""
    wrong = []
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods & {"GET", "POST"}):
            if rule.arguments:
                address = "/".join("a%00" if part.startswith("<") else part for part in rule.rule.split("/"))
                if office.open(address, method=method).status_code != 404:
                    wrong.append((method, address))
    assert wrong == []
    assert office.get(f"/seminars/{cast.SLUG}/delegates?group=%00").status_code == 400
    assert office.get(f"/seminars/{cast.SLUG}/audit?a%00=b").status_code == 400
    assert visitor.post("/login", data={"email": "a\0@b.vn", "password": "x"}).status_code == 400
