import re
from http import cookies
from pathlib import Path

import pytest
from httpx2 import Response

from openline.web.guard import SESSION_COOKIE
from tests.web.builders import AFAR, EVERYBODY, HERE, MARIA, SAM, WALL, Site

PAGES = ["/", "/sign-in", "/privacy", "/call", "/call/crisis", "/wallboard", "/nothing-here"]


def shown(response: Response) -> str:
    """Returns a page without the words that it carries for its scripts."""
    return re.sub(r"<script.*?</script>", "", response.text, flags=re.DOTALL)


def cookie_of(response: Response, name: str) -> "cookies.Morsel[str]":
    jar: cookies.SimpleCookie = cookies.SimpleCookie()
    for line in response.headers.get_list("set-cookie"):
        jar.load(line)
    return jar[name]


# ---- every page ----------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_page_is_complete_in_each_language(demo: Site, path: str, language: str) -> None:
    page = shown(demo.here(accept_language=language).get(path))
    assert f'<html lang="{language}"' in page
    # An id that was never translated shows itself as words with dots between them.
    assert not re.findall(r">\s*[a-z_]+(?:\.[a-z_]+)+\s*<", page)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_holds_what_its_own_policy_forbids(demo: Site, path: str) -> None:
    page = demo.here().get(path).text
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", page)
    scripts = re.findall(r"<script([^>]*)>", page)
    assert scripts
    for attributes in scripts:
        assert "src=" in attributes or 'type="application/json"' in attributes
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_is_kept_by_a_cache(demo: Site, path: str) -> None:
    assert demo.here().get(path).headers["cache-control"] == "no-store"


def test_the_chosen_colours_are_there_from_the_first_byte(demo: Site) -> None:
    browser = demo.here()
    assert "data-theme" not in browser.get("/").text.split("<body")[0]
    browser.post("/preferences", data={"theme": "dark"})
    head = browser.get("/").text.split("<body")[0]
    assert 'data-theme="dark"' in head
    assert '<meta name="color-scheme" content="dark">' in head


def test_a_demo_says_so_and_a_centre_does_not(demo: Site, centre: Site) -> None:
    band = "No call here comes from the outside world"
    assert band in shown(demo.here().get("/"))
    assert band not in shown(centre.here().get("/"))


# ---- the first page ------------------------------------------------------------------------------


def test_the_demo_opens_three_doors(demo: Site) -> None:
    page = shown(demo.here().get("/"))
    assert 'href="/call"' in page
    assert 'action="/demo/sign-in"' in page
    assert 'name="account" value="maria"' in page
    assert 'href="/wallboard"' in page


def test_whoever_sits_at_a_desk_already_goes_back_to_it(demo: Site) -> None:
    page = shown(demo.here(MARIA).get("/"))
    assert 'href="/desk"' in page
    assert 'action="/demo/sign-in"' not in page


def test_with_a_single_line_the_door_leads_straight_to_it(tmp_path: Path) -> None:
    site = Site(tmp_path)
    only = site.context.lines("en")[:1]
    site = Site(tmp_path, lines=lambda _: only)
    assert 'href="/call/crisis"' in site.here().get("/").text


def test_in_hurried_time_the_doors_to_talk_are_closed_and_say_why(tmp_path: Path) -> None:
    page = shown(Site(tmp_path, speed=60).here().get("/"))
    assert page.count("Closed while time runs at 60 times its pace") == 2
    assert 'href="/call' not in page
    assert "/demo/sign-in" not in page
    assert 'href="/wallboard"' in page


def test_from_another_machine_the_demo_neither_talks_nor_shows_its_plug(demo: Site) -> None:
    page = shown(demo.afar().get("/"))
    assert page.count("Closed from here") == 2
    assert "/demo/" not in page


def test_a_centre_shows_its_lines_to_callers_and_the_sign_in_to_the_team(centre: Site) -> None:
    page = shown(centre.here().get("/"))
    assert 'href="/call/crisis"' in page
    assert 'href="/sign-in"' in page
    assert "Pull the plug" not in page


def test_a_centre_offers_no_line_where_sound_cannot_be_carried(centre: Site) -> None:
    page = shown(centre.afar().get("/"))
    assert "/call/" not in page
    assert "Please use the telephone" in page


# ---- calling -------------------------------------------------------------------------------------


def test_the_callers_page_knows_its_line(demo: Site) -> None:
    page = shown(demo.here(accept_language="es").get("/call/crisis"))
    assert 'data-line="crisis"' in page
    assert "Línea de crisis" in page


