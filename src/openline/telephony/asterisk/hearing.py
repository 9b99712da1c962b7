"""What follows when a caller presses a key, or has heard a recording to its end.

A key may answer a question before it was asked to its end; then the rest of it is not played. A
recording that cannot be played is one that was heard: the call goes on, and the alarm shows.
"""

from collections.abc import Callable

from openline.engine import inputs as i
from openline.model import SECOND, CommandId, Instant
from openline.telephony.asterisk import translate as t
from openline.telephony.asterisk.parties import Caller
from openline.telephony.asterisk.steering import Steering
from openline.telephony.asterisk.telling import Telling
from openline.telephony.port import Clock


class Hearing:
    """Takes keys and the ends of recordings."""

    def __init__(
        self,
        steering: Steering,
        telling: Telling,
        clock: Clock,
        is_here: Callable[[Caller], bool],
        hang_up: Callable[[str], None],
        say: Callable[[i.AnyInput], None],
    ) -> None:
        """Keeps nothing; `is_here` tells whether somebody is on the line still."""
        self._steering = steering
        self._telling = telling
        self._clock = clock
        self._is_here = is_here
        self._hang_up = hang_up
        self._say = say

    def pressed(self, caller: Caller | None, digit: str) -> None:
        """Takes a key; None is somebody who left meanwhile, or an agent."""
        if caller is None or caller.is_leaving:
            return
        question = caller.question
        if question is None:
            self._telling.pressed(caller, digit)
            return
        if isinstance(caller.place, t.Playing):
            self._steering.go(caller, t.NOTHING)
        self._say(i.DigitPressed(leg=caller.leg, playback=question, digit=digit))

    def heard(self, caller: Caller | None, playback: CommandId, *, is_broken: bool) -> None:
        """Takes the end of a recording, which another may have followed already."""
        place = None if caller is None else caller.place
        if caller is None or not isinstance(place, t.Playing) or place.playback != playback:
            return
        if is_broken:
            # A recording fails as well when its listener hangs up, which is told after it.
            sound, later = place.sound, Instant(self._clock.now() + SECOND)
            self._clock.at(later, lambda: self._not_played(caller, sound))
        else:
            self._steering.played(place.sound)
        caller.place = t.NOTHING
        if caller.is_leaving:
            self._hang_up(caller.channel)
        elif caller.then is not None:
            self._steering.go_back(caller)
        else:
            self._say(i.PlaybackFinished(leg=caller.leg, playback=playback))

    def _not_played(self, caller: Caller, sound: str) -> None:
        if self._is_here(caller):
            self._steering.not_played(sound)
