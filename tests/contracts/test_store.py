"""What every store must do, the same suite for each kind; here it runs on SQLite.

A kind of store joins by an entry in `tests.contracts.stores`. The suite runs once more on a real
PostgreSQL in `tests/live/test_postgresql.py`, which takes all that is here but the fixture `kind`.
"""

import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Connection

from openline.model import (
    BugError,
    CallId,
    Duration,
    Instant,
    LegId,
    OpenlineError,
    RefusedError,
    SealedRef,
)
from openline.store import (
    CallListRecord,
    ConfigurationRecord,
    EmergencyListRecord,
    JournalRecord,
    Opening,
    SealedRecord,
    SnapshotRecord,
    SpokenRecord,
    Store,
    SumRecord,
    WrittenRecord,
)
from openline.store.sql import Migrations, SqlStore
from openline.store.sqlite import SqliteStore
from openline.store.sqlite.connection import SqliteFile
from tests.contracts.stores import NOW, SQLITE, Kind


@pytest.fixture
def kind(tmp_path: Path) -> Kind:
    return SQLITE


@pytest.fixture
def store(kind: Kind, tmp_path: Path) -> Iterator[Store]:
    opened = kind.open(tmp_path)
    yield opened
    opened.close()


def record(step: int, body: bytes = b"body") -> JournalRecord:
    return JournalRecord(
        step=step,
        at=Instant(NOW + step),
        schema=1,
        body=body + str(step).encode(),
        hash=step.to_bytes(32, "big"),
    )


def records(first: int, last: int) -> list[JournalRecord]:
    return [record(step) for step in range(first, last + 1)]


def snapshot(step: int, state: str = "state", *, opens_segment: bool = False) -> SnapshotRecord:
    return SnapshotRecord(
        step=step,
        at=Instant(NOW + step),
        schema=2,
        body=state.encode(),
        hash=b"h" * 32,
        opens_segment=opens_segment,
    )


# -- journal


def test_a_new_journal_is_empty(store: Store) -> None:
    assert store.last() is None
    assert list(store.read()) == []
    assert store.latest_snapshot() is None


def test_steps_come_back_as_they_were(store: Store) -> None:
    wild = JournalRecord(step=1, at=Instant(0), schema=7, body=bytes(range(256)), hash=b"\xff" * 32)
    store.append([wild])
    store.append([])
    store.append(records(2, 5))
    assert list(store.read()) == [wild, *records(2, 5)]
    assert store.last() == record(5)


def test_a_part_of_the_journal_is_read_by_its_steps(store: Store) -> None:
    store.append(records(1, 9))
    assert [each.step for each in store.read(3, until=6)] == [4, 5, 6]
    assert [each.step for each in store.read(7)] == [8, 9]
    assert list(store.read(9)) == []
    assert list(store.read(0, until=0)) == []


def test_more_steps_than_one_chunk_are_read_in_order(store: Store) -> None:
    store.append(records(1, 2_500))
    assert [each.step for each in store.read()] == list(range(1, 2_501))
    assert [each.step for each in store.read(1, until=2_001)] == list(range(2, 2_002))


@pytest.mark.parametrize(
    "steps",
    [[5], [3], [1], [4, 6], [4, 4], [5, 4]],
    ids=["gap", "repeated", "long ago", "gap inside", "repeated inside", "wrong order"],
)
def test_steps_that_do_not_follow_are_refused_whole(store: Store, steps: list[int]) -> None:
    store.append(records(1, 3))
    with pytest.raises(BugError, match="expected step"):
        store.append([record(step) for step in steps])
    assert list(store.read()) == records(1, 3)
    store.append([record(4)])
    assert store.last() == record(4)


def test_the_first_step_is_one(store: Store) -> None:
    with pytest.raises(BugError, match="expected step 1, not 2"):
        store.append([record(2)])


def test_a_batch_with_one_bad_step_leaves_nothing_behind(store: Store) -> None:
    bad = msgspec.structs.replace(record(3), hash=b"short")
    with pytest.raises(BugError, match="hash of step 3"):
        store.append([*records(1, 2), bad, record(4)])
    assert store.last() is None


def test_reading_goes_on_while_steps_are_appended(store: Store) -> None:
    store.append(records(1, 1_500))
    reading = store.read()
    assert next(reading) == record(1)
    store.append(records(1_501, 1_600))
    assert [each.step for each in reading] == list(range(2, 1_601))


