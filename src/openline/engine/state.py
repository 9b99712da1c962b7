"""Everything the engine knows, and nothing it could compute.

Only `apply` changes it. Live calls only: an ended call leaves the state and lives on in the record.
The indexes that make routing fast are derived (see `index`) and left out of snapshots. Dictionaries
keep the order in which things came, so that equal histories give equal bytes. The records
themselves stand in `live` and are gathered here.
"""

import msgspec

from openline.engine.index import Index
from openline.engine.live import (
    Agent,
    AgentState,
    Call,
    Callback,
    CallState,
    ChangedSkills,
    ClosedLine,
    Offer,
    Unstaffed,
)
from openline.engine.parties import HandOver
from openline.engine.settings import (
    AgentSettings,
    BoxSettings,
    HoursSettings,
    LineSettings,
    MenuSettings,
    OutsideSettings,
    PartnerSettings,
    QueueSettings,
    Settings,
    SurgeSettings,
)
from openline.model import (
    AgentKey,
    BoxKey,
    CallbackId,
    CallId,
    Duration,
    HoursKey,
    Instant,
    LegId,
    LineKey,
    MenuKey,
    OfferId,
    Origin,
    OutsideKey,
    PartnerKey,
    QueueKey,
    SealedRef,
    SurgeKey,
)

__all__ = [
    "Agent",
    "AgentState",
    "Call",
    "CallState",
    "Callback",
    "ChangedSkills",
    "ClosedLine",
    "Offer",
    "Snapshot",
    "State",
    "Unstaffed",
    "surging",
]


EMPTY_SETTINGS = Settings(
    version=0, lines=(), queues=(), agents=(), pause_reasons=(), dispositions=()
)


def surging(settings: Settings, surge: SurgeSettings) -> Settings:
    """Returns the settings as they are while the surge is on: its lines and queues in place."""
    lines = {line.key: line for line in surge.lines}
    queues = {queue.key: queue for queue in surge.queues}
    return msgspec.structs.replace(
        settings,
        lines=tuple(lines.get(line.key, line) for line in settings.lines),
        queues=tuple(queues.get(queue.key, queue) for queue in settings.queues),
    )


def taught(settings: Settings, changed: dict[AgentKey, ChangedSkills]) -> Settings:
    """Returns the settings with the skills that supervisors gave and took."""
    return msgspec.structs.replace(
        settings,
        agents=tuple(
            msgspec.structs.replace(agent, skills=changed[agent.key].skills)
            if agent.key in changed
            else agent
            for agent in settings.agents
        ),
    )


