"""Relay credentials, checked the way the relay itself checks them."""

import base64
import hashlib
import hmac

from openline.app.relay import VALID_S, ice_servers
from openline.configuration import Turn
from openline.model import SECOND, Instant, LegId

TURN = Turn(urls=("turn:relay.example.org",), secret="a shared secret")
LEG = LegId("web:desk-amira")
NOW = Instant(1_700_000_000 * SECOND)


def test_without_a_relay_there_are_no_servers() -> None:
    assert ice_servers(None)(LEG, NOW) == []


def test_the_name_is_signed_with_the_secret_and_holds_the_end_of_its_validity() -> None:
    (server,) = ice_servers(TURN, wall=lambda: NOW)(LEG, NOW)
    assert server["urls"] == ["turn:relay.example.org"]
    until, _, _ = server["username"].partition(":")
    assert int(until) == NOW // SECOND + VALID_S
    signed = hmac.digest(TURN.secret.encode(), server["username"].encode(), hashlib.sha1)
    assert base64.b64decode(server["credential"]) == signed


def test_the_name_tells_neither_leg_nor_agent() -> None:
    (server,) = ice_servers(TURN, wall=lambda: NOW)(LEG, NOW)
    assert "amira" not in str(server)


def test_the_validity_goes_by_the_wall_where_that_was_set_forward() -> None:
    wall = NOW + 30 * 24 * 3600 * SECOND
    (server,) = ice_servers(TURN, wall=lambda: wall)(LEG, NOW)
    assert int(server["username"].partition(":")[0]) == wall // SECOND + VALID_S