def test_a_reader_of_its_own_sees_what_is_durable_and_writes_nothing(
    kind: Kind, store: Store, tmp_path: Path
) -> None:
    store.append(records(1, 3))
    reader = kind.open_to_read(tmp_path)
    assert list(reader.read()) == records(1, 3)
    store.append(records(4, 5))
    assert reader.last() == record(5)
    with pytest.raises(BugError, match="reading only"):
        reader.append([record(6)])
    reader.close()
    store.append([record(6)])
    assert store.last() == record(6)


def test_the_journal_is_there_after_reopening(kind: Kind, tmp_path: Path) -> None:
    store = kind.open(tmp_path)
    store.append(records(1, 10))
    store.close()
    store.close()
    store = kind.open(tmp_path)
    assert list(store.read()) == records(1, 10)
    store.append([record(11)])
    store.close()


# -- configurations


def configuration(version: int, by: str = "") -> ConfigurationRecord:
    return ConfigurationRecord(version=version, at=NOW, by=by, text=f"# versión {version}\n")


def test_versions_of_the_configuration_are_kept_in_order(store: Store) -> None:
    assert store.configurations() == ()
    for version in (1, 2, 3):
        store.add_configuration(configuration(version, by="ada" if version == 2 else ""))
    assert store.configurations() == (
        configuration(1),
        configuration(2, by="ada"),
        configuration(3),
    )
    assert [each.is_live for each in store.configurations()] == [False, True, False]


def test_a_version_that_is_there_is_not_written_over(store: Store) -> None:
    store.add_configuration(configuration(1))
    with pytest.raises(RefusedError, match="version 1"):
        store.add_configuration(configuration(1, by="ada"))
    assert store.configurations() == (configuration(1),)


def test_a_version_that_was_refused_can_be_dropped(store: Store) -> None:
    store.add_configuration(configuration(1))
    store.add_configuration(configuration(2))
    store.remove_configuration(2)
    store.remove_configuration(9)
    assert store.configurations() == (configuration(1),)


def test_lists_of_emergency_services_are_kept_and_go_on(store: Store) -> None:
    first = EmergencyListRecord(version=1, at=NOW, by="", services="[]", in_force_from=NOW)
    second = EmergencyListRecord(version=4, at=NOW, by="ada", services='["ambulance"]')
    store.put_emergency_list(second)
    store.put_emergency_list(first)
    assert store.emergency_lists() == (first, second)
    confirmed = msgspec.structs.replace(
        second, confirmed_at=NOW, confirmed_by="sam", in_force_from=Instant(NOW + 1)
    )
    store.put_emergency_list(confirmed)
    assert store.emergency_lists() == (first, confirmed)
    withdrawn = msgspec.structs.replace(confirmed, withdrawn_at=NOW, withdrawn_by="sol")
    store.put_emergency_list(withdrawn)
    assert store.emergency_lists() == (first, withdrawn)


def test_what_was_spoken_is_kept_with_its_sound_and_can_be_dropped(store: Store) -> None:
    first = SpokenRecord(take=1, sound="welcome-en", at=NOW, by="sam", length=Duration(2_000_000))
    again = SpokenRecord(take=2, sound="welcome-en", at=NOW, by="sol", length=Duration(0), again=0)
    store.add_spoken(first, b"RIFF")
    store.add_spoken(again, None)
    assert list(store.spoken()) == [first, again]
    assert [store.spoken_body(take) for take in (1, 2, 3)] == [b"RIFF", None, None]
    store.remove_spoken([1, 7])
    assert list(store.spoken()) == [again]


# -- snapshots


def test_the_newest_three_snapshots_are_kept(store: Store) -> None:
    store.append(records(1, 50))
    for step in (10, 20, 30, 40):
        store.save_snapshot(snapshot(step, f"state {step}"))
    newest = store.latest_snapshot()
    assert newest is not None
    assert (newest.step, newest.at, newest.schema) == (40, NOW + 40, 2)
    assert (newest.body, newest.hash) == (b"state 40", b"h" * 32)
    kept, before = [], newest.step + 1
    while found := store.latest_snapshot(before_step=before):
        kept.append(found.step)
        before = found.step
    assert kept == [40, 30, 20]


