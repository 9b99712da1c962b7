"""Who calls, as far as that may be known, and whom we call: numbers, and what they may cost.

A caller's number is known here for as long as he is on the line: an organisation is told by it, he
gets back a place that he lost, he may be called back at it, or it is passed on in an emergency. It
is in no log and in no record, and nobody is shown it. Who withheld it has none.

Nothing that comes in by a trunk goes out by one, unless an agent or a promise of ours wants it: the
dialplan leads to Openline alone, and Openline dials by no other way than `WayOut`.
"""

import re
from collections import deque
from collections.abc import Callable, Hashable

import msgspec
import structlog

from openline.configuration import Asterisk, Trunk, is_premium
from openline.engine import commands as c
from openline.engine import inputs as i
from openline.model import (
    MINUTE,
    Duration,
    Instant,
    LegId,
    LineKey,
    OpenlineError,
    PartnerKey,
    SealedRef,
)

log = structlog.get_logger(__name__)

HOUR = Duration(60 * MINUTE)
SHORTEST, LONGEST = 7, 15
"""Digits of a number with its country code; what has fewer or more is nobody's."""
_NORTH_AMERICA = "1"
_BUSY, _UNANSWERED = (17,), (18, 19)


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """Is what follows from who calls, without saying who he is."""

    partner: PartnerKey | None = None
    waiting_since: Instant | None = None
    """What his place counts from, where he regains one."""
    can_be_called_back: bool = False


Know = Callable[[LegId, LineKey, str | None], Known]
"""Tells what follows from a caller's number, where he has one; called once for each arrival."""


def read_number(told: str, country_code: str | None) -> str | None:
    """Returns the number that a telephone company tells, with plus and country code, or None.

    Without a country code that is lacking, what has no plus is taken to have its country code.

    >>> read_number("15125550100", None), read_number("(512) 555-0100", "1")
    ('+15125550100', '+15125550100')
    >>> read_number("030 1234567", "49"), read_number("0049301234567", "49")
    ('+49301234567', '+49301234567')
    >>> read_number("anonymous", None) is None
    True
    """
    plain = re.sub(r"[ ().-]", "", told)
    if not re.fullmatch(r"\+?[0-9]+", plain):
        return None
    whole = plain if plain.startswith("+") else f"+{_with_country(plain, country_code)}"
    return whole if SHORTEST <= len(whole) - 1 <= LONGEST and whole[1] != "0" else None


def _with_country(digits: str, country_code: str | None) -> str:
    if digits.startswith("00"):
        return digits[2:]
    if country_code is None:
        return digits
    if country_code == _NORTH_AMERICA:
        return digits if len(digits) == 11 and digits[0] == "1" else f"1{digits}"
    if digits.startswith("0"):
        return f"{country_code}{digits[1:]}"
    is_whole = digits.startswith(country_code) and len(digits) > 10
    return digits if is_whole else f"{country_code}{digits}"


def why_failed(cause: int) -> i.DialFailure:
    """Returns why nobody was reached, by the cause (Q.850) with which the channel ended."""
    if cause in _BUSY:
        return i.DialFailure.BUSY
    return i.DialFailure.NO_ANSWER if cause in _UNANSWERED else i.DialFailure.FAILED


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """Is a number that is to be dialled, and what is shown there."""

    trunk: str
    number: str
    shows: str | None

    def __repr__(self) -> str:
        return "Outgoing(…)"


class WayOut:
    """Dials by the one trunk that may, never a premium number, and no oftener than it may."""

    def __init__(
        self,
        asterisk: Asterisk,
        *,
        outside: Callable[[c.DialOutside], str | None],
        opened: Callable[[SealedRef], str],
        day_of: Callable[[Instant], Hashable],
    ) -> None:
        """Has dialled nobody yet.

        `outside` tells the number of a destination; `opened` that of a callback, or raises
        `OpenlineError`; `day_of` says which day of the centre an instant is in.
        """
        self._trunk: Trunk | None = asterisk.way_out
        self._outside = outside
        self._opened = opened
        self._day_of = day_of
        self._hour: deque[Instant] = deque()
        self._day: Hashable = None
        self._today = 0

    @property
    def is_open(self) -> bool:
        """Whether anybody can be dialled."""
        return self._trunk is not None

    def is_spent(self, now: Instant) -> bool:
        """Tells whether as many were dialled as may be, in an hour or in a day."""
        while self._hour and self._hour[0] <= now - HOUR:
            self._hour.popleft()
        if self._day_of(now) != self._day:
            self._day, self._today = self._day_of(now), 0
        trunk = self._trunk
        return trunk is not None and (
            len(self._hour) >= trunk.calls_per_hour or self._today >= trunk.calls_per_day
        )

    def dialled(self, at: Instant) -> bool:
        """Counts a call out, now or before a restart; returns whether it is not one too many."""
        if self._trunk is None or self.is_spent(at):
            return False
        self._hour.append(at)
        self._today += 1
        return True

    def to_agent(self, number: str, now: Instant) -> Outgoing | None:
        """Returns what is to be dialled for an agent at an ordinary telephone, or None."""
        if self._trunk is None or is_premium(number):
            return None
        if not self.dialled(now):
            log.error("too_many_calls_out")
            return None
        return Outgoing(trunk=self._trunk.key, number=number, shows=self._trunk.shows)

    def outgoing(
        self, command: c.Dial | c.DialOutside, callers_number: str | None, now: Instant
    ) -> Outgoing | i.DialFailure:
        """Returns what is to be dialled for an order, or why it is not."""
        if self._trunk is None:
            return i.DialFailure.FAILED
        number: str | None
        if isinstance(command, c.Dial):
            try:
                number = self._opened(command.number)
            except OpenlineError as error:
                log.error("number_not_opened", why=type(error).__name__)
                return i.DialFailure.FAILED
            shows = None if command.is_anonymous else self._trunk.shows
        else:
            number = self._outside(command)
            shows = callers_number if command.passes_number else self._trunk.shows
        if number is None or not re.fullmatch(r"\+?[0-9]+", number) or is_premium(number):
            log.error("number_not_dialled", call=command.call)
            return i.DialFailure.FAILED
        is_emergency = isinstance(command, c.DialOutside) and command.passes_number
        # An emergency service is dialled however often others were.
        if not self.dialled(now) and not is_emergency:
            log.error("too_many_calls_out", call=command.call)
            return i.DialFailure.HELD_BACK
        return Outgoing(trunk=self._trunk.key, number=number, shows=shows)
