"""What could happen on a bad day?

A `RandomDay` draws one thing after another for a rehearsal: mostly what keeps a centre going, often
what disturbs it. Pages are lost and come back with old sessions, requests come twice, late or for
things that are gone, the program dies and finds some legs and not others, the configuration
changes, time jumps to the very instant of a deadline or far past it. All chance comes from the one
generator that is handed in.
"""

from random import Random

from openline.engine import Agent, AgentState, AnyInput, Call, CallState
from openline.engine import inputs as i
from openline.engine.destinations import ToQueue
from openline.engine.parties import ListenMode
from openline.engine.targets import Target, ToAgent, ToOutside
from openline.model import (
    SECOND,
    AgentKey,
    CommandId,
    Duration,
    EntryKey,
    Instant,
    LegId,
    LineKey,
    OfferId,
    Origin,
    OutsideKey,
    PartnerKey,
    QueueKey,
    SealedRef,
    SurgeKey,
)
from tests.engine.builders import SETTINGS
from tests.engine.rehearsal import Rehearsal
from tests.properties.versions import VERSIONS

ORIGINS = (
    (Origin.REAL,),
    (Origin.REAL, Origin.PRACTICE),
    (Origin.PRACTICE,),
    (Origin.REAL, Origin.SIMULATED, Origin.PRACTICE),
)

_PAGE_REASONS = ("lunch", "training", "holiday")
_PARTNERS = tuple(map(PartnerKey, ("hospital", "clinic", "school", "unheard-of")))
_FORCED = (AgentState.READY, AgentState.PAUSED, AgentState.SIGNED_OUT)


