"""Which mistakes could somebody make with partners and their shares?

More of `planted_bugs`, in the same table.
"""

from typing import Any

import msgspec
import pytest

from openline.engine import State
from openline.engine import apply as applying
from openline.engine import events as e
from openline.engine.decision import Decision
from openline.engine.decisions import acts, callers
from openline.engine.shares import Limited, Limits
from openline.engine.state import Call
from openline.engine.waiting import Callers
from openline.model import Reason
from tests.properties.planted_bugs import caught_by, exchange, retell

_APPLY: dict[Any, Any] = applying.APPLY


@caught_by("share")
def a_share_is_full_one_call_too_late(patch: pytest.MonkeyPatch) -> None:
    original = Limits.limit
    patch.setattr(
        Limits, "limit", lambda limits, share, origin: original(limits, share, origin) + 1
    )


@caught_by("share", "I4")
def a_share_that_was_full_stays_so(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Limited, "has_room", lambda limited, share, origin: None)
    patch.setattr(acts, "hold_back", lambda d, call: None)


@caught_by("share", "I4", "I5")
def who_declines_serves_on(patch: pytest.MonkeyPatch) -> None:
    original = Limits.moved

    def moved(limits: Limits, call: Call) -> Any:
        return original(limits, call) if call.offer is not None else ()

    patch.setattr(Limits, "moved", moved)


@caught_by("share", "I15")
def idle_agents_keep_to_the_limit(patch: pytest.MonkeyPatch) -> None:
    original = Callers.first_limited

    def first_limited(callers: Callers, ring: Any, now: Any, *, with_room: bool) -> Any:
        return original(callers, ring, now, with_room=True)

    patch.setattr(Callers, "first_limited", first_limited)


@caught_by("share")
def the_inner_limit_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    original = Limits.adopt

    def adopt(limits: Limits, settings: Any, calls: Any) -> None:
        original(limits, settings, calls)
        limits.paths = {partner: path[:1] for partner, path in limits.paths.items()}

    patch.setattr(Limits, "adopt", adopt)


@caught_by("share")
def nobody_is_told_that_a_limit_held(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(acts, "hold_back", lambda d, call: None)


@caught_by("share")
def it_is_told_again_at_every_choice(patch: pytest.MonkeyPatch) -> None:
    original = _APPLY[e.ShareLimitHeld]

    def held(state: State, event: e.ShareLimitHeld) -> None:
        original(state, event)
        state.calls[event.call].was_held_back = False

    exchange(patch, _APPLY, e.ShareLimitHeld, held)


@caught_by("partner")
def partners_are_known_before_their_first_day(patch: pytest.MonkeyPatch) -> None:
    def recognise(d: Decision, call: Call, partner: Any, reason: Reason) -> None:
        if partner in d.state.partners:
            d.record(e.PartnerRecognised(call=call.id, partner=partner, reason=reason))

    patch.setattr(callers, "recognise", recognise)


@caught_by("partner")
def a_callback_forgets_who_asked_for_it(patch: pytest.MonkeyPatch) -> None:
    original = _APPLY[e.CallbackPromised]

    def promised(state: State, event: e.CallbackPromised) -> None:
        original(state, event)
        state.callbacks[event.callback].partner = None

    exchange(patch, _APPLY, e.CallbackPromised, promised)


@caught_by("partner")
def one_partner_is_taken_for_another(patch: pytest.MonkeyPatch) -> None:
    retell(
        patch,
        e.PartnerRecognised,
        lambda told: msgspec.structs.replace(told, partner="nobody-known"),
    )
