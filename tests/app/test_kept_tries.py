"""Tried changes are kept with their question, compared run by run, and a removal can be undone."""

from datetime import date
from pathlib import Path

import msgspec
import pytest

from openline.app.comparing import Comparison
from openline.app.kept_tries import MOST_KEPT, REMOVED_FOR_S, KeptTries
from openline.app.trying import tries
from openline.configuration import load
from openline.model import SECOND, Instant, RefusedError
from openline.planning.try_asked import Callers, KeptTry, Phase, Tried, TryAsked
from openline.simulation.changes import Changes
from tests.cli.tried import SMALL

pytestmark = pytest.mark.timeout(120)

NOW = Instant(1_772_539_200 * SECOND)


def asked(people: int, *, since: date = date(2026, 3, 3)) -> TryAsked:
    return TryAsked(
        callers=Callers.INVENTED, since=since, days=1, runs=3, changes=Changes(people=people)
    )


def lived(question: TryAsked) -> tuple[Tried, Comparison]:
    return list(tries(load(SMALL), SMALL, question, lambda told: None))[-1]


ONE = (asked(-1), *lived(asked(-1)))
TWO = (asked(-4), *lived(asked(-4)))


def filled(folder: Path) -> tuple[KeptTries, KeptTry, KeptTry]:
    kept = KeptTries(folder)
    return kept, kept.keep(*ONE, NOW), kept.keep(*TWO, NOW)


def test_it_is_opened_as_it_was_answered_also_after_a_restart(tmp_path: Path) -> None:
    _, first, second = filled(tmp_path)
    again = KeptTries(tmp_path)
    assert again.opened(first.name) == first
    assert first.asked == asked(-1)
    assert msgspec.structs.replace(first.tried, kept_as=None) == ONE[1]
    assert [each.name for each in again.listed()] == [second.name, first.name]


def test_two_of_one_second_have_names_of_their_own(tmp_path: Path) -> None:
    _, first, second = filled(tmp_path)
    assert (first.name, second.name) == ("1772539200-1", "1772539200-2")


def test_two_changes_are_compared_run_by_run_among_the_same_callers(tmp_path: Path) -> None:
    kept, first, second = filled(tmp_path)
    found = kept.compared(first.name, second.name)
    assert found.phase is Phase.COMPARED
    ours, theirs = ONE[1].leave.value, TWO[1].leave.value
    assert ours is not None
    assert theirs is not None
    assert found.leave.value == pytest.approx(theirs - ours)
    same = kept.compared(first.name, first.name)
    assert (same.leave.value, same.leave.half) == (0, 0)


def test_two_of_other_days_are_not_compared(tmp_path: Path) -> None:
    kept, first, _ = filled(tmp_path)
    other = kept.keep(asked(-1, since=date(2026, 3, 4)), ONE[1], ONE[2], NOW)
    with pytest.raises(RefusedError) as caught:
        kept.compared(first.name, other.name)
    assert caught.value.code == "other_callers"


def test_a_removal_can_be_taken_back_for_a_week(tmp_path: Path) -> None:
    kept, first, second = filled(tmp_path)
    kept.remove(first.name)
    assert [each.name for each in kept.listed()] == [second.name]
    with pytest.raises(RefusedError):
        kept.opened(first.name)
    removed_at = (tmp_path / "studies" / f"{first.name}.removed").stat().st_mtime
    kept.forget(removed_at + REMOVED_FOR_S - 1)
    kept.put_back(first.name)
    assert kept.opened(first.name) == first
    kept.remove(first.name)
    removed_at = (tmp_path / "studies" / f"{first.name}.removed").stat().st_mtime
    kept.forget(removed_at + REMOVED_FOR_S + 1)
    with pytest.raises(RefusedError):
        kept.put_back(first.name)
    assert sorted(path.stem for path in (tmp_path / "studies").iterdir()) == [second.name] * 2


def test_the_oldest_goes_where_there_are_too_many(tmp_path: Path) -> None:
    kept, first, _ = filled(tmp_path)
    for number in range(1, MOST_KEPT):
        kept.keep(*ONE, Instant(NOW + number * SECOND))
    assert len(kept.listed()) == MOST_KEPT
    assert first.name not in {each.name for each in kept.listed()}


@pytest.mark.parametrize("name", ["../keys.sqlite", "1-1", "1772539200-1/../x", "", "nothing"])
def test_a_name_that_is_none_opens_nothing(tmp_path: Path, name: str) -> None:
    kept, _, _ = filled(tmp_path)
    for act in (kept.opened, kept.remove, kept.put_back):
        with pytest.raises(RefusedError) as caught:
            act(name)
        assert caught.value.code == "not_kept"


def test_a_file_that_is_broken_is_passed_over(tmp_path: Path) -> None:
    kept, first, second = filled(tmp_path)
    (tmp_path / "studies" / f"{first.name}.json").write_bytes(b"{")
    (tmp_path / "studies" / "notes.json").write_bytes(b"{}")
    assert [each.name for each in kept.listed()] == [second.name]


def test_without_a_folder_there_is_nothing(tmp_path: Path) -> None:
    kept = KeptTries(tmp_path / "nowhere")
    kept.forget()
    assert kept.listed() == []
