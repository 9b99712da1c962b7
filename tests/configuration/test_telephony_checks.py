from pathlib import Path

import pytest

from openline.configuration import Asterisk, Number, Phone, Problem, Trunk, load_text
from openline.model import AgentKey, EntryKey, LineKey
from tests.configuration.builders import EVERYTHING, SMALL, changed, problems
from tests.configuration.toml_text import Document, write

TELEPHONES: Document = {
    **SMALL,
    "lines": {
        "night": {
            "queue": "talk",
            "entries": {"main": {"kind": "number", "number": "+15550100"}},
        }
    },
    "agents": {"amira": {"phone": {}}},
    "telephony": {"asterisk": {}},
    "trunks": {"carrier": {"address": "192.0.2.20", "calls_from": ["192.0.2.20"]}},
}
_DIALS: Document = {"address": "192.0.2.20", "calls_from": ["192.0.2.20"], "dials": True}


def said(document: Document) -> str:
    return "\n".join(problem.text for problem in problems(document))


def test_telephones_are_read_as_they_are_written() -> None:
    text, _ = write(TELEPHONES)
    assert load_text(text, "x.toml", folder=Path("/centre")).asterisk == Asterisk(
        folder=Path("/centre/asterisk"),
        spool=Path("/dev/shm/openline-f825d849919c"),
        sip_address="127.0.0.1",
        sip_port=5060,
        ari_port=8088,
        rtp_from=10_000,
        rtp_to=11_999,
        trunks=(Trunk(key="carrier", address="192.0.2.20", calls_from=("192.0.2.20",)),),
        numbers=(Number(digits="15550100", line=LineKey("night"), entry=EntryKey("main")),),
        phones=(Phone(agent=AgentKey("amira"), address=None),),
    )


def test_who_has_no_telephone_answers_in_the_browser() -> None:
    text, _ = write(changed(TELEPHONES, ("agents.ben", {})))
    asterisk = load_text(text, "x.toml").asterisk
    assert asterisk is not None
    assert {phone.agent: phone.in_browser for phone in asterisk.phones} == {
        "amira": False,
        "ben": True,
    }


def test_browsers_are_told_from_a_trunk_by_where_it_calls_from() -> None:
    ours = ("trunks.carrier.calls_from", ["127.0.0.0/8"])
    text, _ = write(changed(TELEPHONES, ours))
    load_text(text, "x.toml")
    assert "would be taken for it" in said(changed(TELEPHONES, ours, ("agents.ben", {})))


def test_without_asterisk_there_are_no_telephones() -> None:
    text, _ = write(SMALL)
    assert load_text(text, "x.toml").asterisk is None


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("lines.night.entries.main", {"kind": "number"}, "is missing"),
        (
            "lines.night.entries.main",
            {"kind": "web", "number": "12345"},
            "stands at an entry that is a web page",
        ),
        (
            "lines.night.entries.second",
            {"kind": "number", "number": "15550100"},
            "is that of lines.night.entries.main already",
        ),
        ("telephony.asterisk", {"rtp_from": 20_000, "rtp_to": 20_001}, "leaves no room"),
        ("telephony.asterisk", {"sip_address": "300.1.1.1"}, "is no address that there can be"),
        ("trunks.carrier.calls_from", ["192.0.2.20/24"], "is no address that there can be"),
        ("trunks", {"a": _DIALS, "b": _DIALS}, 'calls out go by "a" already'),
        ("trunks.carrier.shows", "5551234567", "country code"),
        ("trunks.carrier.encrypted", True, "certificate: is missing: trunks.carrier.encrypted"),
        ("agents.amira.phone", {"encrypted": True}, "certificate: is missing: agents.amira"),
        ("telephony.asterisk", {"certificate": "c.pem"}, "certificate_key: is missing"),
        (
            "agents.amira.phone",
            {"ordinary": True, "encrypted": True},
            "stands at an ordinary telephone, which is reached by a trunk",
        ),
        (
            "trunks.carrier.account",
            {"user": "x", "password_file": "p", "number": "+15550999"},
            "is at no entry of a line",
        ),
        ("trunks.carrier.account", {"user": "a b", "password_file": "p"}, "name of an account"),
    ],
)
def test_what_does_not_agree_is_told(key: str, value: object, words: str) -> None:
    assert words in said(changed(TELEPHONES, (key, value)))


@pytest.mark.parametrize("key", ["trunks.carrier", "agents.amira.phone", "lines.night.entries"])
def test_telephones_need_a_telephone_system(key: str) -> None:
    without = {name: table for name, table in EVERYTHING.items() if name != "telephony"}
    told = said(without)
    assert f"{key}" in told
    assert 'there is no "asterisk" in telephony' in told


@pytest.mark.parametrize(
    ("left_out", "words"),
    [("lines.night.entries", "nobody can call by telephone"), ("trunks", "there is no trunk")],
)
def test_a_telephone_system_that_nobody_can_ring_is_warned_of(left_out: str, words: str) -> None:
    text, _ = write(changed(TELEPHONES, (left_out, {})))
    assert words in "\n".join(warning.text for warning in load_text(text, "x.toml").warnings)


def test_a_callback_that_no_trunk_can_make_is_warned_of() -> None:
    promised = changed(TELEPHONES, ("queues.talk.callback", {}))
    text, _ = write(promised)
    (warning,) = _of_trunks(text)
    assert "queues.talk.callback" in warning.text
    text, _ = write(changed(promised, ("trunks.carrier.dials", True)))
    assert _of_trunks(text) == []


def _of_trunks(text: str) -> list[Problem]:
    return [each for each in load_text(text, "x.toml").warnings if "no trunk dials" in each.text]
