"""What do agents and supervisors do on a bad day?

Mostly what is next for them; sometimes anything at all, whether or not it makes sense.
"""

from openline.engine import Agent, AgentState, AnyInput
from openline.engine import inputs as i
from openline.engine.destinations import ToQueue
from openline.engine.parties import ListenMode
from openline.engine.settings import SkillLevel
from openline.engine.targets import Target, ToAgent, ToOutside
from openline.model import (
    AgentKey,
    LegId,
    LineKey,
    OfferId,
    Origin,
    OutsideKey,
    QueueKey,
    SkillKey,
    SurgeKey,
)
from tests.engine.builders import SETTINGS
from tests.properties.drawing import Drawing

ORIGINS = (
    (Origin.REAL,),
    (Origin.REAL, Origin.PRACTICE),
    (Origin.PRACTICE,),
    (Origin.REAL, Origin.SIMULATED, Origin.PRACTICE),
)

_PAGE_REASONS = ("lunch", "training", "holiday")
_FORCED = (AgentState.READY, AgentState.PAUSED, AgentState.SIGNED_OUT)


class RandomPeople(Drawing):
    """Plays who works in the centre."""

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

    def supervisor_teaches(self) -> None:
        """Lets a supervisor change what somebody can take, or take the next call of a queue."""
        if self._chance.random() < 0.4:
            queue = self._chance.choice([*(one.key for one in SETTINGS.queues), QueueKey("none")])
            self._see(i.CallTakeRequested(by=self._any_agent().key, queue=queue))
            return
        agent = self._any_agent().key
        has = self.rehearsal.state.agent_settings[agent].skills
        every = sorted({each for one in SETTINGS.agents for each in one.skills}, key=repr)
        wanted = {each.skill: each for each in self._chance.sample(every, k=min(2, len(every)))}
        if self._chance.random() < 0.1:
            wanted[SkillKey("juggling")] = SkillLevel(skill=SkillKey("juggling"), level=1)
        seen = has if self._chance.random() < 0.9 else ()
        skills = tuple(wanted.values())
        by = AgentKey("sue")
        self._see(i.SkillsChangeRequested(by=by, agent=agent, skills=skills, instead_of=seen))

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
