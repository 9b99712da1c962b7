"""What is seen at callers' legs, and of the connection and sound of any leg."""

from openline.engine.inputs.base import Input
from openline.model import (
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
from openline.model.names import Name


class LegArrived(Input, frozen=True, kw_only=True):
    """Somebody calls a line."""

    leg: LegId
    line: LineKey
    origin: Origin
    caller: SealedRef | None = None
    entry: EntryKey | None = None
    """The number or page by which he came, where the line has several."""
    can_be_called_back: bool = False
    """Whether the port could ring this caller later: it dials, and knows or can ask the number."""
    waiting_since: Instant | None = None
    """What his place counts from, if he regains one that he lost shortly before."""
    partner: PartnerKey | None = None
    """The organisation that calls, where the port knows it by its number."""
    medium: Medium = Medium.VOICE
    """Whether he speaks or types."""


class PlaybackFinished(Input, frozen=True, kw_only=True):
    """A sound that was ordered by `playback` was heard to its end."""

    leg: LegId
    playback: CommandId


class DigitPressed(Input, frozen=True, kw_only=True):
    """The caller pressed a key of his telephone, or of the pad on his page."""

    leg: LegId
    playback: CommandId
    """The question that he was asked last: a key that is heard of twice answers only one."""
    digit: str
    """One of `0123456789*#`."""


class VoicemailEnded(Input, frozen=True, kw_only=True):
    """The recording ended, at its limit or because the caller was done; told before a hang-up."""

    leg: LegId
    recording: CommandId
    length: Duration
    """Of what was spoken; 0 if nothing was."""
    message: SealedRef | None = None


class HangUp(Name):
    """Says how a leg came to its end."""

    BY_PARTY = "by_party"
    WHILE_AWAY = "while_away"
    """It was no longer there when we were: who ended it, and when, nobody knows."""
    TELEPHONY_LOST = "telephony_lost"
    """The telephone system died, and every call in it, or the way from it to this leg."""


class LegHungUp(Input, frozen=True, kw_only=True):
    """The party at the leg ended it, or it ended otherwise."""

    leg: LegId
    why: HangUp = HangUp.BY_PARTY


class LegLost(Input, frozen=True, kw_only=True):
    """The connection to the page or telephone at the leg broke; it may come back."""

    leg: LegId


class LegReturned(Input, frozen=True, kw_only=True):
    """The page at the leg is connected again.

    `session` is the sound session that it still holds, if its sound was never interrupted.
    """

    leg: LegId
    session: int | None = None


class MediumChosen(Input, frozen=True, kw_only=True):
    """The caller wants to type from now on, or to speak."""

    leg: LegId
    medium: Medium


class SoundConnected(Input, frozen=True, kw_only=True):
    """The leg hears the other side in this sound session."""

    leg: LegId
    session: int


class SoundLost(Input, frozen=True, kw_only=True):
    """The leg no longer hears the other side, though its page is connected."""

    leg: LegId
    session: int


AnyLegInput = (
    LegArrived
    | PlaybackFinished
    | DigitPressed
    | VoicemailEnded
    | LegHungUp
    | LegLost
    | LegReturned
    | MediumChosen
    | SoundConnected
    | SoundLost
)
