"""What is good enough on one's own machine and not for the world?

Pure rules over the configuration; the first that is broken is told, with its mend.
"""

from urllib.parse import unquote, urlsplit

from openline.configuration import Published
from openline.model import RefusedError

SHORTEST_SECRET = 16
"""Of the relay: sixteen plain characters cannot be tried through from afar."""

WRITTEN = frozenset(
    {
        "put-the-secret-here",
        "correct horse battery",
        "changeme",
        "password",
        "secret",
        "openline",
        "postgres",
    }
)
"""Secrets that stand in our own documents and examples, or that everybody tries first."""


def refuse_the_unfit(published: Published, name: str) -> None:
    """Raises `RefusedError` where the centre must not be opened to the world as it is.

    A demonstration lets in everybody at this machine without a password, and its callers are
    invented: whoever needed help would be talking to nobody.
    """
    if published.simulation is not None:
        raise RefusedError(
            f"This configuration has a table [simulation]: it is a demonstration, whose accounts "
            f"have no passwords and whose callers are invented. It is not opened as https://{name}."
            " Begin a centre of your own with: openline new",
            code="demo_in_public",
        )
    turn = published.turn
    if turn is not None and (
        len(turn.secret) < SHORTEST_SECRET or turn.secret.strip().lower() in WRITTEN
    ):
        raise RefusedError(
            "The secret of the relay (telephony.turn) is too short or an example's. Make one with "
            "`openssl rand -hex 32`, and give it to the relay and to Openline.",
            code="weak_secret",
        )
    password = urlsplit(published.store.url or "").password
    if password is not None and unquote(password).lower() in WRITTEN:
        raise RefusedError(
            "The password of the database ([store] url) is one that everybody tries first. Give "
            "the database another; best keep it in PostgreSQL's own password file.",
            code="weak_secret",
        )
