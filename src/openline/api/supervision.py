"""What a supervisor asks of the centre: who is there, another state for one of them, that she
hears who comes to help her; which lines
are open, that one be closed at once or opened again; that a surge be switched on or off.

For pages and programs alike: JSON in and out. Who asks is known from the session alone, never from
what is sent; on record he stands by his key in the configuration, which is an alias.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from openline.api.context import ApiContext
from openline.centre.lines_view import lines_view
from openline.centre.listening_view import listens_to, why_busy
from openline.centre.views import staff_view
from openline.engine import AgentState
from openline.engine import inputs as i
from openline.engine.parties import ListenMode
from openline.model import AgentKey, BugError, LineKey, OfferId, Reason, SurgeKey


class WantedState(BaseModel):
    """Is the state that a supervisor wants an agent in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    to: str = Field(max_length=20)
    pause_reason: str | None = Field(default=None, max_length=40)


class WantedListening(BaseModel):
    """Names who is to hear a supervisor in an agent's talk; null is to leave it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mode: str | None = Field(max_length=20)


class WantedHelp(BaseModel):
    """Says whether a supervisor comes to an agent who raised her hand."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    coming: bool


class WantedLine(BaseModel):
    """Says whether a supervisor wants a line closed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    closed: bool


class WantedSurge(BaseModel):
    """Names the surge that a supervisor wants; null is back to the usual."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    surge: str | None = Field(max_length=40)


Counted = Annotated[int, Path(ge=0, lt=2**63)]
"""A number in an address, as far as any record can count."""

FORCEABLE = {
    state.value: state for state in (AgentState.READY, AgentState.PAUSED, AgentState.SIGNED_OUT)
}

MODES = {mode.value: mode for mode in ListenMode}

STATUS: dict[Reason, int] = {
    Reason.UNKNOWN_AGENT: 404,
    Reason.UNKNOWN_LINE: 404,
    Reason.UNKNOWN_HAND_OVER: 404,
    Reason.UNKNOWN_SURGE: 404,
    Reason.UNKNOWN_QUEUE: 404,
    Reason.UNKNOWN_SKILL: 404,
}
"""Any other refusal is a conflict with what is now."""


NOTHING_OWN: Mapping[Reason, tuple[str, str]] = MappingProxyType({})


def supervision(context: ApiContext) -> APIRouter:
    """Returns the routes; the table of access lets supervisors in, and nobody else."""
    routes = APIRouter()

    @routes.get("/api/agents")
    async def agents(request: Request) -> JSONResponse:
        """Lists the agents: what each does now, since when and why."""
        language = context.here(request).language
        return JSONResponse(
            {"agents": staff_view(context.centre.durable, context.published, language)}
        )

    @routes.post("/api/agents/{agent}/state")
    async def force(request: Request, agent: str, wanted: WantedState) -> JSONResponse:
        """Forces a state, now or, while she has a call, after it; answers when it is durable."""
        by = context.here(request).agent
        if by is None:
            return refusal(403, "no_alias", NO_ALIAS)
        to = FORCEABLE.get(wanted.to)
        if to is None:
            known = ", ".join(FORCEABLE)
            return refusal(422, "unknown_state", f"`to` must be one of {known}.")
        if wanted.pause_reason is not None and to is not AgentState.PAUSED:
            return refusal(422, "no_pause", "Only a pause has a pause_reason.")
        key = AgentKey(agent)
        seen = i.StateForced(by=by, agent=key, to=to, pause_reason=wanted.pause_reason)
        refused = await asked(context, seen)
        if refused is not None:
            return refused
        now = context.centre.durable.agents[key]
        is_noted = now.forced_to is to
        return JSONResponse(
            {"agent": key, "to": to.value, "when": "after_call" if is_noted else "now"}
        )

    @routes.post("/api/agents/{agent}/listening")
    async def listen(request: Request, agent: str, wanted: WantedListening) -> JSONResponse:
        """Lets her listen to a talk by her own desk, be heard otherwise, or leave it."""
        by = context.here(request).agent
        if by is None:
            return refusal(403, "no_alias", NO_ALIAS)
        key, state = AgentKey(agent), context.centre.engine.state
        if wanted.mode is None:
            if not listens_to(state, by, key):
                return refusal(409, "not_listening", "You do not listen to this talk.")
            refused = await asked(context, i.HangUpRequested(agent=by))
            return refused or JSONResponse({"agent": key, "mode": None})
        mode = MODES.get(wanted.mode)
        if mode is None:
            return refusal(422, "unknown_mode", f"`mode` must be one of {', '.join(MODES)}.")
        if not listens_to(state, by, key) and (why := why_busy(state, by)) is not None:
            return refusal(409, why, BUSY[why])
        refused = await asked(context, i.ListenRequested(by=by, agent=key, mode=mode))
        return refused or JSONResponse({"agent": key, "mode": mode.value})

    @routes.post("/api/agents/{agent}/help")
    async def come(request: Request, agent: str, wanted: WantedHelp) -> JSONResponse:
        """Tells an agent who raised her hand that he comes, or that he does not after all."""
        by = context.here(request).agent
        if by is None:
            return refusal(403, "no_alias", NO_ALIAS)
        key = AgentKey(agent)
        refused = await asked(context, i.HelpTakeRequested(by=by, agent=key, takes=wanted.coming))
        return refused or JSONResponse({"agent": key, "coming": wanted.coming})

    @routes.post("/api/hand-overs/{hand_over}/review")
    async def review(request: Request, hand_over: Counted) -> JSONResponse:
        """Notes that she has looked at a hand-over to an emergency service that was not hers."""
        by = context.here(request).agent
        if by is None:
            return refusal(403, "no_alias", NO_ALIAS)
        seen = i.ReviewRequested(by=by, hand_over=OfferId(hand_over))
        refused = await asked(context, seen)
        return refused or JSONResponse({"hand_over": hand_over, "by": by})

    @routes.get("/api/lines")
    async def lines(request: Request) -> JSONResponse:
        """Lists the lines, which of them a supervisor closed, and the surges."""
        language = context.here(request).language
        return JSONResponse(lines_view(context.centre.durable, context.published, language))

    @routes.post("/api/lines/{line}/closure")
    async def close(request: Request, line: str, wanted: WantedLine) -> JSONResponse:
        """Closes a line for new calls or opens it again; answers when it is durable."""
        by = context.here(request).agent
        if by is None:
            return refusal(403, "no_alias", NO_ALIAS)
        key = LineKey(line)
        seen = i.LineClosureRequested(by=by, line=key, closed=wanted.closed)
        refused = await asked(context, seen)
        return refused or JSONResponse({"line": key, "closed": wanted.closed})

    @routes.post("/api/surge")
    async def surge(request: Request, wanted: WantedSurge) -> JSONResponse:
        """Switches a surge on, or all back to the usual; answers when it is durable."""
        by = context.here(request).agent
        if by is None:
            return refusal(403, "no_alias", NO_ALIAS)
        key = None if wanted.surge is None else SurgeKey(wanted.surge)
        refused = await asked(context, i.SurgeRequested(by=by, surge=key))
        return refused or JSONResponse({"surge": key})

    return routes