@pytest.mark.parametrize("path", ["/call", "/call/crisis"])
def test_the_title_of_a_callers_page_names_neither_line_nor_centre(demo: Site, path: str) -> None:
    page = shown(demo.here().get(path))
    title = page.split("<title>")[1].split("</title>")[0]
    assert "Riverbend" not in title
    assert "risis" not in title
    assert "elpline" not in title


def test_a_line_that_does_not_exist_is_not_found(demo: Site) -> None:
    answer = demo.here().get("/call/no-such-line")
    assert answer.status_code == 404
    assert "There is nothing here" in shown(answer)


@pytest.mark.parametrize("path", ["/call", "/call/crisis", "/call/no-such-line"])
def test_without_a_relay_a_caller_from_afar_reads_why_it_is_closed(demo: Site, path: str) -> None:
    answer = demo.afar().get(path)
    assert answer.status_code == 503
    assert "Please use a telephone" in shown(answer)
    assert "coturn" in shown(answer)


def test_with_a_relay_callers_may_come_from_anywhere(tmp_path: Path) -> None:
    site = Site(tmp_path, is_demo=False, has_relay=True)
    assert site.afar().get("/call/crisis").status_code == 200


@pytest.mark.parametrize("path", ["/call", "/call/crisis"])
def test_in_hurried_time_nobody_can_call(tmp_path: Path, path: str) -> None:
    answer = Site(tmp_path, speed=10).here().get(path)
    assert answer.status_code == 503
    assert "Time runs at 10 times its pace" in shown(answer)


def test_in_hurried_time_nobody_can_sit_at_a_desk(tmp_path: Path) -> None:
    answer = Site(tmp_path, speed=10).here(MARIA).get("/desk")
    assert answer.status_code == 503
    assert "Calls cannot be taken from this page" in shown(answer)


def test_the_desk_from_afar_without_a_relay_says_so_to_whoever_answers(centre: Site) -> None:
    answer = centre.afar(MARIA).get("/desk")
    assert answer.status_code == 503
    assert "Calls cannot be taken from this page" in shown(answer)


def test_a_desk_opens_for_whoever_answers(demo: Site) -> None:
    page = shown(demo.here(MARIA).get("/desk"))
    assert 'data-agent-name="Maria"' in page


# ---- signing in ----------------------------------------------------------------------------------


def sign_in(site: Site, **form: str) -> Response:
    return site.here().post("/sign-in", data=form)


def test_the_right_password_leads_to_the_desk(centre: Site) -> None:
    answer = sign_in(centre, login=" maria ", password="right")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/desk"
    token = cookie_of(answer, SESSION_COOKIE).value
    assert centre.sessions.accounts[token] is MARIA


def test_who_does_not_answer_calls_is_led_to_the_wallboard(centre: Site) -> None:
    assert sign_in(centre, login="wall", password="right").headers["location"] == "/wallboard"


def test_after_signing_in_one_is_where_one_wanted_to_go(centre: Site) -> None:
    answer = sign_in(centre, login="maria", password="right", next="/wallboard?origins=real")
    assert answer.headers["location"] == "/wallboard?origins=real"


