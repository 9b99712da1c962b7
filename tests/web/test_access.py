import re

import pytest
from starlette.requests import HTTPConnection
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from openline.identity import Account
from openline.model import BugError
from openline.web import check_complete
from openline.web.access import (
    ACCESS,
    Audience,
    House,
    Verdict,
    Visitor,
    audience_of,
    judge,
    visitor_of,
)
from openline.web.guard import STATUS
from tests.web.builders import ADA, EVERYBODY, MARIA, PIA, SAM, SOL, WALL, Site

W = Verdict.WELCOME
FIRST = Verdict.SIGN_IN_FIRST
NO = Verdict.NOT_FOR_THIS_ROLE
QUIET = Verdict.NO_SOUND
DEMO = Verdict.ONLY_IN_A_DEMO

CENTRE = House(is_demo=False, can_carry_sound_afar=False)
RELAYED = House(is_demo=False, can_carry_sound_afar=True)
A_DEMO = House(is_demo=True, can_carry_sound_afar=False)

WHO: tuple[Account | None, ...] = (None, MARIA, SAM, SOL, ADA, PIA, WALL)

# For each audience and house: what each of WHO is told here, and afar.
MATRIX: list[tuple[Audience, House, list[Verdict], list[Verdict]]] = [
    (Audience.EVERYBODY, CENTRE, [W] * 7, [W] * 7),
    (Audience.EVERYBODY, A_DEMO, [W] * 7, [W] * 7),
    (Audience.CALLERS, CENTRE, [W] * 7, [QUIET] * 7),
    (Audience.CALLERS, RELAYED, [W] * 7, [W] * 7),
    (Audience.DEMO_HERE, CENTRE, [DEMO] * 7, [DEMO] * 7),
    (Audience.DEMO_HERE, A_DEMO, [W] * 7, [DEMO] * 7),
    (Audience.AGENTS, CENTRE, [FIRST, W, NO, W, NO, NO, NO], [FIRST, QUIET, NO, QUIET, NO, NO, NO]),
    (Audience.AGENTS, RELAYED, [FIRST, W, NO, W, NO, NO, NO], [FIRST, W, NO, W, NO, NO, NO]),
    (Audience.AGENTS, A_DEMO, [FIRST, W, NO, W, NO, NO, NO], [FIRST, QUIET, NO, QUIET, NO, NO, NO]),
    (Audience.SUPERVISORS, CENTRE, [FIRST, NO, W, W, NO, NO, NO], [FIRST, NO, W, W, NO, NO, NO]),
    (Audience.SUPERVISORS, A_DEMO, [FIRST, NO, W, W, NO, NO, NO], [FIRST, NO, W, W, NO, NO, NO]),
    (
        Audience.ADMINISTRATORS,
        CENTRE,
        [FIRST, NO, NO, NO, W, NO, NO],
        [FIRST, NO, NO, NO, W, NO, NO],
    ),
    (
        Audience.ADMINISTRATORS,
        A_DEMO,
        [FIRST, NO, NO, NO, W, NO, NO],
        [FIRST, NO, NO, NO, W, NO, NO],
    ),
    (Audience.REPORTING, CENTRE, [FIRST, NO, W, W, W, NO, NO], [FIRST, NO, W, W, W, NO, NO]),
    (Audience.REPORTING, A_DEMO, [FIRST, NO, W, W, W, NO, NO], [FIRST, NO, W, W, W, NO, NO]),
    (Audience.PLANNING, CENTRE, [FIRST, NO, W, W, W, W, NO], [FIRST, NO, W, W, W, W, NO]),
    (Audience.PLANNING, A_DEMO, [FIRST, NO, W, W, W, W, NO], [FIRST, NO, W, W, W, W, NO]),
    (Audience.SIGNED_IN, CENTRE, [FIRST, W, W, W, W, W, W], [FIRST, W, W, W, W, W, W]),
    (Audience.SIGNED_IN, A_DEMO, [FIRST, W, W, W, W, W, W], [FIRST, W, W, W, W, W, W]),
    (Audience.ROOM, CENTRE, [FIRST, W, W, W, W, W, W], [FIRST, W, W, W, W, W, W]),
    (Audience.ROOM, A_DEMO, [W] * 7, [FIRST, W, W, W, W, W, W]),
]


@pytest.mark.parametrize(("audience", "house", "here", "afar"), MATRIX)
def test_the_table_of_roles_is_kept(
    audience: Audience, house: House, here: list[Verdict], afar: list[Verdict]
) -> None:
    for is_here, expected in ((True, here), (False, afar)):
        told = [judge(audience, Visitor(account=who, is_here=is_here), house) for who in WHO]
        assert told == expected


def test_the_matrix_leaves_no_audience_out() -> None:
    assert {row[0] for row in MATRIX} == set(Audience)


def test_every_route_of_the_application_has_an_entry(demo: Site) -> None:
    check_complete(demo.app.routes)


def test_the_table_names_no_route_that_does_not_exist(demo: Site) -> None:
    def answers(path: str) -> bool:
        path = path.replace("{line}", "crisis").replace("{path:path}", "x")
        if path.startswith("/ws/"):
            return True
        path = path.replace("{agent}", "maria").replace("{call}", "7").replace("{login}", "maria")
        return demo.here(SAM).get(path).status_code != 404 or path == "/static/x"

    assert [path for path in ACCESS if not answers(path)] == []


PLANNED = {
    "/reports",
    "/reports/file",
    "/reading/stop",
    "/forecast",
    "/forecast/file",
    "/staffing",
    "/planner",
    "/planner/file",
    "/planner/twin",
    "/study",
    "/study/lived",
    "/try",
    "/try/lived",
    "/try/compared",
    "/try/kept/{name}",
    "/try/kept/{name}/removal",
    "/try/kept/{name}/return",
}
"""What a planner may use beside what is for everybody and for every account."""


