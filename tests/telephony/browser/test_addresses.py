"""Nobody learns the address of who is at the other end.

Whatever comes out of `relayed` is searched for addresses of every kind, by patterns that know
nothing of how the code under test finds them; only the relay's own may be there.
"""

import ipaddress
import json
import re
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from openline.telephony.browser.addresses import relay_candidate, relayed, without_addresses
from tests.telephony.browser.chromium import (
    CANDIDATES,
    CHROMIUM,
    FIREFOX,
    HOST4,
    HOST6,
    MDNS,
    PUBLIC,
    RELAY,
    RELAY6,
    RELAY_ADDRESSES,
    RELAYED,
    SECRET_ADDRESSES,
)

_IPV4 = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)")
_IPV6 = re.compile(r"(?<![0-9A-Za-z:])[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*(?![0-9A-Za-z:])")
_LOCAL = re.compile(r"[\w-]+\.local\b", re.IGNORECASE)


def addresses_in(signal: Any) -> set[str]:
    """Returns every address that can be read in what a page is told, in any of its parts."""
    text = json.dumps(signal, ensure_ascii=False).replace("\\r", "\r").replace("\\n", "\n")
    found = set(_IPV4.findall(text)) | set(_LOCAL.findall(text))
    for word in _IPV6.findall(text):
        if word.count(":") >= 2:
            try:
                found.add(str(ipaddress.IPv6Address(word)))
            except ValueError:
                continue
    return found - {"0.0.0.0"}  # says that there is none


def leaks(signal: Any) -> set[str]:
    """Returns the addresses other than the relay's, and planted ones in any spelling."""
    text = json.dumps(signal, ensure_ascii=False).lower()
    planted = {secret for secret in SECRET_ADDRESSES if secret.lower() in text}
    return (addresses_in(signal) - set(RELAY_ADDRESSES)) | planted


def candidate(line: str, **more: object) -> dict[str, Any]:
    return {"candidate": {"candidate": line, "sdpMid": "0", "sdpMLineIndex": 0, **more}}


def description(sdp: str, kind: str = "offer") -> dict[str, Any]:
    return {"description": {"type": kind, "sdp": sdp}}


def test_the_search_finds_what_it_must_find() -> None:
    found = addresses_in(description(CHROMIUM))
    assert found >= {HOST4, HOST6, MDNS, PUBLIC, RELAY, RELAY6, "127.0.0.1"}


# --- candidates --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", CANDIDATES)
def test_a_candidate_of_a_machine_does_not_pass(kind: str) -> None:
    assert relayed(candidate(CANDIDATES[kind])) is None
    assert relay_candidate(CANDIDATES[kind]) is None


@pytest.mark.parametrize("kind", RELAYED)
def test_a_candidate_of_the_relay_passes_without_the_address_behind_it(kind: str) -> None:
    signal = relayed(candidate(RELAYED[kind], usernameFragment="4ZcD", relayProtocol="udp"))
    assert signal is not None
    assert leaks(signal) == set()
    passed = signal["candidate"]["candidate"]
    before, after = RELAYED[kind].split(), passed.split()
    assert after[:8] == before[:8]
    assert after[8:12] == ["raddr", "0.0.0.0", "rport", "9"]
    assert signal["candidate"]["sdpMid"] == "0"
    assert signal["candidate"]["sdpMLineIndex"] == 0
    assert set(signal["candidate"]) == {"candidate", "sdpMid", "sdpMLineIndex"}


def test_what_a_page_needs_of_a_relay_candidate_is_kept() -> None:
    passed = relay_candidate(RELAYED["relay, UDP"])
    assert passed is not None
    assert passed.endswith("generation 0 ufrag 4ZcD network-id 1 network-cost 10")


def test_a_candidate_as_a_line_of_a_description_is_taken_too() -> None:
    assert relay_candidate("a=" + RELAYED["relay, UDP"] + "\r\n") == relay_candidate(
        RELAYED["relay, UDP"]
    )


def test_the_end_of_candidates_passes() -> None:
    assert relayed(candidate("")) == candidate("")


