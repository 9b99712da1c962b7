"""Which recordings exist: the words that `greeting`, `prompt`, `hold_music`, `goodbye` … may name.

The front end's assets carry the same names; whoever adds a recording adds its name here.
"""

import msgspec


class Sounds(msgspec.Struct, frozen=True, kw_only=True):
    """Lists the recordings that a configuration may name."""

    greetings: tuple[str, ...]
    """All that is spoken: greetings, menus, messages, questions."""
    music: tuple[str, ...]
    goodbyes: tuple[str, ...] = ()


GREETINGS = (
    "welcome-en",
    "welcome-es",
    "welcome-crisis-en",
    "many-en",
    "many-es",
    "menu-family-en",
    "menu-family-es",
    "closed-en",
    "closed-es",
    "voicemail-en",
    "voicemail-es",
    "no-recording-en",
    "no-recording-es",
    "connecting-en",
    "connecting-es",
    "consent-en",
    "consent-es",
)
MUSIC = ("quiet", "piano", "silence")
DEFAULT_MUSIC = "quiet"

GOODBYES = ("wrong-number-en", "wrong-number-es")
"""Words for the wrong person; they name nobody."""

BUILT_IN = Sounds(greetings=GREETINGS, music=MUSIC, goodbyes=GOODBYES)
