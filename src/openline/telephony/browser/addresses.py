"""Takes network addresses out of what two pages tell each other.

Neither side of a call may learn the other's address. Where both pages run on the centre's own
machine there is nothing to hide and everything passes. Anywhere else only candidates of the relay
server pass, without the address behind the relay (`raddr`), and a session description is stripped
of every other candidate and of the addresses in its `c=`, `o=` and `a=rtcp:` lines; any other line
in which something looks like an address is left out whole. Whatever is not understood is dropped,
not passed on.

Formats: RFC 8839 (candidates in SDP), RFC 8866 (SDP).
"""

import re
from typing import Any

_CANDIDATE = re.compile(
    r"^(?:a=)?candidate:(?P<foundation>[\w+/]{1,32}) (?P<component>\d{1,3}) "
    r"(?P<transport>[A-Za-z]{1,8}) (?P<priority>\d{1,10}) (?P<address>[0-9A-Fa-f.:]{2,45}) "
    r"(?P<port>\d{1,5}) typ (?P<type>host|srflx|prflx|relay)(?P<rest>( [\w+/.:-]+)*)$"
)
_SAFE_EXTENSIONS = ("generation", "ufrag", "network-cost", "network-id")
_SAFE_VALUE = re.compile(r"[\w+/]{1,256}")
_ORIGIN = re.compile(r"o=\S+ (?P<session>\d+) (?P<version>\d+) ")
_MEDIA = re.compile(r"m=(?P<kind>\w+) (?P<port>\d+)(?:/\d+)? (?P<rest>.+)")
_FINGERPRINT = re.compile(r"a=fingerprint:[\w-]+ [0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2})+")
_ADDRESS = re.compile(
    r"\d{1,3}(?:\.\d{1,3}){3}"
    r"|:[0-9A-Fa-f]{0,4}:"  # every way to write an IPv6 address has this in it
    r"|\.local",
    re.IGNORECASE,
)
_MID = re.compile(r"[\w-]{1,16}")
_HIDDEN = "0.0.0.0"


def relay_candidate(line: str) -> str | None:
    """Returns the candidate without the address behind it, or None unless it is a relay's."""
    found = _CANDIDATE.match(line.strip())
    if found is None or found["type"] != "relay":
        return None
    words = found["rest"].split()
    kept = [
        f" {name} {value}"
        for name, value in zip(words[::2], words[1::2], strict=False)
        if name in _SAFE_EXTENSIONS and _SAFE_VALUE.fullmatch(value)
    ]
    return (
        f"candidate:{found['foundation']} {found['component']} {found['transport']} "
        f"{found['priority']} {found['address']} {found['port']} typ relay "
        f"raddr {_HIDDEN} rport 9{''.join(kept)}"
    )


def without_addresses(sdp: str) -> str:
    """Returns the description with relay candidates only and every other address blanked."""
    kept = (_without_address(line) for line in sdp.splitlines())
    return "".join(f"{line}\r\n" for line in kept if line is not None)


def _without_address(line: str) -> str | None:
    """Returns a line of a description as it may pass, or None if it may not."""
    if line.startswith("a=candidate:"):
        candidate = relay_candidate(line)
        return None if candidate is None else f"a={candidate}"
    if line.startswith("c="):
        return f"c=IN IP4 {_HIDDEN}"
    if line.startswith("a=rtcp:"):
        return f"a=rtcp:9 IN IP4 {_HIDDEN}"
    if line.startswith("o="):
        origin = _ORIGIN.match(line)
        if origin is None:
            return None
        return f"o=- {origin['session']} {origin['version']} IN IP4 {_HIDDEN}"
    if line.startswith("m="):
        media = _MEDIA.fullmatch(line)
        if media is None:
            return None
        port = "0" if media["port"] == "0" else "9"  # 0 says that the medium is refused
        line = f"m={media['kind']} {port} {media['rest']}"
    if _ADDRESS.search(line) and not _FINGERPRINT.fullmatch(line):
        return None
    return line


def relayed(data: dict[str, Any]) -> dict[str, Any] | None:
    """Returns a signal that may go to a page elsewhere, or None if nothing of it may."""
    description = data.get("description")
    if isinstance(description, dict) and isinstance(description.get("sdp"), str):
        kind = description.get("type")
        if kind not in ("offer", "answer"):
            return None
        return {"description": {"type": kind, "sdp": without_addresses(description["sdp"])}}
    candidate = data.get("candidate")
    if isinstance(candidate, dict) and isinstance(candidate.get("candidate"), str):
        if candidate["candidate"] == "":  # the end of candidates
            kept: str | None = ""
        else:
            kept = relay_candidate(candidate["candidate"])
        if kept is None:
            return None
        passed: dict[str, Any] = {"candidate": kept}
        mid, index = candidate.get("sdpMid"), candidate.get("sdpMLineIndex")
        if isinstance(mid, str) and _MID.fullmatch(mid):
            passed["sdpMid"] = mid
        if isinstance(index, int):
            passed["sdpMLineIndex"] = index
        return {"candidate": passed}
    return None
