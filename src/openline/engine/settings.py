"""What the engine knows of the configuration: keys, needs and durations; no display names.

The values are published as one immutable whole (`ConfigurationPublished`) and adopted by one
event, so that no call ever sees half of a change. Names that people read live in `configuration`.
"""

from openline.engine.destinations import AnyDestination, AnyWayOut
from openline.engine.value import Value
from openline.model import (
    SECOND,
    AgentKey,
    BoxKey,
    Duration,
    EntryKey,
    HoursKey,
    Instant,
    LineKey,
    MenuKey,
    OutsideKey,
    PartnerKey,
    QueueKey,
    ShareKey,
    SkillKey,
    SurgeKey,
)
from openline.model.names import Name


class AgentChoice(Name):
    """Says which of the idle agents a call of a queue is offered to."""

    LONGEST_IDLE = "longest_idle"
    BEST_SKILL = "best_skill"
    """The highest sum of levels in the skills that the queue needs, then the longest idle."""
    LEAST_OCCUPIED = "least_occupied"
    """The least share of talk and wrap-up from her sign-in to when she became ready."""


class SkillLevel(Value, frozen=True, kw_only=True):
    """Pairs a skill with a level from 1 to 5: as a need, the least; of an agent, what she has."""

    skill: SkillKey
    level: int


class ShareSettings(Value, frozen=True, kw_only=True):
    """Says how many agents may serve the calls of some partners at once while others wait."""

    key: ShareKey
    agents: int = 0
    """So many, where it is no part of those at work."""
    percent: int | None = None
    """So many in a hundred of the agents at work, and always one."""
    within: ShareKey | None = None
    """The share in which it lies: its calls keep to both."""


class PartnerSettings(Value, frozen=True, kw_only=True):
    """Describes an organisation whose calls are known as a partner's."""

    key: PartnerKey
    begins: Instant
    """Before this its calls are like anybody's."""
    share: ShareKey | None = None
    """The innermost limit that its calls keep to."""


class EntrySettings(Value, frozen=True, kw_only=True):
    """Describes one number or page by which a line is reached."""

    key: EntryKey
    language: str | None
    partner: PartnerKey | None = None
    """The one partner who was given it."""


class ConsentSettings(Value, frozen=True, kw_only=True):
    """Describes the question whether a call may be recorded; no answer means no."""

    question: str
    digit: str
    """The one that says yes."""
    time_limit: Duration
    """From the end of the question."""


class MenuChoice(Value, frozen=True, kw_only=True):
    """Says what a digit of a menu does."""

    digit: str
    to: AnyDestination
    topic: str | None = None
    """What the call is about, for its events and the figures made of them."""
    language: str | None = None
    """In which language the caller is spoken to from here on."""
    partner: PartnerKey | None = None
    """Who calls, if he says so by this digit."""


class MenuSettings(Value, frozen=True, kw_only=True):
    """Describes a menu: what it says and where each digit leads."""

    key: MenuKey
    prompt: str
    choices: tuple[MenuChoice, ...]
    repeats: int
    """How often the prompt is heard again when no right digit came."""
    time_limit: Duration
    """How long a digit is awaited after the prompt."""
    otherwise: AnyDestination | None = None
    """Where a call goes without a choice; None: into the queue of its line."""


class HoursSettings(Value, frozen=True, kw_only=True):
    """Says when a line is open: civil time, compiled into instants before it gets here."""

    key: HoursKey
    open_first: bool
    """Whether it is open before the first change."""
    changes: tuple[Instant, ...]
    """When it opens or closes, in turn, in order."""


class RecordingSettings(Value, frozen=True, kw_only=True):
    """Says which sound is played for a recording in a language."""

    recording: str
    language: str
    sound: str


class LineSettings(Value, frozen=True, kw_only=True):
    """Describes a published entry: what it plays and which queue it leads to."""

    key: LineKey
    queue: QueueKey
    """Where its calls wait, unless they are led elsewhere; nobody is lost while there is one."""
    greeting: str | None
    hold_music: str
    leads_to: AnyDestination | None = None
    """Where a call goes after the greeting; None: into the queue."""
    language: str | None = None
    entries: tuple[EntrySettings, ...] = ()
    consent: ConsentSettings | None = None
    hours: HoursKey | None = None
    """When it is open; None: always."""
    closed: AnyDestination | None = None
    """Where a call goes outside the hours; None: into the queue all the same."""
    emergency: AnyDestination | None = None
    """Where a call goes while a supervisor has closed the line; None: she cannot close it."""
    partner: PartnerKey | None = None
    """The one partner who was given its number."""
    listening: bool = False
    """Whether supervisors may listen: only where the greeting says that calls may be heard."""


class BoxSettings(Value, frozen=True, kw_only=True):
    """Describes a voicemail box."""

    key: BoxKey
    prompt: str
    """What is heard before the message may be spoken."""
    limit: Duration
    """How long a message may be."""
    cannot_record: str
    """What is heard instead where the telephony cannot record; then the call ends."""


class OverflowStep(Value, frozen=True, kw_only=True):
    """Says to whom else a call is offered when it has waited `after`: also to who meets `needs`.

    Needs that are less than the queue's own relax what it asks for; others bring in other agents.
    """

    after: Duration
    needs: tuple[SkillLevel, ...]


class FlowsWhen(Name):
    """Says when a call is taken out of its queue and sent elsewhere."""

    WAITED = "waited"
    """It has waited for the maximum."""
    NOBODY_AT_WORK = "nobody_at_work"
    """It comes to the queue and nobody is at work who could take it, now or when it overflows."""
    LONG_WAIT = "long_wait"
    """It comes to the queue and is estimated to wait for longer than so long."""


