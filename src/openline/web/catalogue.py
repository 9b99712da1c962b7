"""Which words stand on the screen, in which language?

The words are in `catalogue/LANGUAGE*.po`, under symbolic ids (`desk.offer.answer`); the files of
one language add up. They are read once at start, with Babel, and nothing is compiled. A message has
places `{name}`, and may have two forms, chosen by `count`: one, and every other number. Languages
with more forms need more than this.

Templates ask through `t`, scripts through a selection that the page carries
(frontend/src/lib/i18n.ts); both fill places in the same way. tests/web/test_catalogue.py holds ids,
languages and places together.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path

from babel import Locale
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from markupsafe import Markup

from openline.model import BugError

FOLDER = Path(__file__).parent / "catalogue"

Value = str | int | float

_PLACE = re.compile(r"\{(\w+)\}")
_UNSAFE_IN_SCRIPT = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


class Catalogue:
    """Holds all messages of one language."""

    def __init__(self, language: str, messages: Mapping[str, tuple[str, ...]]) -> None:
        self.language = language
        self.messages = messages
        self._locale = Locale.parse(language)

    @property
    def name(self) -> str:
        """Returns the language's own name for itself."""
        return (self._locale.get_display_name(self.language) or self.language).capitalize()

    def name_of_language(self, key: str) -> str:
        """Returns what a language is called in this one; the key itself where nobody knows."""
        return str(self._locale.languages.get(key, key)).capitalize()

    def text(self, message_id: str, **values: Value) -> str:
        """Returns the words for an id with its places filled; numbers are written the local way.

        An id that is unknown shows itself: tests find it, and a reader still has a page.
        """
        forms = self.messages.get(message_id)
        if forms is None:
            return message_id
        text = forms[0]
        if len(forms) > 1 and self._locale.plural_form(float(values.get("count", 0))) != "one":
            text = forms[-1]
        return _PLACE.sub(lambda place: self._fill(place, values), text)

    def selection(self, *prefixes: str) -> dict[str, str | tuple[str, ...]]:
        """Returns the messages whose ids begin with one of the prefixes."""
        return {
            message_id: forms[0] if len(forms) == 1 else forms
            for message_id, forms in self.messages.items()
            if message_id.startswith(prefixes)
        }

    def script(self, *prefixes: str) -> Markup:
        """Returns the element from which the page's scripts read those messages."""
        content = {"language": self.language, "messages": self.selection(*prefixes)}
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        text = text.translate(_UNSAFE_IN_SCRIPT)
        # The letters that could end the element are escaped above, and JSON reads them back.
        return Markup(f'<script type="application/json" id="catalogue">{text}</script>')

    def _fill(self, place: re.Match[str], values: Mapping[str, Value]) -> str:
        value = values.get(place[1])
        if value is None:
            return place[0]
        if isinstance(value, str):
            return value
        return format_decimal(value, format="#,##0.#", locale=self._locale)


def load_catalogues(folder: Path = FOLDER) -> dict[str, Catalogue]:
    """Reads every catalogue in the folder, by language.

    Raises:
        BugError: two files of a language define one id, or a file cannot be read.
    """
    messages: dict[str, dict[str, tuple[str, ...]]] = {}
    for file in sorted(folder.glob("*.po")):
        language = file.name.split(".")[0]
        known = messages.setdefault(language, {})
        for message_id, forms in _read(file, language).items():
            if message_id in known:
                raise BugError(f"{file.name}: {message_id} is defined in another file too")
            known[message_id] = forms
    return {language: Catalogue(language, found) for language, found in messages.items()}


def _read(file: Path, language: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    with file.open("rb") as lines:
        for message in read_po(lines, locale=language, abort_invalid=True):
            if not message.id:
                continue
            message_id = message.id if isinstance(message.id, str) else message.id[0]
            text = message.string or ""
            found[message_id] = (text,) if isinstance(text, str) else tuple(text)
    return found
