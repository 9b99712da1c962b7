"""How one caller and one colleague behave: plans drawn once, found again at any time.

The plan of a caller is a pure function of the profile and the caller's name; how an offer is
answered, of the profile and the offer's number. So a program that was killed finds the same people
again, and two scenarios with one seed meet the same callers.

A caller's leg is named `sim:caller-<UTC hour>-<index in the hour>`, with `-2`, `-3` … for each time
he calls again.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Protocol

from openline.engine.value import Value
from openline.model import (
    MINUTE,
    SECOND,
    AgentKey,
    CallId,
    Duration,
    Instant,
    LegId,
    LineKey,
    Medium,
    OfferId,
    OutsideKey,
    PartnerKey,
    QueueKey,
)
from openline.simulation.arrivals import hour_name, hour_of_name
from openline.simulation.draws import Draws, Lognormal, exponential
from openline.simulation.profile import CallerGroup, ColleagueGroup, WorldProfile

PREFIX = "sim"
_CALLER = re.compile(r"sim:caller-(\d{8}T\d{2})-(\d{4,5})(?:-([2-9]))?", re.ASCII)
_AGENT = f"{PREFIX}:agent-"

CALLS_AT_MOST = 9
"""Nobody redials more often."""
_HEARS_OF_WAIT = Duration(3 * SECOND)
"""So long it takes to understand that there is a wait."""
_SILENCE_MEAN = 40 * SECOND
_EARLY_AT_MOST = 10 * SECOND
_DECIDES = 4 * SECOND
_ANSWERS_WITHIN = 15 * SECOND
_BUSY_SHARE = 0.3
"""Of those who do not answer."""
_WRONG_NUMBER = (10 * SECOND, 20 * SECOND)
"""Such a call takes the first, and up to the second on top."""
_HOUR_BITS = 24
_INDEX_BITS = 20


class CallerName(Value, frozen=True, kw_only=True):
    """Says which caller it is, and for which time he calls."""

    hour: int
    """UTC, since 1970."""
    index: int
    time: int = 1

    @property
    def number(self) -> int:
        """The row of chance that belongs to the name alone."""
        return (self.hour << _HOUR_BITS) + ((self.time - 1) << _INDEX_BITS) + self.index

    @property
    def leg(self) -> LegId:
        """The leg at which he calls."""
        again = "" if self.time == 1 else f"-{self.time}"
        return LegId(f"{PREFIX}:caller-{hour_name(self.hour)}-{self.index:04d}{again}")


def caller_at(leg: LegId) -> CallerName | None:
    """Returns the caller whose leg it is, or None if it is no simulated caller's."""
    match = _CALLER.fullmatch(leg)
    if match is None:
        return None
    try:
        hour = hour_of_name(match[1])
    except ValueError:
        return None
    return CallerName(hour=hour, index=int(match[2]), time=int(match[3] or 1))


def leg_of_agent(agent: AgentKey) -> LegId:
    """Returns the leg at which a colleague sits."""
    return LegId(_AGENT + agent)


def agent_at(leg: LegId) -> AgentKey | None:
    """Returns the colleague who sits at the leg, or None if it is no colleague's."""
    return AgentKey(leg.removeprefix(_AGENT)) if leg.startswith(_AGENT) else None


class CallerPlan(Value, frozen=True, kw_only=True):
    """Fixes what a caller will do, whatever happens to him."""

    line: LineKey
    partner: PartnerKey | None = None
    """The organisation that he calls for."""
    keys: str = ""
    """What he presses, one key for each question."""
    leaves_in_menu: bool = False
    medium: Medium = Medium.VOICE
    listens: Duration
    """How long to a greeting."""
    patience: Duration
    """From the queue entry; if it runs out before an answer, he hangs up."""
    talk: Duration
    """Without hold."""
    hold_after: Duration
    """When the agent parks him, from the answer; counts only with a `hold`."""
    hold: Duration
    """How long; 0 is not at all."""
    transfer_after: Duration = Duration(0)
    """How much of the talk the first agent has before she hands him on; 0 is that she does not."""
    transfer_to: QueueKey | None = None
    transfer_outside: OutsideKey | None = None
    """Where to, if not to a queue."""
    wrap_up: Duration
    """The agent's work after the call."""
    is_ended_by_agent: bool
    redials_after: Duration
    """How long after giving up; 0 is never."""


