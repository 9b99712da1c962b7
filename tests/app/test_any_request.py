"""Whatever is sent to whichever route, by whomever: an answer, and never a fault of ours.

schemathesis draws the requests from the form of each route, right ones and wrong ones, against a
centre that runs as it does in earnest. Routes that describe no body get any form and any text.
"""

import contextlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok

from openline.api import router
from openline.web.access import ACCESS
from tests.app.running import RunningCentre

pytestmark = pytest.mark.timeout(300)

USER_ADD = (sys.executable, "-m", "openline.cli", "user", "add", "--password-stdin")
PASSWORD = "a long enough password"
ROLES = {"ada": "administrator", "carla": "supervisor", "pia": "planner", "ann": "agent"}
LEFT_OUT = {"/events/wallboard", "/events/room", "/sign-out"}
"""Streams, which are answered for as long as they are heard; and what would end the visits."""
SOCKETS = {path for path in ACCESS if path.startswith("/ws/")}
ANYBODY = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def described() -> dict[str, Any]:
    """Returns the form of every route: that of the API as it says, of the rest anything."""
    api = FastAPI(title="Openline")
    api.include_router(router(None))  # type: ignore[arg-type]  # nobody asks it anything
    schema = api.openapi()
    text = {"schema": {"type": "string"}}
    form = {"schema": {"type": "object", "additionalProperties": {"type": "string"}}}
    body = {"content": {"application/x-www-form-urlencoded": form, "application/json": text}}
    for path in sorted(ACCESS.keys() - SOCKETS - schema["paths"].keys()):
        names = re.findall(r"{(\w+)(?::path)?}", path)
        parameters = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in names
        ]
        act = {"parameters": parameters, "responses": {"default": {"description": "any"}}}
        plain = re.sub(r":path}", "}", path)
        schema["paths"][plain] = {"get": act, "post": {**act, "requestBody": body}}
    for methods in schema["paths"].values():
        if "post" in methods:
            methods["post"].setdefault("requestBody", body)
    for path in LEFT_OUT:
        del schema["paths"][path]
    found: dict[str, Any] = json.loads(json.dumps(schema))
    return found


SCHEMA = schemathesis.openapi.from_dict(described())
OPERATIONS = [
    operation.ok() for operation in SCHEMA.get_all_operations() if isinstance(operation, Ok)
]


class Visitor:
    """Sends requests to a running centre as one account."""

    def __init__(self, centre: RunningCentre, login: str | None) -> None:
        self.centre = centre
        self.address = f"127.0.0.1:{centre.port}"
        self.headers = {"Origin": f"http://{self.address}", "Sec-Fetch-Site": "same-origin"}
        if login is not None:
            form = f"login={login}&password={PASSWORD}".replace(" ", "+")
            kind = {"Content-Type": "application/x-www-form-urlencoded"}
            status, cookie = self.send("POST", "/sign-in", form.encode(), kind)
            assert status == 303, f"{login} could not sign in"
            self.headers["Cookie"] = cookie.partition(";")[0]

    def send(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        """Returns status and cookie of the answer."""
        status, cookie, _ = self.sent(method, path, body, headers)
        return status, cookie

    def sent(
        self, method: str, path: str, body: bytes, headers: dict[str, str] | None
    ) -> tuple[int, str, str]:
        """Returns status, cookie and words of the answer, also where it came too early for us."""
        connection = HTTPConnection(self.address, timeout=30)
        try:
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.request(method, path, body, {**self.headers, **(headers or {})})
            answer = connection.getresponse()
            words = answer.read().decode()
            return answer.status, answer.headers.get("set-cookie", ""), words
        finally:
            connection.close()

    def try_out(self, case: Any) -> int:
        """Sends what schemathesis drew; returns the status."""
        answer = case.call(base_url=f"http://{self.address}", headers=self.headers, timeout=30)
        status: int = answer.status_code
        return status


Visitors = dict[str | None, Visitor]


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCentre]:
    running = RunningCentre(tmp_path_factory.mktemp("centre"))
    for login, role in ROLES.items():
        agent = ("--agent", login) if role in ("agent", "supervisor") else ()
        subprocess.run(
            [*USER_ADD, login, "--role", role, "--data", str(running.data), *agent],
            input=f"{PASSWORD}\n",
            text=True,
            check=True,
            capture_output=True,
        )
    try:
        running.start()
        yield running
        code, logged = running.end(15)
        assert code == 0
        assert "Traceback" not in logged
        assert '"level":"error"' not in logged
    finally:
        running.close()


@pytest.fixture(scope="module")
def visitors(centre: RunningCentre) -> Visitors:
    return {login: Visitor(centre, login) for login in (*ROLES, None)}


def test_every_route_of_the_table_is_asked() -> None:
    asked = {operation.path for operation in OPERATIONS}
    assert asked == {re.sub(":path}", "}", path) for path in ACCESS.keys() - SOCKETS - LEFT_OUT}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: f"{each.method}-{each.path}")
def test_no_request_finds_a_fault_of_ours(operation: Any, visitors: Visitors) -> None:
    right = operation.as_strategy()
    wrong = operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE)

    @ANYBODY
    @given(st.sampled_from(list(visitors.values())), st.one_of(right, wrong))
    def tried(visitor: Visitor, case: Any) -> None:
        status = visitor.try_out(case)
        # 503 is a plain word: from here no sound can be carried.
        assert status < 500 or (status == 503 and operation.path.startswith(("/call", "/desk")))

    tried()


FORM, JSON = "application/x-www-form-urlencoded", "application/json"
FILES = "multipart/form-data; boundary=-"
TOO_LARGE = [
    ("/sign-in", FORM, None),
    ("/preferences", FORM, None),
    ("/account", FORM, "ann"),
    ("/people", FORM, "ada"),
    ("/forecast", FILES, "pia"),
    ("/planner", FILES, "pia"),
    ("/planner/twin", FILES, "pia"),
    ("/try/lived", FORM, "pia"),
    ("/api/surge", JSON, "carla"),
    ("/api/agents/ann/skills", JSON, "carla"),
    ("/api/recordings/1/sound", JSON, "carla"),
    ("/api/configuration", JSON, "ada"),
]
"""Of each kind of route that reads a body one, and who may send to it."""


@pytest.mark.parametrize(("path", "kind", "login"), TOO_LARGE, ids=str)
def test_fifty_megabytes_are_refused_in_words_and_not_held(
    path: str, kind: str, login: str | None, centre: RunningCentre, visitors: Visitors
) -> None:
    before = centre.memory_kb()
    reader = "application/json" if kind == JSON else "text/html"
    headers = {"Content-Type": kind, "Accept": reader}
    body = (b"---\r\n\r\n" if kind == FILES else b"") + b"a" * 50_000_000
    for visitor in visitors.values():
        try:
            status, _, words = visitor.sent("POST", path, body, headers)
        except ConnectionError:
            continue  # answered and closed while we were still sending
        assert 400 <= status < 500 or status == 303
        if visitor is visitors[login]:
            assert status == 413, words
            assert "too_large" in words if kind == JSON else "This is too large" in words
    assert centre.memory_kb() - before < 50_000


def test_who_signs_out_is_out(visitors: Visitors) -> None:
    ada = visitors["ada"]
    assert ada.send("GET", "/api/configuration")[0] == 200
    assert ada.send("POST", "/sign-out")[0] == 303
    assert ada.send("GET", "/api/configuration")[0] == 401
