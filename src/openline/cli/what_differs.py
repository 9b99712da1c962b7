"""`openline compare`: two worlds among the same people, and what differs, in words.

The words are for who decides: how many more people hang up, when, how sure that is, and what would
mend it. Every number stands in the table under them.
"""

import json as json_codec
from collections.abc import Sequence
from pathlib import Path

import typer

from openline.app.comparing import Comparison, Mend, compare, mend_of
from openline.app.expected import expected_of, with_expected
from openline.app.sharing import Shared
from openline.app.study import Scenario, scenario_of
from openline.cli.changes import hours_words, words_of
from openline.cli.figures import console, span
from openline.cli.progress import Telling
from openline.cli.studies import first_day, in_file, runs_of, shown, so_far
from openline.configuration import Published, load
from openline.measures import definition
from openline.model import RefusedError
from openline.reports import COLUMNS, USUAL, column
from openline.reports.runs import ALL, Estimate, Per, differences, estimates
from openline.reports.whereabouts import busiest_stretch, standing_out
from openline.simulation.changes import NOTHING, Changes

DAYS_OF_A_WEEK = 7


def compare_worlds(
    *,
    first: Path,
    second: Path | None,
    days: int,
    seed: int | None,
    start: str | None,
    runs: int | None,
    precision: float | None,
    shared: Shared,
    changes: Changes,
    forecast: Path | None,
    mends: bool,
    json: bool,
) -> None:
    """Compares and tells."""
    if second is None and changes == NOTHING:
        raise RefusedError(
            "Compare with what? Name a second file, or say what is different: --people -3, "
            "--extra 18:00-22:00, --volume 2, --outage 14:00-15:00, --callback-after 4m, "
            "--rule talk.target=60s.",
            code="nothing_to_compare",
        )
    published = load(first)
    expected = None if forecast is None else expected_of(forecast, published.zone)
    day = first_day(published, start, expected)
    other = published if second is None else load(second)
    seed = _seed(published) if seed is None else seed
    worlds = (
        scenario_of(published, start=day, days=days, seed=seed),
        scenario_of(other, start=day, days=days, seed=seed, changes=changes),
    )
    if expected is not None:
        worlds = with_expected(worlds[0], expected), with_expected(worlds[1], expected)
    most = runs_of(runs, precision)
    name = ", ".join(((second or first).name, *words_of(changes)))
    compare_scenarios(
        worlds,
        (first.name, name),
        runs=most,
        precision=precision,
        shared=shared,
        mends=mends,
        json=json,
    )


def compare_scenarios(
    worlds: tuple[Scenario, Scenario],
    names: tuple[str, str],
    *,
    runs: int,
    precision: float | None,
    shared: Shared,
    mends: bool,
    json: bool,
    notes: Sequence[str] = (),
) -> None:
    """Compares two worlds and tells; `notes` are told at the end."""
    with Telling("Comparing") as telling:
        found = compare(
            *worlds,
            runs=runs,
            precision=precision,
            shared=shared,
            tell=lambda done, best: telling(done, runs, so_far(best)),
        )
    if not found.first.runs:
        raise RefusedError(
            "Interrupted before the first run was finished: nothing to tell.", code="interrupted"
        )
    mend = _mend(found, worlds[1], shared) if mends else None
    sentences = [*headline(found), *_mended(found, mend), *_ends(found)]
    if json:
        answer = {**_json(found, *names, mend, sentences), "notes": list(notes)}
        typer.echo(json_codec.dumps(answer, ensure_ascii=False))
        return
    for sentence in sentences:
        typer.echo(sentence)
    _table(found, *names)
    for note in notes:
        typer.echo(f"- {note}")


def _seed(published: Published) -> int | None:
    """Returns the first configuration's seed: the second's may be another, and then others call."""
    return None if published.simulation is None else published.simulation.seed


def _mend(found: Comparison, second: Scenario, shared: Shared) -> Mend | None:
    if found.second.is_interrupted:
        return None
    with Telling("Looking for what mends it"):
        return mend_of(found, second, shared=shared, tell=lambda done, best: None)


# --- words ---------------------------------------------------------------------------------


def headline(found: Comparison) -> list[str]:
    """Returns what differs, most telling first."""
    hang_up = found.difference("abandoned")
    sentences = [_of_abandoned(found, hang_up)]
    for key in ("service_level", "asa", "occupancy"):
        each = found.difference(key)
        if each.is_sure and each.value is not None:
            sentences.append(_changes(found, key, each))
    return sentences


def _of_abandoned(found: Comparison, each: Estimate) -> str:
    if each.value is None:
        return "Nobody called."
    per_day = each.value / found.days
    if each.half_width is None:
        return f"In one run {_people(per_day)} hang up. One run tells nothing of chance: take more."
    half = each.half_width / found.days
    if not each.is_sure:
        if half == 0:
            return "Exactly as many people hang up in both."
        return (
            f"It cannot be told whether more or fewer people hang up: the difference lies between "
            f"{per_day - half:+.1f} and {per_day + half:+.1f} a day. More runs tell more."
        )
    low, high = sorted((abs(per_day) - half, abs(per_day) + half))
    where = "".join(_whereabouts(found))
    return (
        f"About {_people(per_day)} hang up a day{where}; we are sure of the sign "
        f"({low:.1f} to {high:.1f})."
    )


