"""Who may use which route? One table for the whole application; what is not in it is refused.

Rules. Every route has exactly one entry (`check_complete` stops the start otherwise). An act (any
method but GET, HEAD, OPTIONS) must come from one of our own pages: the browser says so in
Sec-Fetch-Site or Origin. A WebSocket from a foreign page is refused likewise. The guard that keeps
these rules is in `guard`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi.routing import iter_route_contexts
from starlette.requests import HTTPConnection
from starlette.routing import BaseRoute, compile_path

from openline.identity import Account, Role
from openline.model import BugError
from openline.model.names import Name


class Audience(Name):
    """Says for whom a route is."""

    EVERYBODY = "everybody"
    CALLERS = "callers"
    """Everybody, where sound can be carried: on this machine, or through a relay."""
    DEMO_HERE = "demo_here"
    """Whoever sits at the machine of a demo."""
    AGENTS = "agents"
    """Those who answer calls (a supervisor may or may not), where sound can be carried."""
    SUPERVISORS = "supervisors"
    """Those who look after who works; an administrator looks after accounts, not after people."""
    ADMINISTRATORS = "administrators"
    """Those who look after the centre itself: its configuration and its accounts."""
    PLANNING = "planning"
    """Those who plan people: figures, forecasts and what was tried, never one call."""
    REPORTING = "reporting"
    """Those who answer for the service: its health and its emergency services, never one call."""
    SIGNED_IN = "signed_in"
    """Everybody who has signed in, for what is his own."""
    ROOM = "room"
    """Everybody who has signed in; in a demo also whoever sits at its machine."""


ROLES: dict[Audience, frozenset[Role]] = {
    Audience.AGENTS: frozenset({Role.AGENT, Role.SUPERVISOR}),
    Audience.SUPERVISORS: frozenset({Role.SUPERVISOR}),
    Audience.ADMINISTRATORS: frozenset({Role.ADMINISTRATOR}),
    Audience.PLANNING: frozenset({Role.PLANNER, Role.SUPERVISOR, Role.ADMINISTRATOR}),
    Audience.REPORTING: frozenset({Role.SUPERVISOR, Role.ADMINISTRATOR}),
    Audience.SIGNED_IN: frozenset(Role),
    Audience.ROOM: frozenset(Role),
}

ACCESS: dict[str, Audience] = {
    "/": Audience.EVERYBODY,
    "/sign-in": Audience.EVERYBODY,
    "/sign-in/code": Audience.EVERYBODY,
    "/sign-in/setup": Audience.EVERYBODY,
    "/sign-in/setup/passkey": Audience.EVERYBODY,
    "/sign-in/setup/passkey/challenge": Audience.EVERYBODY,
    "/sign-in/passkey": Audience.EVERYBODY,
    "/sign-in/passkey/challenge": Audience.EVERYBODY,
    "/account": Audience.SIGNED_IN,
    "/account/passkeys": Audience.SIGNED_IN,
    "/account/passkeys/challenge": Audience.SIGNED_IN,
    "/account/passkeys/{name}": Audience.SIGNED_IN,
    "/sign-out": Audience.EVERYBODY,
    "/preferences": Audience.EVERYBODY,
    "/privacy": Audience.EVERYBODY,
    "/join/{token}": Audience.EVERYBODY,
    "/people": Audience.ADMINISTRATORS,
    "/people/{login}": Audience.ADMINISTRATORS,
    "/static/{path:path}": Audience.EVERYBODY,
    "/favicon.ico": Audience.EVERYBODY,
    "/manifest.webmanifest": Audience.EVERYBODY,
    "/livez": Audience.EVERYBODY,
    "/readyz": Audience.EVERYBODY,
    "/call": Audience.CALLERS,
    "/call/{line}": Audience.CALLERS,
    "/ws/call": Audience.CALLERS,
    "/desk": Audience.AGENTS,
    "/ws/desk": Audience.AGENTS,
    "/wallboard": Audience.ROOM,
    "/events/wallboard": Audience.ROOM,
    "/room": Audience.SUPERVISORS,
    "/events/room": Audience.SUPERVISORS,
    "/sounds": Audience.SUPERVISORS,
    "/calls": Audience.SUPERVISORS,
    "/calls/{call}": Audience.SUPERVISORS,
    "/reports": Audience.PLANNING,
    "/reports/file": Audience.PLANNING,
    "/reading/stop": Audience.PLANNING,
    "/forecast": Audience.PLANNING,
    "/forecast/file": Audience.PLANNING,
    "/staffing": Audience.PLANNING,
    "/planner": Audience.PLANNING,
    "/planner/file": Audience.PLANNING,
    "/planner/twin": Audience.PLANNING,
    "/study": Audience.PLANNING,
    "/study/lived": Audience.PLANNING,
    "/try": Audience.PLANNING,
    "/try/lived": Audience.PLANNING,
    "/try/compared": Audience.PLANNING,
    "/try/kept/{name}": Audience.PLANNING,
    "/try/kept/{name}/removal": Audience.PLANNING,
    "/try/kept/{name}/return": Audience.PLANNING,
    "/health": Audience.REPORTING,
    "/kept": Audience.REPORTING,
    "/api/agents": Audience.SUPERVISORS,
    "/api/agents/{agent}/help": Audience.SUPERVISORS,
    "/api/agents/{agent}/listening": Audience.SUPERVISORS,
    "/api/agents/{agent}/skills": Audience.SUPERVISORS,
    "/api/agents/{agent}/state": Audience.SUPERVISORS,
    "/api/configuration": Audience.ADMINISTRATORS,
    "/api/configuration/{version}": Audience.ADMINISTRATORS,
    "/api/emergency-list": Audience.REPORTING,
    "/api/emergency-list/confirmation": Audience.REPORTING,
    "/api/emergency-list/withdrawal": Audience.REPORTING,
    "/api/hand-overs/{hand_over}/review": Audience.SUPERVISORS,
    "/api/messages": Audience.AGENTS,
    "/api/messages/{message}/done": Audience.AGENTS,
    "/api/messages/{message}/sound": Audience.AGENTS,
    "/api/recording": Audience.AGENTS,
    "/api/recordings": Audience.SUPERVISORS,
    "/api/recordings/{call}/sound": Audience.SUPERVISORS,
    "/api/recordings/{call}/withdrawal": Audience.SUPERVISORS,
    "/api/lines": Audience.SUPERVISORS,
    "/api/sounds": Audience.SUPERVISORS,
    "/api/sounds/choice": Audience.SUPERVISORS,
    "/sounds/spoken/{name}": Audience.EVERYBODY,
    "/api/queues/{queue}/taking": Audience.SUPERVISORS,
    "/api/memos": Audience.SUPERVISORS,
    "/api/memos/{memo}/withdrawal": Audience.SUPERVISORS,
    "/api/lines/{line}/closure": Audience.SUPERVISORS,
    "/api/surge": Audience.SUPERVISORS,
    "/demo/sign-in": Audience.DEMO_HERE,
    "/demo/pull-the-plug": Audience.DEMO_HERE,
}


class Verdict(Name):
    """Says whether a request goes on, or why not."""

    WELCOME = "welcome"
    NO_SUCH_ROUTE = "no_such_route"
    FOREIGN_PAGE = "foreign_page"
    """The request was made by a page that is not ours."""
    NO_SOUND = "no_sound"
    """From here sound cannot be carried; the page says what can be done."""
    SIGN_IN_FIRST = "sign_in_first"
    NOT_FOR_THIS_ROLE = "not_for_this_role"
    ONLY_IN_A_DEMO = "only_in_a_demo"


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Is who makes a request, as far as we know."""

    account: Account | None
    is_here: bool
    """Sits at this machine: see `centre.reach`."""


