"""Who was signed out from elsewhere while a page of his is open?

A session that is ended opens nothing any more; but a socket or a stream that is open already is
asked nothing. So whoever ends an account's sessions announces it here, and what is open ends.
"""

from collections.abc import Callable


class Departures:
    """Holds what is to be told when the sessions of a login are ended."""

    def __init__(self) -> None:
        self._watching: dict[str, list[Callable[[], None]]] = {}
        self._counts: dict[str, int] = {}

    def watch(self, login: str, act: Callable[[], None]) -> None:
        """Has `act` called at the next departure of the login."""
        self._watching.setdefault(login, []).append(act)

    def forget(self, login: str, act: Callable[[], None]) -> None:
        """Lets it be; one that was called, or is unknown, is passed over."""
        acts = self._watching.get(login, [])
        if act in acts:
            acts.remove(act)
        if not acts:
            self._watching.pop(login, None)

    def count(self, login: str) -> int:
        """Returns how often the login was signed out so far."""
        return self._counts.get(login, 0)

    def announce(self, login: str) -> None:
        """Tells all that is open; on the event loop's own thread."""
        self._counts[login] = self.count(login) + 1
        for act in self._watching.pop(login, []):
            act()
