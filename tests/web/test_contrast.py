"""Can everybody read it? Computes the contrast of every pair of colours that may meet.

The formula is WCAG 2.2's: words need 4.5:1, edges of controls and signs 3:1.
"""

import re
from pathlib import Path

import pytest

STYLES = Path(__file__).parents[2] / "frontend" / "src" / "styles"
TOKENS = (STYLES / "tokens.css").read_text()

GROUNDS = ("paper", "surface", "sunken")
INKS = ("ink", "ink-soft", "accent", "accent-strong")
TONES = ("accent", "good", "warn", "bad", "practice")

WORDS = [
    *(
        (ink, ground)
        for ink in ("ink", "ink-soft", "accent", "accent-strong")
        for ground in GROUNDS
    ),
    *((tone, ground) for tone in TONES for ground in ("paper", "surface")),
    *((tone, f"{tone}-wash") for tone in TONES),
    *(("ink", f"{tone}-wash") for tone in TONES),
    ("ink-soft", "accent-wash"),
    ("accent-strong", "accent-wash"),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-strong"),
    ("bad-ink", "bad"),
]
EDGES = [
    *(("edge", ground) for ground in GROUNDS),
    *(("focus", ground) for ground in GROUNDS),
    *(("accent", ground) for ground in GROUNDS),
]


def block(selector: str) -> dict[str, str]:
    """Returns the colours of the first block with that selector."""
    start = TOKENS.index(selector)
    body = TOKENS[TOKENS.index("{", start) + 1 : TOKENS.index("}", start)]
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", body))


THEMES = {"light": block(":root {"), "dark": block(':root[data-theme="dark"] {')}


def luminance(colour: str) -> float:
    """Returns the relative luminance of `#rrggbb`.

    >>> luminance("#ffffff")
    1.0
    """
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(theme: str, first: str, second: str) -> float:
    lights = sorted(luminance(THEMES[theme][name]) for name in (first, second))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "ground"), WORDS)
def test_words_can_be_read(theme: str, ink: str, ground: str) -> None:
    assert contrast(theme, ink, ground) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("edge", "ground"), EDGES)
def test_controls_and_the_focus_can_be_seen(theme: str, edge: str, ground: str) -> None:
    assert contrast(theme, edge, ground) >= 3


def test_dark_is_the_same_whether_asked_for_by_the_system_or_by_hand() -> None:
    assert block(':root:not([data-theme="light"]) {') == THEMES["dark"]


def test_both_themes_give_every_colour() -> None:
    assert set(THEMES["light"]) == set(THEMES["dark"])


def test_colours_stand_in_the_tokens_alone() -> None:
    for file in STYLES.glob("*.css"):
        if file.name == "tokens.css":
            continue
        text = re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.DOTALL)
        assert not re.findall(r"#[0-9a-f]{3,8}\b|\brgba?\(|\bhsla?\(", text), file.name


def test_every_token_that_a_style_uses_exists() -> None:
    known = set(re.findall(r"--([\w-]+):", TOKENS))
    for file in STYLES.glob("*.css"):
        text = file.read_text()
        own = set(re.findall(r"--([\w-]+):", text)) | {"gap", "tone", "tone-wash"}
        used = set(re.findall(r"var\(--([\w-]+)", text))
        assert used - known - own == set(), file.name


def test_the_application_manifest_wears_the_tokens_colours() -> None:
    pages = (STYLES.parents[2] / "src" / "openline" / "web" / "pages.py").read_text()
    assert THEMES["light"]["paper"] in pages
    assert THEMES["light"]["accent"] in pages