def test_a_snapshot_of_the_same_step_replaces_the_old_one(store: Store) -> None:
    store.append([record(1)])
    store.save_snapshot(snapshot(1, "old"))
    store.save_snapshot(snapshot(1, "new"))
    newest = store.latest_snapshot()
    assert newest is not None
    assert newest.body == b"new"


def test_a_snapshot_ahead_of_the_journal_is_refused(store: Store) -> None:
    store.append([record(1)])
    with pytest.raises(BugError, match="ahead of the journal"):
        store.save_snapshot(snapshot(2))
    assert store.latest_snapshot() is None


def test_snapshots_that_open_a_segment_are_kept_beside_the_newest_three(store: Store) -> None:
    store.append(records(1, 50))
    for step in (10, 20, 30, 40, 50):
        store.save_snapshot(snapshot(step, opens_segment=step in (10, 50)))
    kept, before = [], 51
    while found := store.latest_snapshot(before_step=before):
        kept.append(found.step)
        before = found.step
    assert kept == [50, 40, 30, 10]
    opening = [store.opening_snapshot(step) for step in (0, 10, 11, 50, 51)]
    assert [each and each.step for each in opening] == [10, 10, 50, 50, None]


# -- sums


def summed(start: int, what: str = "calls", line: str = "es", sums: bytes = b"{}") -> SumRecord:
    return SumRecord(start=Instant(start), what=what, line=line, queue="", form=1, sums=sums)


def test_sums_are_kept_and_kept_once(store: Store) -> None:
    assert store.summed_until() == 0
    store.keep_sums(Instant(100), [summed(10), summed(90, "agents", ""), summed(90)])
    assert store.summed_until() == 100
    assert list(store.sums(Instant(10), Instant(90))) == [summed(10)]
    assert list(store.sums(Instant(11), Instant(101))) == [summed(90, "agents", ""), summed(90)]
    assert list(store.sums(Instant(11), Instant(101), what="calls")) == [summed(90)]
    store.keep_sums(Instant(200), [])
    store.keep_sums(Instant(300), [summed(250, sums=b"{1}")])
    assert list(store.sums(Instant(100), Instant(999))) == [summed(250, sums=b"{1}")]
    assert store.summed_until() == 300


# -- lists of calls


def call_list(day: int, filters: bytes = b"f", *, form: int = 1) -> CallListRecord:
    return CallListRecord(
        day=Instant(day), form=form, mark=b"key%d" % day, filters=filters, details=b"d%d" % day
    )


def test_the_list_of_a_day_is_kept_replaced_and_dropped(store: Store) -> None:
    for day in (30, 10, 20):
        store.keep_call_list(call_list(day))
    assert list(store.call_list_marks(Instant(10), Instant(30)).items()) == [
        (10, b"key10"),
        (20, b"key20"),
    ]
    assert store.call_list_filters(Instant(11), Instant(99)) == [(20, b"f"), (30, b"f")]
    assert store.call_list_details(Instant(20)) == b"d20"
    store.keep_call_list(call_list(20, b"g", form=2))
    assert store.call_list_filters(Instant(20), Instant(21)) == [(20, b"g")]
    assert list(store.call_list_marks(Instant(0), Instant(99), form=1)) == [10, 30]
    store.remove_call_lists([Instant(20), Instant(77)])
    assert store.call_list_details(Instant(20)) is None
    assert list(store.call_list_marks(Instant(0), Instant(99))) == [10, 30]


# -- forgetting


def test_what_is_forgotten_is_gone_and_the_chain_begins_after_it(store: Store) -> None:
    assert store.forgotten() == (0, bytes(32))
    store.append(records(1, 50))
    for step in (10, 30, 40):
        store.save_snapshot(snapshot(step, opens_segment=True))
    store.note_gap(5, NOW, NOW)
    store.forget(30)
    assert store.forgotten() == (30, record(30).hash)
    assert store.head() == (50, record(50).hash)
    assert [each.step for each in store.read()] == list(range(31, 51))
    assert store.gaps() == ()
    opening = store.opening_snapshot(0)
    assert opening is not None
    assert opening.step == 30
    store.append([record(51)])


def test_a_record_may_be_forgotten_to_its_end_and_goes_on(store: Store) -> None:
    store.append(records(1, 3))
    store.forget(3)
    assert store.last() is None
    assert store.head() == store.forgotten() == (3, record(3).hash)
    store.append([record(4)])
    assert [each.step for each in store.read()] == [4]


