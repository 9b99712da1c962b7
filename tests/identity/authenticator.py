"""A device that holds passkeys, in software: it signs as WebAuthn says, so its answers are real."""

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import CoseKey
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
)

_FLAG = AuthenticatorData.FLAG


class Authenticator:
    """Holds one key. `verifies`: it asks its owner for a finger; `counts`: it counts its uses."""

    def __init__(self, *, verifies: bool = True, counts: bool = False) -> None:
        self.credential = secrets.token_bytes(16)
        self.counter = 0
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._flags = _FLAG.UP | (_FLAG.UV if verifies else _FLAG(0))
        self._counts = counts

    def made(self, asked: Any, origin: str) -> dict[str, Any]:
        """Answers `navigator.credentials.create`."""
        options = asked["publicKey"]
        public = CoseKey.parse(self._public())
        known = AttestedCredentialData.create(Aaguid(bytes(16)), self.credential, public)
        data = AuthenticatorData.create(
            _hash(options["rp"]["id"].encode()), self._flags | _FLAG.AT, self.counter, known
        )
        return self._answer(
            {
                "clientDataJSON": _client_data("webauthn.create", options["challenge"], origin),
                "attestationObject": bytes(AttestationObject.create("none", data, {})),
            }
        )

    def proved(self, asked: Any, origin: str) -> dict[str, Any]:
        """Answers `navigator.credentials.get`."""
        options = asked["publicKey"]
        if self._counts:
            self.counter += 1
        data = bytes(
            AuthenticatorData.create(_hash(options["rpId"].encode()), self._flags, self.counter)
        )
        said = _client_data("webauthn.get", options["challenge"], origin)
        return self._answer(
            {
                "clientDataJSON": said,
                "authenticatorData": data,
                "signature": self._key.sign(data + _hash(said), ec.ECDSA(SHA256())),
            }
        )

    def _public(self) -> dict[int, int | bytes]:
        """Returns the public half as COSE writes a key of ECDSA on P-256 (RFC 9053)."""
        at = self._key.public_key().public_numbers()
        key_type, algorithm, curve = 2, -7, 1
        x, y = at.x.to_bytes(32), at.y.to_bytes(32)
        return {1: key_type, 3: algorithm, -1: curve, -2: x, -3: y}

    def _answer(self, response: dict[str, bytes]) -> dict[str, Any]:
        name = websafe_encode(self.credential)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": {key: websafe_encode(value) for key, value in response.items()},
            "clientExtensionResults": {},
        }


def _client_data(kind: str, challenge: str, origin: str) -> bytes:
    return json.dumps({"type": kind, "challenge": challenge, "origin": origin}).encode()


def _hash(text: bytes) -> bytes:
    return hashlib.sha256(text).digest()
