"""The picture of a tried change: who leaves in each half hour of the day, before and after.

Above the two as steps; below the difference with its 95 % interval as a whisker, so that nobody
takes chance for an effect. The table says the same.
"""

from collections.abc import Iterator, Sequence
from html import escape

from markupsafe import Markup

from openline.planning.try_asked import HalfHourTried, Tried
from openline.web.planner import Written
from openline.web.planner_plot import ceiling

WIDTH, HEIGHT, LEFT, RIGHT = 1000.0, 320.0, 52.0, 12.0
TOP, MIDDLE, LOW_TOP, FOOT = 14.0, 170.0, 196.0, 26.0
HALF_HOURS = 48


def trying_plot(told: Tried, words: str, shown: Written) -> Markup:
    """Returns the picture; its places are the half hours of a day from midnight."""
    by_clock = {each.clock: each for each in told.half_hours}
    places = [by_clock.get(f"{at // 2:02d}:{at % 2 * 30:02d}") for at in range(HALF_HOURS)]
    body = "".join((*_rules(), *_levels(places, shown), *_differences(places, shown)))
    return Markup(
        f'<svg class="plan tried" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" '
        f'aria-label="{escape(words)}">{body}</svg>'
    )


def _x(at: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * at / HALF_HOURS


def _rules() -> Iterator[str]:
    for at in range(0, HALF_HOURS + 1, 4):
        yield (
            f'<line class="plan__rule" x1="{_x(at):.1f}" y1="{TOP:g}" x2="{_x(at):.1f}" '
            f'y2="{HEIGHT - FOOT:g}"/>'
        )
        if at % 8 == 0 and at < HALF_HOURS:
            yield _text(_x(at) + 3, HEIGHT - 8, "start", f"{at // 2:02d}:00")


def _levels(places: Sequence[HalfHourTried | None], shown: Written) -> Iterator[str]:
    most = ceiling(max([0.1, *(max(each.before, each.after) for each in places if each)]))

    def y(value: float) -> float:
        return MIDDLE - (MIDDLE - TOP) * value / most

    yield _level_line(MIDDLE)
    yield _text(LEFT - 6, y(most) + 5, "end", shown.number(most))
    yield _text(LEFT - 6, MIDDLE + 5, "end", "0")
    for kind, values in (
        ("was", [each.before if each else 0.0 for each in places]),
        ("schedule", [each.after if each else 0.0 for each in places]),
    ):
        corners = " ".join(
            f"{_x(at):.1f},{y(value):.1f} {_x(at + 1):.1f},{y(value):.1f}"
            for at, value in enumerate(values)
        )
        yield f'<polyline class="plan__{kind}" points="{corners}"/>'


def _differences(places: Sequence[HalfHourTried | None], shown: Written) -> Iterator[str]:
    reach = max(
        [
            0.1,
            *(
                abs(each.difference.value or 0) + (each.difference.half or 0)
                for each in places
                if each
            ),
        ]
    )
    most, middle = ceiling(reach), (LOW_TOP + HEIGHT - FOOT) / 2

    def y(value: float) -> float:
        return middle - (HEIGHT - FOOT - LOW_TOP) / 2 * value / most

    yield _level_line(middle)
    yield _text(LEFT - 6, y(most) + 9, "end", shown.signed(most))
    yield _text(LEFT - 6, y(-most) + 1, "end", shown.signed(-most))
    for at, each in enumerate(places):
        value = None if each is None else each.difference.value
        if each is None or not value:
            continue
        top, bottom = sorted((y(value), y(0)))
        kind = "more" if value > 0 else "fewer"
        yield (
            f'<rect class="tried__{kind}" x="{_x(at) + 3:.1f}" y="{top:.1f}" '
            f'width="{_x(1) - _x(0) - 6:.1f}" height="{bottom - top:.1f}"/>'
        )
        if each.difference.half is not None:
            middle_x = _x(at + 0.5)
            yield (
                f'<line class="tried__whisker" x1="{middle_x:.1f}" '
                f'y1="{y(value - each.difference.half):.1f}" x2="{middle_x:.1f}" '
                f'y2="{y(value + each.difference.half):.1f}"/>'
            )


def _level_line(y: float) -> str:
    return f'<line class="plan__rule" x1="{LEFT:g}" y1="{y:g}" x2="{_x(HALF_HOURS):g}" y2="{y:g}"/>'


def _text(x: float, y: float, anchor: str, text: str) -> str:
    return (
        f'<text class="plan__words" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
        f"{escape(text)}</text>"
    )