# -- sealed texts


def sealed(ref: str, destroy_at: int) -> SealedRecord:
    return SealedRecord(
        ref=SealedRef(ref),
        kind="note",
        created_at=NOW,
        destroy_at=Instant(destroy_at),
        ciphertext=b"\x01\x02" + ref.encode(),
    )


def written(leg: str, place: int, destroy_at: int) -> WrittenRecord:
    return WrittenRecord(
        leg=LegId(leg),
        place=place,
        ref=SealedRef("day"),
        destroy_at=Instant(destroy_at),
        ciphertext=b"box",
    )


def test_lines_of_a_call_come_in_their_order_and_go_by_their_term(store: Store) -> None:
    for line in (written("web:1", 1, 20), written("web:1", 0, 10), written("web:2", 0, 10)):
        store.put_written(line)
    assert list(store.written(LegId("web:1"))) == [written("web:1", 0, 10), written("web:1", 1, 20)]
    assert store.remove_written_due(Instant(9), limit=9) == 0
    assert store.remove_written_due(Instant(10), limit=1) == 1
    assert store.remove_written_due(Instant(10), limit=9) == 1
    assert list(store.written(LegId("web:1"))) == [written("web:1", 1, 20)]
    assert list(store.written(LegId("web:2"))) == []


def test_sealed_texts_are_kept_until_they_are_removed(store: Store) -> None:
    for ref, destroy_at in (("a", 10), ("b", 20), ("c", 30)):
        store.put_sealed(sealed(ref, destroy_at))
    assert store.sealed(SealedRef("a")) == sealed("a", 10)
    store.remove_sealed([SealedRef("a"), SealedRef("nobody")])
    assert store.sealed(SealedRef("a")) is None
    assert store.remove_sealed_due(Instant(19), limit=9) == 0
    assert store.remove_sealed_due(Instant(20), limit=9) == 1
    assert store.sealed(SealedRef("b")) is None
    assert store.sealed(SealedRef("c")) == sealed("c", 30)


def test_a_reference_is_used_once(store: Store) -> None:
    store.put_sealed(sealed("a", 10))
    with pytest.raises(OpenlineError):
        store.put_sealed(sealed("a", 20))
    assert store.sealed(SealedRef("a")) == sealed("a", 10)


# -- accounts and sessions


def add_account(store: Store, login: str, agent: str | None = None) -> None:
    store.add_account(
        login=login,
        name=login.title(),
        role="agent",
        agent=agent,
        demo=False,
        password_hash="hash",
        created_at=NOW,
    )


def test_accounts_are_kept_and_changed(store: Store) -> None:
    add_account(store, "zoe", "zoe")
    add_account(store, "ana")
    store.set_disabled("zoe", True)
    store.set_password_hash("ana", "other hash")
    ana, zoe = store.accounts()
    assert (ana.login, ana.name, ana.role, ana.agent) == ("ana", "Ana", "agent", None)
    assert (ana.password_hash, ana.disabled, ana.demo) == ("other hash", False, False)
    assert (zoe.agent, zoe.disabled, zoe.password_hash) == ("zoe", True, "hash")


@pytest.mark.parametrize(("login", "agent"), [("ana", "b"), ("bea", "a")])
def test_a_login_and_an_agent_have_one_account(store: Store, login: str, agent: str) -> None:
    add_account(store, "ana", "a")
    with pytest.raises(RefusedError) as refused:
        add_account(store, login, agent)
    assert refused.value.code == "account_exists"
    assert len(store.accounts()) == 1


def test_sessions_are_kept_touched_and_removed(store: Store) -> None:
    add_account(store, "ana")
    for token_hash in (b"one", b"two"):
        store.add_session(token_hash=token_hash, login="ana", created_at=NOW)
    store.touch_sessions({b"two": Instant(NOW + 5), b"unknown": NOW})
    store.touch_sessions({})
    seen = {
        each.token_hash: (each.login, each.created_at, each.seen_at) for each in store.sessions()
    }
    assert seen == {b"one": ("ana", NOW, NOW), b"two": ("ana", NOW, NOW + 5)}
    store.remove_sessions([b"one", b"unknown"])
    store.remove_sessions([])
    assert [each.token_hash for each in store.sessions()] == [b"two"]


