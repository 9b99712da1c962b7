"""Do the tables of real telephones agree with each other? One rule, one function.

As in `cross_checks`, the raw document is read, and a value of a wrong type is passed over.
"""

import ipaddress
import re
from collections.abc import Iterator

from openline.configuration.agents_numbers import agents_at_ordinary_telephones
from openline.configuration.outside_checks import dialled
from openline.configuration.outside_tables import NUMBER
from openline.configuration.problems import Path, Problem
from openline.configuration.raw import Raw, entries_of, list_of, table_of
from openline.configuration.simulation_checks import SIMULATED
from openline.configuration.telephony_tables import AsteriskTable
from openline.configuration.words import Reporter

_DIGITS = re.compile(r"[0-9./]{1,20}")
_OURS = ipaddress.ip_address("127.0.0.1")
_PORTS = AsteriskTable.model_fields


def problems_of_telephony(raw: Raw, report: Reporter) -> Iterator[Problem]:
    """Yields every problem of trunks, numbers and telephones."""
    asterisk = table_of(raw.get("telephony")).get("asterisk")
    if isinstance(asterisk, dict):
        yield from _browsers_are_told_from_trunks(raw, report)
        yield from _every_number_is_told(raw, report)
        yield from _sound_has_ports(asterisk, report)
    else:
        yield from _telephones_need_asterisk(raw, report)
    yield from _numbers_are_dialled_and_lead_to_one_line(raw, report)
    yield from _addresses_exist(raw, report)
    yield from _one_trunk_dials(raw, report)
    yield from _ordinary_telephones_can_be_rung(raw, report)
    yield from _what_is_encrypted_has_a_certificate(raw, report)
    yield from _accounts_lead_to_numbers_of_ours(raw, report)


def _numbers(raw: Raw) -> Iterator[tuple[Path, Raw]]:
    for key, line in entries_of(raw, "lines"):
        for name, entry in table_of(line.get("entries")).items():
            yield ("lines", key, "entries", name), table_of(entry)


def _telephones_need_asterisk(raw: Raw, report: Reporter) -> Iterator[Problem]:
    places: list[Path] = [("trunks", key) for key, _ in entries_of(raw, "trunks")]
    places += [
        ("agents", key, "phone") for key, agent in entries_of(raw, "agents") if "phone" in agent
    ]
    places += [(*path, "number") for path, entry in _numbers(raw) if "number" in entry]
    for path in places:
        yield report.problem(
            path,
            'needs a telephone system, and there is no "asterisk" in telephony.',
            allowed="Add [telephony.asterisk], or leave this out.",
        )


def _every_number_is_told(raw: Raw, report: Reporter) -> Iterator[Problem]:
    for path, entry in _numbers(raw):
        if entry.get("kind") == "number" and "number" not in entry:
            yield report.problem(
                (*path, "number"),
                "is missing.",
                allowed='Allowed: the number that is dialled, for example "+15550100".',
            )


def _numbers_are_dialled_and_lead_to_one_line(raw: Raw, report: Reporter) -> Iterator[Problem]:
    seen: dict[str, Path] = {}
    for path, entry in _numbers(raw):
        number = entry.get("number")
        if not isinstance(number, str):
            continue
        if entry.get("kind") == "web":
            yield report.problem(
                (*path, "number"),
                "stands at an entry that is a web page.",
                allowed='Write kind = "number", or leave the number out.',
            )
        digits = number.removeprefix("+")
        if digits in seen:
            yield report.problem(
                (*path, "number"),
                f"is that of {'.'.join(map(str, seen[digits]))} already.",
                allowed="Allowed: each number once.",
            )
        seen.setdefault(digits, path)


def _sound_has_ports(asterisk: Raw, report: Reporter) -> Iterator[Problem]:
    first = asterisk.get("rtp_from", _PORTS["rtp_from"].default)
    last = asterisk.get("rtp_to", _PORTS["rtp_to"].default)
    if isinstance(first, int) and isinstance(last, int) and last < first + 3:
        yield report.problem(
            ("telephony", "asterisk", "rtp_to"),
            f"leaves no room for one call from {first} on.",
            allowed="Allowed: four ports for each call that is to be had at once.",
        )


def _one_trunk_dials(raw: Raw, report: Reporter) -> Iterator[Problem]:
    dialling = [key for key, trunk in entries_of(raw, "trunks") if trunk.get("dials") is True]
    for key in dialling[1:]:
        yield report.problem(
            ("trunks", key, "dials"),
            f'is true, and calls out go by "{dialling[0]}" already.',
            allowed="Allowed: one trunk that dials.",
        )


