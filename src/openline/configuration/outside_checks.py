"""May these numbers be dialled, and do they serve lines that exist?

A helpline pays for what its agents connect. So what costs by the minute is refused here, by the
ranges that national numbering plans give to it; a number that is not in its international form
cannot be told apart and is refused too, but for the short numbers of emergency services.

Sources: ITU-T E.164 (878, 881 to 883, 979), NANPA (900, 976), Ofcom (070, 087, 09), BNetzA (0137,
0900), CNMC (80x, 90x), ARCEP (081, 082, 089), IFT (900).
"""

import re
from collections.abc import Iterator

from openline.configuration.outside_tables import NUMBER
from openline.configuration.problems import Problem
from openline.configuration.raw import Raw, caller_groups, entries_of, known_in, list_of
from openline.configuration.words import Reporter

PREMIUM = (
    r"\+1900",
    r"\+1[2-9]\d\d976",
    r"\+44(70|87|9)",
    r"\+49(137|180|900)",
    r"\+34(80[367]|90[1257])",
    r"\+33(81|82|89)",
    r"\+39(89|199|178)",
    r"\+52900",
    r"\+(870|878|881|882|883|979)",
)
"""Numbers that cost by the minute, and satellite and global networks, by how they begin."""
_PREMIUM = re.compile("|".join(PREMIUM))
_LONGEST = 15
"""Digits of an international number, by E.164."""


def dialled(number: str) -> str:
    """Returns the number as it is dialled: digits, and a plus before them where it has one.

    >>> dialled("+1 (512) 555-0100")
    '+15125550100'
    """
    return re.sub(r"[ ().-]", "", number)


def is_premium(number: str) -> bool:
    """Tells whether a call to the number costs by the minute.

    >>> is_premium("+1 900 555 0100"), is_premium("+1 512 555 0100")
    (True, False)
    """
    return _PREMIUM.match(dialled(number)) is not None


def problems_of_outside(raw: Raw, report: Reporter) -> Iterator[Problem]:
    """Yields every problem of the destinations outside."""
    lines = known_in(raw, "lines")
    for key, outside in entries_of(raw, "outside"):
        number = outside.get("number")
        if isinstance(number, str) and re.fullmatch(NUMBER, number):
            yield from _number(key, number, outside.get("kind"), report)
        for place, line in enumerate(list_of(outside.get("lines"))):
            if isinstance(line, str) and line not in lines:
                yield report.unknown(("outside", key, "lines", place), "line", line, lines)


def problems_of_simulated_transfers(raw: Raw, report: Reporter) -> Iterator[Problem]:
    """Yields every problem of simulated callers who are handed on outside."""
    known = known_in(raw, "outside")
    for path, group in caller_groups(raw):
        outside = group.get("transfer_outside")
        if isinstance(outside, str) and outside not in known:
            where = (*path, "transfer_outside")
            yield report.unknown(where, "destination outside", outside, known)
        elif outside is not None and "transfer_to" in group:
            yield report.problem(
                (*path, "transfer_outside"),
                "stands beside transfer_to, and a call goes to one of them.",
                allowed="Leave one of the two out.",
            )


def _number(key: str, number: str, kind: object, report: Reporter) -> Iterator[Problem]:
    place = ("outside", key, "number")
    plain = dialled(number)
    if is_premium(number):
        yield report.problem(
            place,
            "is a premium or satellite number, which is never dialled.",
            allowed="Allowed: an ordinary number. Ask the service for one.",
        )
    elif not plain.startswith("+") and kind != "emergency":
        yield report.problem(
            place,
            "has no country code.",
            allowed='Allowed: the whole number, for example "+1 512 555 0100". Short numbers are '
            'for kind = "emergency".',
        )
    elif len(plain) > _LONGEST + 1:
        yield report.problem(place, "is too long.", allowed=f"Allowed: at most {_LONGEST} digits.")