def test_an_invitation_is_used_once_and_gives_its_account_the_password(store: Store) -> None:
    add_account(store, "ana")
    add_account(store, "bea")
    store.add_invitation(token_hash=b"first", login="ana", expires_at=NOW)
    store.add_invitation(token_hash=b"newer", login="ana", expires_at=Instant(NOW + 1))
    store.add_invitation(token_hash=b"other", login="bea", expires_at=NOW)
    known = {each.token_hash: (each.login, each.expires_at) for each in store.invitations()}
    assert known == {b"newer": ("ana", NOW + 1), b"other": ("bea", NOW)}
    assert not store.use_invitation(b"first", password_hash="stolen")
    assert store.use_invitation(b"newer", password_hash="chosen")
    assert not store.use_invitation(b"newer", password_hash="stolen")
    assert [each.password_hash for each in store.accounts()] == ["chosen", "hash"]
    store.remove_invitations([b"newer", b"unknown"])
    store.remove_invitations([])
    assert [each.token_hash for each in store.invitations()] == [b"other"]


def test_a_second_factor_goes_forward_only_and_its_codes_are_used_once(store: Store) -> None:
    add_account(store, "ana")
    add_account(store, "bea")
    for login, codes in (("ana", [b"old"]), ("ana", [b"one", b"two"]), ("bea", [b"bea"])):
        store.set_second_factor(login, secret=b"sealed", last_step=7, code_hashes=codes)
    known = {each.login: (each.secret, each.last_step) for each in store.second_factors()}
    assert known == {"ana": (b"sealed", 7), "bea": (b"sealed", 7)}
    assert not store.use_step("ana", 7)
    assert store.use_step("ana", 8)
    assert not store.use_step("ana", 8)
    assert not store.use_recovery_code("ana", b"old")
    assert not store.use_recovery_code("ana", b"bea")
    assert store.use_recovery_code("ana", b"one")
    assert not store.use_recovery_code("ana", b"one")
    assert store.recovery_codes("ana") == 1
    assert store.remove_second_factor("ana")
    assert not store.remove_second_factor("ana")
    assert (store.recovery_codes("ana"), store.recovery_codes("bea")) == (0, 1)


def test_a_passkey_counts_forward_only(store: Store) -> None:
    add_account(store, "ana")
    kept = {
        name: store.add_passkey(
            credential=name,
            login="ana",
            host="line.example",
            public=b"public half",
            counter=counter,
            label="my telephone",
            created_at=NOW,
        )
        for name, counter in ((b"counts", 5), (b"never", 0))
    }
    assert {each.credential: each for each in store.passkeys()} == kept
    assert not store.use_passkey(b"counts", 5)
    assert store.use_passkey(b"counts", 6)
    assert not store.use_passkey(b"counts", 0)
    assert store.use_passkey(b"never", 0)
    assert store.use_passkey(b"never", 0)
    assert not store.use_passkey(b"unknown", 9)
    store.remove_passkeys([b"counts", b"unknown"])
    store.remove_passkeys([])
    assert [each.credential for each in store.passkeys()] == [b"never"]


def test_a_role_is_changed_and_an_agent_has_one_account(store: Store) -> None:
    add_account(store, "ana", "a")
    add_account(store, "bea")
    store.set_role("bea", "supervisor", "b")
    with pytest.raises(RefusedError) as refused:
        store.set_role("bea", "agent", "a")
    assert refused.value.code == "account_exists"
    assert [(each.role, each.agent) for each in store.accounts()] == [
        ("agent", "a"),
        ("supervisor", "b"),
    ]


def test_what_was_done_to_accounts_is_told_newest_first_and_forgotten(store: Store) -> None:
    for at, login in ((1, "ana"), (2, "bea"), (2, "cai")):
        store.add_account_event(at=Instant(at), what="invited", login=login, by="ada")
    assert [each.login for each in store.account_events(2)] == ["cai", "bea"]
    store.remove_account_events(Instant(2))
    assert [(each.at, each.login) for each in store.account_events(9)] == [(2, "cai"), (2, "bea")]


# -- the data as a whole


def test_a_centre_keeps_its_identity(kind: Kind, tmp_path: Path) -> None:
    store = kind.open(tmp_path)
    centre = store.meta("centre_id")
    assert centre is not None
    assert len(centre) == 32
    assert store.meta("created_at") == str(NOW)
    assert store.meta("program_version") == "1.0"
    assert store.meta("unheard of") is None
    store.close()
    store = kind.open(tmp_path)
    assert store.meta("centre_id") == centre
    store.close()


