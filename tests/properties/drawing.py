"""Whom could it concern, of all who are there?

A `Drawing` has a rehearsal and one generator, and picks calls, people and things from what is there
now, seldom one that is not. Now and then it keeps back what it saw, to be said late.
"""

from random import Random

from openline.engine import Agent, AnyInput, Call
from openline.model import LegId, OfferId
from tests.engine.rehearsal import Rehearsal


class Drawing:
    """Draws from what a rehearsal knows."""

    def __init__(self, rehearsal: Rehearsal, chance: Random) -> None:
        self.rehearsal = rehearsal
        self._chance = chance
        self._kept_back: list[AnyInput] = []
        # Days differ, so that what is rare on most of them is common on some.
        self._they_confer = chance.random() < 0.3

    def _see(self, seen: AnyInput) -> None:
        if self._chance.random() < 0.03:
            self._kept_back.append(seen)
        else:
            self.rehearsal.see(seen)

    def _any_call(self) -> Call | None:
        calls = list(self.rehearsal.state.calls.values())
        return self._chance.choice(calls) if calls else None

    def _any_agent(self) -> Agent:
        return self._chance.choice(list(self.rehearsal.state.agents.values()))

    def _any_leg(self) -> LegId:
        state = self.rehearsal.state
        legs = (state.calls_by_leg, state.agents_by_leg, state.calls_by_outside_leg)
        return self._chance.choice([*(leg for held in legs for leg in held), LegId("web:nobody")])

    def _any_offer(self) -> OfferId:
        state = self.rehearsal.state
        parties = [party.number for call in state.calls.values() for party in call.parties]
        return self._chance.choice([*state.offers, *parties, OfferId(max(1, state.next_offer - 1))])

    def _any_session(self, leg: LegId) -> int | None:
        state = self.rehearsal.state
        call = state.calls_by_leg.get(leg)
        at_leg = state.agents_by_leg.get(leg)
        if call is None and at_leg is not None and at_leg.call is not None:
            call = state.calls.get(at_leg.call)
        now = 0 if call is None else call.session
        return self._chance.choice((now, now, now, max(0, now - 1), None))
