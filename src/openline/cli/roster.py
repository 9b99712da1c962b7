"""`openline roster`: what a roster plans, and whether it covers a forecast."""

import json as json_codec
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from openline.cli.roster_twin import TwinAsked, live, tell_twin, twin_json
from openline.cli.typed import write_whole, zone_of
from openline.model import RefusedError
from openline.planning.cover import Cover, Service, change_of, changed, cover_of, with_calls
from openline.planning.cover_words import difference_words, verdict_words
from openline.planning.plan_asked import risk_word
from openline.planning.quantities import duration_s, shrinkage, target
from openline.planning.roster_file.reading import Roster, read_roster
from openline.planning.staffing_forecast import PLANNED_FOR, Intervals, read_forecast


@dataclass(frozen=True, kw_only=True)
class RosterAsked:
    """Is what was typed."""

    source: Path
    forecast: Path | None
    aht: str | None
    patience: str | None
    target: str
    shrinkage: str
    planned_for: str
    change: str | None
    day: str | None
    group: str | None
    zone: str | None
    out: Path | None
    twin: TwinAsked | None
    json: bool


def tell_roster(asked: RosterAsked) -> None:
    """Says what the roster plans or, beside a forecast, whether it covers it."""
    if asked.forecast is not None:
        _cover(asked, asked.forecast)
        return
    for name, value in (
        ("--change", asked.change),
        ("--day", asked.day),
        ("--out", asked.out),
        ("--twin", asked.twin),
    ):
        if value is not None:
            raise RefusedError(
                f"{name} is for a roster beside a forecast: add --forecast fortnight.csv.",
                code="option_missing",
            )
    _show(_roster(asked), json=asked.json)


