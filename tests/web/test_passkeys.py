from pathlib import Path

import pytest
from starlette.testclient import TestClient

from openline.web.guard import SESSION_COOKIE
from openline.web.second_factor import HALF_COOKIE
from tests.web.builders import AFAR, CATALOGUES, MARIA, SAM, Site
from tests.web.test_second_factor import RIGHT, demanding

EN = CATALOGUES["en"].text


def test_a_passkey_opens_a_session_and_leads_on(centre: Site) -> None:
    browser = centre.afar()
    asked = browser.post("/sign-in/passkey/challenge", json={})
    assert asked.json() == {"publicKey": {"host": "helpline.example"}}
    answer = {"answer": {"of": "maria"}, "next": "/wallboard"}
    done = browser.post("/sign-in/passkey", json=answer)
    assert (done.status_code, done.json()) == (200, {"to": "/wallboard"})
    for part in ("HttpOnly", "SameSite=strict", "Secure"):
        assert part in done.headers["set-cookie"]
    assert MARIA in centre.sessions.accounts.values()
    assert [place.origin for place in centre.passkeys.places] == [AFAR]


@pytest.mark.parametrize("answer", [{"nothing": 1}, {"of": "somebody-closed"}])
def test_what_proves_nothing_is_told_alike(centre: Site, answer: dict[str, object]) -> None:
    browser = centre.afar()
    refused = browser.post("/sign-in/passkey", json={"answer": answer})
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "passkey_wrong"
    assert SESSION_COOKIE not in browser.cookies


@pytest.mark.parametrize("body", [{}, {"answer": 7}, {"answer": {}, "next": ["/"]}, []])
def test_another_form_of_answer_is_not_understood(centre: Site, body: object) -> None:
    assert centre.afar().post("/sign-in/passkey", json=body).status_code == 422


def test_where_one_is_led_is_on_this_site(centre: Site) -> None:
    answer = {"answer": {"of": "sam"}, "next": "https://evil.test/"}
    assert centre.afar().post("/sign-in/passkey", json=answer).json() == {"to": "/room"}


def test_one_adds_and_takes_away_ones_own(centre: Site) -> None:
    browser = centre.afar(MARIA)
    asked = browser.post("/account/passkeys/challenge", json={}).json()["publicKey"]
    assert (asked["user"], asked["rp"]) == ("maria", "Riverbend Helpline")
    added = browser.post(
        "/account/passkeys", json={"answer": {"of": "maria"}, "label": "<b>phone</b>"}
    )
    assert (added.status_code, added.json()) == (201, {"to": "/account"})
    page = browser.get("/account").text
    assert "&lt;b&gt;phone&lt;/b&gt;" in page
    assert "March 8, 2026" in page
    other = centre.afar(SAM).post("/account/passkeys/key-0")
    assert other.status_code == 303
    assert centre.passkeys.has("maria")
    assert browser.post("/account/passkeys/key-0").headers["location"] == "/account"
    assert not centre.passkeys.has("maria")


def test_what_cannot_be_added_is_refused_by_its_code(centre: Site) -> None:
    refused = centre.afar(MARIA).post("/account/passkeys", json={"answer": {}})
    assert refused.status_code == 422
    assert refused.json()["error"]["code"] == "passkey_wrong"


@pytest.mark.parametrize("path", ["/account/passkeys", "/account/passkeys/challenge"])
def test_only_who_has_signed_in_adds_one(centre: Site, path: str) -> None:
    assert centre.afar().post(path, json={"answer": {"of": "maria"}}).status_code == 401


def half_way(centre: Site) -> TestClient:
    browser = centre.afar()
    assert browser.post("/sign-in", data=RIGHT).headers["location"].startswith("/sign-in/setup")
    return browser


def test_a_passkey_serves_where_a_role_needs_more_than_a_password(tmp_path: Path) -> None:
    centre = demanding(tmp_path)
    browser = half_way(centre)
    assert EN("passkey.instead") in browser.get("/sign-in/setup").text
    asked = browser.post("/sign-in/setup/passkey/challenge", json={})
    assert asked.json()["publicKey"]["user"] == "maria"
    assert SESSION_COOKIE not in browser.cookies
    body = {"answer": {"of": "maria"}, "label": "", "next": "/wallboard"}
    done = browser.post("/sign-in/setup/passkey", json=body)
    assert done.json() == {"to": "/wallboard"}
    assert MARIA in centre.sessions.accounts.values()
    assert centre.second_step.halves == {}
    assert HALF_COOKIE not in browser.cookies


def test_with_a_passkey_the_password_alone_is_not_enough_there(tmp_path: Path) -> None:
    centre = demanding(tmp_path)
    late = half_way(centre)
    half_way(centre).post("/sign-in/setup/passkey", json={"answer": {"of": "maria"}})
    thief = centre.afar()
    answer = thief.post("/sign-in", data=RIGHT)
    assert answer.headers["location"] == "/sign-in/passkey?next=/wallboard"
    assert EN("passkey.lost") in thief.get(answer.headers["location"]).text
    assert HALF_COOKIE not in thief.cookies
    # Nor is a browser that was half way in before: neither a passkey nor a code of its own.
    for path in ("/sign-in/setup/passkey", "/sign-in/setup/passkey/challenge"):
        assert late.post(path, json={"answer": {"of": "maria"}}).status_code == 403
    assert late.get("/sign-in/setup").headers["location"] == "/sign-in"
    posted = late.post("/sign-in/setup", data={"code": "123456"})
    assert posted.headers["location"] == "/sign-in"
    assert SESSION_COOKIE not in late.cookies


def test_without_the_password_nobody_sets_one_up(centre: Site) -> None:
    browser = centre.afar()
    browser.cookies.set(HALF_COOKIE, "never-given")
    for path in ("/sign-in/setup/passkey", "/sign-in/setup/passkey/challenge"):
        assert browser.post(path, json={"answer": {"of": "maria"}}).status_code == 403
    assert centre.passkeys.kept == {}


def test_who_has_a_passkey_may_have_a_code_too(centre: Site) -> None:
    browser = centre.afar(MARIA)
    browser.post("/account/passkeys", json={"answer": {"of": "maria"}})
    browser.post("/account", data={"act": "begin"})
    page = browser.get("/sign-in/setup")
    assert page.status_code == 200
    assert EN("passkey.instead") not in page.text
    assert browser.post("/sign-in/setup", data={"code": "123456"}).status_code == 200
    assert centre.second_step.has("maria")


def test_a_request_that_does_not_say_where_its_page_is_gets_nothing(centre: Site) -> None:
    browser = centre.afar()
    del browser.headers["origin"]
    browser.headers["sec-fetch-site"] = "same-origin"
    asked = browser.post("/sign-in/passkey/challenge", json={})
    assert asked.status_code == 422