class CallbackPlan(Value, frozen=True, kw_only=True):
    """Fixes what a caller does who is offered a callback, and when he is rung."""

    takes_it: bool
    decides_after: Duration
    answers: bool
    is_busy: bool
    """Where he does not answer: the line is engaged, and nobody need wait."""
    reacts_after: Duration
    """How long it rings before he answers or is found engaged."""


class AgentPlan(Value, frozen=True, kw_only=True):
    """Fixes how a colleague takes one offer."""

    answers_after: Duration
    is_missed: bool
    """She is not at her desk; the offer runs out."""


class Planned(Protocol):
    """Gives the plans of people, drawn (`Behaviour`) or found in a record."""

    def caller_plan(self, name: CallerName) -> CallerPlan:
        """Returns what this caller will do."""

    def callback_plan(self, name: CallerName) -> CallbackPlan:
        """Returns what this caller makes of a callback."""

    def agent_plan(self, offer: OfferId, group: ColleagueGroup, *, is_tired: bool) -> AgentPlan:
        """Returns how a colleague of the group takes the offer."""

    def wrap_up_of(self, call: CallId) -> Duration:
        """Returns a length for a wrap-up of which only the call's number is still known."""

    def disposition_of(self, call: CallId) -> str:
        """Returns the outcome that the colleague picks after the call."""


class Callers:
    """Says for which partner one calls, of those whose first day has come, by Zipf's law."""

    def __init__(self, partners: Sequence[tuple[PartnerKey, Instant]]) -> None:
        self._partners = partners
        self._first_days = sorted({begins for _, begins in partners})
        self._known: dict[int, tuple[list[PartnerKey], list[float]]] = {}

    def partner_at(self, now: Instant, u: float) -> PartnerKey | None:
        """Returns the partner that `u` from 0 to 1 falls on, or None while there is none."""
        days = bisect_right(self._first_days, now)
        if days == 0:
            return None
        if days not in self._known:
            last = self._first_days[days - 1]
            keys = [key for key, begins in self._partners if begins <= last]
            self._known[days] = keys, list(accumulate(1 / n for n in range(1, len(keys) + 1)))
        keys, weights = self._known[days]
        return keys[min(bisect_left(weights, u * weights[-1]), len(keys) - 1)]