async def asked(
    context: ApiContext, seen: i.AnyInput, own: Mapping[Reason, tuple[str, str]] = NOTHING_OWN
) -> JSONResponse | None:
    """Asks the centre; returns why not, in words, or None when it is done and durable.

    `own` are codes and words for what a reason means where it is asked.
    """
    try:
        reason = await context.centre.ask(seen)
    except BugError:
        return refusal(500, "fault", "Nothing was changed. The centre's log says more.")
    if reason is None:
        return None
    if reason in own:
        return refusal(409, *own[reason])
    return refusal(STATUS.get(reason, 409), reason.value, WORDS.get(reason, OTHERWISE))


NO_ALIAS = (
    "Your account belongs to no agent of the configuration. An account "
    "with one is made by: openline user add LOGIN --role supervisor --agent KEY"
)
OTHERWISE = "That does not fit what the agent does now; nothing was changed."
BUSY = {
    "not_at_desk": "You hear a talk by your own desk: sign in there first.",
    "listener_busy": "Whoever has a call, an offer or a wrap-up cannot listen.",
}
WORDS: dict[Reason, str] = {
    Reason.UNKNOWN_AGENT: "There is no agent of that key.",
    Reason.UNKNOWN_LINE: "There is no line of that key.",
    Reason.UNKNOWN_SURGE: "The configuration has no surge of that key.",
    Reason.NOTHING_TO_HEAR: "Callers would hear nothing: the line has no words for being closed.",
    Reason.UNKNOWN_QUEUE: "There is no queue of that key.",
    Reason.UNKNOWN_SKILL: "No queue asks for one of these skills, and nobody has it.",
    Reason.CHANGED_MEANWHILE: "Somebody else changed her skills meanwhile; look at them again.",
    Reason.NOBODY_WAITS: "Nobody waits in that queue now.",
    Reason.UNKNOWN_PAUSE_REASON: "There is no pause reason of that key.",
    Reason.NOT_SIGNED_IN: "She is not signed in; nobody can be signed in from outside.",
    Reason.UNKNOWN_HAND_OVER: "There is no such hand-over, or it was looked at already.",
    Reason.OWN_HAND_OVER: "You handed this call over yourself; somebody else must look at it.",
    Reason.NOT_HEARD_HERE: "Callers of this call were not told that they may be heard.",
    Reason.CANNOT_LISTEN: "The telephony of one of the three cannot let supervisors listen.",
    Reason.SOMEBODY_LISTENS: "Somebody else listens already; one does at a time.",
    Reason.CALL_IS_OVER: "She has no talk to listen to.",
    Reason.NO_HELP_WANTED: "She has no hand up, or took it down.",
    Reason.HELP_IS_TAKEN: "Another supervisor comes to her already.",
    Reason.IN_RECOVERY: "She is in a break after a hard call, which nobody cuts short.",
}
"""In English, for programs."""


def refusal(status: int, code: str, message: str) -> JSONResponse:
    """Returns the one form of all errors."""
    body: dict[str, Any] = {"error": {"code": code, "message": message}}
    return JSONResponse(body, status_code=status)