@pytest.mark.parametrize("foreign", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_signing_in_never_leads_to_a_foreign_site(centre: Site, foreign: str) -> None:
    answer = sign_in(centre, login="maria", password="right", next=foreign)
    assert answer.headers["location"] == "/desk"


def test_a_wrong_password_and_an_unknown_name_read_the_same(centre: Site) -> None:
    wrong = sign_in(centre, login="maria", password="wrong")
    unknown = sign_in(centre, login="nobody", password="wrong")
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.text.replace("maria", "nobody") == unknown.text
    assert "do not belong together" in shown(wrong)
    assert "set-cookie" not in wrong.headers


def test_what_was_typed_is_shown_again_but_never_the_password(centre: Site) -> None:
    page = shown(sign_in(centre, login='"><b>', password="hunter-two"))
    assert 'value="&#34;&gt;&lt;b&gt;"' in page
    assert "hunter-two" not in page


def test_too_many_tries_are_told_to_wait(centre: Site) -> None:
    answer = sign_in(centre, login="hasty", password="right")
    assert answer.status_code == 429
    assert "Please wait 2 minutes" in shown(answer)


def test_a_form_of_absurd_length_is_refused_in_words(centre: Site) -> None:
    answer = sign_in(centre, login="m" * 600, password="right")
    assert answer.status_code == 422
    assert "Something is missing" in shown(answer)


def test_the_session_cookie_is_guarded(centre: Site) -> None:
    near = cookie_of(sign_in(centre, login="maria", password="right"), SESSION_COOKIE)
    assert near["httponly"]
    assert near["samesite"] == "strict"
    assert not near["secure"], "over http on this machine a secure cookie would be lost"
    answer = centre.afar().post("/sign-in", data={"login": "maria", "password": "right"})
    assert cookie_of(answer, SESSION_COOKIE)["secure"]


def test_signing_in_ends_the_session_that_this_browser_held(centre: Site) -> None:
    browser = centre.here(WALL)
    browser.post("/sign-in", data={"login": "maria", "password": "right"})
    assert list(centre.sessions.accounts.values()) == [MARIA]


def test_signing_out_ends_the_session_and_forgets_the_cookie(centre: Site) -> None:
    browser = centre.here(MARIA)
    answer = browser.post("/sign-out")
    assert answer.headers["location"] == "/"
    assert cookie_of(answer, SESSION_COOKIE)["max-age"] == "0"
    assert centre.sessions.accounts == {}


def test_who_has_signed_in_is_not_asked_again(centre: Site) -> None:
    answer = centre.here(MARIA).get("/sign-in?next=/desk")
    assert answer.headers["location"] == "/desk"


def test_who_came_to_sign_in_by_himself_is_led_on_by_what_he_is(centre: Site) -> None:
    page = centre.here().get("/sign-in").text
    assert '<input type="hidden" name="next" value="">' in page
    assert centre.here(MARIA).get("/sign-in").headers["location"] == "/"


def test_over_plain_http_from_afar_the_sign_in_says_that_it_will_not_last(centre: Site) -> None:
    words = "not reached over https"
    plain = centre.afar().get("http://helpline.example/sign-in", headers={"origin": AFAR})
    assert words in shown(plain)
    assert words not in shown(centre.afar().get("/sign-in"))
    assert words not in shown(centre.here().get("/sign-in"))


# ---- the demo's own ------------------------------------------------------------------------------


def test_one_click_signs_in_at_the_demos_own_machine(demo: Site) -> None:
    answer = demo.here().post("/demo/sign-in", data={"account": "maria"})
    assert answer.headers["location"] == "/desk"
    assert list(demo.sessions.accounts.values()) == [MARIA]


def test_the_sign_in_page_offers_the_demos_accounts_there_and_only_there(demo: Site) -> None:
    assert "Looks on" in shown(demo.here().get("/sign-in"))
    assert "Looks on" not in shown(demo.afar().get("/sign-in"))


def test_in_a_demo_one_may_sit_down_as_somebody_else(demo: Site) -> None:
    browser = demo.here(WALL)
    page = shown(browser.get("/sign-in"))
    assert 'action="/demo/sign-in"' in page
    assert '<input type="hidden" name="next" value="">' in page
    answer = browser.post("/demo/sign-in", data={"account": "maria", "next": ""})
    assert answer.headers["location"] == "/desk"
    assert list(demo.sessions.accounts.values()) == [MARIA]


def test_an_account_that_the_demo_does_not_offer_needs_its_password(demo: Site) -> None:
    assert demo.here().post("/demo/sign-in", data={"account": "ada"}).status_code == 404
    assert demo.sessions.accounts == {}


@pytest.mark.parametrize("path", ["/demo/sign-in", "/demo/pull-the-plug"])
def test_the_demos_acts_do_not_exist_afar_or_in_a_centre(
    demo: Site, tmp_path: Path, path: str
) -> None:
    centre = Site(tmp_path / "centre", is_demo=False)
    for browser in (demo.afar(), demo.afar(MARIA), centre.here(), centre.here(MARIA)):
        assert browser.post(path, data={"account": "maria"}).status_code == 404
    assert demo.pulls == centre.pulls == []


def test_the_plug_is_pulled_after_the_answer_was_given(demo: Site) -> None:
    answer = demo.here(accept="application/json").post("/demo/pull-the-plug")
    assert answer.status_code == 202
    assert demo.pulls == ["pulled"]


def test_the_plug_can_be_pulled_without_scripts(demo: Site) -> None:
    assert demo.here().post("/demo/pull-the-plug").headers["location"] == "/"
    assert demo.pulls == ["pulled"]


def test_where_nobody_would_start_it_again_there_is_no_plug(tmp_path: Path) -> None:
    site = Site(tmp_path, pull_the_plug=None)
    assert "Pull the plug" not in shown(site.here().get("/"))
    assert site.here().post("/demo/pull-the-plug").status_code == 404


# ---- the wallboard -------------------------------------------------------------------------------


def test_a_demo_may_count_simulated_callers_and_a_centre_may_not(demo: Site, centre: Site) -> None:
    assert "With simulated callers" in shown(demo.here().get("/wallboard"))
    assert "With simulated callers" not in shown(centre.here(WALL).get("/wallboard"))


@pytest.mark.parametrize("who", EVERYBODY, ids=lambda who: who.login)
def test_every_role_sees_the_wallboard_from_anywhere(centre: Site, who: object) -> None:
    assert isinstance(who, type(SAM))
    assert centre.afar(who).get("/wallboard").status_code == 200


# ---- small files ---------------------------------------------------------------------------------


def test_built_files_may_be_kept_for_ever(demo: Site) -> None:
    answer = demo.here().get(demo.context.assets.url("pages/front.js"))
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize(
    "path", ["manifest.json", ".stamp", "no-such.js", "../../pages.py", "..%2f..%2fpages.py", ""]
)
def test_nothing_but_built_files_is_served(demo: Site, path: str) -> None:
    assert demo.here().get(f"/static/{path}").status_code == 404


def test_the_browsers_own_questions_are_answered(demo: Site) -> None:
    browser = demo.here(accept_language="es")
    assert browser.get("/favicon.ico").headers["location"] == "/static/icons/favicon-HASH.ico"
    content = browser.get("/manifest.webmanifest").json()
    assert content["name"] == "Línea Riverbend"
    assert all(icon["src"].startswith("/static/") for icon in content["icons"])


def test_reading_only_the_head_of_a_page_works(demo: Site) -> None:
    assert demo.here().head("/").status_code == 200


# ---- what goes wrong -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/nothing", 404, "There is nothing here"),
        ("GET", "/demo/sign-in", 405, "That cannot be done here"),
        ("POST", "/", 405, "That cannot be done here"),
        ("POST", "/demo/sign-in", 422, "Something is missing"),
        ("GET", "/breaks", 404, "There is nothing here"),
        ("GET", "/livez", 500, "Something went wrong on our side"),
    ],
)
def test_each_error_has_words_for_a_reader_and_a_code_for_a_script(
    demo: Site, method: str, path: str, status: int, words: str
) -> None:
    async def broken() -> None:
        raise ZeroDivisionError

    demo.app.router.routes = [
        route for route in demo.app.router.routes if getattr(route, "path", "") != "/livez"
    ]
    demo.app.add_api_route("/livez", broken)
    page = demo.here().request(method, path)
    assert (page.status_code, words in page.text) == (status, True)
    assert "content-security-policy" in page.headers
    script = demo.here(accept="application/json").request(method, path)
    assert script.status_code == status
    assert set(script.json()["error"]) == {"code", "message"}
    assert "ZeroDivision" not in page.text + script.text


def test_an_error_for_somebody_without_rights_tells_what_to_do(centre: Site) -> None:
    answer = centre.here(WALL).get("/desk")
    assert answer.status_code == 403
    assert "ask whoever runs this centre" in shown(answer)


def test_pages_come_back_to_where_the_reader_was(demo: Site) -> None:
    page = shown(demo.here().get("/call?x=1"))
    assert 'name="next" value="/call?x=1"' in page
    answer = demo.here().post("/preferences", data={"language": "es", "next": "/call?x=1"})
    assert answer.headers["location"] == "/call?x=1"
    assert HERE not in answer.headers["location"]


def test_what_is_kept_can_be_read_before_calling_and_in_ones_own_language(demo: Site) -> None:
    browser = demo.here(accept_language="es")
    assert 'href="/privacy"' in browser.get("/call/crisis").text
    page = shown(browser.get("/privacy"))
    assert "Qué guarda Línea pequeña, cuánto tiempo y por qué" in page
    assert "13 meses" in page or "días" in page
    # Neutral, like the page from which it is opened: somebody may look over the shoulder.
    title = page.partition("<title>")[2].partition("</title>")[0]
    assert (
        title == browser.get("/call/crisis").text.partition("<title>")[2].partition("</title>")[0]
    )
