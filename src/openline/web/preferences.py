"""Which language and which appearance does this reader want?

A cookie remembers what was chosen by hand; without one, the browser's Accept-Language decides, and
the centre's first language is the last word. The server needs both before the first byte, so that
a page comes in the right colours at once instead of flashing.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

LANGUAGE_COOKIE = "language"
THEME_COOKIE = "theme"
THEMES = ("auto", "light", "dark")
YEAR_S = 365 * 24 * 3600


def language_of(request: HTTPConnection, offered: Sequence[str]) -> str:
    """Returns the language for this reader: one of those offered, which must not be empty."""
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if chosen is not None and chosen in offered:
        return chosen
    wanted = best_language(request.headers.get("accept-language", ""), offered)
    return wanted if wanted is not None else offered[0]


def best_language(accepted: str, offered: Sequence[str]) -> str | None:
    """Returns the offered language that an Accept-Language header likes best; None for none.

    A regional form counts for its language; equal weights are settled by the header's order.

    >>> best_language("de, es-MX;q=0.8, en;q=0.5", ["en", "es"])
    'es'
    """
    best: str | None = None
    best_weight = 0.0
    for entry in accepted.split(","):
        name, _, parameters = entry.partition(";")
        language = name.strip().lower().split("-")[0]
        weight = _weight(parameters)
        if language in offered and weight > best_weight:
            best, best_weight = language, weight
    return best


def theme_of(request: HTTPConnection) -> str:
    """Returns auto (as the system has it), light or dark."""
    chosen = request.cookies.get(THEME_COOKIE)
    return chosen if chosen in THEMES else "auto"


def local_path(text: str | None, otherwise: str = "/") -> str:
    """Returns where to go next, if that is a path of ours; a foreign address is not followed."""
    if not text or not text.startswith("/") or text.startswith("//"):
        return otherwise
    if "\\" in text or not text.isprintable():
        return otherwise
    split = urlsplit(text)
    return text if not split.scheme and not split.netloc else otherwise


def _weight(parameters: str) -> float:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return min(1.0, max(0.0, float(value)))
            except ValueError:
                return 0.0
    return 1.0
