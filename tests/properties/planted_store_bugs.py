"""Which mistakes could somebody make where the record is kept, and in what an event may hold?

They never show in the engine's events, so no random day runs into them. Each names the invariant
and the check that must notice: a test of the part itself, which here has to fail.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from openline.engine import AnyEvent
from openline.engine import events as e
from openline.model import Instant
from openline.store import JournalRecord, Spool
from openline.store.spool import Gap
from openline.store.sql import about
from openline.store.sql.journal import JournalTables
from tests.engine import test_event_fields
from tests.store import test_spool
from tests.store.sqlite import test_store

Check = Callable[[Path], None]
PLANTED_IN_THE_STORE: dict[str, tuple[Callable[[pytest.MonkeyPatch], None], str, Check]] = {}
"""By name: how it is planted, which invariant it breaks and which check must fail."""


def caught_in(invariant: str, check: Check) -> Callable[[Any], Any]:
    """Enters a bug into the table."""

    def enter(plant: Callable[[pytest.MonkeyPatch], None]) -> Any:
        PLANTED_IN_THE_STORE[plant.__name__] = (plant, invariant, check)
        return plant

    return enter


def _in_spool(test: Check) -> Check:
    return lambda folder: test(folder / "spool")


# --- I14: one writer ----------------------------------------------------------------------------


@caught_in("I14", test_store.test_who_was_taken_over_writes_nothing_more_and_is_told_so)
def whoever_opens_the_record_joins_who_writes(patch: pytest.MonkeyPatch) -> None:
    """Plants an epoch that never rises: two routers write, each sure that it is the one."""
    original = about.take_over

    def take_over(connection: Any, program_version: str) -> int:
        epoch = original(connection, program_version)
        if epoch > 1:
            connection.exec_driver_sql("UPDATE journal_head SET epoch = 1")
        return 1

    patch.setattr("openline.store.sql.store.take_over", take_over)


@caught_in("I14", test_store.test_who_was_taken_over_writes_nothing_more_and_is_told_so)
def an_older_epoch_is_not_looked_at(patch: pytest.MonkeyPatch) -> None:
    def not_yet_there(
        tables: JournalTables, records: Sequence[JournalRecord], epoch: int, *_: object
    ) -> Sequence[JournalRecord]:
        tables._epoch = epoch
        return records

    patch.setattr(JournalTables, "_not_yet_there", not_yet_there)


# --- I21: the store refuses ---------------------------------------------------------------------


@caught_in("I21", _in_spool(test_spool.test_what_was_written_is_there_when_it_is_opened_again))
def the_spool_says_that_it_wrote(patch: pytest.MonkeyPatch) -> None:
    """Plants a write that is forgotten: calls go on by what no disk has."""
    patch.setattr(Spool, "_put", lambda spool, content, at: None)


@caught_in("I21", _in_spool(test_spool.test_an_empty_spool_leaves_no_file))
def what_was_given_back_stays_in_the_spool(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Spool, "clear", lambda spool: None)


@caught_in("I21", _in_spool(test_spool.test_a_gap_is_noted_and_taken_back))
def a_gap_is_known_to_memory_alone(patch: pytest.MonkeyPatch) -> None:
    def note_gap(spool: Spool, after_step: int, since: Instant) -> None:
        spool.gap = Gap(after_step=after_step, since=since)

    patch.setattr(Spool, "note_gap", note_gap)


# --- I22: the database goes and comes back ------------------------------------------------------


def _an_answer_is_lost(folder: Path) -> None:
    test_store.test_steps_of_a_commit_in_doubt_are_kept_once(folder, "the answer")


def _a_commit_is_lost(folder: Path) -> None:
    test_store.test_steps_of_a_commit_in_doubt_are_kept_once(folder, "the commit")


@caught_in("I22", _an_answer_is_lost)
def a_commit_in_doubt_is_made_again(patch: pytest.MonkeyPatch) -> None:
    def not_yet_there(
        tables: JournalTables, records: Sequence[JournalRecord], *_: object
    ) -> Sequence[JournalRecord]:
        return records

    patch.setattr(JournalTables, "_not_yet_there", not_yet_there)


@caught_in("I22", _a_commit_is_lost)
def a_commit_in_doubt_is_taken_for_made(patch: pytest.MonkeyPatch) -> None:
    original = JournalTables.append

    def append(tables: JournalTables, records: Sequence[JournalRecord]) -> None:
        doubted = max(tables._in_doubt, default=0)
        original(tables, [record for record in records if record.step > doubted])

    patch.setattr(JournalTables, "append", append)


# --- I27: nothing personal in an event ----------------------------------------------------------


class CallerSpoke(e.CallArrived, frozen=True, kw_only=True):
    """Is an event that somebody could think of: what a caller said, in plain words."""

    words: str


class CallerKnown(e.CallArrived, frozen=True, kw_only=True):
    """Is another: whose number it is, as the number itself."""

    number: bytes


def _no_room_for_anything_personal(_folder: Path) -> None:
    test_event_fields.test_no_event_has_room_for_anything_personal()


def _one_more_event(patch: pytest.MonkeyPatch, kind: type[msgspec.Struct]) -> None:
    kinds = (*get_args(AnyEvent), kind)
    patch.setattr(test_event_fields, "get_args", lambda union: kinds)


@caught_in("I27", _no_room_for_anything_personal)
def an_event_holds_what_the_caller_said(patch: pytest.MonkeyPatch) -> None:
    _one_more_event(patch, CallerSpoke)


@caught_in("I27", _no_room_for_anything_personal)
def an_event_holds_a_number(patch: pytest.MonkeyPatch) -> None:
    _one_more_event(patch, CallerKnown)
