"""The page of people, for administrators, and the page on which who is invited comes in.

A link is shown once, on the page that answers the request for it, and nowhere kept. What is refused
is said in the reader's language by its code.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from openline.identity import Account, Invited, Role
from openline.model import AgentKey, RefusedError
from openline.web.access import visitor_of
from openline.web.context import WebContext
from openline.web.templating import Templating

_FORM_LIMIT = 512
_PASSWORD_LIMIT = 2_000
"""Longer than any password may be, so that its own rule can answer."""

SignedIn = Callable[[Request, Account, str], Awaitable[Response]]


class PeoplePages:
    """Answers the routes about accounts."""

    def __init__(self, context: WebContext, templating: Templating, signed_in: SignedIn) -> None:
        """`signed_in` begins a session and leads on."""
        self._context = context
        self._templating = templating
        self._signed_in = signed_in

    def routes(self) -> APIRouter:
        """Returns the routes."""
        router = APIRouter(include_in_schema=False)
        get, post = ["GET", "HEAD"], ["POST"]
        for path, endpoint, methods in (
            ("/people", self.people, get),
            ("/people", self.invite, post),
            ("/people/{login}", self.change, post),
            ("/join/{token}", self.join_form, get),
            ("/join/{token}", self.join, post),
        ):
            router.add_api_route(path, endpoint, methods=methods, response_model=None)
        return router

    # ---- for administrators ----------------------------------------------------------------------

    async def people(self, request: Request) -> Response:
        return await self._page(request)

    async def invite(
        self,
        request: Request,
        login: Annotated[str, Form(max_length=_FORM_LIMIT)] = "",
        name: Annotated[str, Form(max_length=_FORM_LIMIT)] = "",
        role: Annotated[str, Form(max_length=_FORM_LIMIT)] = "",
        agent: Annotated[str, Form(max_length=_FORM_LIMIT)] = "",
    ) -> Response:
        typed = {"login": login, "name": name, "role": role, "agent": agent}
        try:
            invited = await self._context.people.invite(
                login,
                name=name,
                role=_role(role),
                agent=self._agent(request, agent),
                by=self._by(request),
            )
        except RefusedError as error:
            return await self._page(request, 422, problem=error.code, typed=typed)
        return await self._page(request, invited=invited)

    async def change(
        self,
        request: Request,
        login: str,
        act: Annotated[str, Form(max_length=_FORM_LIMIT)] = "",
        role: Annotated[str, Form(max_length=_FORM_LIMIT)] = "",
        agent: Annotated[str, Form(max_length=_FORM_LIMIT)] = "",
    ) -> Response:
        people, by = self._context.people, self._by(request)
        try:
            match act:
                case "reset":
                    return await self._page(request, invited=await people.reset(login, by=by))
                case "disable":
                    await people.disable(login, by=by)
                case "enable":
                    await people.enable(login, by=by)
                case "role":
                    key = self._agent(request, agent)
                    await people.give_role(login, _role(role), key, by=by)
                case _:
                    raise HTTPException(422)
        except RefusedError as error:
            return await self._page(request, 422, problem=error.code, changed=login)
        return RedirectResponse("/people", status_code=303)

    async def _page(
        self,
        request: Request,
        status: int = 200,
        *,
        invited: Invited | None = None,
        problem: str | None = None,
        changed: str | None = None,
        typed: dict[str, str] | None = None,
    ) -> Response:
        context = self._context
        people = await context.people.listed()
        agents = context.agents(self._templating.language(request))
        taken = {person.account.agent for person in people}
        base = str(request.base_url).rstrip("/")
        return self._templating.page(
            request,
            "people.html",
            status,
            people=people,
            roles=list(Role),
            agents=agents,
            free_agents=[agent for agent in agents if agent.key not in taken],
            link=None if invited is None else f"{base}/join/{invited.token}",
            invited=invited,
            problem=problem,
            changed=changed,
            typed=typed or {"login": "", "name": "", "role": Role.AGENT.value, "agent": ""},
        )

    def _by(self, request: Request) -> str:
        account = visitor_of(request).account
        return "" if account is None else account.login

    def _agent(self, request: Request, key: str) -> AgentKey | None:
        if not key:
            return None
        known = self._context.agents(self._templating.language(request))
        if key not in {agent.key for agent in known}:
            raise RefusedError("The configuration has no agent of this key.", code="unknown_agent")
        return AgentKey(key)

    # ---- for who is invited ----------------------------------------------------------------------

    async def join_form(self, request: Request, token: str) -> Response:
        return await self._join_page(request, token)

    async def join(
        self,
        request: Request,
        token: str,
        password: Annotated[str, Form(max_length=_PASSWORD_LIMIT)] = "",
        again: Annotated[str, Form(max_length=_PASSWORD_LIMIT)] = "",
    ) -> Response:
        if password != again:
            return await self._join_page(request, token, problem="passwords_differ")
        try:
            account = await self._context.people.join(token, password)
        except RefusedError as error:
            return await self._join_page(request, token, problem=error.code)
        return await self._signed_in(request, account, "")

    async def _join_page(
        self, request: Request, token: str, problem: str | None = None
    ) -> Response:
        link = await self._context.people.look(token)
        if link.account is None:
            page = self._templating.page(request, "join_closed.html", 410, state=link.state.value)
        else:
            page = self._templating.page(
                request,
                "join.html",
                200 if problem is None else 422,
                invited=link.account,
                token=token,
                problem=problem,
            )
        return page


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError:
        raise RefusedError("There is no such role.", code="unknown_role") from None
