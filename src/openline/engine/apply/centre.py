"""What an event about the centre changes."""

from collections.abc import Callable
from typing import Any

from openline.engine import events as e
from openline.engine.apply.moves import nothing
from openline.engine.state import State


def _configuration_adopted(state: State, event: e.ConfigurationAdopted) -> None:
    for call in state.calls.values():
        # Whatever steps they had reached are of the old settings; what they reach now follows.
        call.step = 0
        call.widens_at = None
        call.announce_at = None
    state.adopt(event.settings)
    for queue in [queue for queue in state.handled if queue not in state.index.callers.estimated]:
        del state.handled[queue]


APPLY: dict[type[e.Event], Callable[[State, Any], None]] = {
    e.ConfigurationAdopted: _configuration_adopted,
    e.CentreResumed: nothing,
    e.ClockStepNoted: nothing,
    e.CommandFailureNoted: nothing,
    e.InputPassedOver: nothing,
    e.RequestRefused: nothing,
}
