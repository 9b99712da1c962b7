"""What callers by telephone are told in between, as names of recordings: pure.

The recordings are ours (`scripts/make_sounds.py`) or replaced by one's own, by the same names. What
there is no recording for is not said.
"""

from openline.model import MINUTE, Duration

CALL_ME_BACK = "1"
"""The key with which somebody who was offered a callback asks for it."""
TAKE_IT = "1"
"""The key with which an agent at an ordinary telephone takes a call."""
ASKED_TIMES = 12
"""So often she is asked to: for longer than any telephone is rung."""
PLACES = 20
"""Up to which place a caller is told his; further back it only discourages."""
MINUTES = (1, 2, 3, 5, 10, 15, 20, 30, 45)
"""The waits that are spoken: to the minute they would pretend to be exact."""


def told(place: int | None, wait: Duration | None, language: str) -> tuple[str, ...]:
    """Returns the recordings that tell a caller his place and wait.

    >>> told(3, Duration(4 * MINUTE), "en")
    ('place-3-en', 'wait-5-en')
    >>> told(None, Duration(60 * MINUTE), "es")
    ('wait-long-es',)
    """
    said = []
    if place is not None and place <= PLACES:
        said.append(f"place-{place}-{language}")
    if wait is not None:
        longer = (minutes for minutes in MINUTES if wait <= minutes * MINUTE)
        said.append(f"wait-{next(longer, 'long')}-{language}")
    return tuple(said)


def offered(language: str) -> tuple[str, ...]:
    """Returns the recording that offers a callback."""
    return (f"callback-offer-{language}",)


def promised(language: str) -> str:
    """Returns the recording that says goodbye to somebody who will be called back."""
    return f"callback-promised-{language}"


def press_to_take(language: str) -> str:
    """Returns the recording that asks an agent to press the key; it says nothing of us."""
    return f"press-to-take-{language}"
