"""How a text becomes ciphertext and back: AES-256-GCM with a key that is used once.

A box is: one byte of form (1), 12 bytes of nonce, ciphertext, 16 bytes of tag. The tag also covers
form, kind and reference, so a box cannot be passed off as another kind or put in another's place.
Texts are filled up to whole blocks of 64 bytes before, since the length of a number or of a note
tells something too.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from openline.model import PeerError, SealedRef
from openline.sealing.kinds import SealedKind

KEY_BYTES = 32
_FORM = b"\x01"
_NONCE_BYTES = 12
_BLOCK = 64
_END = b"\x80"


def encrypt(key: bytes, ref: SealedRef, kind: SealedKind, text: str) -> bytes:
    """Returns the box of a text."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    # A browser can send half a character; a note must not be lost for it.
    padded = text.encode(errors="replace") + _END
    padded += bytes(-len(padded) % _BLOCK)
    return _FORM + nonce + AESGCM(key).encrypt(nonce, padded, _context(ref, kind))


def decrypt(key: bytes, ref: SealedRef, kind: SealedKind, box: bytes) -> str:
    """Returns the text of a box.

    Raises:
        PeerError: the box was altered, cut short, or belongs to another reference or kind.
    """
    nonce, ciphertext = box[1 : 1 + _NONCE_BYTES], box[1 + _NONCE_BYTES :]
    try:
        if box[:1] != _FORM or len(nonce) != _NONCE_BYTES:
            raise InvalidTag
        padded = AESGCM(key).decrypt(nonce, ciphertext, _context(ref, kind))
    except InvalidTag:
        raise PeerError(f"The sealed text {ref} is not what was sealed.") from None
    return padded.rstrip(b"\0").removesuffix(_END).decode()


def _context(ref: SealedRef, kind: SealedKind) -> bytes:
    return b"openline sealed\0" + _FORM + kind.value.encode() + b"\0" + ref.encode()
