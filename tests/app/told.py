"""What is told of an answer that takes a while, read to its end."""

from collections.abc import AsyncGenerator
from typing import TypeVar

from openline.planning.far import Far

T = TypeVar("T")


async def last_of(told: AsyncGenerator[Far | T, None]) -> T:
    """Returns the answer itself."""
    async for each in told:
        if not isinstance(each, Far):
            return each
    raise AssertionError("no answer came")