@dataclass(frozen=True, kw_only=True)
class House:
    """Holds what the rules need to know about the centre itself."""

    is_demo: bool
    can_carry_sound_afar: bool


_PATTERNS = tuple((compile_path(path)[0], audience) for path, audience in ACCESS.items())


def audience_of(path: str) -> Audience | None:
    """Returns for whom the route behind a path is; None when there is no such route."""
    for pattern, audience in _PATTERNS:
        if pattern.match(path):
            return audience
    return None


def judge(audience: Audience, visitor: Visitor, house: House) -> Verdict:
    """Decides whether a visitor may use a route; from which page he asks is the guard's concern."""
    is_guest_here = house.is_demo and visitor.is_here
    can_talk = visitor.is_here or house.can_carry_sound_afar
    match audience:
        case Audience.EVERYBODY:
            return Verdict.WELCOME
        case Audience.CALLERS:
            return Verdict.WELCOME if can_talk else Verdict.NO_SOUND
        case Audience.DEMO_HERE:
            return Verdict.WELCOME if is_guest_here else Verdict.ONLY_IN_A_DEMO
        case (
            Audience.ROOM
            | Audience.SIGNED_IN
            | Audience.AGENTS
            | Audience.SUPERVISORS
            | Audience.ADMINISTRATORS
            | Audience.PLANNING
            | Audience.REPORTING
        ):
            if audience is Audience.ROOM and is_guest_here:
                return Verdict.WELCOME
            if visitor.account is None:
                return Verdict.SIGN_IN_FIRST
            if visitor.account.role not in ROLES[audience]:
                return Verdict.NOT_FOR_THIS_ROLE
            if audience is Audience.AGENTS:
                if visitor.account.agent is None:
                    return Verdict.NOT_FOR_THIS_ROLE
                if not can_talk:
                    return Verdict.NO_SOUND
            return Verdict.WELCOME


def visitor_of(connection: HTTPConnection) -> Visitor:
    """Returns who makes this request or holds this WebSocket, as the guard found out.

    Raises:
        BugError: the guard is not installed.
    """
    visitor = connection.scope.get("state", {}).get("visitor")
    if not isinstance(visitor, Visitor):
        raise BugError("the access guard is not installed")
    return visitor


def check_complete(routes: Sequence[BaseRoute]) -> None:
    """Refuses an application that has a route without an entry in the table.

    Raises:
        BugError: names every such route.
    """
    paths = {context.path for context in iter_route_contexts(routes)}
    missing = sorted(str(path) for path in paths if path not in ACCESS)
    if missing:
        raise BugError(f"nobody said who may use {', '.join(missing)}: see web/access.py")
