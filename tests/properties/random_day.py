"""What could happen on a bad day?

A `RandomDay` draws one thing after another for a rehearsal: mostly what keeps a centre going, often
what disturbs it. Pages are lost and come back with old sessions, requests come twice, late or for
things that are gone, the program dies and finds some legs and not others, the configuration
changes, time jumps to the very instant of a deadline or far past it. What agents and supervisors
do stands in `random_people`. All chance comes from the one generator that is handed in.
"""

from random import Random

from openline.engine import CallState
from openline.engine import inputs as i
from openline.model import (
    SECOND,
    CommandId,
    Duration,
    EntryKey,
    Instant,
    LegId,
    LineKey,
    Medium,
    Origin,
    PartnerKey,
    SealedRef,
)
from tests.engine.builders import SETTINGS
from tests.engine.rehearsal import Rehearsal
from tests.properties.random_people import RandomPeople
from tests.properties.versions import VERSIONS

_PARTNERS = tuple(map(PartnerKey, ("hospital", "clinic", "school", "unheard-of")))


class RandomDay(RandomPeople):
    """Plays a rehearsal with chance from one generator."""

    def __init__(self, rehearsal: Rehearsal, chance: Random) -> None:
        super().__init__(rehearsal, chance)
        self._legs = 0
        self._acts = (
            (self.arrive, 14),
            (self.greeting_ends, 9),
            (self.digit_is_pressed, 6),
            (self.supervisor_switches, 2),
            (self.agent_goes_on, 40),
            (self.agents_confer, 14 if self._they_confer else 0),
            (self.agent_asks_anything, 8),
            (self.time_goes_on, 14),
            (self.caller_leaves, 5),
            (self.page_is_lost, 6),
            (self.page_comes_back, 8),
            (self.sound_is_reported, 7),
            (self.medium_is_chosen, 2),
            (self.say_again, 5),
            (self.say_late, 4),
            (self.restart, 2),
            (self.supervisor_forces, 2),
            (self.supervisor_comes, 2),
            (self.supervisor_teaches, 2),
            (self.caller_wants_callback, 2 if self._they_confer else 9),
            (self.dialled_person_reacts, 4 if self._they_confer else 9),
            (self.publish, 6),
            (self.clock_or_command, 1),
        )

    def play(self, acts: int) -> None:
        """Plays so many acts."""
        names = [act for act, _ in self._acts]
        weights = [weight for _, weight in self._acts]
        for act in self._chance.choices(names, weights, k=acts):
            act()

    # --- callers ---------------------------------------------------------------------------

    def arrive(self) -> None:
        """Lets somebody call, seldom a line that does not exist."""
        self._legs += 1
        lines = [one.key for one in SETTINGS.lines]
        self._see(
            i.LegArrived(
                leg=LegId(f"web:{self._legs}"),
                line=self._chance.choice([*lines, *lines, LineKey("nowhere")]),
                origin=self._chance.choices(list(Origin), (6, 2, 1))[0],
                caller=self._chance.choice((None, SealedRef(f"sealed-{self._legs}"))),
                entry=self._chance.choice((None, EntryKey("web-es"))),
                can_be_called_back=self._chance.random() < 0.8,
                partner=self._chance.choice((None, *_PARTNERS)),
                medium=self._chance.choice((Medium.VOICE, Medium.VOICE, Medium.TYPED)),
                waiting_since=self._chance.choice(
                    (None, None, None, Instant(self.rehearsal.now - 90 * SECOND))
                ),
            )
        )

    def greeting_ends(self) -> None:
        """Lets a greeting, a message or a recording end, or reports the end of another."""
        hearing = [
            call for call in self.rehearsal.state.calls.values() if call.playback is not None
        ]
        if not hearing:
            return
        call = self._chance.choice(hearing)
        late = self._chance.random() < 0.1
        playback = CommandId(1) if late or call.playback is None else call.playback
        if call.state is not CallState.VOICEMAIL:
            self._see(i.PlaybackFinished(leg=call.leg, playback=playback))
        elif self._chance.random() < 0.3:
            self._see(i.CommandFailed(command=playback, leg=call.leg, why="cannot_record"))
        else:
            length = Duration(self._chance.choice((0, 20)) * SECOND)
            self._see(i.VoicemailEnded(leg=call.leg, recording=playback, length=length))

    def digit_is_pressed(self) -> None:
        """Lets a caller press a key, mostly one who was asked to."""
        asked = [
            (call.leg, call.playback)
            for call in self.rehearsal.state.calls.values()
            if call.state in (CallState.MENU, CallState.CONSENT)
        ]
        leg, question = self._chance.choice(asked) if asked else (self._any_leg(), None)
        if question is None or self._chance.random() < 0.1:
            question = CommandId(1)
        digit = self._chance.choice("112239#")
        self._see(i.DigitPressed(leg=leg, playback=question, digit=digit))

    def caller_leaves(self) -> None:
        """Lets whoever is at some leg hang up, or be found gone, or be lost with his telephone."""
        whys = (i.HangUp.BY_PARTY, i.HangUp.BY_PARTY, i.HangUp.WHILE_AWAY, i.HangUp.TELEPHONY_LOST)
        self._see(i.LegHungUp(leg=self._any_leg(), why=self._chance.choice(whys)))

    def caller_wants_callback(self) -> None:
        """Lets somebody who waits, or anybody else, ask to be called back; some have one number."""
        state = self.rehearsal.state
        waiting = [call.leg for call in state.calls.values() if call.is_waiting and call.has_leg]
        leg = self._chance.choice(waiting) if waiting else self._any_leg()
        begins = self._chance.choice((None, None, 0, 20, 90))
        lasts = self._chance.choice((None, None, 5, 60, 500))
        now = self.rehearsal.now
        not_before = None if begins is None else Instant(now + begins * SECOND)
        self._see(
            i.CallbackAsked(
                leg=leg,
                number=SealedRef(f"number-{self._chance.randrange(6)}"),
                not_before=not_before,
                not_after=None if lasts is None else Instant((not_before or now) + lasts * SECOND),
                may_leave_message=self._chance.random() < 0.5,
            )
        )

    def dialled_person_reacts(self) -> None:
        """Lets whoever is being called back answer, or not; or somebody who is not."""
        state = self.rehearsal.state
        dialled = [c.leg for c in state.calls.values() if c.state is CallState.DIALLING]
        if not self._they_confer:
            dialled += state.calls_by_outside_leg
        leg = self._chance.choice(dialled) if dialled else self._any_leg()
        if self._chance.random() < 0.1:
            wait = Duration(self._chance.randrange(120) * SECOND)
            self._see(i.WaitEstimated(leg=self._any_leg(), wait=wait))
        elif self._chance.random() < 0.6:
            self._see(i.DialAnswered(leg=leg))
        else:
            self._see(i.DialFailed(leg=leg, why=self._chance.choice(tuple(i.DialFailure))))

    # --- pages and sound -------------------------------------------------------------------

    def page_is_lost(self) -> None:
        """Breaks a connection."""
        self._see(i.LegLost(leg=self._any_leg()))

    def page_comes_back(self) -> None:
        """Connects a page again, with the sound it had, an older one or none."""
        state = self.rehearsal.state
        lost = [call.leg for call in state.calls.values() if call.gone_at is not None]
        lost += [leg for leg, one in state.agents_by_leg.items() if one.gone_at is not None]
        leg = self._chance.choice(lost) if lost else self._any_leg()
        self._see(i.LegReturned(leg=leg, session=self._any_session(leg)))

    def sound_is_reported(self) -> None:
        """Lets one side report its sound."""
        leg = self._any_leg()
        kind = self._chance.choice((i.SoundConnected, i.SoundLost))
        self._see(kind(leg=leg, session=self._any_session(leg) or 1))

    def medium_is_chosen(self) -> None:
        """Lets somebody go on by typing, or by speaking."""
        self._see(i.MediumChosen(leg=self._any_leg(), medium=self._chance.choice(tuple(Medium))))

    # --- time and disorder -----------------------------------------------------------------

    def time_goes_on(self) -> None:
        """Lets time go by: a little, to a deadline, just short of one, past many."""
        at = self.rehearsal.engine.next_wakeup()
        way = self._chance.random()
        if way < 0.5 or at is None:
            self.rehearsal.wait(self._chance.uniform(0, 8))
        elif way < 0.6:
            # The last instant before the deadline: whoever comes now still comes in time.
            self.rehearsal.now = Instant(at - 1)
        elif way < 0.8:
            self.rehearsal.wait((at - self.rehearsal.now) / SECOND)
        elif way < 0.97:
            self.rehearsal.oversleep(self._chance.uniform(0, 40))
        else:
            self.rehearsal.wait(self._chance.uniform(0, 700))

    def say_again(self) -> None:
        """Lets the last thing be said twice; nothing may come of it."""
        if self.rehearsal.now == self.rehearsal.steps[-1].now:
            self.rehearsal.say_again()
        else:
            self.rehearsal.see(self.rehearsal.steps[-1].seen)

    def say_late(self) -> None:
        """Lets something be heard that was said long ago."""
        if self._kept_back:
            late = self._kept_back.pop(self._chance.randrange(len(self._kept_back)))
            self.rehearsal.see(late)

    def restart(self) -> None:
        """Lets the program die and find some of the legs again."""
        state = self.rehearsal.state
        held = (state.calls_by_leg, state.agents_by_leg, state.calls_by_outside_leg)
        legs = [*(leg for each in held for leg in each), LegId("web:forgotten")]
        if self._chance.random() < 0.5:
            self.rehearsal.now = Instant(
                self.rehearsal.now + round(self._chance.uniform(0, 60) * SECOND)
            )
        share = self._chance.choice((0.0, 0.5, 0.9, 1.0))
        self.rehearsal.restart(*(leg for leg in legs if self._chance.random() < share))

    def publish(self) -> None:
        """Publishes some version of the configuration."""
        self._see(i.ConfigurationPublished(settings=self._chance.choice(VERSIONS)))

    def clock_or_command(self) -> None:
        """Lets the clock be set, or an order fail."""
        if self._chance.random() < 0.5:
            self._see(i.ClockStepped(by=Duration(self._chance.randrange(-86_400, 86_400) * SECOND)))
        else:
            calls = self.rehearsal.state.calls.values()
            dialled = [(c.dial, c.leg) for c in calls if c.dial is not None]
            dialled += [(p.dial, p.leg) for c in calls for p in c.parties if p.dial is not None]
            command, leg = dialled[-1] if dialled else (CommandId(1), self._any_leg())
            self._see(i.CommandFailed(command=command, leg=leg, why="unreachable"))