class Snapshot(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Is the state as it is written down."""

    step: int
    now: Instant
    settings: Settings
    next_call: int
    next_offer: int
    calls: dict[CallId, Call]
    agents: dict[AgentKey, Agent]
    offers: dict[OfferId, Offer]
    unstaffed: dict[QueueKey, Unstaffed] = msgspec.field(default_factory=dict)
    closed_lines: dict[LineKey, ClosedLine] = msgspec.field(default_factory=dict)
    hand_overs: dict[OfferId, HandOver] = msgspec.field(default_factory=dict)
    surge: SurgeKey | None = None
    handled: dict[QueueKey, dict[Origin, list[Duration]]] = msgspec.field(default_factory=dict)
    next_callback: int = 1
    callbacks: dict[CallbackId, Callback] = msgspec.field(default_factory=dict)
    changed_skills: dict[AgentKey, ChangedSkills] = msgspec.field(default_factory=dict)


class State:
    """Holds the engine's knowledge together with the indexes derived from it."""

    __slots__ = (
        "agent_settings",
        "agents",
        "agents_by_leg",
        "boxes",
        "callbacks",
        "callbacks_by_number",
        "calls",
        "calls_by_leg",
        "calls_by_outside_leg",
        "changed_skills",
        "closed_lines",
        "hand_overs",
        "handled",
        "hours",
        "index",
        "lines",
        "menus",
        "next_call",
        "next_callback",
        "next_offer",
        "now",
        "offers",
        "outside",
        "partners",
        "queues",
        "recordings",
        "settings",
        "step",
        "surge",
        "unstaffed",
    )

    def __init__(self) -> None:
        self.step = 0
        self.now = Instant(0)
        self.next_call = 1
        self.next_offer = 1
        self.next_callback = 1
        self.calls: dict[CallId, Call] = {}
        self.agents: dict[AgentKey, Agent] = {}
        self.offers: dict[OfferId, Offer] = {}
        self.unstaffed: dict[QueueKey, Unstaffed] = {}
        self.closed_lines: dict[LineKey, ClosedLine] = {}
        self.changed_skills: dict[AgentKey, ChangedSkills] = {}
        self.hand_overs: dict[OfferId, HandOver] = {}
        """To emergency services; each until somebody else has looked at it."""
        self.surge: SurgeKey | None = None
        self.handled: dict[QueueKey, dict[Origin, list[Duration]]] = {}
        """The last handle times, of queues where the wait is estimated."""
        self.callbacks: dict[CallbackId, Callback] = {}
        self.callbacks_by_number: dict[SealedRef, Callback] = {}
        self.calls_by_leg: dict[LegId, Call] = {}
        self.calls_by_outside_leg: dict[LegId, Call] = {}
        """The calls in which somebody outside is, or is being rung for, by his leg."""
        self.agents_by_leg: dict[LegId, Agent] = {}
        self.index = Index(self.calls, self.offers, self.unstaffed, self.callbacks)
        self.adopt(EMPTY_SETTINGS)

    def adopt(self, settings: Settings) -> None:
        """Makes the settings the valid ones and derives everything that follows from them.

        Agents keep what they are doing; one who is no longer configured must be signed out. What a
        supervisor switched (a closed line, a surge) holds on if the settings still know it; what
        she changed of an agent's skills, until the settings say something new of them.
        """
        if self.changed_skills:
            self._forget_changed_skills(settings)
        self.settings = settings
        surge = next((each for each in settings.surges if each.key == self.surge), None)
        self.surge = None if surge is None else surge.key
        settings = settings if surge is None else surging(settings, surge)
        settings = taught(settings, self.changed_skills) if self.changed_skills else settings
        self.lines: dict[LineKey, LineSettings] = {line.key: line for line in settings.lines}
        self.queues: dict[QueueKey, QueueSettings] = {q.key: q for q in settings.queues}
        self.outside: dict[OutsideKey, OutsideSettings] = {o.key: o for o in settings.outside}
        self.menus: dict[MenuKey, MenuSettings] = {menu.key: menu for menu in settings.menus}
        self.hours: dict[HoursKey, HoursSettings] = {each.key: each for each in settings.hours}
        self.recordings: dict[tuple[str, str], str] = {
            (each.recording, each.language): each.sound for each in settings.recordings
        }
        for key in [key for key in self.closed_lines if key not in self.lines]:
            del self.closed_lines[key]
        self.partners: dict[PartnerKey, PartnerSettings] = {p.key: p for p in settings.partners}
        self.boxes: dict[BoxKey, BoxSettings] = {box.key: box for box in settings.boxes}
        self.agent_settings: dict[AgentKey, AgentSettings] = {a.key: a for a in settings.agents}
        kept = self.agents
        self.agents = {}
        for number, configured in enumerate(settings.agents):
            agent = kept.get(configured.key)
            if agent is None:
                agent = Agent(
                    key=configured.key, number=number, since=self.now, idle_since=self.now
                )
            agent.number = number
            self.agents[configured.key] = agent
        self.index.adopt(settings, self.agents)

    def _forget_changed_skills(self, settings: Settings) -> None:
        """Forgets what was changed of those of whose skills the settings say something new."""
        usual = {each.key: each.skills for each in settings.agents}
        for key, changed in list(self.changed_skills.items()):
            if usual.get(key) != changed.instead_of:
                del self.changed_skills[key]

    def snapshot(self) -> Snapshot:
        """Returns the state as one value that shares its parts: encode it before going on."""
        return Snapshot(
            step=self.step,
            now=self.now,
            settings=self.settings,
            next_call=self.next_call,
            next_offer=self.next_offer,
            calls=self.calls,
            agents=self.agents,
            offers=self.offers,
            unstaffed=self.unstaffed,
            closed_lines=self.closed_lines,
            hand_overs=self.hand_overs,
            surge=self.surge,
            handled=self.handled,
            next_callback=self.next_callback,
            callbacks=self.callbacks,
            changed_skills=self.changed_skills,
        )

    @classmethod
    def restored(cls, snapshot: Snapshot) -> "State":
        """Builds a state, indexes included, that owns the snapshot's parts."""
        state = cls()
        state.step = snapshot.step
        state.now = snapshot.now
        state.next_call = snapshot.next_call
        state.next_offer = snapshot.next_offer
        state.next_callback = snapshot.next_callback
        state.calls.update(snapshot.calls)
        state.offers.update(snapshot.offers)
        state.unstaffed.update(snapshot.unstaffed)
        state.closed_lines.update(snapshot.closed_lines)
        state.hand_overs.update(snapshot.hand_overs)
        state.surge = snapshot.surge
        state.handled.update(snapshot.handled)
        state.callbacks.update(snapshot.callbacks)
        state.changed_skills.update(snapshot.changed_skills)
        state.agents = snapshot.agents
        state.adopt(snapshot.settings)
        for call in state.calls.values():
            if call.has_leg:
                state.calls_by_leg[call.leg] = call
            for party in call.parties:
                if party.outside is not None:
                    state.calls_by_outside_leg[party.leg] = call
        for callback in state.callbacks.values():
            state.callbacks_by_number[callback.number] = callback
        for agent in state.agents.values():
            if agent.leg is not None:
                state.agents_by_leg[agent.leg] = agent
        return state
