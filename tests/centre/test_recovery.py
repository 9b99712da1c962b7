import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest
from hypothesis import strategies as st

from openline.centre import centre as centre_module
from openline.centre.codec import SCHEMA, Step, chain, encode_state, encode_step, first_link
from openline.centre.recovery import Recovered, recover, steps_since
from openline.engine import events as e
from openline.engine import inputs as i
from openline.model import Instant, PeerError, Reason
from openline.sealing import KeyStore, Sealer, Segments
from openline.store import JournalRecord
from openline.store.sqlite import SqliteStore
from tests.builders import BEN, CARLA, EN
from tests.centre.small_centre import BEGIN, keys_of, open_centre
from tests.centre.virtual_loop import advance, in_virtual_time


@in_virtual_time
async def keep_a_record(folder: Path) -> None:
    """Writes the record of a short evening; no snapshot but at the end of the centre's run."""
    async with open_centre(folder) as small:
        small.ready(CARLA)
        small.ready(BEN)
        for number in range(20):
            small.arrive(number)
            await small.durable()
            await advance(1.5)
        small.arrive(20, EN)
        await advance(40)


def opened(folder: Path) -> SqliteStore:
    return SqliteStore.open(folder / "openline.sqlite", now=Instant(BEGIN), program_version="test")


def tamper(folder: Path, *statements: str) -> None:
    """Changes the data folder by hand, as an attacker or a broken disk would."""
    with sqlite3.connect(folder / "openline.sqlite") as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def recovered(folder: Path) -> Recovered:
    store = opened(folder)
    try:
        return recover(store, keys_of(folder))
    finally:
        store.close()


NO_SNAPSHOT = "DELETE FROM snapshots"


def test_an_empty_folder_gives_an_empty_state(tmp_path: Path) -> None:
    found = recovered(tmp_path)
    assert (found.state.step, found.steps) == (0, 0)


def test_a_snapshot_and_the_rest_give_what_all_steps_give(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(centre_module, "SNAPSHOT_EVERY", 10)
    keep_a_record(tmp_path)
    # The snapshots at the centre's end and one before it go, so that there is a rest to apply.
    tamper(tmp_path, "DELETE FROM snapshots WHERE step > (SELECT min(step) FROM snapshots)")
    from_snapshot = recovered(tmp_path)
    tamper(tmp_path, NO_SNAPSHOT)
    from_all = recovered(tmp_path)
    assert 0 < from_snapshot.steps < from_all.steps
    assert encode_state(from_snapshot.state) == encode_state(from_all.state)
    assert from_snapshot.hash == from_all.hash


def test_a_snapshot_is_taken_every_so_many_steps_and_three_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(centre_module, "SNAPSHOT_EVERY", 4)

    @in_virtual_time
    async def count() -> None:
        async with open_centre(tmp_path) as small:
            for number in range(20):
                small.arrive(number)
                await small.durable()
            snapshot = small.store.latest_snapshot()
            assert snapshot is not None
            assert small.centre.durable.step - snapshot.step < 4

    count()
    with sqlite3.connect(tmp_path / "openline.sqlite") as connection:
        kept = [step for (step,) in connection.execute("SELECT step FROM snapshots ORDER BY step")]
    connection.close()
    assert len(kept) == 3
    assert kept[1] - kept[0] >= 4


def test_a_snapshot_is_of_the_durable_state_even_while_the_engine_is_ahead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(centre_module, "SNAPSHOT_EVERY", 3)

    @in_virtual_time
    async def run_ahead() -> None:
        async with open_centre(tmp_path) as small:
            small.store.hold()
            small.arrive(0)  # step 3: the snapshot is due
            await small.store.knocked()
            small.arrive(1)
            small.store.let_go()
            await small.durable()
            snapshot = small.store.latest_snapshot()
            assert snapshot is not None
            assert snapshot.step == 3
            before = recover(small.store, small.segments)
            assert encode_state(before.state) == encode_state(small.state)
            assert before.steps == 1

    run_ahead()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("UPDATE journal SET body = zeroblob(length(body)) WHERE step = 7", 7),
        ("UPDATE journal SET at = at + 1 WHERE step = 9", 9),
        ("UPDATE journal SET hash = zeroblob(32) WHERE step = 5", 5),
        ("DELETE FROM journal WHERE step = 11", 12),
        ("DELETE FROM journal WHERE step = 1", 2),
    ],
    ids=["body", "time", "hash", "removed", "first-removed"],
)
def test_a_step_that_was_changed_or_removed_is_found(
    change: str, named: int, tmp_path: Path
) -> None:
    keep_a_record(tmp_path)
    tamper(tmp_path, NO_SNAPSHOT, change)
    with pytest.raises(PeerError, match=rf"^step {named} of the record"):
        recovered(tmp_path)


