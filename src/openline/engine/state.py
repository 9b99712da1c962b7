"""Everything the engine knows, and nothing it could compute.

Only `apply` changes it. Live calls only: an ended call leaves the state and lives on in the record.
The indexes that make routing fast are derived (see `index`) and left out of snapshots. Dictionaries
keep the order in which things came, so that equal histories give equal bytes.
"""

from dataclasses import dataclass

import msgspec

from openline.engine.index import Index
from openline.engine.parties import Party
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
    CommandId,
    Duration,
    EntryKey,
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
    Reason,
    SealedRef,
    SurgeKey,
)
from openline.model.names import Name


class CallState(Name):
    """Says where a live call stands."""

    GREETING = "greeting"
    CONSENT = "consent"
    MENU = "menu"
    MESSAGE = "message"
    VOICEMAIL = "voicemail"
    QUEUED = "queued"
    OFFERED = "offered"
    TALKING = "talking"
    HELD = "held"
    DIALLING = "dialling"
    """An agent is on the line and the number of a callback is being rung."""
    OUTSIDE = "outside"
    """It was handed on to somebody outside, who is being rung or is with the caller."""


class AgentState(Name):
    """Says what an agent is doing; one field, and no second status beside it."""

    SIGNED_OUT = "signed_out"
    READY = "ready"
    OFFERED = "offered"
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    PAUSED = "paused"


_NONE = Duration(0)
_AT_WORK = (AgentState.READY, AgentState.OFFERED, AgentState.TALKING, AgentState.WRAP_UP)
_QUEUED = CallState.QUEUED
_READY = AgentState.READY
"""Asked for at every turn of routing; a member of an enum is slow to look up on its class."""


@dataclass(slots=True, kw_only=True)
class Call:
    """Is a live call.

    No `Struct`, like the agent: these two are written to all day, which costs a struct four times
    as much.
    """

    id: CallId
    leg: LegId
    line: LineKey
    origin: Origin
    caller: SealedRef | None
    state: CallState
    arrived_at: Instant
    playback: CommandId | None = None
    """The sound that plays once and whose end is awaited, or the recording that runs."""
    sound: str | None = None
    """The message that plays."""
    due_at: Instant | None = None
    """When what is awaited of the caller's leg (the end of a sound) counts as come."""
    box: BoxKey | None = None
    """The voicemail box whose prompt he hears or into which he speaks."""
    has_left_voicemail: bool = False
    menu: MenuKey | None = None
    attempt: int = 0
    """How often the menu was heard, this time included."""
    has_heard_prompt: bool = False
    """Whether the question of a menu, or for consent, was heard to its end."""
    consent: bool | None = None
    """Whether the caller agreed to be recorded; None: he was not asked, which is no."""
    entry_key: EntryKey | None = None
    """The number or page by which he came."""
    language: str | None = None
    topic: str | None = None
    partner: PartnerKey | None = None
    """The organisation that calls, if one does."""
    was_held_back: bool = False
    """Whether it was passed over in this queue because a share limit held."""
    hops: int = 0
    """How often it was sent on."""
    sent_because: Reason | None = None
    """Why it was sent on last."""
    queue: QueueKey | None = None
    entry: int = 0
    priority: int = 0
    waiting_since: Instant | None = None
    queued_at: Instant | None = None
    """When the present entry began; the wait counts from here, the place perhaps from earlier."""
    step: int = 0
    """How many steps of its queue's overflow it has reached."""
    widens_at: Instant | None = None
    """When it reaches the next one."""
    announce_at: Instant | None = None
    """When he is told again of his place and wait."""
    leaves_at: Instant | None = None
    """When it has waited for the maximum of its queue."""
    is_overdue: bool = False
    """Whether it has, and is still here because it is being offered or its caller is lost."""
    offer: OfferId | None = None
    agent: AgentKey | None = None
    """Its owner: the one agent whose call it is."""
    accepted: OfferId | None = None
    """The offer that was accepted last: an accept said twice is known by it."""
    answered_at: Instant | None = None
    waited: Duration = _NONE
    session: int = 0
    parties: tuple[Party, ...] = ()
    """Who is in it besides the caller and its agent; see `mix` for who hears whom."""
    held_since: Instant | None = None
    held: Duration = _NONE
    gone_at: Instant | None = None
    """Set while the caller's connection is lost."""
    regains: Instant | None = None
    """What his place will count from when he enters a queue first; None: from that moment."""
    can_be_called_back: bool = False
    callback_offer_at: Instant | None = None
    """When he will be offered a callback."""
    is_callback_offered: bool = False
    callback: CallbackId | None = None
    """Set where it is an attempt to call somebody back."""
    dial: CommandId | None = None
    """The order to dial, while it rings."""
    give_up_at: Instant | None = None
    """When it, or whoever outside is dialled for the call, has rung long enough."""
    dialled_at: Instant | None = None
    reached_at: Instant | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether it stands in a queue with no offer out."""
        return self.state is _QUEUED

    @property
    def has_leg(self) -> bool:
        """Whether somebody is at its leg: not before a callback is dialled."""
        return self.callback is None or self.dialled_at is not None


@dataclass(slots=True, kw_only=True)
class Agent:
    """Is one agent of the configuration."""

    key: AgentKey
    number: int
    """Its place in the configuration: the last tie-break."""
    state: AgentState = AgentState.SIGNED_OUT
    since: Instant
    reason: Reason | None = None
    pause_reason: str | None = None
    leg: LegId | None = None
    origins: tuple[Origin, ...] = ()
    offer: OfferId | None = None
    call: CallId | None = None
    """The call she talks in, or wraps up; it may be another's, who consults her."""
    idle_since: Instant
    """What her place among the idle counts from; kept when an offer is withdrawn."""
    by: AgentKey | None = None
    """The supervisor who forced her present state, if one did."""
    rests_until: Instant | None = None
    """The end of her recovery break."""
    signed_in_at: Instant | None = None
    busy: Duration = _NONE
    """Talk and wrap-up since her sign-in, the present work not yet counted."""
    busy_since: Instant | None = None
    pause_after: str | None = None
    forced_to: AgentState | None = None
    """What a supervisor wants of her after this call, and who, and with which pause reason."""
    forced_by: AgentKey | None = None
    forced_pause: str | None = None
    warn_at: Instant | None = None
    wrap_up_line: LineKey | None = None
    wrap_up_queue: QueueKey | None = None
    wrap_up_origin: Origin | None = None
    gone_at: Instant | None = None
    """Set while her connection is lost."""

    @property
    def is_at_work(self) -> bool:
        """Whether she takes calls, now or after the one she has."""
        return self.state in _AT_WORK

    @property
    def is_idle(self) -> bool:
        """Whether she can be offered a call now."""
        return self.state is _READY and self.gone_at is None


