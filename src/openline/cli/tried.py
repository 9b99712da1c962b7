"""`openline tried`: changes that were tried on the page, listed, told again, compared, removed."""

import json as json_codec
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import typer

from openline.app.kept_tries import KeptTries
from openline.app.options import options
from openline.cli.changes import words_of
from openline.cli.figures import console, span
from openline.measures import definition
from openline.model import SECOND, RefusedError
from openline.planning.plan_asked import Known
from openline.planning.try_asked import Callers, FigureTried, KeptTry, Tried

_CALLERS = {
    Callers.RECORD: "callers like those recorded",
    Callers.INVENTED: "callers as configured",
    Callers.PLANNED: "a forecast that was given",
}


def tell_tried(
    names: list[str],
    *,
    data: Path | None,
    remove: str | None,
    put_back: str | None,
    json: bool,
) -> None:
    """Lists all, tells one again, or compares two; or removes one, or puts it back."""
    kept = KeptTries(options(config=None, data=data, speed=1, port=None).data)
    if remove is not None or put_back is not None:
        if names or (remove is not None and put_back is not None):
            raise RefusedError("--remove and --put-back stand alone.", code="two_acts")
        if remove is not None:
            kept.remove(remove)
            words = f"Removed. For a week `openline tried --put-back {remove}` takes that back."
        else:
            assert put_back is not None, "one of the two is given"
            kept.put_back(put_back)
            words = f"Put back: {put_back}."
        typer.echo(json_codec.dumps({"words": words}) if json else words)
        return
    match names:
        case []:
            _list(kept.listed(), json)
        case [name]:
            one = kept.opened(name)
            _tell(one.tried, [_title(one)], json)
        case [first, second]:
            found = kept.compared(first, second)
            titles = [_title(kept.opened(each)) for each in names]
            _tell(found, [f"Before: {titles[0]}", f"After: {titles[1]}"], json)
        case _:
            raise RefusedError("Two can be compared, not more.", code="too_many_names")


def _list(found: list[KeptTry], json: bool) -> None:
    if json:
        rows = [
            {
                "name": each.name,
                "made_at": _moment(each),
                "changes": list(words_of(each.asked.changes)),
                "callers": each.asked.callers.value,
                "from": each.asked.since.isoformat(),
                "days": each.asked.days,
                "more_leave_a_day": each.tried.leave.value,
                "half_width": each.tried.leave.half,
            }
            for each in found
        ]
        typer.echo(json_codec.dumps(rows, ensure_ascii=False))
        return
    if not found:
        typer.echo("Nothing is kept yet: what is tried on the page to its end stands here.")
    for each in found:
        typer.echo(f"{each.name}  {_title(each)}")
        typer.echo(f"  {_leaving(each.tried)}")


def _title(kept: KeptTry) -> str:
    changes = ", ".join(words_of(kept.asked.changes))
    days = "1 day" if kept.asked.days == 1 else f"{kept.asked.days} days"
    callers = _CALLERS[kept.asked.callers]
    return f"{changes} ({callers}, {days} from {kept.asked.since}; tried {_moment(kept)})"


def _moment(kept: KeptTry) -> str:
    return datetime.fromtimestamp(kept.made_at // SECOND, UTC).isoformat()


def _tell(tried: Tried, titles: list[str], json: bool) -> None:
    if json:
        typer.echo(msgspec.json.encode(tried).decode())
        return
    for title in titles:
        typer.echo(title)
    typer.echo(_leaving(tried))
    from rich.box import SIMPLE
    from rich.table import Table

    table = Table(box=SIMPLE)
    for name in ("", "before", "after", "difference"):
        table.add_column(name, justify="right" if name else "left")
    for each in tried.figures:
        cells = (_cell(each, known) for known in (each.before, each.after))
        table.add_row(
            definition(each.key).name, *cells, _cell(each, each.difference, is_difference=True)
        )
    console().print(table)
    typer.echo(
        f"{tried.done} runs, the same people in both; days in each: {tried.days}. Counts are of "
        f"one run. 95 times in 100 the figure lies within its ±."
    )


def _leaving(tried: Tried) -> str:
    value, half = tried.leave.value, tried.leave.half
    if value is None or half is None:
        return "Nothing can be said of who hangs up."
    if value == 0 and half == 0:
        return "Exactly as many people hang up in both."
    if abs(value) <= half:
        return (
            f"It cannot be told whether more or fewer people hang up: the difference lies between "
            f"{value - half:+.1f} and {value + half:+.1f} a day."
        )
    low, high = sorted((abs(value) - half, abs(value) + half))
    word = "more" if value > 0 else "fewer"
    return (
        f"About {abs(value):.1f} {word} people hang up a day; we are sure of the sign "
        f"({low:.1f} to {high:.1f})."
    )


def _cell(figure: FigureTried, known: Known, *, is_difference: bool = False) -> str:
    value, half = known.value, known.half
    if value is None:
        return "–"
    sign = "+" if is_difference and value >= 0 else "-" if value < 0 else ""
    if figure.unit == "share":
        text = f"{sign}{100 * abs(value):.1f}" + (" points" if is_difference else "%")
        return text if half is None else f"{text} ± {100 * half:.1f}"
    if figure.unit == "count":
        text = f"{sign}{abs(value):,.1f}"
        return text if half is None else f"{text} ± {half:,.1f}"
    text = f"{sign}{span(abs(value))}"
    return text if half is None else f"{text} ± {span(half)}"