@pytest.mark.parametrize(
    "line",
    [
        "candidate",
        "candidate:",
        "candidate:1 1 udp 1 203.0.113.5 9 typ",
        "candidate:1 1 udp 1 203.0.113.5 9 typ relayed",
        "candidate:1 1 udp 1 203.0.113.5 9 typ relay extra",
        f"candidate:1 1 udp 1 {MDNS} 9 typ relay raddr {HOST4} rport 9",
        f"candidate:1 1 udp 1 {HOST4} 9 typ host typ relay",
        f"candidate:1 1 udp 1 203.0.113.5 9 typ relay\r\na={CANDIDATES['host, IPv4']}",
        f"candidate:{HOST4} 1 udp 1 203.0.113.5 9 typ relay raddr 0.0.0.0 rport 9",
        f"candidate:1 1 udp 1 203.0.113.5 9 typ relay ufrag {HOST4}",
        f"candidate:1 1 udp 1 203.0.113.5 9 typ relay ufrag {HOST6} generation {HOST4}",
        f"{HOST4} candidate:1 1 udp 1 203.0.113.5 9 typ relay",
        "x" * 5_000,
    ],
)
def test_a_candidate_that_is_not_as_it_should_be_tells_nothing(line: str) -> None:
    signal = relayed(candidate(line))
    assert leaks(signal) == set()


@pytest.mark.parametrize("extra", [{"sdpMid": HOST4}, {"sdpMid": 7}, {"sdpMLineIndex": HOST4}])
def test_nothing_is_smuggled_beside_a_candidate(extra: dict[str, Any]) -> None:
    assert leaks(relayed(candidate(RELAYED["relay, UDP"], **extra))) == set()


# --- descriptions --------------------------------------------------------------------------------


@pytest.mark.parametrize("sdp", [CHROMIUM, FIREFOX], ids=["Chromium", "Firefox"])
@pytest.mark.parametrize("kind", ["offer", "answer"])
def test_a_description_keeps_only_the_relays_addresses(sdp: str, kind: str) -> None:
    signal = relayed(description(sdp, kind))
    assert signal is not None
    assert leaks(signal) == set()
    assert signal["description"]["type"] == kind


@pytest.mark.parametrize("sdp", [CHROMIUM, FIREFOX], ids=["Chromium", "Firefox"])
def test_a_description_keeps_everything_that_names_no_address(sdp: str) -> None:
    kept = without_addresses(sdp).split("\r\n")
    harmless = [
        line
        for line in sdp.split("\r\n")
        if not line.startswith(("a=candidate:", "c=", "o=", "m=", "a=rtcp:"))
    ]
    assert [line for line in kept if line in harmless] == harmless
    assert kept[-1] == ""


def test_the_lines_that_hold_addresses_are_blanked() -> None:
    kept = without_addresses(CHROMIUM).split("\r\n")
    assert "o=- 4611731400430051336 2 IN IP4 0.0.0.0" in kept
    assert "c=IN IP4 0.0.0.0" in kept
    assert "a=rtcp:9 IN IP4 0.0.0.0" in kept
    assert "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126" in kept
    assert sum(line.startswith("a=candidate:") for line in kept) == len(RELAYED)


def test_taking_addresses_out_twice_changes_nothing_more() -> None:
    once = without_addresses(CHROMIUM)
    assert without_addresses(once) == once


