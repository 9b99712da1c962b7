"""The picture of days as they are: calls and service level in each half hour of the day.

The band is where one more run would lie, or without a record where the figure lies; the line in it
is the twin, and dots are what was recorded: full where they fit, hollow with a cross where not, so
that it is not told by colour alone. The tables say the same.
"""

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from markupsafe import Markup

from openline.planning.study_asked import FigureLived, Lived
from openline.web.catalogue import Catalogue
from openline.web.planner import Written
from openline.web.planner_plot import ceiling

WIDTH, HEIGHT, LEFT, RIGHT = 1000.0, 400.0, 62.0, 12.0
HALVES = ((22.0, 190.0), (226.0, 374.0))
"""Top and bottom of the two."""
HALF_HOURS = 48


class _Place(NamedTuple):
    value: float
    low: float
    high: float
    recorded: float | None
    fits: bool | None


def study_plot(told: Lived, words: Catalogue, shown: Written) -> Markup:
    """Returns the picture; its places are the half hours of a day from midnight."""
    by_clock = {each.key: each.figures for each in told.parts if each.per == "interval"}
    clocks = [f"{at // 2:02d}:{at % 2 * 30:02d}" for at in range(HALF_HOURS)]
    rows = [{figure.key: figure for figure in by_clock.get(clock, ())} for clock in clocks]
    calls = [_place(row.get("offered"), told.days) for row in rows]
    levels = [_place(row.get("service_level"), 1) for row in rows]
    most = ceiling(max([1.0, *(max(p.high, p.value, p.recorded or 0) for p in calls if p)]))
    body = "".join(
        (
            *_rules(),
            *_half(HALVES[0], calls, most, words.text("study.plot.calls"), shown.number(most)),
            *_half(HALVES[1], levels, 1.0, words.text("study.plot.level"), shown.share(1, 1)),
        )
    )
    return Markup(
        f'<svg class="plan study" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" '
        f'aria-label="{escape(words.text("study.plot"))}">{body}</svg>'
    )


def _place(figure: FigureLived | None, days: int) -> _Place | None:
    """Returns a figure of a day; None where nobody called."""
    if figure is None or figure.lived.value is None:
        return None
    value, half = figure.lived.value, figure.lived.half or 0.0
    low, high = value - half, value + half
    if figure.low is not None and figure.high is not None:
        low, high = figure.low, figure.high
    by = max(days, 1) if figure.unit == "count" else 1
    recorded = None if figure.recorded is None else figure.recorded / by
    return _Place(value / by, max(low, 0.0) / by, high / by, recorded, figure.fits)


def _x(at: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * at / HALF_HOURS


def _rules() -> Iterator[str]:
    for at in range(0, HALF_HOURS + 1, 4):
        for top, bottom in HALVES:
            yield (
                f'<line class="plan__rule" x1="{_x(at):.1f}" y1="{top:g}" x2="{_x(at):.1f}" '
                f'y2="{bottom:g}"/>'
            )
        if at % 8 == 0 and at < HALF_HOURS:
            yield _text(_x(at) + 3, HEIGHT - 8, "start", f"{at // 2:02d}:00")


def _half(
    span: tuple[float, float], places: Sequence[_Place | None], most: float, name: str, limit: str
) -> Iterator[str]:
    top, bottom = span

    def y(value: float) -> float:
        return bottom - (bottom - top) * min(max(value / most, 0.0), 1.0)

    yield _text(LEFT + 4, top - 6, "start", name)
    yield _text(LEFT - 6, top + 5, "end", limit)
    yield _text(LEFT - 6, bottom + 5, "end", "0")
    yield (
        f'<line class="plan__rule" x1="{LEFT:g}" y1="{bottom:g}" x2="{_x(HALF_HOURS):g}" '
        f'y2="{bottom:g}"/>'
    )
    for at, place in enumerate(places):
        if place is None:
            continue
        width = _x(1) - _x(0)
        yield (
            f'<rect class="plan__80" x="{_x(at):.1f}" y="{y(place.high):.1f}" width="{width:.1f}" '
            f'height="{y(place.low) - y(place.high):.1f}"/>'
            f'<line class="plan__mean" x1="{_x(at):.1f}" y1="{y(place.value):.1f}" '
            f'x2="{_x(at + 1):.1f}" y2="{y(place.value):.1f}"/>'
        )
        if place.recorded is not None:
            yield from _dot(_x(at + 0.5), y(place.recorded), place.fits)


def _dot(x: float, y: float, fits: bool | None) -> Iterator[str]:
    if fits is not False:
        yield f'<circle class="study__fits" cx="{x:.1f}" cy="{y:.1f}" r="3.5"/>'
        return
    yield f'<circle class="study__differs" cx="{x:.1f}" cy="{y:.1f}" r="6"/>'
    for sign in (1, -1):
        yield (
            f'<line class="study__differs" x1="{x - 4:.1f}" y1="{y - 4 * sign:.1f}" '
            f'x2="{x + 4:.1f}" y2="{y + 4 * sign:.1f}"/>'
        )


def _text(x: float, y: float, anchor: str, text: str) -> str:
    return (
        f'<text class="plan__words" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
        f"{escape(text)}</text>"
    )
