"""Draws what a call and an agent may do next into docs/explanation/states.md.

    python scripts/draw_states.py          writes the page
    python scripts/draw_states.py --check  says whether it is up to date, and writes nothing

The charts are read from `openline.engine.transitions`, the very tables that the engine obeys, so
they cannot tell another story. A test keeps the page up to date.
"""

import re
import sys
from pathlib import Path

from openline.engine import AgentState, CallState
from openline.engine.transitions import AGENT_TRANSITIONS, CALL_TRANSITIONS, FULFILLED, REQUESTS

PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "states.md"

_CALL_WORDS = {
    CallState.GREETING: "hears the greeting of the line",
    CallState.CONSENT: "is asked whether it may be recorded",
    CallState.MENU: "hears a menu, or has a while to press a digit",
    CallState.MESSAGE: "hears a message: the last thing, or the prompt of a voicemail box",
    CallState.VOICEMAIL: "the caller speaks into a voicemail box",
    CallState.QUEUED: "waits, with music",
    CallState.OFFERED: "one agent is being rung for it",
    CallState.TALKING: "caller and agent hear each other",
    CallState.HELD: "the agent has parked the caller",
    CallState.DIALLING: "the agent is on the line, and a person to be called back is being rung",
}
_AGENT_WORDS = {
    AgentState.SIGNED_OUT: "is not there",
    AgentState.PAUSED: "is there and takes no calls",
    AgentState.READY: "can be offered a call",
    AgentState.OFFERED: "is being rung for a call",
    AgentState.TALKING: "has a call, held or not",
    AgentState.WRAP_UP: "does the work after a call",
}


def page() -> str:
    """Returns the whole page."""
    return f"""# States of a call and of an agent

<!-- Drawn by scripts/draw_states.py from openline.engine.transitions. Do not edit: run it. -->

A call and an agent each have one state and no second status beside it. An arrow is an event, and
only an event changes a state. What no arrow allows is a bug, and the engine stops rather than do
it. How the engine works is told in [engine.md](engine.md).

## A call

{_chart(_call_arrows())}

| state | the call |
|---|---|
{_rows(_CALL_WORDS)}

A lost connection is not a state: the call stays where it is while its page has time to come back.

## An agent

{_chart(_agent_arrows())}

| state | the agent |
|---|---|
{_rows(_AGENT_WORDS)}

## What an agent may ask for

In any other state a request is refused with a reason, and nothing changes. A request that is
fulfilled already is passed over: saying a thing twice does no harm.

| request | granted while | fulfilled already while |
|---|---|---|
{_requests()}
"""


def _call_arrows() -> list[tuple[str, str, str]]:
    arrows = [("[*]", CallState.GREETING.value, "CallArrived")]
    for before, row in CALL_TRANSITIONS.items():
        for event, after in row.items():
            arrows.append((before.value, "[*]" if after is None else after.value, event.__name__))
    return arrows


def _agent_arrows() -> list[tuple[str, str, str]]:
    arrows = [("[*]", AgentState.SIGNED_OUT.value, "")]
    for before, row in AGENT_TRANSITIONS.items():
        for event, after in row.items():
            arrows.append((before.value, after.value, event.__name__))
    return arrows


def _chart(arrows: list[tuple[str, str, str]]) -> str:
    """Draws the arrows as Mermaid, those between the same two states as one."""
    merged: dict[tuple[str, str], list[str]] = {}
    for before, after, event in arrows:
        merged.setdefault((before, after), []).append(_words(event))
    lines = [
        f"    {before} --> {after}" + (f": {', '.join(events)}" if any(events) else "")
        for (before, after), events in merged.items()
    ]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


def _rows(words: dict[CallState, str] | dict[AgentState, str]) -> str:
    return "\n".join(f"| `{state.value}` | {said} |" for state, said in words.items())


def _requests() -> str:
    return "\n".join(
        f"| {_words(request.__name__.removesuffix('Requested'))} | {_states(granted)} "
        f"| {_states(FULFILLED.get(request, ()))} |"
        for request, granted in REQUESTS.items()
    )


def _states(states: tuple[AgentState, ...]) -> str:
    return ", ".join(f"`{state.value}`" for state in states) or "–"


def _words(name: str) -> str:
    """Turns the name of an event into words.

    >>> _words("OfferAccepted")
    'offer accepted'
    """
    return re.sub(r"(?<!^)(?=[A-Z])", " ", name).lower()


def main() -> int:
    """Writes or checks the page; returns the exit code."""
    drawn = page()
    if "--check" in sys.argv[1:]:
        is_current = PAGE.is_file() and PAGE.read_text(encoding="utf-8") == drawn
        if not is_current:
            print(f"{PAGE.name} is out of date: run scripts/draw_states.py", file=sys.stderr)
        return 0 if is_current else 1
    PAGE.write_text(drawn, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
