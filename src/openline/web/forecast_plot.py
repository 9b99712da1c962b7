"""The picture of a forecast: the last days as they were, the coming ones as a line in two bands.

Drawn on the server as SVG without styles of its own, like `plot`: classes in forecast.css colour
it. What it shows stands in the table too.
"""

from collections.abc import Callable, Iterator, Sequence
from html import escape

from markupsafe import Markup

from openline.planning.forecast_asked import ForecastSheet

WIDTH, LEFT, RIGHT = 1000.0, 52.0, 10.0
TOP, HIGH, FOOT = 18.0, 260.0, 26.0
HEIGHT = TOP + HIGH + FOOT
POINTS_AT_MOST = 900
"""More slots than that are drawn several to a point."""
LABELS_AT_MOST = 15


def forecast_plot(
    sheet: ForecastSheet,
    *,
    label: Callable[[int], str],
    words: str,
    today: str,
    number: Callable[[float], str],
) -> Markup:
    """Returns the picture; `label` names the day so many days after the first of the forecast."""
    parts = "".join(_parts(sheet, label, today, number))
    return Markup(
        f'<svg class="bands" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" '
        f'aria-label="{escape(words)}">{parts}</svg>'
    )


def _parts(
    sheet: ForecastSheet,
    label: Callable[[int], str],
    today: str,
    number: Callable[[float], str],
) -> Iterator[str]:
    slots = 1440 // sheet.minutes
    steps = [step for step in range(1, slots + 1) if slots % step == 0]
    points = len(sheet.before) + len(sheet.mean)
    many = next((step for step in steps if points / step <= POINTS_AT_MOST), slots)
    before = _thin(sheet.before, many)
    mean = _thin(sheet.mean, many)
    low80, high80, low95, high95 = (_thin(each, many) for each in sheet.bounds)
    top = _ceiling(max(_known(before) + _known(high95), default=1.0))
    count = len(before) + len(mean)
    base = TOP + HIGH

    def x(at: float) -> float:
        return LEFT + at / max(count, 1) * (WIDTH - LEFT - RIGHT)

    def y(calls: float) -> float:
        return base - calls / top * HIGH

    for calls in (0.0, top / 2, top):
        yield (
            f'<line class="bands__rule" x1="{LEFT:.1f}" y1="{y(calls):.1f}" '
            f'x2="{WIDTH - RIGHT:.1f}" y2="{y(calls):.1f}"/>'
        )
        yield _text(LEFT - 8, y(calls) + 5, "end", number(calls))
    per_day = slots // many
    # The first day may have begun: its midnight lies before what is to come.
    done = sheet.done // many
    yield from _days(len(before) - done, len(mean) + done, per_day, x, label)
    begin = len(before)
    for kind, low, high in (("95", low95, high95), ("80", low80, high80)):
        upper = [(x(begin + at + 0.5), y(value)) for at, value in _places(high)]
        lower = [(x(begin + at + 0.5), y(value)) for at, value in _places(low)]
        corners = " ".join(f"{a:.1f},{b:.1f}" for a, b in (*upper, *reversed(lower)))
        yield f'<polygon class="bands__{kind}" points="{corners}"/>'
    yield from _lines("bands__past", before, 0, x, y)
    yield from _lines("bands__mean", mean, begin, x, y)
    yield (
        f'<line class="bands__now" x1="{x(begin):.1f}" y1="{TOP - 8:.1f}" x2="{x(begin):.1f}" '
        f'y2="{base:.1f}"/>'
    )
    yield _text(x(begin) + 6, TOP - 2, "start", today)


def _days(
    before: int, after: int, per_day: int, x: Callable[[float], float], label: Callable[[int], str]
) -> Iterator[str]:
    first, last = -before // per_day, after // per_day
    every = -(-(last - first) // LABELS_AT_MOST)
    for day in range(first, last):
        if (day - first) % every == 0:
            yield _text(x(before + (day + 0.5) * per_day), HEIGHT - 6, "middle", label(day))


def _lines(
    class_: str,
    values: Sequence[float | None],
    begin: int,
    x: Callable[[float], float],
    y: Callable[[float], float],
) -> Iterator[str]:
    """Draws a line that breaks where nothing is known."""
    points: list[str] = []
    for at, value in enumerate((*values, None)):
        if value is not None:
            points.append(f"{x(begin + at + 0.5):.1f},{y(value):.1f}")
        elif points:
            yield f'<polyline class="{class_}" points="{" ".join(points)}"/>'
            points = []


def _places(values: Sequence[float | None]) -> list[tuple[int, float]]:
    return [(at, value) for at, value in enumerate(values) if value is not None]


def _thin(values: Sequence[float | None], many: int) -> list[float | None]:
    """Returns the means of so many neighbours each; None where one is not known."""
    if many == 1:
        return list(values)
    thin: list[float | None] = []
    for at in range(0, len(values), many):
        known = [value for value in values[at : at + many] if value is not None]
        thin.append(sum(known) / many if len(known) == many else None)
    return thin


def _known(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _ceiling(value: float) -> float:
    """Rounds up to a round number.

    >>> [_ceiling(value) for value in (0.7, 3.2, 61.0, 1234.0)]
    [0.8, 4.0, 80.0, 2000.0]
    """
    unit = 1.0
    while value > 10 * unit:
        unit *= 10
    while value <= unit and unit > 1e-3:
        unit /= 10
    return next(step * unit for step in (1, 2, 3, 4, 5, 6, 8, 10) if value <= step * unit + 1e-12)


def _text(x: float, y: float, anchor: str, text: str) -> str:
    return (
        f'<text class="bands__words" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
        f"{escape(text)}</text>"
    )
