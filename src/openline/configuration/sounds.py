"""Which recordings exist: the words that `greeting` and `hold_music` may name.

The front end's assets carry the same names; whoever adds a recording adds its name here.
"""

import msgspec


class Sounds(msgspec.Struct, frozen=True, kw_only=True):
    """Lists the recordings that a configuration may name."""

    greetings: tuple[str, ...]
    music: tuple[str, ...]


GREETINGS = ("welcome-en", "welcome-es", "welcome-crisis-en")
MUSIC = ("quiet", "piano", "silence")
DEFAULT_MUSIC = "quiet"

BUILT_IN = Sounds(greetings=GREETINGS, music=MUSIC)