def test_data_of_a_newer_version_is_refused_with_both_versions(kind: Kind, tmp_path: Path) -> None:
    kind.open(tmp_path).close()
    kind.set_version(tmp_path, 99)
    newest = Migrations().newest
    for open_ in (kind.open, kind.open_to_read):
        with pytest.raises(RefusedError, match=rf"version 99 .* up to {newest}") as refused:
            open_(tmp_path)
        assert refused.value.code == "data_is_newer"


def test_a_copy_made_while_steps_come_holds_one_moment_and_can_be_gone_on_with(
    kind: Kind, tmp_path: Path
) -> None:
    store = kind.open(tmp_path)
    assert isinstance(store, SqlStore)
    store.append(records(1, 6_000))
    store.save_snapshot(snapshot(5))
    store.put_sealed(sealed("a", 10))
    add_account(store, "ana", "a")
    store.add_session(token_hash=b"one", login="ana", created_at=NOW)

    class Growing(SqliteFile):
        """Is a target during whose filling the source grows."""

        @contextmanager
        def writing(self) -> Iterator[Connection]:
            last = store.last()
            assert last is not None
            store.append([record(last.step + 1)])
            with super().writing() as connection:
                yield connection

    path = tmp_path / "copy.sqlite"
    target = Growing(path, is_writable=True)
    counts = store.copy_into(target)
    target.close()
    # The first writing makes the tables, before the moment is chosen.
    assert counts["journal"] == 6_001
    copy = SqliteStore.open(path, now=Instant(0), program_version="2.0")
    assert copy.counts() == counts
    assert list(copy.read()) == records(1, 6_001)
    assert copy.head() == (6_001, record(6_001).hash)
    assert copy.meta("centre_id") == store.meta("centre_id")
    assert (copy.latest_snapshot(), copy.accounts(), copy.sessions()) == (
        store.latest_snapshot(),
        store.accounts(),
        store.sessions(),
    )
    assert copy.sealed(SealedRef("a")) == sealed("a", 10)
    copy.append([record(6_002)])
    copy.close()
    store.close()


# -- kill -9

WRITER = """
import sys
from pathlib import Path
from tests.contracts.stores import KINDS
from tests.contracts.test_store import record
kind = KINDS[sys.argv[1]]
store = kind.open(Path(sys.argv[2]))
last = store.last()
step = 0 if last is None else last.step
size = 1
while True:
    end = step + size
    store.append([record(each, b"%d " % end) for each in range(step + 1, end + 1)])
    step = end
    size = size % 7 + 1
    print(step, flush=True)
"""


def test_after_kill_9_the_journal_is_whole_and_holds_all_that_was_acknowledged(
    kind: Kind, tmp_path: Path
) -> None:
    seed = 20_250_611
    print(f"seed {seed}")  # noqa: T201 -- shown when the test fails
    chance = random.Random(seed)
    for _ in range(6):
        child = subprocess.Popen(
            [sys.executable, "-c", WRITER, kind.name, str(tmp_path)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert child.stdout is not None
        with child.stdout as lines:
            for _ in range(chance.randint(1, 60)):
                acknowledged = int(lines.readline())
            child.send_signal(signal.SIGKILL)
            rest = lines.read().split(b"\n")
        child.wait()
        # The last line may have been cut in the middle of a number.
        acknowledged = max([acknowledged, *(int(line) for line in rest[:-1])])
        store = kind.open(tmp_path)
        steps = list(store.read())
        assert [each.step for each in steps] == list(range(1, len(steps) + 1))
        assert len(steps) >= acknowledged
        # A body begins with the last step of its batch: no batch is there in part.
        assert steps[-1] == record(len(steps), b"%d " % len(steps))
        store.close()


def test_who_opened_which_story_is_kept_until_it_is_dropped(store: Store) -> None:
    first = Opening(at=Instant(10), login="sam", call=CallId(7), is_exact=True)
    second = Opening(at=Instant(20), login="sam", call=CallId(7), is_exact=False)
    for opening in (first, second):
        store.add_opening(opening)
    assert store.openings(5) == (second, first)
    assert store.openings(1) == (second,)
    assert store.remove_openings(Instant(20)) == 1
    assert store.openings(5) == (second,)
