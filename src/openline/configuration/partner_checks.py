"""Do the limits of partners agree with each other, and can each of them ever hold?

The rules of `[partners]` that need more than one key. Rows are checked in `partner_list`.
"""

from collections.abc import Iterator, Sequence

from openline.configuration.partner_list import Partner
from openline.configuration.problems import Path, Problem
from openline.configuration.raw import Raw, entries_of, table_of
from openline.configuration.words import Reporter


def problems_of_partners(raw: Raw, report: Reporter) -> Iterator[Problem]:
    """Yields what is wrong with the limits, and with where the rows are said to be."""
    partners = raw.get("partners")
    if isinstance(partners, dict):
        yield from _rows_are_in_one_place(partners, report)
        yield from _limits_are_one(partners, report)
        yield from _groups_lie_within(partners, report)


def _rows_are_in_one_place(partners: Raw, report: Reporter) -> Iterator[Problem]:
    given = [key for key in ("file", "rows") if key in partners]
    if not given:
        yield report.problem(
            ("partners", "file"),
            "is missing.",
            allowed='Allowed: the file of their rows, for example "partners.csv".',
        )
    elif len(given) == 2:
        yield report.problem(
            ("partners", "rows"), "cannot stand beside file.", allowed="Allowed: one of the two."
        )


def _limits_are_one(partners: Raw, report: Reporter) -> Iterator[Problem]:
    places: list[tuple[Path, Raw]] = [(("partners",), partners)]
    places += [(("partners", "groups", key), group) for key, group in _groups(partners)]
    for path, limits in places:
        if "agents" in limits and "percent" in limits:
            yield report.problem(
                (*path, "percent"),
                "cannot stand beside agents: a limit is one or the other.",
                allowed="Allowed: one of the two.",
            )
    for path, limits in places[1:]:
        if "agents" not in limits and "percent" not in limits:
            yield report.problem(
                (*path, "agents"),
                "is missing: a group is there for its limit.",
                allowed="Allowed: one of agents and percent.",
            )


def _groups_lie_within(partners: Raw, report: Reporter) -> Iterator[Problem]:
    for word in ("agents", "percent"):
        most = partners.get(word)
        for key, group in _groups(partners):
            limit = group.get(word)
            if isinstance(most, int) and isinstance(limit, int) and limit > most:
                yield report.problem(
                    ("partners", "groups", key, word),
                    f"contradicts the limit for all: {limit} of this group alone, and {most} of "
                    "all partners together.",
                    allowed=f"Allowed: at most {most}.",
                )
    each, most = partners.get("agents_each"), partners.get("agents")
    if isinstance(each, int) and isinstance(most, int) and each > most:
        yield report.problem(
            ("partners", "agents_each"),
            f"contradicts the limit for all: {each} for each, and {most} for all together.",
            allowed=f"Allowed: at most {most}.",
        )


def rows_within_limits(
    partners: Sequence[Partner], raw: Raw, report: Reporter
) -> Iterator[Problem]:
    """Yields each partner whose own limit is above one in which it lies."""
    table = table_of(raw.get("partners"))
    groups = dict(_groups(table))
    for partner in partners:
        group = groups.get(partner.group or "", {})
        for what, limit in (("its group", group.get("agents")), ("all", table.get("agents"))):
            if partner.agents is not None and isinstance(limit, int) and partner.agents > limit:
                yield report.problem(
                    ("partners", "file" if "file" in table else "rows"),
                    f'gives "{partner.key}" {partner.agents} agents of its own, which contradicts '
                    f"the limit of {limit} for {what}.",
                    allowed=f"Give it at most {limit} in the column agents, or leave that empty.",
                )
                break


def _groups(partners: Raw) -> list[tuple[str, Raw]]:
    return entries_of(partners, "groups")