class RandomDay:
    """Plays a rehearsal with chance from one generator."""

    def __init__(self, rehearsal: Rehearsal, chance: Random) -> None:
        self.rehearsal = rehearsal
        self._chance = chance
        self._legs = 0
        self._kept_back: list[AnyInput] = []
        # Days differ, so that what is rare on most of them is common on some.
        self._they_confer = chance.random() < 0.3
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
            (self.say_again, 5),
            (self.say_late, 4),
            (self.restart, 2),
            (self.supervisor_forces, 2),
            (self.supervisor_comes, 2),
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

    # --- choosing --------------------------------------------------------------------------

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

    # --- agents ----------------------------------------------------------------------------

    def agent_goes_on(self) -> None:
        """Lets an agent do what is next for her."""
        one = self._any_agent()
        key = one.key
        well = self._chance.random() < 0.8
        match one.state:
            case AgentState.SIGNED_OUT:
                leg = f"desk:{key}" if well else "desk:shared"
                origins = self._chance.choice(ORIGINS)
                self._see(i.SignInRequested(agent=key, leg=LegId(leg), origins=origins))
            case AgentState.PAUSED:
                self._see(i.ReadyRequested(agent=key))
            case AgentState.READY if not well:
                self._see(i.PauseRequested(agent=key, pause_reason="lunch"))
            case AgentState.OFFERED:
                assert one.offer is not None
                kind = i.AcceptRequested if well else i.DeclineRequested
                self._see(kind(agent=key, offer=one.offer))
            case AgentState.TALKING if not well and self._calls_back(one):
                word = self._chance.choice(tuple(i.CallbackWord))
                self._see(i.CallbackCloseRequested(agent=key, word=word))
            case AgentState.TALKING if self._is_conferring(one) and well:
                done = (i.ConsultCompleteRequested, i.ConsultCancelRequested, i.HangUpRequested)
                again = (i.HoldRequested, i.ResumeRequested)
                if self._chance.random() < 0.2:
                    self._see(i.PartyDismissRequested(agent=key, party=self._any_offer()))
                else:
                    self._see(self._chance.choice((*done, *again, *again))(agent=key))
            case AgentState.TALKING:
                what = (i.HoldRequested, i.ResumeRequested, i.HangUpRequested, i.HangUpRequested)
                if well:
                    self._see(self._chance.choice(what)(agent=key))
                elif not self._they_confer or self._chance.random() < 0.4:
                    self._see(i.TransferRequested(agent=key, to=self._any_target()))
                else:
                    self._see(i.ConsultRequested(agent=key, to=self._any_target()))
            case AgentState.WRAP_UP:
                self._see(self._finish(key, well=well))
            case _:
                pass

    def agents_confer(self) -> None:
        """Lets somebody who talks ask somebody who is ready, or goes on with that."""
        everybody = list(self.rehearsal.state.agents.values())
        asked = [
            one for one in everybody if one.state is AgentState.OFFERED and self._is_asked(one)
        ]
        if asked:
            one = self._chance.choice(asked)
            assert one.offer is not None
            answer = i.AcceptRequested if self._chance.random() < 0.9 else i.DeclineRequested
            self._see(answer(agent=one.key, offer=one.offer))
            return
        listening = self._who_listens()
        if listening and self._chance.random() < 0.4:
            by, of = listening[0]
            mode = self._chance.choice(tuple(ListenMode))
            self._see(i.ListenRequested(by=by, agent=of, mode=mode))
            return
        outside = list(self.rehearsal.state.calls_by_outside_leg)
        if outside and self._chance.random() < 0.5:
            self._somebody_outside_reacts(self._chance.choice(outside))
            return
        talking = [one for one in everybody if one.state is AgentState.TALKING]
        if talking and self._chance.random() < 0.25:
            mode = self._chance.choice(tuple(ListenMode))
            by, of = self._any_agent().key, self._chance.choice(talking).key
            self._see(i.ListenRequested(by=by, agent=of, mode=mode))
        elif talking:
            key = self._chance.choice(talking).key
            kind = self._chance.choice((i.ConsultRequested, i.ThirdRequested))
            self._see(kind(agent=key, to=self._any_target()))

    def _somebody_outside_reacts(self, leg: LegId) -> None:
        chance = self._chance.random()
        if chance < 0.6:
            self._see(i.DialAnswered(leg=leg))
        elif chance < 0.75:
            self._see(i.DialFailed(leg=leg, why=self._chance.choice(tuple(i.DialFailure))))
        else:
            self._see(self._chance.choice((i.LegHungUp, i.LegLost))(leg=leg))

    def _who_listens(self) -> list[tuple[AgentKey, AgentKey]]:
        """Lists supervisors who listen, with the agents whose talks they hear."""
        return [
            (party.agent, call.agent)
            for call in self.rehearsal.state.calls.values()
            for party in call.parties
            if party.mode is not None and party.agent is not None and call.agent is not None
        ]

    def _is_asked(self, one: Agent) -> bool:
        return one.offer is not None and self.rehearsal.state.offers[one.offer].is_for_party

    def _calls_back(self, one: Agent) -> bool:
        call = None if one.call is None else self.rehearsal.state.calls.get(one.call)
        return call is not None and call.callback is not None

    def _is_conferring(self, one: Agent) -> bool:
        call = None if one.call is None else self.rehearsal.state.calls.get(one.call)
        return call is not None and bool(call.parties)

    def _any_target(self) -> Target:
        if self._they_confer and self._chance.random() < 0.4:
            keys = [*(one.key for one in SETTINGS.outside), OutsideKey("nobody")]
            return ToOutside(outside=self._chance.choice(keys))
        if self._chance.random() < 0.5:
            queues = [*(one.key for one in SETTINGS.queues), QueueKey("nowhere")]
            return ToQueue(queue=self._chance.choice(queues))
        ready = [one.key for one in self.rehearsal.state.agents.values() if one.is_idle]
        agents = ready or [*(one.key for one in SETTINGS.agents), AgentKey("stranger")]
        return ToAgent(agent=self._chance.choice(agents))

    def _finish(self, key: AgentKey, *, well: bool) -> AnyInput:
        return i.WrapUpFinishRequested(
            agent=key,
            disposition="helped" if well else self._chance.choice(("", "silent", "unheard of")),
            ready=well,
            pause_reason=None if well else self._chance.choice(("lunch", "holiday", None)),
            recovery=self._chance.random() < 0.5,
        )

    def agent_asks_anything(self) -> None:
        """Lets anybody ask anything, whether or not it makes sense."""
        keys = [one.key for one in SETTINGS.agents]
        key = self._chance.choice([*keys, *keys, AgentKey("stranger")])
        asked: tuple[AnyInput, ...] = (
            i.SignOutRequested(agent=key),
            i.SignOutRequested(agent=key),
            i.OriginsChosen(agent=key, origins=self._chance.choice(ORIGINS)),
            i.ReadyRequested(agent=key),
            i.PauseRequested(agent=key, pause_reason=self._chance.choice(_PAGE_REASONS)),
            i.AcceptRequested(agent=key, offer=self._any_offer()),
            i.AcceptRequested(agent=key, offer=self._any_offer()),
            i.DeclineRequested(agent=key, offer=self._any_offer()),
            i.HoldRequested(agent=key),
            i.ResumeRequested(agent=key),
            i.HangUpRequested(agent=key),
            i.TransferRequested(agent=key, to=self._any_target()),
            i.ConsultRequested(agent=key, to=self._any_target()),
            i.ConsultCompleteRequested(agent=key),
            i.ConsultCancelRequested(agent=key),
            i.ThirdRequested(agent=key, to=self._any_target()),
            i.PartyDismissRequested(agent=key, party=self._any_offer()),
            i.WrapUpExtendRequested(agent=key),
            i.WrapUpExtendRequested(agent=key),
            i.CallbackCloseRequested(agent=key, word=i.CallbackWord.WRONG_PERSON),
            i.HelpRequested(agent=key),
            i.HelpRequested(agent=key),
            i.HelpWithdrawRequested(agent=key),
            self._finish(key, well=True),
            i.SignInRequested(agent=key, leg=self._any_leg(), origins=self._chance.choice(ORIGINS)),
        )
        self._see(self._chance.choice(asked))

    def supervisor_forces(self) -> None:
        """Lets a supervisor force some state on somebody, perhaps one that cannot be forced."""
        key = self._chance.choice([*(one.key for one in SETTINGS.agents), AgentKey("stranger")])
        to = self._chance.choice((*_FORCED, *_FORCED, AgentState.TALKING))
        pause_reason = self._chance.choice((None, *_PAGE_REASONS))
        by = AgentKey(self._chance.choice(("sue", "tom")))
        self._see(i.StateForced(by=by, agent=key, to=to, pause_reason=pause_reason))

    def supervisor_comes(self) -> None:
        """Lets a supervisor come to whoever raised her hand, or perhaps to somebody else."""
        wanting = [a.key for a in self.rehearsal.state.agents.values() if a.help_since is not None]
        key = self._chance.choice([*wanting, *wanting, *(one.key for one in SETTINGS.agents)])
        by = AgentKey(self._chance.choice(("sue", "tom")))
        coming = [a for a in self.rehearsal.state.agents.values() if a.help_by is not None]
        takes = self._chance.random() < (0.2 if coming else 0.7)
        if coming and not takes and coming[0].help_by is not None:
            # Who said that he comes takes it back, or somebody else tries to.
            key, other = coming[0].key, {"sue": "tom", "tom": "sue"}[coming[0].help_by]
            by = coming[0].help_by if self._chance.random() < 0.5 else AgentKey(other)
        self._see(i.HelpTakeRequested(by=by, agent=key, takes=takes))

    def supervisor_switches(self) -> None:
        """Lets a supervisor close or open a line, or switch a surge, perhaps unknown ones."""
        by = AgentKey("sue")
        surge = self._chance.choice((None, SurgeKey("flood"), SurgeKey("unheard-of")))
        lines = [*(one.key for one in SETTINGS.lines), LineKey("nowhere")]
        line, closed = self._chance.choice(lines), self._chance.random() < 0.4
        if self.rehearsal.state.hand_overs:
            known = self._chance.choice([*self.rehearsal.state.hand_overs, OfferId(0)])
            self._see(i.ReviewRequested(by=self._any_agent().key, hand_over=known))
        if self._chance.random() < 0.5:
            self._see(i.SurgeRequested(by=by, surge=surge))
        else:
            self._see(i.LineClosureRequested(by=by, line=line, closed=closed))

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
