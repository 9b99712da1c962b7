from pathlib import Path

import msgspec
import pytest
from starlette.testclient import TestClient

from openline.model import PeerError
from openline.web import TooManyTriesError
from openline.web.guard import SESSION_COOKIE
from openline.web.second_factor import HALF_COOKIE
from tests.web.builders import CATALOGUES, MARIA, Site

EN = CATALOGUES["en"].text
RIGHT = {"login": "maria", "password": "right", "next": "/wallboard"}


def half_way(centre: Site) -> TestClient:
    """Returns a browser that gave Maria's password, and owes the code."""
    centre.second_step.logins.add("maria")
    browser = centre.afar()
    answer = browser.post("/sign-in", data=RIGHT)
    assert answer.headers["location"] == "/sign-in/code?next=/wallboard"
    return browser


def demanding(folder: Path) -> Site:
    """Makes a centre whose agents need a second factor."""
    site = Site(folder, is_demo=False, demo_accounts=[], pull_the_plug=None)
    published = msgspec.structs.replace(
        site.context.published(), second_factor_for=frozenset({"agent"})
    )
    again = folder / "again"
    again.mkdir()
    return Site(
        again, is_demo=False, demo_accounts=[], pull_the_plug=None, published=lambda: published
    )


def test_the_password_alone_opens_no_session_where_there_is_a_second_factor(centre: Site) -> None:
    browser = half_way(centre)
    assert SESSION_COOKIE not in browser.cookies
    assert browser.get("/wallboard").status_code == 303
    assert browser.get("/sign-in/code").status_code == 200


def test_the_cookie_of_the_first_step_is_for_the_second_alone(centre: Site) -> None:
    centre.second_step.logins.add("maria")
    said = centre.afar().post("/sign-in", data=RIGHT).headers["set-cookie"]
    for part in ("HttpOnly", "Path=/sign-in", "SameSite=strict", "Secure", "Max-Age=600"):
        assert part in said


def test_the_code_opens_the_session_and_leads_on(centre: Site) -> None:
    browser = half_way(centre)
    answer = browser.post("/sign-in/code", data={"code": "123456", "next": "/wallboard"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/wallboard")
    assert MARIA in centre.sessions.accounts.values()
    assert centre.second_step.halves == {}


def test_a_wrong_code_is_told_and_counted(centre: Site) -> None:
    browser = half_way(centre)
    page = browser.post("/sign-in/code", data={"code": "000000"})
    assert page.status_code == 422
    assert EN("factor.wrong") in page.text
    (half,) = centre.second_step.halves.values()
    assert half.wrong == 1
    assert SESSION_COOKIE not in browser.cookies


@pytest.mark.parametrize(
    ("problem", "status"), [(TooManyTriesError(8), 429), (PeerError("no key"), 503)]
)
def test_what_stands_in_the_way_is_said_in_words(
    centre: Site, problem: Exception, status: int
) -> None:
    browser = half_way(centre)
    centre.second_step.problem = problem
    page = browser.post("/sign-in/code", data={"code": "123456"})
    assert page.status_code == status
    assert 'role="alert"' in page.text


@pytest.mark.parametrize("path", ["/sign-in/code", "/sign-in/setup"])
def test_without_the_password_one_begins_at_the_beginning(centre: Site, path: str) -> None:
    browser = centre.afar()
    browser.cookies.set(HALF_COOKIE, "never-given")
    assert browser.get(path).headers["location"] == "/sign-in"
    assert browser.post(path, data={"code": "123456"}).headers["location"] == "/sign-in"


def test_a_role_that_needs_one_sets_it_up_before_it_is_in(tmp_path: Path) -> None:
    centre = demanding(tmp_path)
    browser = centre.afar()
    answer = browser.post("/sign-in", data=RIGHT)
    assert answer.headers["location"] == "/sign-in/setup?next=/wallboard"
    page = browser.get("/sign-in/setup?next=/wallboard")
    assert "<svg" in page.text
    assert "otpauth://totp/" in page.text
    assert "style=" not in page.text
    assert browser.post("/sign-in/setup", data={"code": "000000"}).status_code == 422
    assert SESSION_COOKIE not in browser.cookies
    done = browser.post("/sign-in/setup", data={"code": "123456", "next": "/wallboard"})
    assert "aaaa-bbbb-cccc" in done.text
    assert 'href="/wallboard"' in done.text
    assert done.headers["cache-control"] == "no-store"
    assert MARIA in centre.sessions.accounts.values()


def test_who_comes_by_a_link_sets_it_up_too(tmp_path: Path) -> None:
    centre = demanding(tmp_path)
    words = {"password": "nine geese", "again": "nine geese"}
    answer = centre.afar().post("/join/open", data=words)
    assert answer.headers["location"] == "/sign-in/setup"
    assert centre.sessions.accounts == {}


def test_nobody_replaces_a_second_factor_by_the_password_alone(centre: Site) -> None:
    browser = half_way(centre)
    assert browser.get("/sign-in/setup").headers["location"] == "/sign-in"
    answer = browser.post("/sign-in/setup", data={"code": "123456"})
    assert answer.headers["location"] == "/sign-in"
    assert centre.sessions.accounts == {}


def test_anybody_may_begin_one_and_end_it_with_its_code(centre: Site) -> None:
    browser = centre.afar(MARIA)
    assert EN("factor.off") in browser.get("/account").text
    answer = browser.post("/account", data={"act": "begin"})
    assert answer.headers["location"] == "/sign-in/setup?next=/account"
    assert browser.post("/sign-in/setup", data={"code": "123456"}).status_code == 200
    assert EN("factor.end") in browser.get("/account").text
    wrong = browser.post("/account", data={"act": "end", "code": "000000"})
    assert wrong.status_code == 422
    assert centre.second_step.logins == {"maria"}
    assert browser.post("/account", data={"act": "end", "code": "123456"}).status_code == 303
    assert centre.second_step.logins == set()
    assert browser.post("/account", data={"act": "dance"}).status_code == 422
