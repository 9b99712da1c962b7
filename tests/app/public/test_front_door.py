import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from openline.app.public.front_door import FrontDoor

ADDRESS = "https://help.example.org"


@pytest.fixture
def door() -> FrontDoor:
    return FrontDoor(ADDRESS)


def asked(door: FrontDoor, path: str, method: str = "GET") -> Response:
    client = TestClient(door, base_url="http://elsewhere", follow_redirects=False)
    return client.request(method, path)


@pytest.mark.parametrize(
    ("path", "target"),
    [
        ("/", "/"),
        ("/call?line=night&x=%20", "/call?line=night&x=%20"),
        ("/" + "x" * 3000, "/"),
    ],
)
def test_everything_leads_on_to_the_same_place_by_https(
    door: FrontDoor, path: str, target: str
) -> None:
    answer = asked(door, path)
    assert answer.status_code == 308
    assert answer.headers["location"] == ADDRESS + target


def test_no_host_but_its_own_is_led_to(door: FrontDoor) -> None:
    answer = asked(door, "http://elsewhere//evil.example/x")
    assert answer.headers["location"].startswith(f"{ADDRESS}/")


def test_a_form_stays_a_form(door: FrontDoor) -> None:
    assert (asked(door, "/sign-in", "POST")).status_code == 308


def test_a_word_is_shown_where_it_was_published_and_nowhere_else(door: FrontDoor) -> None:
    door.publish("/.well-known/acme-challenge/abc", "abc.thumb")
    assert (asked(door, "/.well-known/acme-challenge/abc")).text == "abc.thumb"
    assert (asked(door, "/.well-known/acme-challenge/other")).status_code == 404