class Interflow(Value, frozen=True, kw_only=True):
    """Says when a call of a queue is sent elsewhere, and where; of several the first that holds."""

    when: FlowsWhen
    to: AnyWayOut
    after: Duration = Duration(0)
    """The maximum wait of one entry where it is `WAITED`, or the wait that is too long."""
    keeps_place: bool = True
    """Whether its wait so far counts in a queue that it is sent to."""
    announcement: str | None = None
    """What the caller hears before a number outside is rung for him."""


class Announcements(Value, frozen=True, kw_only=True):
    """Says what callers are told of their wait: at the entry and, where it is set, again."""

    place: bool
    wait: bool
    every: Duration = Duration(0)
    """How often it is told again; 0: only at the entry."""


class CallbackSettings(Value, frozen=True, kw_only=True):
    """Describes how a queue calls people back who asked for it."""

    attempts: int = 1
    """How often a number is dialled at most."""
    pause: Duration = Duration(900 * SECOND)
    """How long after an attempt that reached nobody the next may follow."""
    dial_timeout: Duration = Duration(25 * SECOND)
    kept: Duration = Duration(86_400 * SECOND)
    """The longest time for which a promise stands; then it is explained."""
    offer_after: Duration | None = None
    """Who has waited so long is offered a callback; None: only who asks by himself gets one."""
    goodbye: str | None = None
    """The neutral words that end a call to the wrong person; None: it just ends."""


class QueueSettings(Value, frozen=True, kw_only=True):
    """Describes one queue: what its calls need and how its offers and wrap-up are timed."""

    key: QueueKey
    needs: tuple[SkillLevel, ...]
    priority: int
    """The higher goes first."""
    ring_timeout: Duration
    wrap_up_limit: Duration
    ageing: Duration = Duration(0)
    """So much waiting counts as much as one more of priority; 0: priority does not age."""
    ceiling: Duration = Duration(0)
    """Who has waited so long is next, whatever his priority; 0: there is no such limit."""
    choice: AgentChoice = AgentChoice.LONGEST_IDLE
    on_call: tuple[AgentKey, ...] = ()
    """Who is rung at home when real calls wait and nobody is at work who could take them."""
    on_call_after: Duration = Duration(0)
    transferred_priority: int = 0
    """A call that comes by transfer has at least this priority; 0: the queue's own."""
    overflow: tuple[OverflowStep, ...] = ()
    """Whom else its calls are offered to as they wait; each step comes later than the last."""
    interflow: tuple[Interflow, ...] = ()
    """When its calls are sent elsewhere; practice calls and callbacks never are."""
    announcements: Announcements | None = None
    """What is played to its callers of their wait; None: nothing but music."""
    callback: CallbackSettings | None = None
    """None: nobody is called back."""


class SurgeSettings(Value, frozen=True, kw_only=True):
    """Is a set of lines and queues as they are while the surge is on, each whole.

    Whoever waits keeps his place and his priority. What his wait leads to (steps, the maximum, a
    callback) is by the surge from the act on, counted from when he came, and back likewise.
    """

    key: SurgeKey
    lines: tuple[LineSettings, ...]
    queues: tuple[QueueSettings, ...]


class AgentSettings(Value, frozen=True, kw_only=True):
    """Describes what one agent can take."""

    key: AgentKey
    skills: tuple[SkillLevel, ...]


class OutsideKind(Name):
    """Says what a destination outside is for."""

    SERVICE = "service"
    """Somebody to whom callers are handed on, or who is asked."""
    INTERPRETER = "interpreter"
    """Somebody who joins a conversation."""
    EMERGENCY = "emergency"
    """Somebody who comes: the caller's own number is passed on in signalling; each use is seen."""


class OutsideSettings(Value, frozen=True, kw_only=True):
    """Describes one destination outside; its number is known to the telephony alone."""

    key: OutsideKey
    kind: OutsideKind
    ring_timeout: Duration
    lines: tuple[LineKey, ...] = ()
    """The lines whose calls may be connected with it; empty: all."""


class Settings(Value, frozen=True, kw_only=True):
    """Holds everything that routing needs to know, as one version."""

    version: int
    lines: tuple[LineSettings, ...]
    queues: tuple[QueueSettings, ...]
    agents: tuple[AgentSettings, ...]
    pause_reasons: tuple[str, ...]
    dispositions: tuple[str, ...]
    boxes: tuple[BoxSettings, ...] = ()
    menus: tuple[MenuSettings, ...] = ()
    hours: tuple[HoursSettings, ...] = ()
    recordings: tuple[RecordingSettings, ...] = ()
    surges: tuple[SurgeSettings, ...] = ()
    outside: tuple[OutsideSettings, ...] = ()
    partners: tuple[PartnerSettings, ...] = ()
    shares: tuple[ShareSettings, ...] = ()
    heal_within: Duration = Duration(15 * SECOND)
    """How long a lost page may take to come back before it counts as gone."""
    absent_after: Duration = Duration(600 * SECOND)
    """How long an agent who is on no call may stay unreachable before she is signed out."""
    greeting_limit: Duration = Duration(120 * SECOND)
    """After this a greeting or message counts as heard, whether or not its end was reported."""
    hop_limit: int = 8
    """How often a call is sent on; then it stays where people are."""
    recovery_break: Duration = Duration(0)
    """How long a break an agent gets who asks for one after a call; 0 where there is none."""