def _people(per_day: float) -> str:
    """Returns how many more or fewer.

    >>> _people(14.2), _people(-1.0), _people(0.4)
    ('14 more people', '1.0 fewer people', '0.4 more people')
    """
    some = abs(per_day)
    count = f"{some:,.0f}" if some >= 10 else f"{some:.1f}"
    return f"{count} {'more' if per_day > 0 else 'fewer'} people"


def _whereabouts(found: Comparison) -> list[str]:
    words = []
    by_half_hour = found.by(Per.INTERVAL, "abandoned")
    stretch = busiest_stretch({key: each.value or 0.0 for key, each in by_half_hour.items()})
    if stretch is not None:
        words.append(f", mostly {hours_words(*stretch)}")
    kinds = [(Per.QUEUE, "in the queue "), (Per.LANGUAGE, "in the language ")]
    if found.days >= DAYS_OF_A_WEEK:
        kinds.append((Per.WEEKDAY, "on "))
    for per, words_of_kind in kinds:
        parts = found.by(per, "abandoned")
        name = standing_out({key: each.value or 0.0 for key, each in parts.items()})
        if name is not None:
            words.append(f", mostly {words_of_kind}{name}")
    return words


def _changes(found: Comparison, key: str, each: Estimate) -> str:
    first, second = found.runs()
    before, after = (estimates(runs, ALL, [key])[key] for runs in (first, second))
    name = definition(key).name
    return (
        f"{name}: {_plain(before.value, key)} before, {_plain(after.value, key)} after "
        f"({difference_words(each, key)})."
    )


def _plain(value: float | None, key: str) -> str:
    return shown(Estimate(value, None), key)


def difference_words(each: Estimate, key: str) -> str:
    """Returns a difference with its sign and its ±.

    >>> difference_words(Estimate(-0.136, 0.018), "service_level")
    '-13.6 points ± 1.8'
    """
    value, half = each
    if value is None:
        return "–"
    unit = definition(key).unit
    if unit == "share":
        return f"{100 * value:+.1f} points" + ("" if half is None else f" ± {100 * half:.1f}")
    if unit == "count":
        return f"{value:+,.1f}" + ("" if half is None else f" ± {half:,.1f}")
    sign = "-" if value < 0 else "+"
    return f"{sign}{span(abs(value))}" + ("" if half is None else f" ± {span(half)}")


def _mended(found: Comparison, mend: Mend | None) -> list[str]:
    harm = found.difference("abandoned")
    if mend is None or harm.value is None:
        return []
    extra = mend.extra
    people = "One person more" if extra.count == 1 else f"{extra.count} people more"
    hours = hours_words(extra.start_minute, extra.end_minute)
    left = (mend.left.value or 0.0) / found.days
    if left <= 0.1 * harm.value / found.days:
        return [f"{people}, {hours}, mends it."]
    return [
        f"{people}, {hours}, takes back {mend.taken_back / found.days:.1f} of these "
        f"{harm.value / found.days:.1f} a day; nothing that was tried takes back more."
    ]


def _ends(found: Comparison) -> list[str]:
    if found.first.is_interrupted:
        return [f"Interrupted; that is of the {len(found.first.runs)} runs that were finished."]
    return []


# --- figures -------------------------------------------------------------------------------


def _table(found: Comparison, first_name: str, second_name: str) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    first, second = found.runs()
    table = Table(box=SIMPLE)
    for name in ("", first_name, second_name, "difference"):
        table.add_column(name, justify="right" if name else "left")
    before, after = (estimates(runs, ALL, USUAL) for runs in (first, second))
    for key, each in differences(first, second, ALL, USUAL).items():
        row = shown(before[key], key), shown(after[key], key), difference_words(each, key)
        table.add_row(definition(key).name, *row)
    console().print(table)
    count = len(first)
    typer.echo(
        f"{count} {'run' if count == 1 else 'runs'} of {found.days} "
        f"{'day' if found.days == 1 else 'days'} each, the same people in both. Counts are of one "
        f"run. 95 times in 100 the figure lies within its ±."
    )


def _json(
    found: Comparison, first_name: str, second_name: str, mend: Mend | None, sentences: list[str]
) -> dict[str, object]:
    first, second = found.runs()
    proposal: dict[str, object] | None = None
    if mend is not None:
        proposal = {
            "people": mend.extra.count,
            "hours": hours_words(mend.extra.start_minute, mend.extra.end_minute),
            "abandoned_left": mend.left.value,
            "abandoned_taken_back": mend.taken_back,
        }
    return {
        "first": first_name,
        "second": second_name,
        "runs": len(first),
        "seeds": [run.seed for run in found.first.runs],
        "days": found.days,
        "interrupted": found.first.is_interrupted,
        "words": sentences,
        "figures": {
            "first": in_file(first, ALL),
            "second": in_file(second, ALL),
            "difference": {
                column(key): {"value": each.value, "half_width": each.half_width}
                for key, each in differences(first, second, ALL, COLUMNS).items()
            },
        },
        "abandoned_by": {
            per.value: {
                key: {"value": each.value, "half_width": each.half_width}
                for key, each in found.by(per, "abandoned").items()
            }
            for per in (Per.INTERVAL, Per.WEEKDAY, Per.QUEUE, Per.LANGUAGE)
        },
        "mend": proposal,
    }