class Offer(msgspec.Struct, kw_only=True):
    """Is one live offer: a lease that always has an end."""

    id: OfferId
    call: CallId
    agent: AgentKey
    expires_at: Instant
    is_for_party: bool = False
    """Whether it asks her for advice on a call that is another's."""


class Callback(msgspec.Struct, kw_only=True):
    """Is one promise to call somebody back; it ends made or explained."""

    id: CallbackId
    port: str
    line: LineKey
    queue: QueueKey
    origin: Origin
    priority: int
    waiting_since: Instant
    number: SealedRef
    not_before: Instant
    not_after: Instant
    is_window: bool
    may_leave_message: bool
    topic: str | None = None
    language: str | None = None
    partner: PartnerKey | None = None
    attempts: int = 0
    call: CallId | None = None
    """The attempt that waits or is on its way."""
    due_at: Instant | None = None
    """When the next attempt may begin to wait; None while there is one."""
    ends_at: Instant | None = None
    """When the promise runs out; None while it is being kept."""


class Unstaffed(msgspec.Struct, kw_only=True):
    """Is a queue whose real calls nobody at work could take."""

    queue: QueueKey
    since: Instant
    ring_at: Instant | None
    """When the on-call list will be rung; None once it was."""
    rung_at: Instant | None = None
    rung: int = 0
    """How many of the list were rung."""


class ClosedLine(msgspec.Struct, kw_only=True):
    """Is a line that a supervisor has closed."""

    line: LineKey
    by: AgentKey
    since: Instant


EMPTY_SETTINGS = Settings(
    version=0, lines=(), queues=(), agents=(), pause_reasons=(), dispositions=()
)


def surging(settings: Settings, surge: SurgeSettings) -> Settings:
    """Returns the settings as they are while the surge is on: its lines and queues in place.

    Steps, rules and announcements of a queue stay its own: whoever waits has his by them.
    """
    lines = {line.key: line for line in surge.lines}
    queues = {queue.key: queue for queue in surge.queues}
    return msgspec.structs.replace(
        settings,
        lines=tuple(lines.get(line.key, line) for line in settings.lines),
        queues=tuple(
            msgspec.structs.replace(
                queues.get(queue.key, queue),
                overflow=queue.overflow,
                interflow=queue.interflow,
                announcements=queue.announcements,
            )
            for queue in settings.queues
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
    surge: SurgeKey | None = None
    handled: dict[QueueKey, dict[Origin, list[Duration]]] = msgspec.field(default_factory=dict)
    next_callback: int = 1
    callbacks: dict[CallbackId, Callback] = msgspec.field(default_factory=dict)


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
        "closed_lines",
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
        supervisor switched (a closed line, a surge) holds on if the settings still know it.
        """
        self.settings = settings
        surge = next((each for each in settings.surges if each.key == self.surge), None)
        self.surge = None if surge is None else surge.key
        settings = settings if surge is None else surging(settings, surge)
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
            surge=self.surge,
            handled=self.handled,
            next_callback=self.next_callback,
            callbacks=self.callbacks,
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
        state.surge = snapshot.surge
        state.handled.update(snapshot.handled)
        state.callbacks.update(snapshot.callbacks)
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
