"""What an agent asks for at her desk, each request as an input of the engine.

A request that lacks a part, or has a wrong one, is `IncompleteError` and nothing is asked. The note
of a finished call is sealed here, before anything else knows of it.
"""

import asyncio
from collections.abc import Awaitable, Callable

from openline.api.caller import number
from openline.api.context import ApiContext, Here
from openline.api.socket import Message
from openline.engine import AgentState, AnyInput
from openline.engine import inputs as i
from openline.engine.destinations import ToQueue
from openline.engine.parties import ListenMode
from openline.engine.targets import Target, ToAgent, ToOutside
from openline.model import (
    AgentKey,
    LegId,
    OfferId,
    OpenlineError,
    Origin,
    OutsideKey,
    QueueKey,
    SealedRef,
)

NOTE_LIMIT = 10_000
"""Characters of a note."""


class DeskRequests:
    """Makes inputs of what one agent asks for."""

    def __init__(self, context: ApiContext, agent: AgentKey, here: Here, leg: LegId) -> None:
        self._context = context
        self._agent = agent
        self._here = here
        self._leg = leg
        self._has_telephone = context.telephone_of(agent) is not None

    def origins(self, *, practice: bool, only: bool = False) -> tuple[Origin, ...]:
        """Real calls where her voice can reach the caller; practice if she wants it, or only it."""
        relay = self._context.ice_servers(self._leg, self._context.centre.clock.now())
        is_heard = self._has_telephone or self._here.is_here or bool(relay)
        real = is_heard and not only
        return ((Origin.REAL,) if real else ()) + ((Origin.PRACTICE,) if practice else ())

    async def ready(self, message: Message) -> AnyInput:
        """Asks for calls."""
        return i.ReadyRequested(agent=self._agent)

    async def pause(self, message: Message) -> AnyInput:
        """Asks for no calls."""
        return i.PauseRequested(agent=self._agent, pause_reason=_text(message, "pause_reason"))

    async def sign_out(self, message: Message) -> AnyInput:
        """Ends work."""
        return i.SignOutRequested(agent=self._agent)

    async def accept(self, message: Message) -> AnyInput:
        """Answers an offer."""
        return i.AcceptRequested(agent=self._agent, offer=_offer(message))

    async def decline(self, message: Message) -> AnyInput:
        """Declines an offer."""
        return i.DeclineRequested(agent=self._agent, offer=_offer(message))

    async def hold(self, message: Message) -> AnyInput:
        """Parks the caller."""
        return i.HoldRequested(agent=self._agent)

    async def resume(self, message: Message) -> AnyInput:
        """Takes the caller back."""
        return i.ResumeRequested(agent=self._agent)

    async def hang_up(self, message: Message) -> AnyInput:
        """Ends the call."""
        return i.HangUpRequested(agent=self._agent)

    async def transfer(self, message: Message) -> AnyInput:
        """Hands the caller on without asking anybody first."""
        return i.TransferRequested(agent=self._agent, to=_target(message))

    async def close_callback(self, message: Message) -> AnyInput:
        """Ends a callback that did not reach the caller, with one word on who or what answered."""
        words = {word.value: word for word in i.CallbackWord}
        word = words.get(_text(message, "word"))
        if word is None:
            raise IncompleteError(f"word must be one of {', '.join(words)}")
        return i.CallbackCloseRequested(agent=self._agent, word=word)

    async def consult(self, message: Message) -> AnyInput:
        """Asks a colleague about the call."""
        return i.ConsultRequested(agent=self._agent, to=_target(message))

    async def complete(self, message: Message) -> AnyInput:
        """Gives the call to the colleague who was asked."""
        return i.ConsultCompleteRequested(agent=self._agent)

    async def cancel_consult(self, message: Message) -> AnyInput:
        """Ends the question to a colleague and goes back to the caller."""
        return i.ConsultCancelRequested(agent=self._agent)

    async def add_third(self, message: Message) -> AnyInput:
        """Asks somebody to join the conversation, such as an interpreter."""
        return i.ThirdRequested(agent=self._agent, to=_target(message))

    async def listen(self, message: Message) -> AnyInput:
        """Takes part in an agent's talk as a supervisor: unheard, heard by her, or by all."""
        modes = {mode.value: mode for mode in ListenMode}
        mode = modes.get(_text(message, "mode"))
        if mode is None:
            raise IncompleteError(f"mode must be one of {', '.join(modes)}")
        return i.ListenRequested(by=self._agent, agent=AgentKey(_text(message, "agent")), mode=mode)

    async def dismiss(self, message: Message) -> AnyInput:
        """Lets somebody go who joined the conversation."""
        party = number(message.get("party"))
        if party is None:
            raise IncompleteError("party is missing")
        return i.PartyDismissRequested(agent=self._agent, party=OfferId(party))

    async def practice(self, message: Message) -> AnyInput:
        """Turns practice calls on or off, and real ones off while she has no microphone."""
        practice = message.get("on") is True
        only = practice and message.get("only") is True
        return i.OriginsChosen(
            agent=self._agent, origins=self.origins(practice=practice, only=only)
        )

    async def help(self, message: Message) -> AnyInput:
        """Raises her hand, so that the supervisors see that she wants help, or takes it down."""
        if message.get("on") is False:
            return i.HelpWithdrawRequested(agent=self._agent)
        return i.HelpRequested(agent=self._agent)

    async def extend(self, message: Message) -> AnyInput:
        """Asks for longer for the work after the call."""
        return i.WrapUpExtendRequested(agent=self._agent)

    async def finish(self, message: Message) -> AnyInput:
        """Closes the work after the call; the note is sealed before anything else knows of it."""
        disposition = _text(message, "disposition")
        pause_reason = message.get("pause_reason")
        return i.WrapUpFinishRequested(
            agent=self._agent,
            disposition=disposition,
            note=await self._sealed(message.get("note"), disposition),
            ready=message.get("ready") is True,
            pause_reason=pause_reason if isinstance(pause_reason, str) else None,
            recovery=message.get("recovery") is True,
        )

    async def _sealed(self, written: object, disposition: str) -> SealedRef | None:
        """Seals the note, once: not for a request that is refused or was fulfilled before."""
        if not isinstance(written, str) or not written.strip():
            return None
        if len(written) > NOTE_LIMIT:
            raise IncompleteError("the note is too long")
        state = self._context.centre.engine.state
        agent = state.agents[self._agent]
        if agent.state is not AgentState.WRAP_UP or agent.call is None:
            return None
        if disposition not in state.settings.dispositions:
            return None
        # A page that lost its connection says it again on the next one, perhaps meanwhile.
        under_way, note = self._context.notes_under_way, (agent.call, hash(written))
        known, sealing = under_way.get(self._agent, (None, None))
        if sealing is None or known != note:
            sealing = asyncio.ensure_future(self._context.seal_note(written))
            under_way[self._agent] = note, sealing
        try:
            return await asyncio.shield(sealing)
        except OpenlineError:
            under_way.pop(self._agent, None)
            raise


