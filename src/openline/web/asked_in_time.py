"""An answer that takes a while, given to a page: how far it is first, and the page last.

A script asks for lines (`Accept: application/x-ndjson`), each a JSON value: how far the answer is,
and at the end the page itself. Without scripts the page comes when it is done. Either way the work
ends with the request: whoever stops, goes on to another page or shuts the window ends it.
"""

import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from typing import TypeVar

from fastapi import Request
from starlette.responses import Response, StreamingResponse

from openline.model import PeerError, RefusedError
from openline.planning.far import Far
from openline.web.catalogue import Catalogue

LINES = "application/x-ndjson"

T = TypeVar("T")


async def in_time(
    request: Request,
    told: AsyncGenerator[Far | T, None],
    page: Callable[[T], Response],
    problem: Callable[[str, int], Response],
    words: Catalogue,
) -> Response:
    """Returns the page of an answer, or the lines that end in it.

    `problem` makes the page of what is refused, by its code and the status.
    """
    if request.headers.get("accept") == LINES:
        return StreamingResponse(
            _lines(told, page, problem, words),
            media_type=LINES,
            headers={"Cache-Control": "no-store"},
        )
    try:
        async with aclosing(told):
            async for each in told:
                if not isinstance(each, Far):
                    return page(each)
                if await request.is_disconnected():
                    # Nobody is there to read it.
                    return problem("stopped", 422)
    except RefusedError as error:
        return problem(error.code, 422)
    except PeerError:
        return problem("peer", 503)
    raise AssertionError("the last that is told is the answer")


async def _lines(
    told: AsyncGenerator[Far | T, None],
    page: Callable[[T], Response],
    problem: Callable[[str, int], Response],
    words: Catalogue,
) -> AsyncIterator[str]:
    async with aclosing(told):
        try:
            async for each in told:
                if isinstance(each, Far):
                    yield _line(far=far_words(each, words), done=each.done, of=each.of)
                else:
                    yield _line(page=_text(page(each)))
        except RefusedError as error:
            yield _line(page=_text(problem(error.code, 422)))
        except PeerError:
            yield _line(page=_text(problem("peer", 503)))


def far_words(far: Far, words: Catalogue) -> str:
    """Returns how far an answer is, in the reader's words."""
    key = f"far.{far.stage.value}"
    if not far.of:
        return words.text(f"{key}.some")
    return words.text(key, percent=100 * far.done // far.of)


def _line(**values: str | int) -> str:
    return json.dumps(values) + "\n"


def _text(page: Response) -> str:
    return bytes(page.body).decode()
