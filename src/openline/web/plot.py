"""The picture beside a report's table: calls as bars, service level as a line below them.

Drawn on the server as SVG without styles of its own: classes in reports.css colour it, so it is
right in light and dark and on paper. What it shows stands in the table too; a reader of screens is
given a sentence.
"""

from collections.abc import Callable, Iterator, Sequence
from html import escape

from markupsafe import Markup

from openline.reports.sheets import SheetRow

WIDTH, LEFT, RIGHT = 1000.0, 52.0, 10.0
TOP, BARS, BETWEEN, LEVELS, FOOT = 14.0, 190.0, 26.0, 80.0, 24.0
HEIGHT = TOP + BARS + BETWEEN + LEVELS + FOOT
LABELS_AT_MOST = 13


def plot(
    rows: Sequence[SheetRow],
    before: Sequence[SheetRow],
    *,
    label: Callable[[SheetRow], str],
    words: str,
    percent: Callable[[float], str],
    target: float | None,
) -> Markup:
    """Returns the picture; `label` writes below a bar, `words` say it all in a sentence.

    `target` is the service level that all queues with one share, 0 to 1.
    """
    parts = "".join(_parts(rows, before, label, percent, target))
    return Markup(
        f'<svg class="plot" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" '
        f'aria-label="{escape(words)}">{parts}</svg>'
    )


def _parts(
    rows: Sequence[SheetRow],
    before: Sequence[SheetRow],
    label: Callable[[SheetRow], str],
    percent: Callable[[float], str],
    target: float | None,
) -> Iterator[str]:
    slot = (WIDTH - LEFT - RIGHT) / max(1, len(rows))
    most = max((_count(row, "offered") for row in (*rows, *before)), default=0)
    top = nice_ceiling(max(4, most))
    base = TOP + BARS

    def y(count: float) -> float:
        return base - count / top * BARS

    yield (
        '<defs><pattern id="plot-hatching" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="6" height="6" class="plot__hatch-ground"/>'
        '<rect width="2.5" height="6" class="plot__hatch-line"/></pattern></defs>'
    )
    for count in (0, top // 2, top):
        yield _line("plot__rule", LEFT, y(count), WIDTH - RIGHT, y(count))
        yield _text(LEFT - 8, y(count) + 5, "end", str(count))
    for number, row in enumerate(rows):
        x, width = LEFT + number * slot + slot * 0.12, slot * 0.76
        answered, abandoned = _count(row, "answered"), _count(row, "abandoned")
        others = max(0, _count(row, "offered") - answered - abandoned)
        below = 0
        for kind, count in (("answered", answered), ("abandoned", abandoned), ("other", others)):
            if count:
                height = y(below) - y(below + count)
                yield (
                    f'<rect class="plot__{kind}" x="{x:.1f}" y="{y(below + count):.1f}" '
                    f'width="{width:.1f}" height="{height:.1f}"/>'
                )
                below += count
    if before:
        yield _steps(
            "plot__before", [_count(row, "offered") for row in before[: len(rows)]], slot, y
        )
    yield from _levels(rows, slot, percent, target)
    every = -(-len(rows) // LABELS_AT_MOST)
    for number in range(0, len(rows), max(1, every)):
        x = LEFT + (number + 0.5) * slot
        yield _text(x, HEIGHT - 5, "middle", escape(label(rows[number])))


def _levels(
    rows: Sequence[SheetRow],
    slot: float,
    percent: Callable[[float], str],
    target: float | None,
) -> Iterator[str]:
    """Draws the service level of each slice; a slice without one is a gap."""
    base = TOP + BARS + BETWEEN + LEVELS

    def y(share: float) -> float:
        return base - share * LEVELS

    for share in (0.0, 0.5, 1.0):
        yield _line("plot__rule", LEFT, y(share), WIDTH - RIGHT, y(share))
    for share in (0.0, 1.0):
        yield _text(LEFT - 8, y(share) + 5, "end", escape(percent(share)))
    if target is not None:
        yield _line("plot__target", LEFT, y(target), WIDTH - RIGHT, y(target))
    for number, row in enumerate(rows):
        level = row.figures["service_level"]
        if level is None:
            continue
        x = LEFT + number * slot
        yield _line("plot__level", x + slot * 0.12, y(level), x + slot * 0.88, y(level))


def _steps(class_: str, counts: Sequence[int], slot: float, y: Callable[[float], float]) -> str:
    corners = " ".join(
        f"{LEFT + number * slot:.1f},{y(count):.1f} {LEFT + (number + 1) * slot:.1f},{y(count):.1f}"
        for number, count in enumerate(counts)
    )
    return f'<polyline class="{class_}" points="{corners}"/>'


def _count(row: SheetRow, key: str) -> int:
    return int(row.figures[key] or 0)


def _line(class_: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{class_}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(x: float, y: float, anchor: str, text: str) -> str:
    return f'<text class="plot__words" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'


def nice_ceiling(count: int) -> int:
    """Rounds up to a round number whose half is whole.

    >>> [nice_ceiling(count) for count in (4, 5, 23, 61, 240)]
    [4, 6, 30, 80, 300]
    """
    unit = 1
    while True:
        for step in (4, 6, 8, 10) if unit == 1 else (2, 3, 4, 5, 6, 8, 10):
            if count <= step * unit:
                return step * unit
        unit *= 10