class IncompleteError(Exception):
    """Says which part of a request is missing or wrong."""


def _text(message: Message, name: str) -> str:
    value = message.get(name)
    if not isinstance(value, str) or len(value) > 200:
        raise IncompleteError(f"{name} is missing")
    return value


def _offer(message: Message) -> OfferId:
    value = number(message.get("offer"))
    if value is None:
        raise IncompleteError("offer is missing")
    return OfferId(value)


def _target(message: Message) -> Target:
    """Returns where to: a queue, an agent or somebody outside, exactly one of them."""
    given = [name for name in ("queue", "agent", "outside") if message.get(name) is not None]
    if len(given) != 1:
        raise IncompleteError("one of queue, agent, outside must be given")
    if given[0] == "outside":
        return ToOutside(outside=OutsideKey(_text(message, "outside")))
    if given[0] == "queue":
        return ToQueue(queue=QueueKey(_text(message, "queue")))
    return ToAgent(agent=AgentKey(_text(message, "agent")))


REQUESTS: dict[str, Callable[[DeskRequests, Message], Awaitable[AnyInput]]] = {
    "ready": DeskRequests.ready,
    "pause": DeskRequests.pause,
    "sign_out": DeskRequests.sign_out,
    "accept": DeskRequests.accept,
    "decline": DeskRequests.decline,
    "hold": DeskRequests.hold,
    "resume": DeskRequests.resume,
    "hang_up": DeskRequests.hang_up,
    "transfer": DeskRequests.transfer,
    "close_callback": DeskRequests.close_callback,
    "consult": DeskRequests.consult,
    "complete": DeskRequests.complete,
    "cancel_consult": DeskRequests.cancel_consult,
    "add_third": DeskRequests.add_third,
    "dismiss": DeskRequests.dismiss,
    "listen": DeskRequests.listen,
    "practice": DeskRequests.practice,
    "help": DeskRequests.help,
    "extend": DeskRequests.extend,
    "finish": DeskRequests.finish,
}
"""By the word that the page says."""
