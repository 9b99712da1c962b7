import pytest

from openline.identity import LinkState
from tests.web.builders import ADA, CATALOGUES, MARIA, Site

EN = CATALOGUES["en"].text
INVITATION = {"login": "ben", "name": "Ben", "role": "agent", "agent": "maria"}


def test_an_administrator_invites_and_is_shown_the_link_once(centre: Site) -> None:
    page = centre.afar(ADA).post("/people", data=INVITATION)
    assert page.status_code == 200
    assert "https://helpline.example/join/fresh" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert centre.people.done == [("invite", "ben", "Ben", "agent", "maria", "ada")]
    assert "/join/" not in centre.afar(ADA).get("/people").text


@pytest.mark.parametrize(
    ("act", "done"),
    [
        ({"act": "disable"}, ("disable", "maria", "ada")),
        ({"act": "enable"}, ("enable", "maria", "ada")),
        ({"act": "role", "role": "supervisor"}, ("role", "maria", "supervisor", "", "ada")),
    ],
)
def test_an_account_is_changed_and_the_page_shown_again(
    centre: Site, act: dict[str, str], done: tuple[str, ...]
) -> None:
    answer = centre.afar(ADA).post("/people/maria", data=act)
    assert (answer.status_code, answer.headers["location"]) == (303, "/people")
    assert centre.people.done == [done]


def test_a_reset_shows_its_link(centre: Site) -> None:
    page = centre.afar(ADA).post("/people/maria", data={"act": "reset"})
    assert "/join/fresh" in page.text
    assert centre.people.done == [("reset", "maria", "ada")]


def test_what_is_refused_is_said_beside_what_was_typed(centre: Site) -> None:
    centre.people.refusal = "account_exists"
    page = centre.afar(ADA).post("/people", data=INVITATION)
    assert page.status_code == 422
    assert EN("people.refused.account_exists") in page.text
    assert 'value="ben"' in page.text


def test_an_agent_or_a_role_that_there_is_not_is_refused(centre: Site) -> None:
    browser = centre.afar(ADA)
    for wrong in ({"agent": "nobody"}, {"role": "queen"}):
        assert browser.post("/people", data={**INVITATION, **wrong}).status_code == 422
    assert browser.post("/people/maria", data={"act": "dance"}).status_code == 422
    assert centre.people.done == []


@pytest.mark.parametrize("path", ["/people", "/people/maria"])
def test_nobody_else_may_look_after_people(centre: Site, path: str) -> None:
    assert centre.afar(MARIA).post(path, data={**INVITATION, "act": "disable"}).status_code == 403
    assert centre.afar().post(path, data=INVITATION).status_code == 401
    assert centre.people.done == []


def test_who_is_invited_chooses_a_password_and_is_in(centre: Site) -> None:
    browser = centre.afar()
    page = browser.get("/join/open")
    assert page.status_code == 200
    assert 'value="maria"' in page.text
    words = {"password": "nine geese", "again": "nine geese"}
    answer = browser.post("/join/open", data=words)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    assert centre.people.done == [("join", "open", "nine geese")]
    assert MARIA in centre.sessions.accounts.values()


def test_looking_at_a_link_changes_nothing(centre: Site) -> None:
    for _ in range(3):
        assert centre.afar().get("/join/open").status_code == 200
    assert centre.people.done == []


def test_two_passwords_that_differ_are_asked_for_again(centre: Site) -> None:
    page = centre.afar().post("/join/open", data={"password": "one", "again": "two"})
    assert page.status_code == 422
    assert EN("people.refused.passwords_differ") in page.text
    assert centre.people.done == []


def test_a_password_that_is_refused_leaves_the_form_there(centre: Site) -> None:
    centre.people.refusal = "password_too_common"
    page = centre.afar().post("/join/open", data={"password": "one", "again": "one"})
    assert page.status_code == 422
    assert EN("people.refused.password_too_common") in page.text


@pytest.mark.parametrize("token", ["used", "old", "never-given"])
def test_a_link_that_opens_nothing_says_why_and_what_to_do(centre: Site, token: str) -> None:
    state = token if token in ("used", "old") else LinkState.UNKNOWN.value
    page = centre.afar().get(f"/join/{token}")
    assert page.status_code == 410
    assert EN(f"join.closed.{state}.title") in page.text


@pytest.mark.parametrize("path", ["/people", "/health"])
def test_a_change_of_the_emergency_services_has_its_place_where_administrators_are(
    centre: Site, path: str
) -> None:
    page = centre.afar(ADA).get(path).text
    for part in ("emergency-list", "emergency-confirm", "emergency-withdraw", "act", "done"):
        assert page.count(f'id="{part}"') == 1
    assert CATALOGUES["en"].messages["room.emergency.heading"][0] in page