@pytest.mark.parametrize(
    "line",
    [
        f"a=remote-candidates:1 {HOST4} 56143",
        f" a=candidate:1 1 udp 1 {HOST4} 9 typ host",
        f"A=CANDIDATE:1 1 UDP 1 {HOST4} 9 TYP HOST",
        f"a=x-address:{HOST4}",
        f"a=x-address:{HOST6}",
        f"a=x-address:[{HOST6}]:443",
        f"a=tool:{MDNS}",
        f"i=at home, {HOST4}",
        f"u=http://{HOST4}/",
        f"e=me@{MDNS}",
        f"o=me@{HOST4} 1 1 IN IP4 {HOST4}",
        f"o=-\t1\t1\tIN\tIP4\t{HOST4}",
        f"o=- {HOST4} {HOST6} IN IP4 {HOST4}",
        f"m=audio {HOST4} RTP/SAVPF {HOST6}",
        f"m={HOST4}",
        f"s={MDNS.upper()}",
        f"v=0\ra=candidate:1 1 udp 1 {HOST4} 9 typ host",
        f"v=0\x0ba=candidate:1 1 udp 1 {HOST4} 9 typ host",
        f"v=0\u2028a=candidate:1 1 udp 1 {HOST6} 9 typ host",
        f"a=fingerprint:sha-256 AB:CD {HOST4}",
        f"a=ice-ufrag:{HOST6}",
        "a=x:::ffff:192.0.2.17",
        "a=x:2001:db8::",
        "a=x:::1",
        "a=x:2001:0db8:0000:0000:0000:0000:0000:0001",
    ],
)
def test_an_address_at_an_odd_place_does_not_pass(line: str) -> None:
    signal = relayed(description(f"v=0\r\n{line}\r\na=mid:0\r\n"))
    assert signal is not None
    assert leaks(signal) == set()
    assert "a=mid:0" in signal["description"]["sdp"]


# --- what is neither -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"candidate": None},
        {"candidate": HOST4},
        {"candidate": {"address": HOST4}},
        {"candidate": {"candidate": [RELAYED["relay, UDP"]]}},
        {"description": HOST4},
        {"description": {"type": "offer"}},
        {"description": {"type": "rollback", "sdp": ""}},
        {"description": {"type": "pranswer", "sdp": CHROMIUM}},
        {"description": {"type": ["offer"], "sdp": CHROMIUM}},
        {"address": HOST4},
        {"description": None, "candidate": None, "address": HOST4},
    ],
)
def test_what_is_not_understood_does_not_pass(data: dict[str, Any]) -> None:
    assert relayed(data) is None


def test_what_stands_beside_a_description_does_not_pass() -> None:
    signal = relayed({**description(CHROMIUM), "address": HOST4, "candidate": HOST6})
    assert signal is not None
    assert set(signal) == {"description"}
    assert set(signal["description"]) == {"type", "sdp"}


# --- any mixture ---------------------------------------------------------------------------------

_LINES = [
    *CHROMIUM.split("\r\n"),
    *FIREFOX.split("\r\n"),
    *(f"a={line}" for line in (*CANDIDATES.values(), *RELAYED.values())),
]
_planted = st.sampled_from(SECRET_ADDRESSES)
_glue = st.sampled_from(["", " ", "\t", "a=", "c=IN IP4 ", "o=- 1 1 IN IP6 ", "[", "]:9", "/", ","])
_odd = st.builds("{0}{1}{2}{3}".format, _glue, _planted, _glue, st.text(max_size=6))
_broken = st.builds(
    lambda line, at, planted: f"{line[:at]} {planted} {line[at:]}",
    st.sampled_from(_LINES),
    st.integers(0, 80),
    _planted,
)
_sdp = st.builds(
    lambda lines, ends: "".join(line + end for line, end in zip(lines, ends, strict=False)),
    st.lists(st.sampled_from(_LINES) | _odd | _broken, max_size=25),
    st.lists(st.sampled_from(["\r\n", "\n", "\r"]), min_size=25, max_size=25),
)


@hypothesis.given(_sdp, st.sampled_from(["offer", "answer"]))
def test_no_description_leaks_a_planted_address(sdp: str, kind: str) -> None:
    assert leaks(relayed(description(sdp, kind))) & set(SECRET_ADDRESSES) == set()


@hypothesis.given(
    st.sampled_from([*CANDIDATES.values(), *RELAYED.values()]),
    st.integers(0, 200),
    _planted,
    _planted,
)
def test_no_candidate_leaks_a_planted_address(
    line: str, at: int, planted: str, beside: str
) -> None:
    for broken in (line, f"{line[:at]} {planted} {line[at:]}", f"{line} foo {planted}"):
        assert leaks(relayed(candidate(broken, usernameFragment=beside, address=beside))) == set()
