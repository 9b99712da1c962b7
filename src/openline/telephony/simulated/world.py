"""The simulated world on the live clock: callers that nobody is, and colleagues that nobody is.

It drives the same people as a run in simulated time does (`openline.simulation.people`), and only
drives them: their next move falls due, it hands the inputs in; a command comes, it lets them hear
it. So a whole yardstick day needs one timer at a time, for the earliest move.

All that the world must know after `kill -9` stands in the durable state and in the profile: who is
in the call, since when, and, by the name of the leg, which plan he follows. Those who had given up
and meant to call again are forgotten then.
"""

from openline.engine import AnyCommand, State
from openline.engine import commands as c
from openline.engine import inputs as i
from openline.model import Instant, LegId
from openline.simulation import PREFIX, People, WorldProfile
from openline.telephony.port import Capabilities, Clock, See, Timer

_NEEDS_NOBODY = (
    c.HangUpLeg,
    c.StopRinging,
    c.ReleaseAgent,
    c.PlayMusic,
    c.AnnounceWait,
    c.OfferCallback,
    c.EndWithWords,
)
"""Orders that a caller who has just gone has already fulfilled."""


class SimulatedWorld:
    """Is the telephony port of the simulated legs (`sim:…`)."""

    prefix = PREFIX
    capabilities = Capabilities(
        announcements=True,
        hold=True,
        transfer=True,
        consult=True,
        outside=True,
        three=True,
        listen=True,
        real_audio=False,
        voicemail=True,
        dials=True,
    )

    def __init__(self, profile: WorldProfile, clock: Clock) -> None:
        self._people = People(profile)
        self._clock = clock
        self._see: See | None = None
        self._timer: Timer | None = None
        self._armed_for: Instant | None = None

    def start(self, see: See) -> None:
        """Begins to report; nobody moves before `resume`."""
        self._see = see

    def resume(self, state: State) -> tuple[LegId, ...]:
        """Lets everybody go on from where the state has them; returns their legs."""
        legs = self._people.take_over(state, self._clock.now())
        self._arm()
        return legs

    def carry_out(self, command: AnyCommand) -> None:
        """Lets whoever is at the leg hear the command."""
        heard = self._people.hear(command, self._clock.now())
        if not heard and not isinstance(command, _NEEDS_NOBODY) and self._see is not None:
            failed = i.CommandFailed(command=command.id, leg=command.leg, why="no_such_leg")
            self._see(failed)
        self._arm()

    async def stop(self) -> None:
        """Stops all moves; the people stay where the record has them."""
        self._see = None
        self._disarm()

    def _move(self) -> None:
        self._disarm()
        now = self._clock.now()
        while self._see is not None:
            at = self._people.next_at()
            if at is None or at > now:
                break
            for move in self._people.move(now):
                self._see(move)
        self._arm()

    def _arm(self) -> None:
        """Sets the timer for the earliest move; one that is set for earlier does no harm."""
        at = self._people.next_at()
        if self._see is None or at is None:
            return
        if self._armed_for is None or at < self._armed_for:
            self._disarm()
            self._armed_for = at
            self._timer = self._clock.at(at, self._move)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._armed_for = None
