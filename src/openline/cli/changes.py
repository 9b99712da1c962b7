"""What-if options: from what a planner types to `Changes`, and back into words."""

import re

from openline.cli.rules import rule_of, rule_words
from openline.model import SECOND, Duration, RefusedError
from openline.planning.quantities import duration_s
from openline.simulation.changes import Changes, ExtraPeople

_HOURS = re.compile(r"(?:(\d{1,3})x)?([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


def changes_of(
    *,
    people: int | None,
    extra: list[str],
    volume: float | None,
    outage: list[str],
    callback_after: str | None,
    rule: list[str],
) -> Changes:
    """Returns the changes; raises `RefusedError` (`bad_change`, `bad_rule`) for what is none."""
    after = None
    if callback_after is not None:
        after = Duration(round(duration_s(callback_after, "--callback-after") * SECOND))
    more = []
    for text in extra:
        count, start, end = _span(text, "--extra")
        more.append(ExtraPeople(start_minute=start, end_minute=end, count=count))
    return Changes(
        people=people or 0,
        extra=tuple(more),
        volume=1.0 if volume is None else volume,
        outages=tuple(_span(text, "--outage")[1:] for text in outage),
        callback_after=after,
        rules=tuple(map(rule_of, rule)),
    )


def words_of(changes: Changes) -> tuple[str, ...]:
    """Returns the changes in words; none where nothing is changed.

    >>> words_of(Changes(people=-3, volume=2.0, outages=((840, 900),)))
    ('3 people fewer', 'volume × 2', 'outage 14:00–15:00')
    """
    words = []
    if changes.people:
        some = abs(changes.people)
        people = "person" if some == 1 else "people"
        words.append(f"{some} {people} {'fewer' if changes.people < 0 else 'more'}")
    for extra in changes.extra:
        hours = hours_words(extra.start_minute, extra.end_minute)
        words.append(f"{extra.count} more {hours}")
    if changes.volume != 1:
        words.append(f"volume × {changes.volume:g}")
    words += [f"outage {hours_words(start, end)}" for start, end in changes.outages]
    if changes.callback_after is not None:
        words.append(f"callback offered after {changes.callback_after / SECOND:g} s")
    words += map(rule_words, changes.rules)
    return tuple(words)


def hours_words(start: int, end: int) -> str:
    """Returns a stretch of the day as people write it.

    >>> hours_words(1200, 1440)
    '20:00–24:00'
    """
    return f"{start // 60:02d}:{start % 60:02d}–{end // 60:02d}:{end % 60:02d}"


def _span(text: str, option: str) -> tuple[int, int, int]:
    found = _HOURS.fullmatch(text.strip().replace("–", "-"))
    if found is not None:
        count, *clock = (int(part) if part else 1 for part in found.groups())
        start, end = clock[0] * 60 + clock[1], clock[2] * 60 + clock[3]
        if start != end and end <= 24 * 60 and (option == "--extra" or count == 1):
            return count, start, end
    more = " Several people: 2x18:00-22:00." if option == "--extra" else ""
    raise RefusedError(
        f"{option} {text}: write hours of the day like 18:00-22:00.{more}", code="bad_change"
    )
