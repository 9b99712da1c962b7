"""Steps that the store refuses lie in the spool durably, in order, and once."""

import os
from pathlib import Path

import pytest

from openline.model import Instant, PeerError
from openline.store import Gap, GapRecord, JournalRecord, Spool, give_back
from openline.store.sqlite import SqliteStore
from tests.canary import scan

NOW = Instant(1_700_000_000_000_000)
SMALL = 256 * 1024


def record(step: int, body: bytes = b"body", hash_: bytes | None = None) -> JournalRecord:
    link = hash_ or step.to_bytes(32, "big")
    return JournalRecord(step=step, at=Instant(NOW + step), schema=1, body=body, hash=link)


def records(first: int, last: int) -> list[JournalRecord]:
    return [record(step) for step in range(first, last + 1)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "spool"


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return SqliteStore.open(tmp_path / "openline.sqlite", now=NOW, program_version="1.0")


def a_spool(path: Path, *written: list[JournalRecord]) -> Spool:
    spool = Spool(path, size=SMALL)
    spool.allocate()
    for each in written:
        spool.write(each)
    return spool


def test_what_was_written_is_there_when_it_is_opened_again(path: Path) -> None:
    a_spool(path, records(5, 7), [], records(8, 8)).close()
    again = Spool(path, size=SMALL)
    assert list(again.waiting) == records(5, 8)
    assert again.gap is None
    again.allocate()
    again.write(records(9, 9))
    again.close()
    assert list(Spool(path, size=SMALL).waiting) == records(5, 9)


def test_its_room_is_taken_before_it_is_needed_and_given_back_at_the_next_start(path: Path) -> None:
    spool = a_spool(path, records(1, 3))
    assert path.stat().st_size == SMALL
    assert path.stat().st_blocks * 512 >= SMALL
    assert path.stat().st_mode & 0o777 == 0o600
    spool.close()
    again = Spool(path, size=SMALL)
    assert path.stat().st_size < 8_192
    again.close()


def test_a_full_spool_takes_a_batch_whole_or_not_at_all(path: Path) -> None:
    spool = a_spool(path)
    step, refused = 0, None
    while refused is None:
        try:
            spool.write([record(step + 1, bytes(9_000)), record(step + 2, bytes(9_000))])
            step += 2
        except PeerError as error:
            refused = error
    assert "is full" in str(refused)
    assert step > 20
    spool.close()
    assert [each.step for each in Spool(path, size=SMALL).waiting] == list(range(1, step + 1))


def test_an_emptied_spool_holds_no_byte_of_what_was_in_it(path: Path, tmp_path: Path) -> None:
    spool = a_spool(path, [record(1, b"quetzal" * 5_000)], [record(2, b"quetzal")])
    assert scan(tmp_path, {b"quetzal"})
    spool.clear()
    assert scan(tmp_path, {b"quetzal"}) == []
    assert path.stat().st_size == SMALL
    spool.write(records(3, 4))
    spool.close()
    assert list(Spool(path, size=SMALL).waiting) == records(3, 4)


def test_an_empty_spool_leaves_no_file(path: Path) -> None:
    a_spool(path).close()
    assert not path.exists()
    emptied = a_spool(path, records(1, 1))
    emptied.clear()
    emptied.close()
    emptied.close()
    assert not path.exists()


def test_a_torn_end_is_not_taken_for_a_step(path: Path) -> None:
    spool = a_spool(path, records(1, 2))
    whole = spool.used
    spool.write([record(3, b"x" * 500)])
    end = spool.used
    spool.close()
    content = path.read_bytes()
    for cut in range(whole + 1, end, 37):
        place = 4_096 + cut
        for torn in (content[:place], content[:place] + bytes(end - cut)):
            path.write_bytes(torn)
            assert list(Spool(path, size=SMALL).waiting) == records(1, 2)
    # A block that came back as something else.
    path.write_bytes(content[: 4_096 + whole + 30] + b"?" * 40 + content[4_096 + whole + 70 :])
    assert list(Spool(path, size=SMALL).waiting) == records(1, 2)


def test_an_emptying_cut_short_leaves_what_was_there_or_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    everything = [record(step, bytes([step]) * 3_000) for step in range(1, 30)]
    put = Spool._put
    for allowed in range(5):
        spool = a_spool(path, everything)
        left = [allowed]

        def puts_a_few(self: Spool, content: bytes, at: int, left: list[int] = left) -> None:
            if left[0] == 0:
                raise OSError(5, "Input/output error")
            left[0] -= 1
            put(self, content, at)

        with monkeypatch.context() as broken:
            broken.setattr(Spool, "_put", puts_a_few)
            if allowed < 3:
                with pytest.raises(PeerError, match="Input/output error"):
                    spool.clear()
            else:
                spool.clear()
        os.close(spool._descriptor)
        spool._descriptor = -1
        again = Spool(path, size=SMALL)
        assert list(again.waiting) == (everything if allowed == 0 else [])
        path.unlink()


def test_a_gap_is_noted_and_taken_back(path: Path) -> None:
    spool = a_spool(path, records(1, 3))
    spool.note_gap(3, NOW)
    spool.close()
    again = Spool(path, size=SMALL)
    assert (again.gap, list(again.waiting)) == (Gap(after_step=3, since=NOW), records(1, 3))
    again.clear()
    again.close()
    assert Spool(path, size=SMALL).gap is None


def test_a_file_of_something_else_is_left_alone(path: Path) -> None:
    path.write_bytes(b"a letter to somebody")
    with pytest.raises(PeerError, match="is not a spool"):
        Spool(path)
    assert path.read_bytes() == b"a letter to somebody"


# -- giving back


def test_steps_go_back_in_order_and_once(path: Path, store: SqliteStore) -> None:
    store.append(records(1, 4))
    a_spool(path, records(3, 6), records(7, 9)).close()
    spool = Spool(path, size=SMALL)
    assert give_back(spool, store, NOW) == 5
    assert list(store.read()) == records(1, 9)
    assert give_back(spool, store, NOW) == 0
    spool.close()
    store.append([record(10)])
    store.close()


def test_a_loss_is_a_gap_in_the_record(path: Path, store: SqliteStore) -> None:
    spool = a_spool(path, records(1, 2))
    spool.note_gap(2, Instant(NOW + 2))
    spool.close()
    for _ in range(2):  # the first start may be cut short before the spool is cleared
        spool = Spool(path, size=SMALL)
        content = path.read_bytes()
        give_back(spool, store, Instant(NOW + 9))
        spool.close()
        path.write_bytes(content)
    assert store.gaps() == (
        GapRecord(after_step=2, since=Instant(NOW + 2), found_at=Instant(NOW + 9)),
    )
    store.close()


@pytest.mark.parametrize(
    "waiting",
    [records(5, 6), [record(3, hash_=b"o" * 32), record(4)]],
    ids=["too far on", "another step 3"],
)
def test_the_spool_of_another_record_is_not_mixed_in(
    path: Path, store: SqliteStore, waiting: list[JournalRecord]
) -> None:
    store.append(records(1, 3))
    a_spool(path, waiting).close()
    spool = Spool(path, size=SMALL)
    with pytest.raises(PeerError, match="does not go on where the record ends"):
        give_back(spool, store, NOW)
    spool.close()
    assert list(store.read()) == records(1, 3)
    assert path.exists()
    store.close()
