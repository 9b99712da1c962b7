"""Whose fault it is: the one tree of errors.

`RefusedError`: a person asked for what cannot be done; shown to them in words, nothing is broken.
`PeerError`: something outside misbehaved (a database, a browser, a telephone server); retried and
counted. `BugError`: one of our own invariants broke; logged with the journal, calls are kept alive.
"""


class OpenlineError(Exception):
    """Is the root of all errors that Openline raises itself."""


class RefusedError(OpenlineError):
    """Tells a person what cannot be done, where, and how to mend it.

    `code` is a stable word for machines and catalogues; the message is complete in English.
    """

    def __init__(self, message: str, *, code: str = "refused") -> None:
        super().__init__(message)
        self.code = code


class TooSoonError(RefusedError):
    """Tells a person to wait before trying again, and how long."""

    def __init__(self, message: str, *, code: str, retry_after_s: int) -> None:
        super().__init__(message, code=code)
        self.retry_after_s = retry_after_s


class PeerError(OpenlineError):
    """Reports that a part outside this program did not do what it should."""


class BugError(OpenlineError):
    """Reports that an invariant of our own broke."""
