"""Does a telephone that is rung say at all that it rings?

One whose power or network is gone says nothing, and Asterisk would try it for half a minute. An
agent's own telephone says within a moment that it rings; one that has not said so after a few
seconds is dead, and the caller goes on to somebody else. Nobody expects that of an ordinary
telephone: a network lies between, which may take its time.
"""

import asyncio
from collections.abc import Callable

import structlog

from openline.model import SECOND, Instant
from openline.telephony.asterisk.ari import Ari, Json, Request
from openline.telephony.asterisk.parties import Telephone
from openline.telephony.port import Clock

log = structlog.get_logger(__name__)

SAYS_WITHIN_S = 6
"""A registered telephone far away and on a poor network has tried again three times by then."""
_HAS_NOT_SAID = "Down"
"""The state of a channel whose other side has said nothing yet."""


def watch(
    ari: Ari, clock: Clock, phone: Telephone, channel: str, is_dead: Callable[[], None]
) -> None:
    """Looks once whether a telephone that is rung now has said that it rings."""

    def rings_still() -> bool:
        return phone.channel == channel and not phone.is_up

    def answered(done: asyncio.Future[Json]) -> None:
        if done.cancelled() or done.exception() is not None or not rings_still():
            return
        if (done.result() or {}).get("state") == _HAS_NOT_SAID:
            log.warning("telephone_is_dead", agent=phone.agent)
            is_dead()

    def look() -> None:
        if rings_still():
            asked = Request("GET", f"channels/{channel}", tolerates=(404,))
            ari.send(asked).add_done_callback(answered)

    clock.at(Instant(clock.now() + SAYS_WITHIN_S * SECOND), look)
