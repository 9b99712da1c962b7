"""The addresses that pages come back with: a name that cannot be made up.

A token is `1.` and the leg's name and 20 bytes of keyed BLAKE2b over it, both in URL-safe base64.
It opens that one leg. It holds nothing that is not also in the journal.
"""

import base64
import binascii
import hashlib
import hmac

_FORM = "1"
_MAC_BYTES = 20
_PERSON = b"openline leg"
_LONGEST = 400


class Tokens:
    """Makes and reads tokens of one centre; the secret comes from `Sealer.secret`."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def make(self, leg: str) -> str:
        """Returns the token of a leg, the same each time."""
        name = leg.encode()
        return f"{_FORM}.{_base64(name)}.{_base64(self._mac(name))}"

    def leg_of(self, token: str) -> str | None:
        """Returns whose token it is, or None if this centre did not make it."""
        parts = token.split(".")
        if len(token) > _LONGEST or len(parts) != 3 or parts[0] != _FORM:
            return None
        try:
            name, mac = (
                base64.b64decode(_padded(part), b"-_", validate=True) for part in parts[1:]
            )
        except (ValueError, binascii.Error):
            return None
        if not hmac.compare_digest(mac, self._mac(name)):
            return None
        leg = name.decode()
        # Base64 has several spellings for one value; only our own is taken.
        return leg if token == self.make(leg) else None

    def _mac(self, name: bytes) -> bytes:
        return hashlib.blake2b(
            name, key=self._secret, digest_size=_MAC_BYTES, person=_PERSON
        ).digest()


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _padded(part: str) -> bytes:
    return part.encode("ascii") + b"=" * (-len(part) % 4)
