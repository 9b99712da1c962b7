import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from openline.model import Duration, Instant, PeerError
from openline.sealing import KeyStore, SealedKind, Sealer, SegmentKeys, Segments
from openline.sealing.kinds import DAY
from openline.sealing.segments import mark_of
from tests.canary import key_spellings, scan

NOON = Instant(20_000 * DAY + DAY // 2)
BODY = b"what happened"


@pytest.fixture
def sealer(tmp_path: Path) -> Iterator[Sealer]:
    opened = Sealer(KeyStore(tmp_path / "keys.sqlite"))
    yield opened
    opened.close()


def at(days: float) -> Instant:
    return Instant(NOON + int(days * DAY))


def test_a_step_is_opened_again_by_its_number_and_instant_alone(sealer: Sealer) -> None:
    segments = Segments(sealer, NOON)
    sealed = segments.seal_step(7, NOON, BODY)
    assert BODY not in sealed
    assert segments.open_step(7, NOON, sealed) == BODY
    for step, instant, body in (
        (8, NOON, sealed),
        (7, at(1), sealed),
        (7, NOON, sealed[:-1]),
        (7, NOON, sealed[:8]),
    ):
        with pytest.raises(PeerError, match="not what was sealed"):
            segments.open_step(step, instant, body)
    with pytest.raises(PeerError):
        segments.open_snapshot(7, NOON, sealed)


def test_days_have_keys_of_their_own_and_days_begin_at_midnight_utc(sealer: Sealer) -> None:
    segments = Segments(sealer, NOON)
    midnight = Instant((NOON // DAY + 1) * DAY)
    before, after = (
        mark_of(segments.seal_step(step, instant, BODY))
        for step, instant in ((1, Instant(midnight - 1)), (2, midnight))
    )
    assert before != after
    assert mark_of(segments.seal_step(3, Instant(midnight + 1), BODY)) == after
    assert mark_of(segments.seal_snapshot(3, NOON, BODY)) == after


def test_a_process_never_seals_with_the_key_of_another(sealer: Sealer) -> None:
    marks = {mark_of(Segments(sealer, NOON).seal_step(5, NOON, BODY)) for _ in range(3)}
    assert len(marks) == 3


def test_what_an_earlier_process_sealed_is_opened(sealer: Sealer) -> None:
    sealed = Segments(sealer, NOON).seal_step(5, NOON, BODY)
    assert Segments(sealer, at(1)).open_step(5, NOON, sealed) == BODY
    keys = SegmentKeys((ref, key) for ref, key, _ in sealer.keys_of(SealedKind.JOURNAL))
    assert keys.open_step(5, NOON, sealed) == BODY


def test_tomorrow_has_its_key_today_and_where_none_was_made_the_old_one_goes_on(
    sealer: Sealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    segments = Segments(sealer, NOON)

    def fails(*_: object) -> None:
        raise PeerError("The disk is full.")

    with monkeypatch.context() as planted:
        planted.setattr(sealer, "take_key", fails)
        marks = [mark_of(segments.seal_step(day, at(day), BODY)) for day in range(4)]
        with pytest.raises(PeerError):
            segments.prepare(at(3))
    assert marks[0] != marks[1]
    assert marks[1] == marks[2] == marks[3]
    segments.prepare(at(3))
    assert mark_of(segments.seal_step(4, at(3), BODY)) not in marks


def test_a_day_is_forgotten_when_its_term_is_over_and_leaves_no_byte_of_its_key(
    sealer: Sealer, tmp_path: Path
) -> None:
    segments = Segments(sealer, NOON, term=Duration(10 * DAY))
    sealed = segments.seal_step(1, NOON, BODY)
    segments.prepare(at(1))
    later = segments.seal_step(2, at(1), BODY)
    keys = {ref: key for ref, key, _ in sealer.keys_of(SealedKind.JOURNAL)}
    assert segments.due(at(10)) == []
    (due,) = segments.due(at(11))
    assert segments.next_due() == (NOON // DAY + 11) * DAY
    assert scan(tmp_path, key_spellings(keys[due])), "the scan would not find it"
    segments.forget([due])
    assert segments.open_step(1, NOON, sealed) is None
    assert not segments.knows(mark_of(sealed))
    assert segments.open_step(2, at(1), later) == BODY
    assert scan(tmp_path, key_spellings(keys[due])) == []
    assert due not in dict.fromkeys(ref for ref, _, _ in sealer.keys_of(SealedKind.JOURNAL))


def test_the_day_in_use_is_never_due(sealer: Sealer) -> None:
    segments = Segments(sealer, NOON, term=Duration(DAY))
    segments.seal_step(1, NOON, BODY)
    in_use = segments.turn(NOON)
    assert segments.knows(in_use)
    assert [segments.knows(in_use) for _ in segments.due(at(99))] == [True]  # tomorrow's alone


def test_days_are_not_destroyed_among_the_texts_and_a_key_is_durable_before_its_use(
    sealer: Sealer, tmp_path: Path
) -> None:
    segments = Segments(sealer, NOON)
    segments.seal_step(1, NOON, BODY)
    assert sealer.destroy_due(at(9_999)) == []
    assert len(sealer.keys_of(SealedKind.JOURNAL)) == 2
    sealer.close()
    with sqlite3.connect(tmp_path / "keys.sqlite") as connection:
        kinds = connection.execute("SELECT kind FROM refs").fetchall()
    connection.close()
    assert kinds == [("journal",), ("journal",)]
