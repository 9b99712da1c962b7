"""Which days are marked: the public holidays of a country, and days that were typed."""

from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches

from openline.configuration.public_holidays import countries, named_holidays
from openline.model import RefusedError
from openline.planning.forecast import History

SPECIAL = "special day"


def marks_of(
    holidays: Sequence[str], special: Sequence[str], history: History, horizon: int
) -> dict[date, str]:
    """Returns the marked days of a history and the days behind it, by name.

    Raises:
        RefusedError: a country, region or date is none (`unknown_country`, `bad_special`).
    """
    years = range(history.first.year, history.day(history.days + horizon).year + 1)
    marks: dict[date, str] = {}
    for each in holidays:
        marks |= _holidays(each, years)
    for each in special:
        day, _, name = each.partition("=")
        try:
            marks[date.fromisoformat(day.strip())] = name.strip() or SPECIAL
        except ValueError:
            raise RefusedError(
                f"--special {each}: write a date and if you like a name, as 2026-03-02=campaign.",
                code="bad_special",
            ) from None
    return marks


def _holidays(text: str, years: range) -> dict[date, str]:
    country, _, region = text.upper().partition("-")
    known = countries()
    if country not in known:
        near = get_close_matches(country, known, n=3)
        raise RefusedError(
            f"--holidays {text}: no country of that code is known. Write it like US, US-TX or ES."
            + (f" Near: {', '.join(near)}." if near else ""),
            code="unknown_country",
        )
    if region and region not in known[country]:
        raise RefusedError(
            f"--holidays {text}: {country} has no region {region}. There are: "
            f"{', '.join(known[country]) or 'none'}.",
            code="unknown_country",
        )
    return named_holidays(country, region or None, years)
