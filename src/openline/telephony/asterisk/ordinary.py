"""Does an agent answer at her ordinary telephone, or something else that picked up?

At home a voicemail, a child or a flatmate may pick up. So a call is hers only once she has pressed
a key; until then whoever is there hears over and over what to press, and nothing of us or of who
calls. Who hangs up without has declined; who never presses it has missed the call when its time is
over. The number is known to this process alone: it goes into signalling, and into no log.
"""

from collections.abc import Callable

from openline.engine import State
from openline.model import Instant
from openline.telephony.asterisk import translate as t
from openline.telephony.asterisk import words
from openline.telephony.asterisk.ari import Request
from openline.telephony.asterisk.calling import WayOut
from openline.telephony.asterisk.parties import Telephone
from openline.telephony.asterisk.steering import Steering

_ALWAYS_THERE = "en"
"""The language of recordings that are there for certain."""


class Asked:
    """Rings ordinary telephones, and asks whoever picks up to press the key."""

    def __init__(self, steering: Steering, way_out: WayOut, language: Callable[[], str]) -> None:
        """Asks nobody yet; `language` is that of the centre."""
        self._steering = steering
        self._way_out = way_out
        self._language = language

    def rung(self, number: str, channel: str, seconds: int, now: Instant) -> Request | None:
        """Returns how the number is rung; None where it may not be, for its cost or for all."""
        outgoing = self._way_out.to_agent(number, now)
        return None if outgoing is None else t.call_out(channel, outgoing, seconds)

    def picked_up(self, phone: Telephone) -> None:
        """Asks whoever is there now."""
        phone.is_up, phone.is_asked = False, True
        sound = words.press_to_take(self._language())
        is_there = self._steering.has(sound)
        self._steering.ask(phone, sound if is_there else words.press_to_take(_ALWAYS_THERE))

    def takes(self, phone: Telephone, digit: str) -> bool:
        """Hears a key; tells whether she takes the call by it."""
        if not phone.is_asked or digit != words.TAKE_IT:
            return False
        phone.is_asked = False
        self._steering.ask_no_more(phone)
        return True

    def goes_on(self, phone: Telephone, state: State | None) -> None:
        """Takes up, after a restart, a channel at which the key may not have been pressed."""
        agent = None if state is None else state.agents.get(phone.agent)
        is_offered = agent is not None and agent.offer is not None
        if phone.number is not None and (is_offered or isinstance(phone.place, t.Asking)):
            self.picked_up(phone)