def _ordinary_telephones_can_be_rung(raw: Raw, report: Reporter) -> Iterator[Problem]:
    ordinary = agents_at_ordinary_telephones(raw)
    for key in ordinary:
        if "address" in table_of(table_of(table_of(raw["agents"])[key])["phone"]):
            yield report.problem(
                ("agents", key, "phone", "address"),
                "stands at an ordinary telephone, which has none.",
                allowed="Leave out one of address and ordinary.",
            )
    dials = any(trunk.get("dials") is True for _, trunk in entries_of(raw, "trunks"))
    for key in [] if dials else ordinary:
        yield report.problem(
            ("agents", key, "phone", "ordinary"),
            "needs a trunk that dials, and there is none.",
            allowed="Write dials = true at one of [trunks].",
        )


def _what_is_encrypted_has_a_certificate(raw: Raw, report: Reporter) -> Iterator[Problem]:
    asterisk = table_of(table_of(raw.get("telephony")).get("asterisk"))
    encrypted: list[Path] = [
        ("trunks", key, "encrypted")
        for key, trunk in entries_of(raw, "trunks")
        if trunk.get("encrypted") is True
    ]
    for key, agent in entries_of(raw, "agents"):
        phone = table_of(agent.get("phone"))
        if phone.get("encrypted") is True:
            encrypted.append(("agents", key, "phone", "encrypted"))
            if phone.get("ordinary") is True:
                yield report.problem(
                    ("agents", key, "phone", "encrypted"),
                    "stands at an ordinary telephone, which is reached by a trunk.",
                    allowed="Leave it out here; a trunk can be encrypted.",
                )
    given = [key for key in ("certificate", "certificate_key") if key in asterisk]
    if len(given) == 2 or (not given and not encrypted):
        return
    missing = "certificate_key" if "certificate" in given else "certificate"
    where = f"{'.'.join(map(str, encrypted[0]))} needs it" if encrypted else "the other is there"
    yield report.problem(
        ("telephony", "asterisk", missing),
        f"is missing: {where}.",
        allowed="Allowed: certificate and certificate_key, two files in PEM.",
    )


def _accounts_lead_to_numbers_of_ours(raw: Raw, report: Reporter) -> Iterator[Problem]:
    ours = {
        dialled(number).removeprefix("+")
        for _, entry in _numbers(raw)
        if isinstance(number := entry.get("number"), str)
    }
    for key, trunk in entries_of(raw, "trunks"):
        number = table_of(trunk.get("account")).get("number")
        # One that is none is told as such.
        if (
            isinstance(number, str)
            and re.fullmatch(NUMBER, number)
            and dialled(number).removeprefix("+") not in ours
        ):
            yield report.problem(
                ("trunks", key, "account", "number"),
                f'is "{number}", which is at no entry of a line.',
                allowed="Allowed: the number of an entry, as it stands there.",
            )


def _browsers_are_told_from_trunks(raw: Raw, report: Reporter) -> Iterator[Problem]:
    """Yields trunks that send from where the centre carries the signals of browsers."""
    agents = entries_of(raw, "agents")
    if all("phone" in agent or key.startswith(SIMULATED) for key, agent in agents):
        return
    for key, trunk in entries_of(raw, "trunks"):
        for number, word in enumerate(list_of(trunk.get("calls_from"))):
            try:
                is_ours = _OURS in ipaddress.ip_network(str(word), strict=False)
            except ValueError:
                continue  # told elsewhere
            if is_ours:
                yield report.problem(
                    ("trunks", key, "calls_from", number),
                    "holds 127.0.0.1: agents who answer in the browser would be taken for it.",
                    allowed="Allowed on this machine: another address, such as 127.0.0.2.",
                )


def _addresses_exist(raw: Raw, report: Reporter) -> Iterator[Problem]:
    asterisk = table_of(table_of(raw.get("telephony")).get("asterisk"))
    places: list[tuple[Path, object]] = [
        (("telephony", "asterisk", "sip_address"), asterisk.get("sip_address"))
    ]
    for key, trunk in entries_of(raw, "trunks"):
        places += [
            (("trunks", key, "calls_from", number), word)
            for number, word in enumerate(list_of(trunk.get("calls_from")))
        ]
    for path, word in places:
        if not isinstance(word, str) or not _DIGITS.fullmatch(word):
            continue  # told by the models
        try:
            ipaddress.ip_network(word)
        except ValueError:
            yield report.problem(
                path,
                f'"{word}" is no address that there can be.',
                allowed='For example "192.0.2.7", or "192.0.2.0/28" for a network.',
            )
