"""One page's side of a typed conversation: what it writes, and what it is told of it.

A page is told all lines when its socket opens, then each new one; what the others are typing, and
how far its own lines have come, each time anew. Numbers count the lines that this page may read,
from 1, so that they say nothing of lines that it may not.
"""

from collections.abc import Callable

from openline.api.context import ApiContext
from openline.api.socket import Message, PageSocket
from openline.centre.conversations import LINE_LIMIT, Line, Part, Writer
from openline.configuration import Published
from openline.model import AgentKey, CallId

_KEY_LIMIT = 64
_KINDS = ("write", "typing", "shown")


class WritingPage:
    """Follows a conversation for one socket."""

    def __init__(
        self,
        context: ApiContext,
        socket: PageSocket,
        part: Callable[[], Part | None],
        language: Callable[[], str],
    ) -> None:
        """`part` says what the page's person may do now."""
        self._context = context
        self._socket = socket
        self._part = part
        self._language = language
        self._call: CallId | None = None
        self._seen = 0
        """How many lines of the conversation were looked at, those that are not his included."""
        self._places: list[int] = []
        """Where each line that he was told stands in the conversation, counted from 1."""
        self._told: Message = {}

    # --- what the page says ------------------------------------------------------------------

    def hears(self, message: Message) -> bool:
        """Takes a message, if it is about the conversation; tells whether it was."""
        if message["t"] not in _KINDS:
            return False
        part = self._part()
        conversations = self._context.conversations
        text = message.get("text")
        match message["t"]:
            case "write":
                self._write(part, message)
            case "typing" if part is not None and isinstance(text, str):
                # By lines, that he types may be seen, and not what.
                is_live = self._line_of(part) in self._context.published.as_typed
                conversations.type(part, text if is_live else text and "…")
            case "shown" if part is not None and part.call == self._call:
                count = message.get("n")
                if isinstance(count, int) and 0 < count <= len(self._places):
                    conversations.show(part, self._places[count - 1])
            case _:
                pass
        return True

    def _line_of(self, part: Part) -> str:
        call = self._context.centre.durable.calls.get(part.call)
        return "" if call is None else call.line

    def _write(self, part: Part | None, message: Message) -> None:
        """Takes a line; the page is answered when it is durable, and goes on meanwhile."""
        number, key, text = message.get("n"), message.get("key"), message.get("text")
        is_whole = isinstance(key, str) and 0 < len(key) <= _KEY_LIMIT and isinstance(text, str)
        if part is None or not is_whole or not text.strip():  # type: ignore[union-attr]  # is_whole
            self._socket.send({"t": "refused", "n": number, "reason": "not_writing"})
            return
        answered = self._context.conversations.write(part, str(key), str(text))

        def answer() -> None:
            refusal = answered.result()
            if refusal is None:
                self._socket.send({"t": "done", "n": number})
            else:
                self._socket.send({"t": "refused", "n": number, "reason": refusal})

        if answered.done():
            answer()
        else:
            answered.add_done_callback(lambda _: answer())

    # --- what the page is told ---------------------------------------------------------------

    def tell(self) -> None:
        """Tells what is new, if anything is."""
        part = self._part()
        if part is None:
            self._call = None
            return
        conversations = self._context.conversations
        if part.call != self._call:
            self._call, self._seen, self._places, self._told = part.call, 0, [], {}
        before = len(self._places)
        all_lines = conversations.lines(part)
        new: list[Message] = []
        for place, line in enumerate(all_lines[self._seen :], start=self._seen + 1):
            if conversations.may_read(part, line):
                self._places.append(place)
                new.append(self._shown(part, line))
        self._seen = len(all_lines)
        reached = conversations.shown_to_others(part)
        told: Message = {
            "may_write": part.may_write,
            "as_typed": self._line_of(part) in self._context.published.as_typed,
            "limit": LINE_LIMIT,
            "drafts": [self._draft(*each) for each in conversations.drafts(part)],
            "delivered": sum(place <= reached for place in self._places),
        }
        if new or told != self._told:
            self._told = told
            self._socket.send(
                {"t": "lines", "call": part.call, "after": before, "lines": new} | told
            )

    def _shown(self, part: Part, line: Line) -> Message:
        is_own = (line.writer, line.agent) == (part.writer, part.agent)
        return {
            "key": line.key if is_own else None,
            "by": line.writer.value,
            "name": self._name(part, line.agent),
            "own": is_own,
            "aside": line.aside_to is not None,
            "at": line.at,
            "text": line.text,
        }

    def _draft(self, who: AgentKey | None, text: str) -> Message:
        by = Writer.CALLER if who is None else Writer.AGENT
        return {"by": by.value, "text": text}

    def _name(self, part: Part, agent: AgentKey | None) -> str | None:
        """Returns the alias of a colleague, for colleagues; the caller is told no names."""
        if agent is None or part.writer is Writer.CALLER:
            return None
        published: Published = self._context.published
        return published.name_of("agent", agent, self._language())