def test_steps_that_changed_places_are_found(tmp_path: Path) -> None:
    keep_a_record(tmp_path)
    tamper(
        tmp_path,
        NO_SNAPSHOT,
        "UPDATE journal SET step = 9999 WHERE step = 8",
        "UPDATE journal SET step = 8 WHERE step = 9",
        "UPDATE journal SET step = 9 WHERE step = 9999",
    )
    with pytest.raises(PeerError, match=r"^step 8 of the record"):
        recovered(tmp_path)


def test_a_snapshot_that_cannot_be_used_gives_way_to_an_older_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(centre_module, "SNAPSHOT_EVERY", 10)
    keep_a_record(tmp_path)
    whole = recovered(tmp_path)
    assert whole.steps == 0
    newest = "WHERE step = (SELECT max(step) FROM snapshots)"
    tamper(tmp_path, f"UPDATE snapshots SET body = substr(body, 1, length(body) - 3) {newest}")
    again = recovered(tmp_path)
    assert again.steps > 0
    assert encode_state(again.state) == encode_state(whole.state)
    assert not again.is_anew


@pytest.mark.parametrize("without", ["", NO_SNAPSHOT])
def test_without_keys_the_centre_begins_anew_where_the_record_ends(
    without: str, tmp_path: Path
) -> None:
    keep_a_record(tmp_path)
    tamper(tmp_path, *filter(None, [without]))
    head = recovered(tmp_path)
    (tmp_path / "keys.sqlite").unlink()
    anew = recovered(tmp_path)
    assert anew.is_anew
    assert (anew.state.step, anew.hash, anew.state.now) == (
        head.state.step,
        head.hash,
        head.state.now,
    )
    assert anew.state.calls == {}
    # A record that was changed is told from one that is forgotten.
    tamper(tmp_path, NO_SNAPSHOT, "UPDATE journal SET at = at + 1 WHERE step = 9")
    with pytest.raises(PeerError, match=r"^step 9"):
        recovered(tmp_path)


def test_a_step_whose_key_alone_is_missing_is_not_passed_over(tmp_path: Path) -> None:
    keep_a_record(tmp_path)
    shutil.copy(tmp_path / "keys.sqlite", tmp_path / "earlier.sqlite")
    keep_a_record(tmp_path)
    (tmp_path / "earlier.sqlite").replace(tmp_path / "keys.sqlite")
    with pytest.raises(PeerError, match="cannot be read: its key is not in the key store"):
        recovered(tmp_path)


def test_a_step_that_was_changed_together_with_its_hash_is_found_at_the_next(
    tmp_path: Path,
) -> None:
    keep_a_record(tmp_path)
    tamper(tmp_path, NO_SNAPSHOT)
    store = opened(tmp_path)
    before, forged = list(store.read(6, until=8))
    store.close()
    sealing = a_sealer(tmp_path)
    body = sealing.seal_step(
        8,
        Instant(forged.at),
        encode_step(
            Step(
                seen=i.TimePassed(),
                events=(e.InputPassedOver(input="TimePassed", reason=Reason.NOTHING_TO_DO),),
            )
        ),
    )
    link = chain(before.hash, forged.step, forged.at, body)
    tamper(
        tmp_path,
        f"UPDATE journal SET body = x'{body.hex()}', hash = x'{link.hex()}' WHERE step = 8",
    )
    with pytest.raises(PeerError, match=r"^step 9 of the record"):
        recovered(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM journal WHERE step > 20",
        "UPDATE journal SET hash = zeroblob(32) WHERE step = (SELECT max(step) FROM journal)",
    ],
    ids=["the newest steps removed", "the last step exchanged"],
)
def test_a_record_that_does_not_reach_its_own_snapshot_is_found(
    change: str, tmp_path: Path
) -> None:
    keep_a_record(tmp_path)
    tamper(tmp_path, change)
    with pytest.raises(PeerError, match="step"):
        recovered(tmp_path)


