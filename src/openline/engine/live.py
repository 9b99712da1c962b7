"""What is live: calls, agents, offers, promises, and what is switched by hand.

These records are the state, and a snapshot is made of them. Only `apply` changes them.
"""

from dataclasses import dataclass

import msgspec

from openline.engine.parties import Party
from openline.engine.settings import SkillLevel
from openline.model import (
    AgentKey,
    BoxKey,
    CallbackId,
    CallId,
    CommandId,
    Duration,
    EntryKey,
    Instant,
    LegId,
    LineKey,
    Medium,
    MenuKey,
    OfferId,
    Origin,
    OutsideKey,
    PartnerKey,
    QueueKey,
    Reason,
    SealedRef,
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
    FORWARDED = "forwarded"
    """Its queue sent it outside: the caller is told so, then it rings there, or he is spoken with.

    It does not wait: an agent who becomes free meanwhile is offered other calls.
    """


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


@dataclass(slots=True)
class Call:
    """Is a live call.

    No `Struct`, like the agent: these two are written to all day, which costs a struct four times
    as much. Not keyword-only, since to look up forty defaults by name would take half of the time
    that a call takes to arrive; name the fields all the same.
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
    medium: Medium = Medium.VOICE
    was_typed: bool = False
    """Whether something may have been written in it."""
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
    """When a callback was answered, or who is outside to whom its queue sent the call."""
    forwarded_to: OutsideKey | None = None
    """To whom its queue sent it outside, now or before: that is tried once for each call."""
    back_at: Instant | None = None
    """When it came back to its place from there."""

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
    help_since: Instant | None = None
    """Set while her hand is up: she wants a supervisor's help with the call she has."""
    help_by: AgentKey | None = None
    """The supervisor who comes, once one has said so."""
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


class ChangedSkills(msgspec.Struct, kw_only=True):
    """Is what an agent can take since a supervisor changed it; the configuration says otherwise."""

    agent: AgentKey
    skills: tuple[SkillLevel, ...]
    instead_of: tuple[SkillLevel, ...]
    """What the configuration gave her then; if it gives her something else, that holds."""
    by: AgentKey
    since: Instant


class ClosedLine(msgspec.Struct, kw_only=True):
    """Is a line that a supervisor has closed."""

    line: LineKey
    by: AgentKey
    since: Instant
