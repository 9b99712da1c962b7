"""Which days are public holidays? Those of the `holidays` package that Openline pins, offline.

A name says a country and perhaps a region, such as US and TX, by their ISO 3166 codes.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache

import holidays


@cache
def countries() -> dict[str, tuple[str, ...]]:
    """Returns the countries that are known, each with its regions."""
    return {
        country: tuple(regions)
        for country, regions in holidays.list_supported_countries(include_aliases=False).items()
    }


def public_holidays(country: str, region: str | None, years: Iterable[int]) -> frozenset[date]:
    """Returns the holidays of those years; country and region must be known."""
    return frozenset(holidays.country_holidays(country, subdiv=region, years=years))


def named_holidays(country: str, region: str | None, years: Iterable[int]) -> dict[date, str]:
    """Returns the holidays of those years with their names, in English where there are any."""
    return dict(holidays.country_holidays(country, subdiv=region, years=years, language="en_US"))