def _show(roster: Roster, *, json: bool) -> None:
    days: dict[date, list[float]] = defaultdict(list)
    for shift in roster.shifts:
        days[shift.start.date()].append(shift.hours)
    if json:
        answer = {
            "shifts": [
                {
                    "person": shift.person,
                    "group": shift.group,
                    "start": shift.start.isoformat(),
                    "end": shift.end.isoformat(),
                }
                for shift in roster.shifts
            ],
            "people": len(roster.people),
            "hours": sum(shift.hours for shift in roster.shifts),
        }
        typer.echo(json_codec.dumps(answer, ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False)
    hours = sum(shift.hours for shift in roster.shifts)
    console.print(
        f"[bold]{roster.name}[/bold] plans {_number(len(roster.shifts), 'shift')} of "
        f"{_number(len(roster.people), 'person', 'people')}, {hours:,.1f} hours."
    )
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("day", no_wrap=True)
    for heading in ("shifts", "hours"):
        table.add_column(heading, justify="right")
    for day, own in sorted(days.items()):
        table.add_row(f"{day:%a} {day}", str(len(own)), f"{sum(own):,.1f}")
    console.print(table)


def _cover(asked: RosterAsked, forecast: Path) -> None:
    """Says where the roster falls short of a forecast, and what a change of it would do."""
    if asked.planned_for not in PLANNED_FOR:
        raise RefusedError(
            f"--plan-for {asked.planned_for}: plan for one of {', '.join(PLANNED_FOR)}.",
            code="bad_plan",
        )
    service = _service(asked)
    change = None if asked.change is None else change_of(asked.change, "--change")
    roster = _roster(asked)
    text = _read(forecast).decode("utf-8", errors="replace")
    intervals = read_forecast(text, forecast.name, asked.planned_for)
    now = cover_of(roster.shifts, intervals, service)
    if asked.day is not None:
        now = _of_day(now, asked.day)
    after = None if change is None else changed(now, change, service)
    ends = [
        tuple(with_calls(each, end, service) for each in (now, after or now))
        for end in _ends(text, forecast.name)
    ]
    if asked.out is not None:
        write_whole(asked.out, (after or now).table())
    lived = None
    if asked.twin is not None:
        lived = live(asked.twin, roster.shifts, now, after, change, service)
    if asked.json:
        answer = _as_json(now, after, ends, service)
        if lived is not None:
            answer["twin"] = twin_json(lived)
        typer.echo(json_codec.dumps(answer, ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False)
    aim = f"{100 * service.target_share:g} % answered within {service.target_s:g} s"
    console.print(f"For {aim} (erlang-a), planned for the column {asked.planned_for}:")
    _say(console, now, by_interval=asked.day is not None)
    said = verdict_words(now)
    if after is not None:
        said += difference_words(now, after, ends)
    if now.left_out and asked.day is None:
        count = _number(len(now.left_out), "day")
        said.append(f"{count} of the forecast not looked at: the roster plans nobody there.")
    if asked.out is not None:
        which = "" if after is None else ", with the change"
        said.append(f"{asked.out} holds {_number(len(now.stamps), 'interval')}{which}.")
    for sentence in said:
        typer.echo(sentence)
    if lived is not None:
        tell_twin(lived, console, by_interval=asked.day is not None)


def _service(asked: RosterAsked) -> Service:
    if asked.patience is None:
        raise RefusedError(
            "--patience is missing: say how long callers wait before they leave, on average, as "
            "--patience 3m.",
            code="patience_missing",
        )
    share, within = target(asked.target, "--target")
    return Service(
        aht_s=None if asked.aht is None else duration_s(asked.aht, "--aht"),
        patience_s=duration_s(asked.patience, "--patience"),
        target_share=share / 100,
        target_s=within,
        shrinkage=shrinkage(asked.shrinkage),
    )


def _ends(text: str, name: str) -> tuple[Intervals, ...]:
    """Returns the low and the high end of the range, where the forecast has one."""
    header = text.lstrip("\ufeff").partition("\n")[0].lower()
    if "low80" not in header or "high80" not in header:
        return ()
    return tuple(read_forecast(text, name, column) for column in ("low80", "high80"))


def _of_day(cover: Cover, day: str) -> Cover:
    places = [at for at, stamp in enumerate(cover.stamps) if stamp[:10] == day]
    if not places:
        raise RefusedError(
            f"--day {day}: roster and forecast plan {cover.stamps[0][:10]} to "
            f"{cover.stamps[-1][:10]} together.",
            code="no_common_day",
        )
    return cover.rows(places)


def _say(console: Console, cover: Cover, *, by_interval: bool) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("time" if by_interval else "day", no_wrap=True)
    for heading in ("calls", "needed", "to plan", "planned", "gap", "in time", "leave"):
        table.add_column(heading, justify="right")
    table.add_column("risk")
    if by_interval:
        for at, stamp in enumerate(cover.stamps):
            gap = int(cover.gap[at])
            table.add_row(
                stamp[11:16],
                f"{cover.calls[at]:,.1f}",
                *(str(int(c[at])) for c in (cover.needed, cover.to_schedule, cover.rostered)),
                f"{gap:+d}" if gap else "0",
                f"{100 * cover.figures.service_level[at]:.1f} %",
                f"{100 * cover.figures.abandon_probability[at]:.1f} %",
                risk_word(gap, float(cover.figures.abandon_probability[at])),
            )
    else:
        hours = cover.intervals.interval_s / 3600
        by_day: dict[str, list[int]] = defaultdict(list)
        for at, stamp in enumerate(cover.stamps):
            by_day[stamp[:10]].append(at)
        for day, places in by_day.items():
            part = cover.rows(places)
            calls = float(part.calls.sum())
            short = int((part.gap < 0).sum())
            table.add_row(
                day,
                f"{calls:,.0f}",
                *(
                    f"{float(c.sum()) * hours:,.1f} h"
                    for c in (part.needed, part.to_schedule, part.rostered)
                ),
                f"{float(part.gap.sum()) * hours:+,.1f} h",
                f"{100 * (1 - part.late.sum() / calls):.1f} %" if calls else "–",
                f"{100 * part.leave.sum() / calls:.1f} %" if calls else "–",
                f"{short} short" if short else "covered",
            )
    console.print(table)


def _as_json(
    now: Cover, after: Cover | None, ends: list[tuple[Cover, ...]], service: Service
) -> dict[str, object]:
    def rows(cover: Cover) -> list[dict[str, object]]:
        return [
            {
                "timestamp": stamp,
                "calls": float(cover.calls[at]),
                "needed_on_phones": int(cover.needed[at]),
                "to_schedule": int(cover.to_schedule[at]),
                "rostered": int(cover.rostered[at]),
                "on_phones": float(cover.on_phones[at]),
                "gap": int(cover.gap[at]),
                "service_level": float(cover.figures.service_level[at]),
                "abandon_probability": float(cover.figures.abandon_probability[at]),
                "mean_wait_s": float(cover.figures.mean_wait_s[at]),
            }
            for at, stamp in enumerate(cover.stamps)
        ]

    def sums(cover: Cover) -> dict[str, object]:
        return {
            "calls": float(cover.calls.sum()),
            "leave": float(cover.leave.sum()),
            "late": float(cover.late.sum()),
            "intervals_short": int((cover.gap < 0).sum()),
        }

    answer: dict[str, object] = {
        "model": "erlang-a",
        "target_percent": 100 * service.target_share,
        "target_s": service.target_s,
        "shrinkage_percent": float(service.shrinkage),
        "days_left_out": list(now.left_out),
        **sums(now),
        "intervals": rows(now),
    }
    if after is not None:
        change: dict[str, object] = {**sums(after), "intervals": rows(after)}
        change["fewer_leave"] = float(now.leave.sum() - after.leave.sum())
        change["fewer_leave_at_ends_of_80"] = [
            float(one.leave.sum() - other.leave.sum()) for one, other in ends
        ]
        answer["after"] = change
    return answer


def _roster(asked: RosterAsked) -> Roster:
    zone = None if asked.zone is None else zone_of(asked.zone)
    roster = read_roster(_read(asked.source), asked.source.name, zone=zone)
    return roster if asked.group is None else roster.of_group(asked.group)


def _read(source: Path) -> bytes:
    try:
        return source.read_bytes()
    except OSError as error:
        raise RefusedError(f"{source}: {error.strerror}.", code="bad_table") from None


def _number(count: int, one: str, many: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
