"""The planner's picture: the forecast in its bands, below it what is needed and who is there.

Both halves share their times. Above are calls, below people: the cover as an area, what is to be
scheduled as bold steps, those on the phones as thin ones; what is missing is hatched, never told by
colour alone. Drawn on the server as SVG; classes in planner.css colour it, and the table says the
same.
"""

from collections.abc import Callable, Iterator, Sequence
from html import escape

from markupsafe import Markup

from openline.planning.plan_asked import PlanColumns, PlanSheet, likelihood

WIDTH, LEFT, RIGHT = 1000.0, 52.0, 10.0
TOP, CALLS, BETWEEN, PEOPLE, FOOT = 22.0, 120.0, 34.0, 210.0, 26.0
HEIGHT = TOP + CALLS + BETWEEN + PEOPLE + FOOT
LABELS_AT_MOST = 15


def planner_plot(
    sheet: PlanSheet,
    places: Sequence[int],
    *,
    shows_before: bool,
    label: Callable[[int], str | None],
    words: str,
    names: tuple[str, str, str],
    number: Callable[[float], str],
) -> Markup:
    """Returns the picture of some intervals; with `shows_before` also what it is compared with.

    `label` names the interval at a place of the sheet, or says that it has no name of its own;
    `names` are those of the two halves, and of the place to which the day that has begun is known.
    """
    was = sheet.was if shows_before else None
    parts = "".join(_parts(sheet, was, places, label, names, number))
    return Markup(
        f'<svg class="plan" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" '
        f'aria-label="{escape(words)}">{parts}</svg>'
    )


class _Axes:
    """Turns intervals, calls and people into places of the picture."""

    def __init__(self, count: int, most_calls: float, most_people: float) -> None:
        self._slot = (WIDTH - LEFT - RIGHT) / max(count, 1)
        self.calls_top = ceiling(max(most_calls, 1.0))
        self.people_top = ceiling(max(most_people, 4.0))

    def x(self, at: float) -> float:
        return LEFT + at * self._slot

    def calls(self, value: float) -> float:
        return TOP + CALLS - value / self.calls_top * CALLS

    def people(self, value: float) -> float:
        return HEIGHT - FOOT - value / self.people_top * PEOPLE


def _parts(
    sheet: PlanSheet,
    was: PlanColumns | None,
    places: Sequence[int],
    label: Callable[[int], str | None],
    names: tuple[str, str, str],
    number: Callable[[float], str],
) -> Iterator[str]:
    now = sheet.now
    calls = [now.calls[at] for at in places]
    bounds = [[each[at] for at in places] for each in sheet.bounds]
    schedule = [now.to_schedule[at] for at in places]
    rostered = [now.rostered[at] for at in places]
    before = [] if was is None else [[was.to_schedule[at] for at in places]]
    if was is not None and sheet.has_roster:
        before.append([was.rostered[at] for at in places])
    calls_before = [] if was is None else [was.calls[at] for at in places]
    axes = _Axes(
        len(places),
        max((*calls, *calls_before, *(max(each, default=0.0) for each in bounds)), default=0.0),
        max((*schedule, *rostered, *(max(each, default=0) for each in before)), default=0),
    )
    yield (
        '<defs><pattern id="plan-hatching" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="6" height="6" class="plan__hatch-ground"/>'
        '<rect width="2.5" height="6" class="plan__hatch-line"/></pattern></defs>'
    )
    for top, y in ((axes.calls_top, axes.calls), (axes.people_top, axes.people)):
        for value in (0.0, top / 2, top):
            yield (
                f'<line class="plan__rule" x1="{LEFT:.1f}" y1="{y(value):.1f}" '
                f'x2="{WIDTH - RIGHT:.1f}" y2="{y(value):.1f}"/>'
            )
            yield _text(LEFT - 8, y(value) + 5, "end", number(value))
    yield _text(LEFT, TOP - 8, "start", names[0])
    yield _text(LEFT, TOP + CALLS + BETWEEN - 8, "start", names[1])
    yield from _labels(places, axes, label)
    if bounds:
        for kind, low, high in (("95", bounds[2], bounds[3]), ("80", bounds[0], bounds[1])):
            upper = _steps(high, axes, axes.calls)
            lower = _steps(low, axes, axes.calls)
            yield f'<polygon class="plan__{kind}" points="{_points([*upper, *lower[::-1]])}"/>'
    if calls_before != calls and calls_before:
        steps = _points(_steps(calls_before, axes, axes.calls))
        yield f'<polyline class="plan__was" points="{steps}"/>'
    yield f'<polyline class="plan__mean" points="{_points(_steps(calls, axes, axes.calls))}"/>'
    yield from _now(sheet, places, axes, names[2])
    if sheet.has_roster:
        area = _steps(rostered, axes, axes.people)
        floor = [(axes.x(len(places)), axes.people(0)), (axes.x(0), axes.people(0))]
        yield f'<polygon class="plan__cover" points="{_points([*area, *floor])}"/>'
        yield from _gaps(schedule, rostered, axes)
    for values in before:
        yield f'<polyline class="plan__was" points="{_points(_steps(values, axes, axes.people))}"/>'
    for kind, values in (("phones", [now.needed[at] for at in places]), ("schedule", schedule)):
        steps = _points(_steps(values, axes, axes.people))
        yield f'<polyline class="plan__{kind}" points="{steps}"/>'