def test_a_planner_comes_to_no_call_no_story_and_no_account() -> None:
    planner = Visitor(account=PIA, is_here=False)
    told = {
        path
        for path, audience in ACCESS.items()
        if judge(audience, planner, CENTRE) is Verdict.WELCOME
        and audience not in (Audience.EVERYBODY, Audience.SIGNED_IN, Audience.ROOM)
    }
    assert told == PLANNED


def test_a_planner_is_led_to_what_she_plans_with(centre: Site) -> None:
    page = centre.here(PIA).get("/planner")
    assert page.status_code == 200
    assert 'href="/reports"' in page.text
    for path in ("/calls", "/room", "/people", "/health", "/kept", "/desk"):
        assert f'href="{path}"' not in page.text
        assert centre.here(PIA).get(path).status_code == 403


def test_a_route_that_nobody_thought_of_stops_the_start(demo: Site) -> None:
    demo.app.add_api_route("/forgotten/{key}", lambda key: key)
    with pytest.raises(BugError, match=r"/forgotten/\{key\}"):
        check_complete(demo.app.routes)


def test_a_route_that_nobody_thought_of_is_refused(demo: Site) -> None:
    demo.app.add_api_route("/forgotten", lambda: {"secret": True})
    assert demo.here(ADA).get("/forgotten").status_code == 404


@pytest.mark.parametrize("path", ["//desk", "/desk/", "/DESK", "/call/crisis/x", "/wallboard/x"])
def test_a_path_that_only_looks_like_a_route_is_no_route(path: str) -> None:
    assert audience_of(path) is None


def test_who_must_sign_in_first_is_led_there_and_back(centre: Site) -> None:
    answer = centre.here().get("/desk")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/desk")


def test_a_script_that_must_sign_in_first_is_told_so(centre: Site) -> None:
    answer = centre.here(accept="text/event-stream").get("/events/wallboard")
    assert answer.status_code == 401
    assert answer.json()["error"]["code"] == "sign_in_first"


def test_a_session_that_has_ended_opens_nothing(centre: Site) -> None:
    browser = centre.here(MARIA)
    centre.sessions.accounts.clear()
    assert browser.get("/desk").status_code == 303


# ---- acts and sockets from foreign pages ---------------------------------------------------------


@pytest.mark.parametrize(
    ("origin", "site"),
    [
        ("https://evil.example", "cross-site"),
        ("https://evil.example", None),
        ("null", None),
        (None, "cross-site"),
        (None, "same-site"),
        ("http://127.0.0.1:9999", None),
        (None, None),
    ],
)
def test_an_act_from_a_foreign_page_is_not_done(
    demo: Site, origin: str | None, site: str | None
) -> None:
    browser = demo.here(MARIA)
    del browser.headers["origin"], browser.headers["sec-fetch-site"]
    given = {"origin": origin, "sec-fetch-site": site}
    headers = {name: value for name, value in given.items() if value is not None}
    answer = browser.post("/sign-out", headers=headers)
    assert answer.status_code == 403
    assert "did not come from here" in answer.text
    assert demo.sessions.accounts


@pytest.mark.parametrize("leave_out", ["origin", "sec-fetch-site"])
def test_one_proof_is_enough_for_an_act_of_our_own(demo: Site, leave_out: str) -> None:
    browser = demo.here(MARIA)
    del browser.headers[leave_out]
    assert browser.post("/sign-out").status_code == 303


def connects(browser: TestClient, path: str, **headers: str) -> bool:
    address = str(browser.base_url).replace("http", "ws", 1) + path
    try:
        with browser.websocket_connect(address, headers=headers):
            return True
    except WebSocketDisconnect:
        return False


def test_sockets_open_for_those_whom_the_table_names(centre: Site) -> None:
    assert connects(centre.here(), "/ws/call")
    assert not connects(centre.afar(), "/ws/call")
    assert connects(centre.here(MARIA), "/ws/desk")
    assert not connects(centre.here(), "/ws/desk")
    assert not connects(centre.here(ADA), "/ws/desk")
    assert not connects(centre.afar(MARIA), "/ws/desk")


def test_a_foreign_page_cannot_open_a_socket_with_somebodys_cookies(demo: Site) -> None:
    browser = demo.here(MARIA)
    del browser.headers["sec-fetch-site"]
    assert not connects(browser, "/ws/desk", origin="https://evil.example")


def test_a_program_that_is_no_browser_may_open_the_callers_socket(demo: Site) -> None:
    browser = demo.here()
    del browser.headers["origin"], browser.headers["sec-fetch-site"]
    assert connects(browser, "/ws/call")


def test_a_route_without_the_guard_is_a_bug() -> None:
    with pytest.raises(BugError):
        visitor_of(HTTPConnection({"type": "http"}))


def test_every_account_of_these_tests_is_in_the_matrix() -> None:
    assert set(EVERYBODY) == {who for who in WHO if who is not None}


# ---- every route, for everybody ------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(path for path in ACCESS if not path.startswith("/ws/")))
def test_each_route_lets_in_exactly_whom_the_table_names(centre: Site, path: str) -> None:
    address = re.sub(r"{\w+(?::path)?}", "7", path)
    for who in WHO:
        visitor = Visitor(account=who, is_here=True)
        verdict = judge(ACCESS[path], visitor, CENTRE)
        answer = centre.here(who, accept="application/json").get(address)
        is_json = "json" in answer.headers.get("content-type", "")
        told = answer.json().get("error", {}).get("code") if is_json else None
        if verdict is Verdict.WELCOME:
            assert told not in set(Verdict), (path, who)
        else:
            assert (answer.status_code, told) == (STATUS[verdict], verdict.value), (path, who)
