"""`openline twin`: what was learnt from the record, how well it reproduces it, and what if."""

import json as json_codec
from collections.abc import Mapping, Sequence
from pathlib import Path

import typer

from openline.app.options import options
from openline.app.sharing import Shared
from openline.app.study import study
from openline.app.twin import FEW_CALLS, Twin, twin_of, with_changes
from openline.cli.changes import words_of
from openline.cli.figures import console, span
from openline.cli.progress import Telling
from openline.cli.studies import runs_of, shown, so_far
from openline.cli.what_differs import compare_scenarios
from openline.configuration import load
from openline.measures import definition
from openline.model import SECOND, Origin, RefusedError
from openline.reports import USUAL, column
from openline.reports.fidelity import Fit, fit, fits
from openline.reports.runs import ALL, Estimate, Per, Run
from openline.simulation.changes import NOTHING, Changes
from openline.simulation.experience import BANDS, BANDS_DAYS, Experience
from openline.simulation.learned import CALLBACK_SHARE
from openline.simulation.learning import Learnt

CHECKED = tuple(key for key in USUAL if key != "wait_longest")
BY_PART = ("offered", "abandoned", "service_level", "handle_time")


def try_twin(
    *,
    config: Path | None,
    data: Path | None,
    since: str | None,
    until: str | None,
    origins: tuple[Origin, ...],
    other: Path | None,
    changes: Changes,
    runs: int | None,
    shared: Shared,
    seed: int,
    mends: bool,
    json: bool,
) -> None:
    """Learns, then checks or compares."""
    chosen = options(config=config, data=data, speed=1, port=None)
    published = load(chosen.config)
    most = runs_of(runs, None)
    with Telling("Reading the record") as telling:
        twin = twin_of(
            chosen.data,
            published,
            since=since,
            until=until,
            origins=origins,
            seed=seed,
            tell=telling,
        )
    notes = _notes(twin, changes)
    if other is None and changes == NOTHING:
        _check(twin, most, shared, json, notes)
        return
    changed = with_changes(twin, None if other is None else load(other), changes)
    name = ", ".join((*((other.name,) if other else ()), *words_of(changes)))
    compare_scenarios(
        (twin.scenario, changed),
        ("as it was", name),
        runs=most,
        precision=None,
        shared=shared,
        mends=mends,
        json=json,
        notes=notes,
    )


def _check(twin: Twin, runs: int, shared: Shared, json: bool, notes: Sequence[str]) -> None:
    with Telling("Living the days again") as telling:
        (found,) = study(
            (twin.scenario,),
            runs=runs,
            precision=None,
            shared=shared,
            tell=lambda done, best: telling(done, runs, so_far(best)),
        )
    if not found.runs:
        raise RefusedError(
            "Interrupted before the first run was finished: nothing to tell.", code="interrupted"
        )
    recorded, drawn = twin.recorded.of(), [run.of() for run in found.runs]
    whole = {key: fit(recorded, drawn, ALL, key) for key in CHECKED}
    parts = {
        per: fits(recorded, drawn, per, BY_PART)
        for per in (Per.INTERVAL, Per.WEEKDAY, Per.QUEUE, Per.LANGUAGE)
    }
    if json:
        typer.echo(json_codec.dumps(_json(twin, drawn, whole, parts, notes), ensure_ascii=False))
        return
    for sentence in learnt_words(twin.learnt):
        typer.echo(sentence)
    _table(whole)
    typer.echo(_verdict(whole, len(drawn)))
    for per, by_part in parts.items():
        typer.echo(_of_parts(per, by_part))
    for note in notes:
        typer.echo(f"- {note}")


def learnt_words(learnt: Learnt) -> list[str]:
    """Returns what was learnt, in sentences."""
    days = "1 day" if learnt.days == 1 else f"{learnt.days} days"
    words = [
        f"Learnt from {learnt.calls:,} calls of {days}; days of one weekday differ by "
        f"{learnt.busyness_cv:.0%} beyond chance; {learnt.redial_share:.0%} of those who give up "
        f"call again soon."
    ]
    words += experience_words(learnt.experience)
    for line in learnt.lines:
        works = [work for part in line.works for work in part]
        talk = sum(work.talk for work in works) / len(works) / SECOND if works else 0.0
        half = line.patience.at(0.5) / SECOND
        whose = "" if line.has_own_patience else " (of all lines)"
        words.append(
            f"{line.line}: {sum(map(sum, line.per_half_hour)) / 7:,.1f} calls a day, mean talk "
            f"{span(talk)}; half have left after a wait of {span(half)}{whose}."
        )
    return words


def experience_words(experience: Experience) -> list[str]:
    """Returns how much longer those take who are new, where several bands answered.

    >>> experience_words(
    ...     Experience(first_calls={}, calls=(120, 0, 0, 900), talk=(1.18, 1.0, 1.0, 0.98))
    ... )
    ['Talk by days since the first call: under 14 +18% (120 calls), from 91 on -2% (900).']
    """
    told = [band for band, calls in enumerate(experience.calls) if calls]
    if len(told) < 2:
        return []
    parts = [
        f"{band_words(band)} {experience.talk[band] - 1:+.0%} ({experience.calls[band]:,}"
        + (" calls)" if band == told[0] else ")")
        for band in told
    ]
    return [f"Talk by days since the first call: {', '.join(parts)}."]


