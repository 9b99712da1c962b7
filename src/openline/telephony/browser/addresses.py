"""Takes network addresses out of what two pages tell each other.

Neither side of a call may learn the other's address. Where both pages run on the centre's own
machine there is nothing to hide and everything passes. Anywhere else only candidates of the relay
server pass, without the address behind the relay (`raddr`), and a session description is stripped
of every other candidate and of the addresses in its `c=`, `o=` and `a=rtcp:` lines. Whatever is not
understood is dropped, not passed on.

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
        if name in _SAFE_EXTENSIONS
    ]
    return (
        f"candidate:{found['foundation']} {found['component']} {found['transport']} "
        f"{found['priority']} {found['address']} {found['port']} typ relay "
        f"raddr {_HIDDEN} rport 9{''.join(kept)}"
    )


def without_addresses(sdp: str) -> str:
    """Returns the description with relay candidates only and every other address blanked."""
    lines: list[str] = []
    for line in sdp.replace("\r\n", "\n").split("\n"):
        if line.startswith("a=candidate:"):
            kept = relay_candidate(line)
            if kept is not None:
                lines.append(f"a={kept}")
        elif line.startswith("c="):
            lines.append(f"c=IN IP4 {_HIDDEN}")
        elif line.startswith("a=rtcp:"):
            lines.append(f"a=rtcp:9 IN IP4 {_HIDDEN}")
        elif line.startswith("o="):
            parts = line.split(" ")
            lines.append(" ".join([*parts[:3], "IN", "IP4", _HIDDEN]))
        elif line.startswith("m="):
            parts = line.split(" ")
            lines.append(" ".join([parts[0], "9", *parts[2:]]))
        elif not line.startswith("a=remote-candidates:"):
            lines.append(line)
    return "\r\n".join(lines)


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
        for name, kind_of in (("sdpMid", str), ("sdpMLineIndex", int)):
            if isinstance(candidate.get(name), kind_of):
                passed[name] = candidate[name]
        return {"candidate": passed}
    return None
