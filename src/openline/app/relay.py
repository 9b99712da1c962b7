"""Credentials for the relay server: good for a while, for one leg, and telling nothing.

The relay (coturn with `use-auth-secret`) and the centre share a secret; a name that holds its own
end of validity is signed with it. The scheme is the "TURN REST API" draft, as coturn documents it.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Any

from openline.configuration import Turn
from openline.model import SECOND, Instant, LegId

VALID_S = 3600


def ice_servers(turn: Turn | None) -> Callable[[LegId, Instant], list[dict[str, Any]]]:
    """Returns the function that gives a page its relay servers; none without a relay."""

    def servers(leg: LegId, now: Instant) -> list[dict[str, Any]]:
        if turn is None:
            return []
        username = f"{now // SECOND + VALID_S}:{hashlib.sha256(leg.encode()).hexdigest()[:12]}"
        # The scheme demands SHA-1; as a keyed hash of a short-lived name it is sound.
        digest = hmac.new(turn.secret.encode(), username.encode(), hashlib.sha1).digest()
        credential = base64.b64encode(digest).decode()
        return [{"urls": list(turn.urls), "username": username, "credential": credential}]

    return servers
