"""Turns the rows of partners and the limits of `[partners]` into the engine's values.

A share lies within the next larger one: that of all partners, of a group, of one partner. Their
keys have a colon, so that no key of a person's own can be one of them.
"""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import msgspec

from openline.configuration.opening import instant_of
from openline.configuration.partner_list import Partner
from openline.configuration.partner_tables import PartnersTable
from openline.engine import LineSettings, MenuSettings, PartnerSettings, ShareSettings
from openline.model import Instant, PartnerKey, ShareKey

_ALL = ShareKey("all:")


def begins(partner: Partner, where: ZoneInfo) -> Instant:
    """Returns the first instant of the partner's first day."""
    return instant_of(partner.start, 0, where, last=False)


def shares_of(table: PartnersTable, partners: Sequence[Partner]) -> tuple[ShareSettings, ...]:
    """Returns every limit, each within the next larger one."""
    found = []
    if table.agents is not None or table.percent is not None:
        found.append(ShareSettings(key=_ALL, agents=table.agents or 0, percent=table.percent))
    within = found[0].key if found else None
    found += [
        ShareSettings(
            key=_of_group(key), agents=group.agents or 0, percent=group.percent, within=within
        )
        for key, group in table.groups.items()
    ]
    found += [
        ShareSettings(key=_own(each), agents=own, within=_around(table, each))
        for each in partners
        if (own := _own_limit(table, each)) is not None
    ]
    return tuple(found)


def partners_of(
    table: PartnersTable, partners: Sequence[Partner], where: ZoneInfo
) -> tuple[PartnerSettings, ...]:
    """Returns every partner, in the order of the rows."""
    return tuple(
        PartnerSettings(
            key=PartnerKey(each.key),
            begins=begins(each, where),
            share=_around(table, each) if _own_limit(table, each) is None else _own(each),
        )
        for each in partners
    )


def _own_limit(table: PartnersTable, partner: Partner) -> int | None:
    return table.agents_each if partner.agents is None else partner.agents


def _around(table: PartnersTable, partner: Partner) -> ShareKey | None:
    """Returns the limit within which the partner's own lies."""
    if partner.group is not None:
        return _of_group(partner.group)
    return None if table.agents is None and table.percent is None else _ALL


def _of_group(key: str) -> ShareKey:
    return ShareKey(f"group:{key}")


def _own(partner: Partner) -> ShareKey:
    return ShareKey(f"partner:{partner.key}")


# --- how their calls are known -------------------------------------------------------------


def known_by_line(
    lines: tuple[LineSettings, ...], partners: Sequence[Partner]
) -> tuple[LineSettings, ...]:
    """Returns the lines, each saying whose alone it or one of its entries is."""
    whose = {each.at[0]: PartnerKey(each.key) for each in partners if each.entry == "line"}
    if not whose:
        return lines
    return tuple(
        msgspec.structs.replace(
            line,
            partner=whose.get(line.key),
            entries=tuple(
                msgspec.structs.replace(entry, partner=whose.get(f"{line.key}/{entry.key}"))
                for entry in line.entries
            ),
        )
        for line in lines
    )


def known_by_digit(
    menus: tuple[MenuSettings, ...], partners: Sequence[Partner]
) -> tuple[MenuSettings, ...]:
    """Returns the menus, whose choices say which partner calls by them."""
    whose = {each.at[0]: PartnerKey(each.key) for each in partners if each.entry == "menu"}
    if not whose:
        return menus
    return tuple(
        msgspec.structs.replace(
            menu,
            choices=tuple(
                msgspec.structs.replace(choice, partner=whose.get(f"{menu.key}/{choice.digit}"))
                for choice in menu.choices
            ),
        )
        for menu in menus
    )


def numbers_of(partners: Sequence[Partner]) -> dict[str, PartnerKey]:
    """Returns whose each number is, for ports that are told the number of a caller."""
    return {
        number: PartnerKey(each.key)
        for each in partners
        if each.entry == "number"
        for number in each.at
    }
