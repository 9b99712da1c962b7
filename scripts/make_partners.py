"""Which partners does the yardstick line have?

Writes `examples/yardstick-partners.csv`: 1,100 invented organisations, 135 of them from the opening
on 30 March 2026, all by 15 June. Names are put together from words, numbers are of the range that
is kept for fiction (555-0100 to 555-0199), and the seed is fixed: the same rows every time.

    .venv/bin/python scripts/make_partners.py [--check]
"""

import csv
import io
import sys
from datetime import date, timedelta
from pathlib import Path
from random import Random

FILE = Path(__file__).parents[1] / "examples" / "yardstick-partners.csv"
SEED = 20260330
PARTNERS = 1_100
AT_THE_OPENING = 135
OPENING = date(2026, 3, 30)
MORE_FROM = date(2026, 4, 27)
ALL_BY = date(2026, 6, 15)

HOSPITALS = ("Hospital", "Clinic", "Maternity Ward", "Emergency Department", "Health Center")
SCHOOLS = ("Elementary School", "Middle School", "High School", "Preschool", "College")
OTHERS = (
    *("Food Pantry", "Family Shelter", "Library", "Legal Aid Office", "Parish", "Youth Center"),
    *("Housing Office", "Veterans' Center", "Counseling Center", "Community Kitchen"),
)
PLACES = (
    *("Alder", "Ashford", "Birch", "Bluff", "Briar", "Cedar", "Clearwater", "Cobble", "Copper"),
    *("Dover", "Eagle", "Elm", "Fairview", "Fern", "Fox", "Glen", "Granite", "Harbor", "Hazel"),
    *("Heron", "Hickory", "Hollow", "Iron", "Juniper", "Lake", "Larch", "Linden", "Maple"),
    *("Marsh", "Meadow", "Mill", "Oak", "Orchard", "Otter", "Pebble", "Pine", "Prairie"),
    *("Quarry", "Raven", "River", "Sage", "Spruce", "Stone", "Sumac", "Thistle", "Walnut"),
    *("Willow", "Winter", "Wren", "Yarrow"),
)
ENDINGS = ("Bend", "Creek", "Falls", "Grove", "Heights", "Hill", "Park", "Point", "Ridge", "Valley")
AREAS = (205, 217, 309, 312, 405, 502, 605, 708, 773, 815, 906)
"""One hundred numbers in each."""
OF_THEIR_OWN = {0: "partner/first-hospital", 1: "partner/second-hospital"}
"""The largest two have a number of the line for themselves."""


def rows() -> str:
    """Returns the whole table; the first row calls most."""
    chance = Random(SEED)
    names = [f"{place} {ending}" for place in PLACES for ending in ENDINGS]
    chance.shuffle(names)
    numbers = [f"+1{area}55501{last:02d}" for area in AREAS for last in range(100)]
    chance.shuffle(numbers)
    days = _first_days(chance)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("key", "name", "entry", "at", "start", "group", "agents"))
    seen: set[str] = set()
    for rank in range(PARTNERS):
        group, kinds = chance.choices(
            (("hospitals", HOSPITALS), ("schools", SCHOOLS), ("", OTHERS)), (25, 30, 45)
        )[0]
        if rank in OF_THEIR_OWN:
            group, kinds = "hospitals", HOSPITALS
        name = f"{names[rank % len(names)]} {chance.choice(kinds)}"
        key = name.lower().replace("'", "").replace(" ", "-")
        while key in seen:
            name, key = f"{name} North", f"{key}-north"
        seen.add(key)
        own = OF_THEIR_OWN.get(rank)
        entry, at = ("number", numbers[rank]) if own is None else ("line", own)
        writer.writerow((key, name, entry, at, days[rank].isoformat(), group, ""))
    return text.getvalue()


def _first_days(chance: Random) -> list[date]:
    """Returns when each begins: the largest at the opening, the others on Mondays up to the end."""
    weeks = (ALL_BY - MORE_FROM).days // 7
    mondays = [MORE_FROM + timedelta(weeks=week) for week in range(weeks + 1)]
    later = sorted(chance.choices(mondays, k=PARTNERS - AT_THE_OPENING))
    return [OPENING] * AT_THE_OPENING + later


def main() -> int:
    """Writes or checks the file; returns the exit code."""
    made = rows()
    if "--check" in sys.argv[1:]:
        is_current = FILE.is_file() and FILE.read_text(encoding="utf-8") == made
        if not is_current:
            print(f"{FILE.name} is out of date: run scripts/make_partners.py", file=sys.stderr)
        return 0 if is_current else 1
    FILE.write_text(made, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
