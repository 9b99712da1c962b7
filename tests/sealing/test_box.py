"""A box opens with its own key, reference and kind, and with nothing else."""

import pytest

from openline.model import PeerError, SealedRef
from openline.sealing.box import decrypt, encrypt
from openline.sealing.kinds import SealedKind

KEY = bytes(range(32))
REF = SealedRef("ref")
NOTE = SealedKind.NOTE


@pytest.mark.parametrize(
    "text",
    ["", "+13125550142", "año 🕊", "ends with zeros\0\0", "\x80", "x" * 63, "x" * 64, "é" * 9_000],
)
def test_a_text_comes_back_as_it_was(text: str) -> None:
    assert decrypt(KEY, REF, NOTE, encrypt(KEY, REF, NOTE, text)) == text


def test_half_a_character_is_replaced_and_the_rest_kept() -> None:
    assert (
        decrypt(KEY, REF, NOTE, encrypt(KEY, REF, NOTE, "before \ud83d after")) == "before ? after"
    )


def test_a_box_does_not_tell_how_long_a_short_text_is() -> None:
    assert len({len(encrypt(KEY, REF, NOTE, "x" * length)) for length in range(64)}) == 1


def test_the_same_text_never_looks_the_same() -> None:
    assert len({encrypt(KEY, REF, NOTE, "same") for _ in range(50)}) == 50


def test_an_altered_box_is_noticed_whichever_byte_it_is() -> None:
    box = encrypt(KEY, REF, NOTE, "text")
    for place in range(len(box)):
        altered = box[:place] + bytes([box[place] ^ 1]) + box[place + 1 :]
        with pytest.raises(PeerError, match="not what was sealed"):
            decrypt(KEY, REF, NOTE, altered)
    for cut in (0, 1, 13, 20, len(box) - 1):
        with pytest.raises(PeerError):
            decrypt(KEY, REF, NOTE, box[:cut])


def test_a_box_does_not_open_in_the_place_of_another() -> None:
    box = encrypt(KEY, REF, NOTE, "text")
    for key, ref, kind in (
        (bytes(32), REF, NOTE),
        (KEY, SealedRef("other"), NOTE),
        (KEY, REF, SealedKind.CALLER_NUMBER),
    ):
        with pytest.raises(PeerError):
            decrypt(key, ref, kind, box)