class Behaviour:
    """Draws the plans of one profile."""

    def __init__(self, profile: WorldProfile) -> None:
        self._groups = profile.callers
        self._talks = tuple(Lognormal(g.talk_mean, g.talk_cv) for g in profile.callers)
        self._shares = tuple(accumulate(group.share for group in profile.callers))
        weights = self._shares[-1] or 1.0
        self._wrap_up_mean = sum(g.share * g.wrap_up_mean for g in profile.callers) / weights
        self._greeting_length = profile.greeting_length
        self._dispositions = profile.dispositions
        self._callers = Draws(profile.seed, "caller", 12)
        self._transfers = Draws(profile.seed, "transfer", 2)
        self._at_menus = Draws(profile.seed, "menu", 2)
        self._offers = Draws(profile.seed, "offer", 2)
        self._partners = Callers(profile.partners)
        self._for_partners = Draws(profile.seed, "partner", 1)
        self._media = Draws(profile.seed, "medium", 1)
        self._callbacks = Draws(profile.seed, "callback", 5)
        self._after_calls = Draws(profile.seed, "after", 2)

    def caller_plan(self, name: CallerName) -> CallerPlan:
        """Returns what this caller will do."""
        (who, kind, patience, balks, u, v, held, hold_at, hold, wrap_up, redials, redials_at) = (
            self._callers.row(name.number)
        )
        number = self._group_at(who)
        group = self._groups[number]
        talk, ended_by_agent = self._talk(group, self._talks[number], kind, (u, v))
        is_held = held < group.hold_share and talk > _EARLY_AT_MOST
        handed_on, hand_at = (
            self._transfers.row(name.number) if group.transfer_share > 0 else (1.0, 0.0)
        )
        is_handed_on = handed_on < group.transfer_share and talk > _EARLY_AT_MOST
        span = group.redial_most - group.redial_least
        keys, leaves_in_menu = group.keys, False
        if group.keys or group.leaves_in_menu_share:
            chooses, leaves = self._at_menus.row(name.number)
            keys = group.keys if chooses >= group.no_choice_share else ""
            leaves_in_menu = leaves < group.leaves_in_menu_share
        types = group.typed_share > 0 and self._media.row(name.number)[0] < group.typed_share
        partner = None
        if group.calls_for_partners:
            at = Instant(name.hour * 60 * MINUTE)
            partner = self._partners.partner_at(at, self._for_partners.row(name.number)[0])
        return CallerPlan(
            line=group.line,
            partner=partner,
            keys=keys,
            leaves_in_menu=leaves_in_menu,
            medium=Medium.TYPED if types else Medium.VOICE,
            listens=self._greeting_length,
            patience=(
                _HEARS_OF_WAIT
                if balks < group.balk_share
                else Duration(int(exponential(group.patience_mean, patience)))
            ),
            talk=talk,
            hold_after=Duration(int(hold_at * talk)),
            hold=Duration(1 + int(exponential(group.hold_mean, hold)) if is_held else 0),
            transfer_after=Duration(1 + int(hand_at * talk) if is_handed_on else 0),
            transfer_to=group.transfer_to,
            transfer_outside=group.transfer_outside,
            wrap_up=Duration(int(exponential(group.wrap_up_mean, wrap_up))),
            is_ended_by_agent=ended_by_agent,
            redials_after=Duration(
                1 + int(group.redial_least + redials_at * span)
                if redials < group.redial_share and name.time < CALLS_AT_MOST
                else 0
            ),
        )

    def callback_plan(self, name: CallerName) -> CallbackPlan:
        """Returns what this caller makes of a callback."""
        takes, decides, answers, busy, reacts = self._callbacks.row(name.number)
        group = self._groups[self._group_at(self._callers.row(name.number)[0])]
        is_busy = busy < _BUSY_SHARE
        return CallbackPlan(
            takes_it=takes < group.callback_share,
            decides_after=Duration(int((1 + decides) * _DECIDES)),
            answers=answers < group.callback_answered_share,
            is_busy=is_busy,
            reacts_after=Duration(int(SECOND + reacts * _ANSWERS_WITHIN)),
        )

    def agent_plan(self, offer: OfferId, group: ColleagueGroup, *, is_tired: bool) -> AgentPlan:
        """Returns how a colleague of the group takes the offer."""
        missed, delay = self._offers.row(offer)
        share = group.tired_missed_share if is_tired else group.missed_share
        return AgentPlan(
            answers_after=Duration(int(exponential(group.answer_delay_mean, delay))),
            is_missed=missed < share,
        )

    def wrap_up_of(self, call: CallId) -> Duration:
        """Returns a length for a wrap-up of which only the call's number is still known."""
        return Duration(int(exponential(self._wrap_up_mean, self._after_calls.row(call)[0])))

    def disposition_of(self, call: CallId) -> str:
        """Returns the outcome that the colleague picks after the call."""
        picked = int(self._after_calls.row(call)[1] * len(self._dispositions))
        return self._dispositions[picked]

    def _group_at(self, u: float) -> int:
        wanted = u * self._shares[-1]
        for number, up_to in enumerate(self._shares):
            if wanted < up_to:
                return number
        return len(self._shares) - 1

    @staticmethod
    def _talk(
        group: CallerGroup, usual: Lognormal, kind: float, uv: tuple[float, float]
    ) -> tuple[Duration, bool]:
        """Returns the length of the talk, and whether the agent is the one who ends it."""
        silent = group.silent_share
        early = silent + group.early_hang_up_share
        wrong = early + group.wrong_number_share
        if kind < silent:
            return Duration(int(exponential(_SILENCE_MEAN, uv[0]))), True
        if kind < early:
            return Duration(int(uv[0] * _EARLY_AT_MOST)), False
        if kind < wrong:
            return Duration(_WRONG_NUMBER[0] + int(uv[0] * _WRONG_NUMBER[1])), False
        return Duration(int(usual.draw(*uv))), False