def band_words(band: int) -> str:
    """Returns a band of days since the first call."""
    if band == 0:
        return f"under {BANDS_DAYS[0]}"
    if band == BANDS - 1:
        return f"from {BANDS_DAYS[-1]} on"
    return f"{BANDS_DAYS[band - 1]} to {BANDS_DAYS[band] - 1}"


def _notes(twin: Twin, changes: Changes) -> list[str]:
    """Returns what the answer cannot know, or had to assume."""
    learnt, notes = twin.learnt, []
    if learnt.calls < FEW_CALLS:
        notes.append(f"{learnt.calls:,} calls are few to learn from: take a longer period.")
    if not learnt.patience_was_seen:
        mean = learnt.lines[0].patience.mean / SECOND
        notes.append(
            f"Nobody gave up, so how long callers would wait was never seen: a mean of "
            f"{span(mean)} is assumed."
        )
    if twin.configurations > 1:
        notes.append(
            f"The record was made under {twin.configurations} configurations; the twin has the "
            f"rules of the last."
        )
    if twin.is_other_configuration:
        notes.append(
            "The rules of the given configuration are not those of the record, which the twin has; "
            "to try them: --with FILE. Targets are the given ones."
        )
    if learnt.left_early:
        notes.append(f"{learnt.left_early:,} calls that left before a queue are left out.")
    if twin.missed:
        notes.append(
            f"{twin.missed:,} missed or declined offers are not drawn; the pauses after them are "
            f"in the agents' times."
        )
    if learnt.days < 2 * 7:
        notes.append("How days differ beyond chance takes some weeks to learn.")
    if changes.callback_after is not None:
        notes.append(f"How many take a callback was never seen: {CALLBACK_SHARE:.0%} are assumed.")
    return notes


def _plain(value: float | None, key: str) -> str:
    return shown(Estimate(value, None), key)


def _table(whole: Mapping[str, Fit]) -> None:
    from rich.box import SIMPLE
    from rich.table import Table

    table = Table(box=SIMPLE)
    for name in ("", "recorded", "twin", "one more run lies within", ""):
        table.add_column(name, justify="right" if name else "left")
    for key, each in whole.items():
        between = "–"
        if each.low is not None:
            low = max(0.0, each.low)
            between = f"{_plain(low, key)} to {_plain(each.high, key)}"
        verdict = {True: "fits", False: "DIFFERS", None: "–"}[each.is_within]
        row = _plain(each.recorded, key), _plain(each.mean, key), between, verdict
        table.add_row(definition(key).name, *row)
    console().print(table)


def _verdict(whole: Mapping[str, Fit], runs: int) -> str:
    told = [key for key, each in whole.items() if each.is_within is not None]
    off = [definition(key).name for key in told if not whole[key].is_within]
    if not told:
        return f"{runs} runs: nothing can be told of how well the twin fits. Take more."
    if not off:
        return f"The twin reproduces all {len(told)} measures, as far as {runs} runs can tell."
    return (
        f"The twin reproduces {len(told) - len(off)} of {len(told)} measures; off: "
        f"{', '.join(off)}. One in twenty is off by chance."
    )


def _of_parts(per: Per, by_part: Mapping[str, Mapping[str, Fit]]) -> str:
    told = [each for fits_ in by_part.values() for each in fits_.values() if each.recorded]
    known = [each for each in told if each.is_within is not None]
    inside = sum(bool(each.is_within) for each in known)
    off = [
        f"{name} ({definition(key).name.lower()})"
        for name, fits_ in by_part.items()
        for key, each in fits_.items()
        if each.recorded and each.is_within is False
    ]
    more = f" and {len(off) - 5} more" if len(off) > 5 else ""
    where = f"; off: {', '.join(off[:5])}{more}" if off else ""
    return f"By {per.value}: {inside} of {len(known)} figures fit{where}."


def _json(
    twin: Twin,
    drawn: Sequence[Run],
    whole: Mapping[str, Fit],
    parts: Mapping[Per, Mapping[str, Mapping[str, Fit]]],
    notes: Sequence[str],
) -> dict[str, object]:
    return {
        "from": twin.scenario.start.isoformat(),
        "days": twin.learnt.days,
        "zone": twin.scenario.zone,
        "calls": twin.learnt.calls,
        "busyness_cv": twin.learnt.busyness_cv,
        "redial_share": twin.learnt.redial_share,
        "patience_was_seen": twin.learnt.patience_was_seen,
        "experience": [
            {"days": band_words(band), "calls": calls, "talk": talk, "wrap_up": wrap_up}
            for band, (calls, talk, wrap_up) in enumerate(
                zip(
                    twin.learnt.experience.calls,
                    twin.learnt.experience.talk,
                    twin.learnt.experience.wrap_up,
                    strict=True,
                )
            )
        ],
        "lines": [
            {
                "line": line.line,
                "calls_per_day": sum(map(sum, line.per_half_hour)) / 7,
                "patience_median_s": line.patience.at(0.5) / SECOND,
                "patience_mean_s": line.patience.mean / SECOND,
                "has_own_patience": line.has_own_patience,
            }
            for line in twin.learnt.lines
        ],
        "runs": len(drawn),
        "figures": {column(key): each._asdict() for key, each in whole.items()},
        "by": {
            per.value: {
                name: {column(key): each._asdict() for key, each in fits_.items()}
                for name, fits_ in by_part.items()
            }
            for per, by_part in parts.items()
        },
        "notes": list(notes),
    }
