"""At which numbers are agents rung who answer at ordinary telephones?

They are private, often of people at home; so they stand in a file of their own beside the
configuration, which many people read and which is kept. A line for each agent: her key, and her
number in its international form. What is wrong is told without any number.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from openline.configuration.outside_checks import dialled, is_premium
from openline.configuration.problems import Problem
from openline.configuration.raw import Raw, entries_of, table_of
from openline.configuration.words import Reporter

_LARGEST = 200_000
"""Bytes of the file that are read."""
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
_PLACE = ("telephony", "asterisk", "numbers_file")
_FORM = "Allowed: a line for each agent with her key and her number, as in amira +1 512 555 0123."


def agents_numbers(
    raw: Raw, report: Reporter, folder: Path
) -> tuple[Mapping[str, str], list[Problem]]:
    """Returns the numbers by the keys of agents, and what is wrong with them."""
    wanted = agents_at_ordinary_telephones(raw)
    asterisk = table_of(raw.get("telephony")).get("asterisk")
    if not wanted or not isinstance(asterisk, dict):
        return {}, []
    name = asterisk.get("numbers_file")
    if not isinstance(name, str):
        problem = report.problem(
            _PLACE, f"is missing: {wanted[0]} is rung at a number that stands there.", allowed=_FORM
        )
        return {}, [problem]
    try:
        with (folder / name).open("rb") as file:
            text = file.read(_LARGEST).decode("utf-8")
    except (OSError, ValueError):
        return {}, [report.problem(_PLACE, "names a file that cannot be read.", allowed=_FORM)]
    numbers = dict(_rows(text))
    return numbers, list(_problems(wanted, numbers, report))


def agents_at_ordinary_telephones(raw: Raw) -> list[str]:
    """Returns the keys of those who are rung at their numbers."""
    return [
        key
        for key, agent in entries_of(raw, "agents")
        if table_of(agent.get("phone")).get("ordinary") is True
    ]


def _rows(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        key, _, number = line.partition("#")[0].strip().partition(" ")
        if key:
            yield key, dialled(number)


def _problems(wanted: list[str], numbers: Mapping[str, str], report: Reporter) -> Iterator[Problem]:
    for agent in wanted:
        number = numbers.get(agent)
        if number is None:
            yield report.problem(_PLACE, f"names a file without {agent}.", allowed=_FORM)
        elif not _NUMBER.fullmatch(number):
            yield report.problem(
                _PLACE,
                f"names a file that has no number for {agent} in its international form.",
                allowed=_FORM,
            )
        elif is_premium(number):
            yield report.problem(
                _PLACE,
                f"names a file in which the number of {agent} costs by the minute.",
                allowed="Such numbers are never dialled: give another one.",
            )
