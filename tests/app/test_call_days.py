"""Whether the list of calls is the same from lists as from steps, and forgets what is forgotten."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import msgspec
import pytest

from openline.app.reading import call_days
from openline.app.reading import worker as worker_module
from openline.app.reading.jobs import Adopt
from openline.app.reading.worker import Worker
from openline.app.record import Tell, quietly
from openline.configuration import load
from openline.model import Instant, RefusedError
from openline.reports.call_list import CallList, CallsAsked
from openline.sealing import KeyStore, SealedKind
from openline.sealing.kinds import DAY
from openline.simulation.civil import instant_of
from openline.store import DataFolder
from tests.app.real_record import list_days, lived, sum_days, write
from tests.cli.tried import SMALL

DAYS = 6
WHOLE = CallsAsked(since="2026-03-02", until=f"2026-03-0{1 + DAYS}")


class Kept:
    """Is some days of real calls, twice: with lists of the days that are over, and without."""

    def __init__(self, folder: Path) -> None:
        published = load(SMALL)
        since = instant_of(date(2026, 3, 2), 0, published.zone)
        until = instant_of(date(2026, 3, 2 + DAYS), 0, published.zone)
        steps = lived(published, since, until)
        self.by_steps, self.by_lists = folder / "steps", folder / "lists"
        for each in (self.by_steps, self.by_lists):
            write(each, steps)
        sum_days(self.by_lists, published, Instant(until - DAY))
        assert list_days(self.by_lists, until) == DAYS - 1
        assert list_days(self.by_lists, until) == 0


def worker(data: Path, *, is_patient: bool = True, tell: Tell = quietly) -> Worker:
    made = Worker(data, SMALL, is_patient=is_patient, tell=tell)
    made.answer(Adopt(version=1, text=SMALL.read_text()))
    return made


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    return Kept(tmp_path)


def pages(of: Worker, asked: CallsAsked) -> Iterator[CallList]:
    page = of.calls(asked)
    yield page
    while page.older is not None:
        page = of.calls(msgspec.structs.replace(asked, older_than=page.older))
        yield page


def test_lists_say_what_steps_say_whatever_is_asked(kept: Kept) -> None:
    slow, fast = worker(kept.by_steps), worker(kept.by_lists)
    whole = list(pages(fast, WHOLE))
    assert whole == list(pages(slow, WHOLE))
    assert (whole[0].count, len(whole)) == (sum(len(each.rows) for each in whole), len(whole))
    assert len(whole) > 2
    for changes in (
        {"outcome": "abandoned"},
        {"waited_s": 60},
        {"queue": "talk", "line": "evening", "language": "en"},
        {"language": "tlh"},
        {"since": "2026-03-03T19:30", "until": "2026-03-05T21:15"},
        {"since": "2026-03-04T18:00", "until": "2026-03-04T18:15"},
        {"since": "2026-03-07", "until": "2026-03-07"},
    ):
        asked = msgspec.structs.replace(WHOLE, **changes)
        assert list(pages(fast, asked)) == list(pages(slow, asked))


def test_days_without_a_list_take_patience_where_they_are_many(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_module, "DAYS_AT_ONCE", 3)
    told: list[tuple[int, int]] = []
    patient = worker(kept.by_steps, tell=lambda done, of: told.append((done, of)))
    expected = worker(kept.by_lists, is_patient=False).calls(WHOLE)
    with pytest.raises(RefusedError) as refused:
        worker(kept.by_steps, is_patient=False).calls(WHOLE)
    assert refused.value.code == "is_long"
    assert patient.calls(WHOLE) == expected
    assert told == sorted(told)
    assert {of for _, of in told} == {DAYS + 1}


def test_no_more_is_remembered_than_there_is_room_for(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call_days, "FILTERS_REMEMBERED", 1_000)
    small, large = worker(kept.by_lists), worker(kept.by_steps)
    for _ in range(2):
        assert small.calls(WHOLE) == large.calls(WHOLE)


@pytest.mark.parametrize("kind", ["by_steps", "by_lists"])
def test_a_day_whose_key_is_destroyed_is_in_no_list_not_even_in_a_remembered_one(
    kept: Kept, kind: str
) -> None:
    data: Path = getattr(kept, kind)
    asked_before = worker(data)
    before = asked_before.calls(WHOLE)
    keys = KeyStore(DataFolder(data).keys)
    (first, _, _), *_ = keys.of_kind(SealedKind.JOURNAL)
    keys.destroy([first])
    keys.close()
    for each in (asked_before, worker(data)):
        after = each.calls(WHOLE)
        assert after.count < before.count
        days = {row.at // DAY for page in pages(each, WHOLE) for row in page.rows}
        assert min(days) == before.since // DAY + 1
