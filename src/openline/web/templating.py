"""How does a page become HTML? The template environment, and what every template may use.

Every page is given: `t` (words), `catalogue` (words for the scripts), `asset` (addresses of built
files), `language`, `languages`, `theme`, `centre_name`, `is_demo`, `account`, `here` (the address
to come back to), `places` (where the header leads). A name that a template uses and nobody gave is
an error, not an empty place.
"""

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from openline.web.access import House, Verdict, audience_of, judge, visitor_of
from openline.web.context import Frame
from openline.web.preferences import language_of, theme_of

PLACES = (
    "desk",
    "room",
    "calls",
    "reports",
    "forecast",
    "planner",
    "people",
    "health",
    "kept",
    "wallboard",
    "account",
)
"""What the header leads to, in this order."""
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, kw_only=True)
class LanguageChoice:
    """Is a language that a page can be switched to, under its own name."""

    key: str
    name: str


class Templating:
    """Renders templates for a request, in the reader's language and colours."""

    def __init__(self, context: Frame) -> None:
        self._context = context
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def language(self, request: Request) -> str:
        """Returns the language in which this reader is answered."""
        return language_of(request, self._languages())

    def page(
        self, request: Request, template: str, status: int = 200, **values: object
    ) -> HTMLResponse:
        """Returns a rendered page; it is kept in no cache, since others may sit here later."""
        context = self._context
        languages = self._languages()
        catalogue = context.catalogues[language_of(request, languages)]
        common: dict[str, object] = {
            "t": catalogue.text,
            "catalogue": catalogue.script,
            "asset": context.assets.url,
            "language": catalogue.language,
            "languages": [
                LanguageChoice(key=key, name=context.catalogues[key].name) for key in languages
            ],
            "theme": theme_of(request),
            "centre_name": context.centre_name(catalogue.language),
            "is_demo": context.is_demo,
            "account": visitor_of(request).account,
            "here": _here(request),
            "places": self._places(request),
        }
        html = self._environment.get_template(template).render({**common, **values})
        return HTMLResponse(html, status_code=status, headers={"Cache-Control": "no-store"})

    def part(self, request: Request, template: str, **values: object) -> str:
        """Returns a rendered part of a page, for a script that puts it in its place."""
        catalogue = self._context.catalogues[language_of(request, self._languages())]
        return self._environment.get_template(template).render({"t": catalogue.text, **values})

    def _places(self, request: Request) -> list[str]:
        """Returns the pages that this reader may go to, by the table of access."""
        visitor = visitor_of(request)
        if visitor.account is None:
            return []
        house = House(is_demo=self._context.is_demo, can_carry_sound_afar=self._context.has_relay)
        return [
            place
            for place in PLACES
            if (audience := audience_of(f"/{place}")) is not None
            and judge(audience, visitor, house) is Verdict.WELCOME
        ]

    def _languages(self) -> list[str]:
        """Returns the centre's languages for which there are words; all we have where none is."""
        known = self._context.catalogues
        return [key for key in self._context.languages() if key in known] or list(known)


def _here(request: Request) -> str:
    """Returns the address to come back to after an act on this page; an act has none itself."""
    if request.method not in {"GET", "HEAD"}:
        return "/"
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.path}{query}"
