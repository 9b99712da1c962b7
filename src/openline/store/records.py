"""What a store keeps, row by row.

Nothing in a record names a caller: bodies hold references, and the texts behind them are
ciphertext. Instants are whole microseconds UTC.
"""

import msgspec

from openline.model import CallId, Duration, Instant, LegId, SealedRef


class JournalRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Is one step of the journal."""

    step: int
    """Counts from 1 without a gap."""
    at: Instant
    schema: int
    """The version of the body's form."""
    body: bytes
    hash: bytes
    """32 bytes; links this step to the one before it."""


class SnapshotRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Is the centre's whole state after a step."""

    step: int
    at: Instant
    schema: int
    body: bytes
    hash: bytes
    """The hash of the journal at this step."""
    opens_segment: bool = False
    """Whether the step after it is the first under another key."""


class SumRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Is what was counted in one quarter of an hour."""

    start: Instant
    what: str
    """What was counted: `calls`, or the time of `agents`; or how a whole `day` was counted."""
    line: str
    queue: str
    form: int
    """The version of the form of `sums`."""
    sums: bytes


class CallListRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Is the list of the calls that arrived in one day, sealed under a key of that day."""

    day: Instant
    """Its begin."""
    form: int
    """The version of the form of both bodies."""
    mark: bytes
    """Names the key."""
    filters: bytes
    """What calls are chosen by."""
    details: bytes
    """What is shown of those that are."""


class SealedRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Is a text that only the key store can open."""

    ref: SealedRef
    kind: str
    created_at: Instant
    destroy_at: Instant
    ciphertext: bytes


class WrittenRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Is a line of a typed call that only the key of its day can open."""

    leg: LegId
    """Whose call it was, by a name that was drawn at random."""
    place: int
    """In its conversation, from 0."""
    ref: SealedRef
    """Names the key."""
    destroy_at: Instant
    ciphertext: bytes


class AccountRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Is one person's or one screen's right to sign in."""

    login: str
    name: str
    role: str
    agent: str | None
    demo: bool
    disabled: bool
    password_hash: str


class SessionRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Is one browser that is signed in."""

    token_hash: bytes
    login: str
    created_at: Instant
    seen_at: Instant


class InvitationRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Is a link that lets one person choose a password, once."""

    token_hash: bytes
    login: str
    expires_at: Instant
    is_used: bool


class SecondFactorRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Is what a telephone proves beside the password."""

    login: str
    secret: bytes
    """Sealed."""
    last_step: int

    def __repr__(self) -> str:
        return f"SecondFactorRecord(login={self.login!r}, secret=…)"


class PasskeyRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Is the public half of a passkey; it lets nobody in."""

    credential: bytes
    """By which the device knows it."""
    login: str
    host: str
    """The address it was made for."""
    public: bytes
    """The device's public key, as WebAuthn writes it."""
    counter: int
    """How often it was used, where the device counts; else 0."""
    label: str
    created_at: Instant


class AccountEventRecord(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Says what was done to an account, when, and by whom."""

    at: Instant
    what: str
    login: str
    by: str
    """A login; empty for whoever sat at the machine itself."""


class GapRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Is a place in the journal where steps were lost, known because the spool noted it."""

    after_step: int
    since: Instant
    found_at: Instant
    """When a start found it; what happened between the two is not known."""


class ConfigurationRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Is one published version of the configuration, as the text that was published."""

    version: int
    """Counts from 1."""
    at: Instant
    by: str
    """The login of who published it; empty for a file that was read at a start."""
    text: str

    @property
    def is_live(self) -> bool:
        """Whether it was published to a running centre, and not by a start with a file."""
        return self.by != ""


class SpokenRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Is what callers hear since somebody spoke it, or chose again what was heard before."""

    take: int
    """Counts from 1, over all sounds."""
    sound: str
    """The name of the recording that it stands for."""
    at: Instant
    by: str
    """The login of who did it."""
    length: Duration
    again: int | None = None
    """Whose sound is heard again; 0 is the recording that came with Openline. None: its own."""


class EmergencyListRecord(msgspec.Struct, frozen=True, kw_only=True):
    """Is a list of emergency services that a version of the configuration brought."""

    version: int
    """Of the configuration."""
    at: Instant
    by: str
    """The login of who proposed it; empty for a file that was read at a start."""
    services: str
    """As JSON."""
    confirmed_at: Instant | None = None
    confirmed_by: str | None = None
    in_force_from: Instant | None = None
    """None: nobody has confirmed it."""
    withdrawn_at: Instant | None = None
    withdrawn_by: str | None = None


class Opening(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Says that somebody opened the story of a call, or heard what was left in it."""

    at: Instant
    login: str
    call: CallId
    is_exact: bool
    """Whether it was told exactly, or as an old one is."""
    what: str = "story"
    """`story`, or `message`: what the caller left in a voicemail box."""
    why: str = ""
    """The word of the reason, where one is asked for."""