@pytest.mark.parametrize("table", ["journal", "snapshots"])
def test_a_record_of_an_unknown_schema_is_refused_in_words(table: str, tmp_path: Path) -> None:
    keep_a_record(tmp_path)
    if table == "journal":
        tamper(tmp_path, NO_SNAPSHOT)
    tamper(tmp_path, f"UPDATE {table} SET schema = {SCHEMA + 1}")
    with pytest.raises(PeerError, match=f"schema {SCHEMA + 1} .* reads schema {SCHEMA}"):
        recovered(tmp_path)


def test_bytes_that_are_no_step_are_refused_in_words(tmp_path: Path) -> None:
    store = opened(tmp_path)
    segments = a_sealer(tmp_path)
    body = segments.seal_step(1, Instant(BEGIN), b"nonsense")
    link = chain(first_link(store.meta("centre_id") or ""), 1, Instant(BEGIN), body)
    store.append([JournalRecord(step=1, at=Instant(BEGIN), schema=SCHEMA, body=body, hash=link)])
    with pytest.raises(PeerError, match="cannot be read"):
        recover(store, segments)
    store.close()


# --- the steps since an instant ------------------------------------------------------------------


def a_sealer(folder: Path) -> Segments:
    """Returns keys of days that are sealed with, their file closed at once."""
    sealer = Sealer(KeyStore(folder / "keys.sqlite"))
    segments = Segments(sealer, Instant(BEGIN))
    sealer.close()
    return segments


class ListedSteps:
    """Is a record of steps at given instants; it counts how often it is asked."""

    def __init__(self, path: Path, instants: list[int]) -> None:
        self.store = SqliteStore.open(path / "s", now=Instant(0), program_version="test")
        self.segments = a_sealer(path)
        link, records = first_link("listed"), []
        for step, at in enumerate(instants, start=1):
            body = self.segments.seal_step(
                step,
                Instant(at),
                encode_step(Step(seen=i.TimePassed(), events=(e.CentreResumed(legs_seen=step),))),
            )
            link = chain(link, step, Instant(at), body)
            records.append(
                JournalRecord(step=step, at=Instant(at), schema=SCHEMA, body=body, hash=link)
            )
        self.store.append(records)


@hypothesis.settings(max_examples=40)
@hypothesis.given(
    gaps=st.lists(st.sampled_from([0, 0, 1, 2, 10]), max_size=40),
    since=st.integers(min_value=0, max_value=120),
)
def test_the_steps_since_an_instant_are_those_at_or_after_it(
    gaps: list[int], since: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    instants, at = [], 1
    for gap in gaps:
        at += gap
        instants.append(at)
    steps = ListedSteps(tmp_path_factory.mktemp("record"), instants)
    found = [
        (at, event.legs_seen)
        for at, events in steps_since(steps.store, steps.segments, Instant(since))
        for event in events
        if isinstance(event, e.CentreResumed)
    ]
    steps.store.close()
    assert found == [(at, step) for step, at in enumerate(instants, start=1) if at >= since]


def test_finding_the_first_step_takes_few_look_ups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = ListedSteps(tmp_path, list(range(1, 3_001)))
    look_ups = 0
    read: Callable[..., object] = steps.store.read

    def counted(*args: int, **kwargs: int) -> object:
        nonlocal look_ups
        look_ups += 1
        return read(*args, **kwargs)

    monkeypatch.setattr(steps.store, "read", counted)
    found = list(steps_since(steps.store, steps.segments, Instant(2_999)))
    steps.store.close()
    assert [at for at, _ in found] == [2_999, 3_000]
    assert look_ups <= 14
