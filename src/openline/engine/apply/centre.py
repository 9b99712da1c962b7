"""What an event about the centre changes."""

from collections.abc import Callable
from typing import Any

from openline.engine import events as e
from openline.engine.apply.moves import adopt_anew, nothing
from openline.engine.state import State


def _configuration_adopted(state: State, event: e.ConfigurationAdopted) -> None:
    adopt_anew(state, event.settings)


APPLY: dict[type[e.Event], Callable[[State, Any], None]] = {
    e.ConfigurationAdopted: _configuration_adopted,
    e.CentreResumed: nothing,
    e.ClockStepNoted: nothing,
    e.CommandFailureNoted: nothing,
    e.InputPassedOver: nothing,
    e.RequestRefused: nothing,
}
