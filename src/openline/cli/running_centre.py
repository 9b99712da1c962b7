"""How does a command speak with a centre that runs? As a person would: it signs in over HTTP.

Only the standard library's client, since a command asks two or three questions and ends.
"""

import json
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from openline.model import PeerError, RefusedError

TIMEOUT_S = 30.0


class RefusedByCentreError(RefusedError):
    """Carries what the centre answered beside its sentence."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__(str(error.get("message")), code=str(error.get("code")))
        self.more = error


class RunningCentre:
    """Is signed in to one centre."""

    def __init__(self, address: str) -> None:
        """`address` is the centre's own, such as http://127.0.0.1:8800."""
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise RefusedError(
                f"{address} is no address of a centre: it looks like http://127.0.0.1:8800.",
                code="bad_address",
            )
        self._address = address.rstrip("/")
        self._parts = parts
        self._cookie = ""

    def sign_in(self, login: str, password: str, code: Callable[[], str] = lambda: "") -> None:
        """Signs in; `code` is asked for the second factor, if the account has one.

        Raises `RefusedError` where name and password, or the code, do not belong together.
        """
        form = urlencode({"login": login, "password": password})
        answer, _ = self._ask("POST", "/sign-in", form, "application/x-www-form-urlencoded")
        given = answer.getheader("set-cookie")
        if answer.status == 429:
            raise RefusedError("Too many tries: wait a minute, then try again.", code="too_many")
        if answer.status != 303 or given is None:
            raise RefusedError(f"{login} and this password do not belong together.", code="wrong")
        self._cookie = given.partition(";")[0]
        step = urlsplit(answer.getheader("location", "")).path
        if step == "/sign-in/setup":
            raise RefusedError(
                f"{login} needs a second factor here. Sign in with a browser first and set it up.",
                code="second_factor_missing",
            )
        if step == "/sign-in/code":
            self._prove(code())

    def _prove(self, code: str) -> None:
        form = urlencode({"code": code})
        answer, _ = self._ask("POST", "/sign-in/code", form, "application/x-www-form-urlencoded")
        cookies = answer.headers.get_all("set-cookie") or []
        session = next((each for each in cookies if each.startswith("openline_session=")), None)
        if answer.status == 429:
            raise RefusedError("Too many tries: wait a minute, then try again.", code="too_many")
        if answer.status != 303 or session is None:
            raise RefusedError("This is not the code that is shown now.", code="wrong_code")
        self._cookie = session.partition(";")[0]

    def get(self, path: str) -> dict[str, Any]:
        """Asks for something."""
        return self._json("GET", path, None)

    def post(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        """Gives something; raises `RefusedByCentreError` with what the centre says to it."""
        return self._json("POST", path, json.dumps(body))

    def _json(self, method: str, path: str, body: str | None) -> dict[str, Any]:
        answer, read = self._ask(method, path, body, "application/json")
        try:
            told = json.loads(read)
        except ValueError:
            told = None
        if not isinstance(told, dict):
            raise PeerError(f"{self._address} does not answer as a centre: HTTP {answer.status}.")
        if answer.status >= 400:
            raise RefusedByCentreError(told.get("error", {}))
        return told

    def _ask(
        self, method: str, path: str, body: str | None, kind: str
    ) -> tuple[HTTPResponse, bytes]:
        secure = self._parts.scheme == "https"
        make = HTTPSConnection if secure else HTTPConnection
        connection = make(self._parts.hostname or "", self._parts.port, timeout=TIMEOUT_S)
        # The centre lets nobody act from a foreign page; this is its own address.
        headers = {"Origin": self._address, "Accept": "application/json", "Content-Type": kind}
        if self._cookie:
            headers["Cookie"] = self._cookie
        try:
            connection.request(method, path, None if body is None else body.encode(), headers)
            answer = connection.getresponse()
            return answer, answer.read()
        except (OSError, HTTPException) as error:
            raise PeerError(
                f"No centre answers at {self._address} ({error}). Does it run? Say where with --at."
            ) from error
        finally:
            connection.close()