def minute_of_stamp(stamp: str) -> int:
    """Returns the minute of the day at which an interval begins.

    >>> minute_of_stamp("2026-03-02T08:30:00-06:00")
    510
    """
    return int(stamp[11:13]) * 60 + int(stamp[14:16])


def _now(sheet: PlanSheet, places: Sequence[int], axes: _Axes, words: str) -> Iterator[str]:
    """Marks what has come of the day that has begun, and where it ends."""
    today = sheet.today
    if today is None:
        return
    came = [
        number
        for number, at in enumerate(places)
        if sheet.stamps[at][:10] == today.day and minute_of_stamp(sheet.stamps[at]) < today.clock
    ]
    if not came:
        return
    calls = [sheet.now.calls[places[number]] for number in came]
    steps = [(x + axes.x(came[0]) - axes.x(0), y) for x, y in _steps(calls, axes, axes.calls)]
    yield f'<polyline class="plan__came" points="{_points(steps)}"/>'
    x = axes.x(came[-1] + 1)
    yield (
        f'<line class="plan__now" x1="{x:.1f}" y1="{TOP:.1f}" x2="{x:.1f}" '
        f'y2="{HEIGHT - FOOT:.1f}"/>{_text(x + 4, TOP + 12, "start", words)}'
    )


def _gaps(schedule: Sequence[int], rostered: Sequence[int], axes: _Axes) -> Iterator[str]:
    """Hatches what is missing between the cover and what is to be scheduled."""
    for at, (wanted, there) in enumerate(zip(schedule, rostered, strict=True)):
        if there < wanted:
            top, width = axes.people(wanted), axes.x(1) - axes.x(0)
            yield (
                f'<rect class="plan__gap" x="{axes.x(at):.1f}" y="{top:.1f}" '
                f'width="{width:.2f}" height="{axes.people(there) - top:.1f}"/>'
            )


def _labels(
    places: Sequence[int], axes: _Axes, label: Callable[[int], str | None]
) -> Iterator[str]:
    named = [(number, text) for number, at in enumerate(places) if (text := label(at)) is not None]
    every = max(1, -(-len(named) // LABELS_AT_MOST))
    for number, _ in named:
        yield (
            f'<line class="plan__rule" x1="{axes.x(number):.1f}" y1="{TOP:.1f}" '
            f'x2="{axes.x(number):.1f}" y2="{HEIGHT - FOOT:.1f}"/>'
        )
    for number, text in named[::every]:
        yield _text(axes.x(number) + 3, HEIGHT - 8, "start", text)


def _steps(
    values: Sequence[float], axes: _Axes, y: Callable[[float], float]
) -> list[tuple[float, float]]:
    """Returns the corners of a line that is level within each interval."""
    corners: list[tuple[float, float]] = []
    for at, value in enumerate(values):
        # A level stretch needs its ends alone.
        if corners and at + 1 < len(values) and values[at - 1] == value == values[at + 1]:
            continue
        corners += [(axes.x(at), y(value)), (axes.x(at + 1), y(value))]
    return corners


def _points(corners: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)


def _text(x: float, y: float, anchor: str, text: str) -> str:
    return (
        f'<text class="plan__words" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
        f"{escape(text)}</text>"
    )


STRIP = 22.0


def risk_strip(missed: Sequence[float | None], words: str) -> Markup:
    """Returns a strip with a place for each interval, as wide as the picture above it.

    What is likely to miss its target is hatched, what may is light; the table says the same.
    """
    slot = (WIDTH - LEFT - RIGHT) / max(len(missed), 1)
    parts = [
        '<defs><pattern id="risk-hatching" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="6" height="6" class="plan__hatch-ground"/>'
        '<rect width="2.5" height="6" class="plan__hatch-line"/></pattern></defs>',
        f'<rect class="risk__ground" x="{LEFT:.1f}" y="0" width="{WIDTH - LEFT - RIGHT:.1f}" '
        f'height="{STRIP:g}"/>',
    ]
    for at, share in enumerate(missed):
        if share is not None and (word := likelihood(share)) != "small":
            parts.append(
                f'<rect class="risk__{word}" x="{LEFT + at * slot:.1f}" y="0" width="{slot:.2f}" '
                f'height="{STRIP:g}"/>'
            )
    return Markup(
        f'<svg class="plan risk" viewBox="0 0 {WIDTH:g} {STRIP:g}" role="img" '
        f'aria-label="{escape(words)}">{"".join(parts)}</svg>'
    )


def ceiling(value: float) -> float:
    """Rounds up to a round number whose half is short.

    >>> [ceiling(value) for value in (1.0, 7.0, 23.0, 61.0, 240.0)]
    [1.0, 8.0, 30.0, 80.0, 300.0]
    """
    unit = 1.0
    while value > 10 * unit:
        unit *= 10
    return next(step * unit for step in (1, 2, 3, 4, 6, 8, 10) if value <= step * unit)
