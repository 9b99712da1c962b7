"""What is held from now on, after Asterisk was asked what is there: it takes a while to answer.

Who came or went meanwhile is in its answer or not, so that is remembered until the answer is there,
and no longer: a connection may last for months.
"""

from collections.abc import Callable, Container

from openline.telephony.asterisk import translate as t
from openline.telephony.asterisk.parties import Caller, Telephone
from openline.telephony.asterisk.seen import Arrived
from openline.telephony.asterisk.stock import Stock


class Changes:
    """Remembers the channels that came or went since Asterisk was asked."""

    def __init__(self) -> None:
        """Remembers all that comes before the first answer."""
        self._is_asked = True
        self._channels: set[str] = set()

    def asks(self) -> None:
        """Begins anew: Asterisk is asked now."""
        self._is_asked = True
        self._channels.clear()

    def note(self, channel: str) -> None:
        """Notes one that came or went; nobody needs that unless Asterisk is asked just now."""
        if self._is_asked:
            self._channels.add(channel)

    def came(self, callers: dict[str, Caller]) -> set[str]:
        """Returns those of them that are there."""
        return self._channels & callers.keys()

    def went(self, callers: dict[str, Caller]) -> set[str]:
        """Returns those of them that are not there any more."""
        return self._channels - callers.keys()

    def told(self) -> None:
        """Forgets them: the answer was taken up."""
        self._is_asked = False
        self._channels.clear()

    def __len__(self) -> int:
        return len(self._channels)


def callers_of(
    stock: Stock, but: Container[str], number: Callable[[Arrived | None], str | None]
) -> dict[str, Caller]:
    """Returns the callers that Asterisk told of, but some; `number` reads who calls."""
    return {
        found.channel: Caller(
            leg=leg,
            channel=found.channel,
            place=found.place,
            is_answered=found.was_told,
            is_dialled=t.is_dialled(found.channel),
            is_up=found.is_up,
            number=number(found.arrived),
        )
        for leg, found in stock.callers.items()
        if found.channel not in but
    }


def find(phone: Telephone, stock: Stock, orphans: Container[str]) -> bool:
    """Gives a telephone the channel that Asterisk has for it; returns whether she picked up."""
    phone.is_there = phone.endpoint in stock.reachable
    phone.forget()
    for channel, agent in stock.ringing.items():
        if agent == phone.agent and channel not in orphans:
            phone.channel = channel
    for found in stock.phones.get(phone.agent, ()):
        if found.channel not in orphans:
            phone.channel, phone.is_up, phone.place = found.channel, True, found.place
    return phone.is_up
