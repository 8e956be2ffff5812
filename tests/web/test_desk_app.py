"""What makes the desk an app: worker, shell, modules, manifest, icons."""

import json
import re
from io import BytesIO

import pytest
from PIL import Image

from tests import cast, reception

PAGE = f"/desk/{cast.SLUG}/"


@pytest.fixture
def desk(app):
    device = reception.device(app)
    device.client.set_cookie("desk", device.headers["Authorization"].removeprefix("Bearer "))
    return device.client


def told(script: str, name: str):
    return json.loads(re.search(rf"^const {name} = (.*);$", script, re.M)[1])


def test_all_that_the_worker_keeps_is_there(desk):
    answer = desk.get(f"{PAGE}worker.js?language=vi")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.mimetype == "text/javascript"
    assert told(answer.text, "PAGE") == PAGE
    for address in [told(answer.text, "SHELL"), *told(answer.text, "FILES")]:
        assert desk.get(address).status_code == 200, address
    name = told(answer.text, "NAME")
    assert name == told(desk.get(f"{PAGE}worker.js").text, "NAME")
    desk.set_cookie("language", "en")
    assert name != told(desk.get(f"{PAGE}worker.js").text, "NAME")


def test_the_shell_says_nothing_of_the_moment_or_of_one_desk(app, desk):
    with app.app_context():
        reception.add_person("Đặng Thị Hoà")
    shell = desk.get(f"{PAGE}shell").text
    assert shell == desk.get(f"{PAGE}shell").text
    assert "Bàn 1" not in shell
    assert "Đặng Thị Hoà" not in shell
    assert "Bàn 1" in desk.get(PAGE).text


def test_a_stranger_gets_no_shell_and_the_worker_of_nothing_is_none(app):
    visitor = app.test_client()
    assert visitor.get(f"{PAGE}shell").location == PAGE
    for path in ("worker.js", "manifest.webmanifest"):
        assert visitor.get(f"/desk/khong-co/{path}").status_code == 404


def test_our_pages_say_that_they_are_ours(app, desk):
    assert desk.get(PAGE).headers["X-Desk"] == "page"
    assert app.test_client().get(PAGE).headers["X-Desk"] == "page"


def test_modules_are_kept_by_their_content(desk):
    address = re.search(r'src="(/desk/app/\w+/desk\.js)"', desk.get(PAGE).text)[1]
    answer = desk.get(address)
    assert "immutable" in answer.headers["Cache-Control"]
    for other in ("/desk/app/000000000000/desk.js", address.replace("desk.js", "none.js")):
        assert desk.get(other).status_code == 404


def test_it_can_be_installed(desk):
    found = json.loads(desk.get(f"{PAGE}manifest.webmanifest").text)
    assert found["start_url"] == found["scope"] == PAGE
    assert found["name"].startswith("Đón tiếp")
    for icon in found["icons"]:
        picture = Image.open(BytesIO(desk.get(icon["src"]).data))
        assert f"{picture.width}x{picture.height}" == icon["sizes"]
    assert desk.get(f"{PAGE}icon-7.png").status_code == 404
