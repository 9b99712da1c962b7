"""Which list of emergency services is in force, and which change of it waits for whom?

Rule P9: whoever could swap the number of an ambulance for another could have every caller in danger
connected with himself. So a change of the list is a proposal. Somebody else confirms it, and a day
after that it is in force by itself; until then everybody who looks sees it, and one person alone
may withdraw it, for to leave a list as it is harms nobody.

1. The first list of a new centre is free; so is putting back what is in force.
2. Nobody confirms his own proposal, nor by an account that somebody else has made or changed since.
3. A list that was read from a file at a start was proposed by nobody in particular: the first who
   confirms it stands for it from then on, and it still takes another.
4. One proposal waits at a time. A text with another list takes its place, and a text that keeps a
   list that was withdrawn proposes nothing: it takes a change to ask again.

The day is counted by centre time, so that to set the wall clock shortens nothing. What is in force
at an instant follows from the kept lists alone, whether or not the program ran meanwhile.
"""

import msgspec
import structlog

from openline.configuration import (
    EmergencyService,
    ListChange,
    Published,
    changes_of_list,
    emergency_services,
    with_emergency_services,
)
from openline.model import SECOND, Duration, Instant, RefusedError
from openline.store import EmergencyListRecord, JournalWriter, Store

log = structlog.get_logger(__name__)

DELAY = Duration(86_400 * SECOND)
"""From the confirmation until the list is in force."""

_EVENTS_LOOKED_AT = 10_000

Services = tuple[EmergencyService, ...]


class Pending(msgspec.Struct, frozen=True, kw_only=True):
    """Is a change of the list that is not in force yet."""

    version: int
    """Of the configuration that brought it."""
    changes: tuple[ListChange, ...]
    at: Instant
    by: str
    """Empty: read from a file at a start."""
    confirmed_by: str | None
    in_force_from: Instant | None
    """None: nobody else has confirmed it."""


class EmergencyList:
    """Holds the kept lists of one centre; who changes them does so one at a time."""

    def __init__(self, store: Store) -> None:
        """Reads the lists; before the centre runs."""
        self._store = store
        self._kept = {record.version: record for record in store.emergency_lists()}

    def in_force(self, now: Instant) -> Services | None:
        """Returns the list in force; None where there never was one, so that the first is free."""
        listed = [record for record in self._kept.values() if _is_in_force(record, now)]
        return _services(listed[-1]) if listed else None

    def over(self, written: Published, now: Instant) -> Published:
        """Returns what a configuration is at present: as it is written, with the list in force.

        Raises:
            RefusedError: (code `emergency_key`) it has another use for the key of a service.
        """
        services = self.in_force(now)
        return written if services is None else with_emergency_services(written, services)

    def pending(self, now: Instant) -> Pending | None:
        """Returns the change that waits, if one does."""
        record = self._waiting(now)
        if record is None:
            return None
        return Pending(
            version=record.version,
            changes=changes_of_list(self.in_force(now) or (), _services(record)),
            at=record.at,
            by=record.by,
            confirmed_by=record.confirmed_by,
            in_force_from=record.in_force_from,
        )

    def held_back(self, written: Published, now: Instant) -> tuple[ListChange, ...]:
        """Returns what of a text would not be in force at once."""
        services = self.in_force(now)
        listed = emergency_services(written)
        return () if services is None else changes_of_list(services, listed)

    async def note(
        self, written: Published, *, by: str, writer: JournalWriter, now: Instant
    ) -> None:
        """Keeps the list of a configuration that came into force: as a proposal if it differs."""
        services = emergency_services(written)
        last = next(reversed(self._kept.values()), None)
        if last is not None and services == _services(last):
            return
        waiting = self._waiting(now)
        if waiting is not None:
            await self._put(
                msgspec.structs.replace(waiting, withdrawn_at=now, withdrawn_by=by), writer
            )
        in_force = self.in_force(now)
        is_free = in_force is None or in_force == services
        record = EmergencyListRecord(
            version=written.version,
            at=now,
            by=by,
            services=msgspec.json.encode(services).decode(),
            in_force_from=now if is_free else None,
        )
        await self._put(record, writer)
        if not is_free:
            log.warning("emergency_list_proposed", version=record.version)

    async def confirm(self, version: int, *, by: str, writer: JournalWriter, now: Instant) -> None:
        """Confirms the change that waits, or stands for one that came from a file.

        Raises:
            RefusedError: `no_proposal`, `own_proposal`, `confirmed_already`, `account_changed`.
        """
        record = self._of(version, now)
        if record.in_force_from is not None:
            raise RefusedError(
                f"{record.confirmed_by} has confirmed this change already.",
                code="confirmed_already",
            )
        if record.by == "":
            record = msgspec.structs.replace(record, by=by)
            log.warning("emergency_list_stood_for", version=version)
        elif record.by == by:
            raise RefusedError(
                "You proposed this change yourself. Somebody else must confirm it.",
                code="own_proposal",
            )
        elif self._was_changed_since(by, record.at):
            raise RefusedError(
                "Your account was made or changed by somebody after this change was proposed. "
                "Somebody whose account was not must confirm it.",
                code="account_changed",
            )
        else:
            record = msgspec.structs.replace(
                record, confirmed_at=now, confirmed_by=by, in_force_from=Instant(now + DELAY)
            )
            log.warning("emergency_list_confirmed", version=version)
        await self._put(record, writer)

    async def withdraw(self, version: int, *, by: str, writer: JournalWriter, now: Instant) -> None:
        """Takes the change that waits back; the list stays as it is.

        Raises:
            RefusedError: (code `no_proposal`) none of that version waits.
        """
        record = self._of(version, now)
        await self._put(msgspec.structs.replace(record, withdrawn_at=now, withdrawn_by=by), writer)
        log.warning("emergency_list_withdrawn", version=version)

    def history(self) -> tuple[EmergencyListRecord, ...]:
        """Returns all kept lists, oldest first."""
        return tuple(self._kept.values())

    def _of(self, version: int, now: Instant) -> EmergencyListRecord:
        record = self._waiting(now)
        if record is None or record.version != version:
            raise RefusedError(
                f"No change of the list of emergency services waits that version {version} of the "
                "configuration brought.",
                code="no_proposal",
            )
        return record

    def _waiting(self, now: Instant) -> EmergencyListRecord | None:
        last = next(reversed(self._kept.values()), None)
        if last is None or last.withdrawn_at is not None or _is_in_force(last, now):
            return None
        return last

    def _was_changed_since(self, login: str, at: Instant) -> bool:
        return any(
            event.login == login and event.by != login and event.at >= at
            for event in self._store.account_events(_EVENTS_LOOKED_AT)
        )

    async def _put(self, record: EmergencyListRecord, writer: JournalWriter) -> None:
        await writer.run(lambda: self._store.put_emergency_list(record))
        self._kept[record.version] = record


def _is_in_force(record: EmergencyListRecord, now: Instant) -> bool:
    since = record.in_force_from
    return record.withdrawn_at is None and since is not None and since <= now


def _services(record: EmergencyListRecord) -> Services:
    return msgspec.json.decode(record.services, type=Services)
