"""Credentials for the relay server: good for a day, for one leg, and telling nothing.

The relay (coturn with `use-auth-secret`) and the centre share a secret; a name that holds its own
end of validity is signed with it. The scheme is the "TURN REST API" draft, as coturn documents it.
"""

import base64
import hashlib
import hmac
import os
from collections.abc import Callable
from typing import Any

import msgspec

from openline.app.relay_program import SECRET_VARIABLE, urls_of
from openline.centre.clock import wall_now
from openline.configuration import Published, Turn
from openline.model import SECOND, Instant, LegId

VALID_S = 24 * 3600
"""A page is given new ones in time for its next call: see `api.caller.ICE_RENEWED_AFTER`."""


def with_own_relay(published: Published, name: str) -> Published:
    """Returns the configuration with the relay that our parent runs, if it runs one."""
    secret = os.environ.get(SECRET_VARIABLE)
    if secret is None:
        return published
    return msgspec.structs.replace(published, turn=Turn(urls=urls_of(name), secret=secret))


def ice_servers(
    turn: Turn | None, wall: Callable[[], int] = wall_now
) -> Callable[[LegId, Instant], list[dict[str, Any]]]:
    """Returns the function that gives a page its relay servers; none without a relay."""

    def servers(leg: LegId, now: Instant) -> list[dict[str, Any]]:
        if turn is None:
            return []
        # The relay goes by its wall clock. Centre time does not follow a wall clock that is set, so
        # on a machine that came up without the time of day it would be behind for good.
        end_s = max(now, wall()) // SECOND + VALID_S
        username = f"{end_s}:{hashlib.sha256(leg.encode()).hexdigest()[:12]}"
        # The scheme demands SHA-1; as a keyed hash of a short-lived name it is sound.
        digest = hmac.new(turn.secret.encode(), username.encode(), hashlib.sha1).digest()
        credential = base64.b64encode(digest).decode()
        return [{"urls": list(turn.urls), "username": username, "credential": credential}]

    return servers
