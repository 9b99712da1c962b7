"""What every store must be able to do for the centre.

A store keeps records and gives them back as they were. It does not read bodies, computes no hash
and makes no decision; instants are whole microseconds UTC and are handed in. All calls block for
a disk access (a write for a few milliseconds), so none belongs on the event loop; any thread may
call, and writes queue up behind one another. Nothing in a record names a caller: bodies hold
references, and the texts behind them are ciphertext.

All methods raise `PeerError` when the storage itself fails (no room left, disk error, damaged
file). The contract is tested by `tests/contracts/test_store.py`, the same for every store.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from openline.model import BugError, Instant, LegId, SealedRef
from openline.store.records import (
    AccountEventRecord,
    AccountRecord,
    CallListRecord,
    ConfigurationRecord,
    EmergencyListRecord,
    GapRecord,
    InvitationRecord,
    JournalRecord,
    Opening,
    PasskeyRecord,
    SealedRecord,
    SecondFactorRecord,
    SessionRecord,
    SnapshotRecord,
    SpokenRecord,
    SumRecord,
    WrittenRecord,
)


class FencedError(BugError):
    """Reports that another router has taken over: this one may act no more."""


class Store(Protocol):
    """Is one centre's durable memory."""

    # -- journal

    def append(self, records: Sequence[JournalRecord]) -> None:
        """Adds steps in one transaction; all of them are durable on return, or none is.

        Only where the journal still ends as this writer left it, and nobody has opened the store
        to write since. After a `PeerError` the steps may or may not be there: append the same
        ones again, with whatever has come since, and each will be kept once.

        Raises:
            BugError: the steps do not follow one another and the last step kept.
            FencedError: another writer has taken over.
        """

    def read(self, after_step: int = 0, *, until: int | None = None) -> Iterator[JournalRecord]:
        """Yields the steps after one, in order, up to and with step `until`.

        Reads in chunks and holds nothing between them, so a slow reader does not stand in the
        writer's way, and steps appended meanwhile are met as well.
        """

    def last(self) -> JournalRecord | None:
        """Returns the newest step that is kept."""

    def forget(self, until: int) -> None:
        """Drops the steps up to and with one that is kept, and the snapshots from before it."""

    def forgotten(self) -> tuple[int, bytes]:
        """Returns number and hash of the last step that was dropped; 0 if none was."""

    def head(self) -> tuple[int, bytes]:
        """Returns number and hash of the last step as they were when it was written.

        Of a journal without steps the number is 0. The step itself may have been lost since.
        """

    def note_gap(self, after_step: int, since: Instant, found_at: Instant) -> None:
        """Notes that steps after this one were lost; noting it again changes nothing."""

    def gaps(self) -> tuple[GapRecord, ...]:
        """Returns the gaps of the journal, in order."""

    # -- snapshots

    def save_snapshot(self, record: SnapshotRecord) -> None:
        """Keeps a snapshot, and drops all but the newest three and those that open a segment.

        Raises:
            BugError: the journal has not come as far as this step.
        """

    def latest_snapshot(self, *, before_step: int | None = None) -> SnapshotRecord | None:
        """Returns the newest snapshot, or the newest one from before a step (if that is bad)."""

    def opening_snapshot(self, from_step: int) -> SnapshotRecord | None:
        """Returns the first snapshot of this step or a later one that opens a segment."""

    # -- sums

    def keep_sums(self, until: Instant, records: Sequence[SumRecord]) -> None:
        """Keeps the sums of what began before an instant and is not summed yet, in one go."""

    def sums(self, begin: Instant, end: Instant, *, what: str | None = None) -> Sequence[SumRecord]:
        """Returns the sums of the quarters of an hour from an instant to just before another, of
        all that was counted or of one kind.
        """

    def summed_until(self) -> Instant:
        """Returns up to when there are sums; 0 if there are none yet."""

    # -- lists of calls

    def keep_call_list(self, record: CallListRecord) -> None:
        """Keeps the list of a day in one go; what was there for the day is replaced."""

    def call_list_marks(
        self, begin: Instant, end: Instant, *, form: int | None = None
    ) -> dict[Instant, bytes]:
        """Returns the days in a stretch that have a list, of this form, and what names its key."""

    def call_list_filters(self, begin: Instant, end: Instant) -> Sequence[tuple[Instant, bytes]]:
        """Returns the days in a stretch that have a list, in order, and what to choose by."""

    def call_list_details(self, day: Instant) -> bytes | None:
        """Returns what is shown of the calls of a day, or None where it has no list."""

    def remove_call_lists(self, days: Sequence[Instant]) -> None:
        """Drops lists whose keys are destroyed; unknown ones are passed over."""

    # -- sealed texts

    def put_sealed(self, record: SealedRecord) -> None:
        """Keeps a sealed text; it must be durable before the step that refers to it."""

    def sealed(self, ref: SealedRef) -> SealedRecord | None:
        """Returns a sealed text, or None if there is none (any more)."""

    def remove_sealed(self, refs: Sequence[SealedRef]) -> None:
        """Drops texts whose keys are destroyed; unknown ones are passed over."""

    def remove_sealed_due(self, now: Instant, *, limit: int) -> int:
        """Drops texts whose term is over, so many at most; returns how many."""

    # -- what is typed in calls

    def put_written(self, record: WrittenRecord) -> None:
        """Keeps a sealed line of a conversation; it is durable on return."""

    def written(self, leg: LegId) -> Sequence[WrittenRecord]:
        """Returns the lines that were typed in the call at a leg, in their order."""

    def remove_written_due(self, now: Instant, *, limit: int) -> int:
        """Drops lines whose term is over, so many at most; returns how many."""

    # -- accounts and sessions

    def accounts(self) -> tuple[AccountRecord, ...]:
        """Returns all accounts by login."""

    def add_account(
        self,
        *,
        login: str,
        name: str,
        role: str,
        agent: str | None,
        demo: bool,
        password_hash: str,
        created_at: Instant,
    ) -> None:
        """Adds an account that is open.

        Raises:
            RefusedError: (code `account_exists`) the login or the agent has one already.
        """

    def set_password_hash(self, login: str, password_hash: str) -> None:
        """Replaces an account's password hash."""

    def set_disabled(self, login: str, disabled: bool) -> None:
        """Closes or reopens an account."""

    def set_role(self, login: str, role: str, agent: str | None) -> None:
        """Changes what an account is for.

        Raises:
            RefusedError: (code `account_exists`) the agent has an account already.
        """

    def invitations(self) -> tuple[InvitationRecord, ...]:
        """Returns all invitations, also used ones and those past their time."""

    def add_invitation(self, *, token_hash: bytes, login: str, expires_at: Instant) -> None:
        """Keeps an invitation; what was there for the login is dropped."""

    def use_invitation(self, token_hash: bytes, *, password_hash: str) -> bool:
        """Gives its account a password; tells whether the invitation was still unused."""

    def remove_invitations(self, token_hashes: Sequence[bytes]) -> None:
        """Drops invitations; unknown ones are passed over."""

    def second_factors(self) -> tuple[SecondFactorRecord, ...]:
        """Returns all second factors."""

    def set_second_factor(
        self, login: str, *, secret: bytes, last_step: int, code_hashes: Sequence[bytes]
    ) -> None:
        """Keeps a second factor and its recovery codes; what was there before is dropped."""

    def use_step(self, login: str, step: int) -> bool:
        """Notes a step of time as used; tells whether neither it nor a later one was before."""

    def use_recovery_code(self, login: str, code_hash: bytes) -> bool:
        """Drops a recovery code; tells whether it was there."""

    def recovery_codes(self, login: str) -> int:
        """Returns how many recovery codes are left."""

    def remove_second_factor(self, login: str) -> bool:
        """Drops a second factor and its recovery codes; tells whether there was one."""

    def passkeys(self) -> tuple[PasskeyRecord, ...]:
        """Returns all passkeys."""

    def add_passkey(
        self,
        *,
        credential: bytes,
        login: str,
        host: str,
        public: bytes,
        counter: int,
        label: str,
        created_at: Instant,
    ) -> PasskeyRecord:
        """Keeps a passkey; returns it as it is kept."""

    def use_passkey(self, credential: bytes, counter: int) -> bool:
        """Notes how far a device has counted.

        Tells whether the passkey is there and the device did not go back; one that never counts
        always says 0.
        """

    def remove_passkeys(self, credentials: Sequence[bytes]) -> None:
        """Drops passkeys; unknown ones are passed over."""

    def account_events(self, limit: int) -> tuple[AccountEventRecord, ...]:
        """Returns what was last done to accounts, the newest first."""

    def add_account_event(self, *, at: Instant, what: str, login: str, by: str) -> None:
        """Notes what was done to an account, and by whom (empty: at the machine itself)."""

    def remove_account_events(self, before: Instant) -> None:
        """Drops what was noted before an instant."""

    def sessions(self) -> tuple[SessionRecord, ...]:
        """Returns all sessions, also those past their time."""

    def add_session(self, *, token_hash: bytes, login: str, created_at: Instant) -> None:
        """Keeps a session, last seen when it was created."""

    def touch_sessions(self, seen: Mapping[bytes, Instant]) -> None:
        """Notes when sessions were last seen, by token hash."""

    def remove_sessions(self, token_hashes: Sequence[bytes]) -> None:
        """Drops sessions; unknown ones are passed over."""

    # -- configurations

    def add_configuration(self, record: ConfigurationRecord) -> None:
        """Keeps a version; it must be durable before the step that adopts it.

        Raises:
            RefusedError: (code `stale_base`) there is a version of that number.
        """

    def remove_configuration(self, version: int) -> None:
        """Drops a version that was refused; an unknown one is passed over."""

    def configurations(self) -> tuple[ConfigurationRecord, ...]:
        """Returns all versions, oldest first."""

    def put_emergency_list(self, record: EmergencyListRecord) -> None:
        """Keeps a list of emergency services, in the place of what was kept for its version."""

    def emergency_lists(self) -> tuple[EmergencyListRecord, ...]:
        """Returns all lists of emergency services, oldest first."""

    # -- what was spoken for callers to hear

    def add_spoken(self, record: SpokenRecord, body: bytes | None) -> None:
        """Keeps one; `body` is a WAV file, or None where an older one is heard again."""

    def spoken(self) -> Sequence[SpokenRecord]:
        """Returns all, oldest first."""

    def spoken_body(self, take: int) -> bytes | None:
        """Returns the WAV file of one; None where it has none of its own, or is not kept."""

    def remove_spoken(self, takes: Sequence[int]) -> None:
        """Drops those; a take that is not kept is passed over."""

    # -- who looked at what

    def add_opening(self, opening: Opening) -> None:
        """Keeps that somebody opened the story of a call."""

    def openings(self, limit: int) -> tuple[Opening, ...]:
        """Returns the last ones, the newest first."""

    def remove_openings(self, before: Instant) -> int:
        """Drops those from before an instant; returns how many."""

    # -- about the store itself

    def meta(self, key: str) -> str | None:
        """Returns one of `centre_id`, `created_at`, `program_version`."""

    def close(self) -> None:
        """Lets go of all files; closing twice changes nothing."""
