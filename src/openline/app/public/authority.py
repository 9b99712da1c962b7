"""Fetches a certificate from an authority that speaks ACME (RFC 8555), by its challenge http-01.

The authority asks for a word at http://NAME/.well-known/acme-challenge/…; whoever can show it there
has the name. The protocol itself is the library's, certbot's `acme`.
"""

import contextlib
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import acme.errors
import requests
from acme import challenges, client, crypto_util, messages
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from josepy import errors as jose_errors
from josepy import jwk

from openline.app.public.certificate import Publish
from openline.configuration import Acme
from openline.model import PeerError

WITHIN = timedelta(seconds=90)
ACCOUNT_BITS = 2048
USER_AGENT = "openline"


def fetched(by: Acme, name: str, account: Path, publish: Publish) -> bytes:
    """Returns a private key, a certificate for it and those above it, as PEM; takes some seconds.

    The authority's account is kept in a file, and made at the first time.

    Raises `PeerError` where the authority cannot be reached or refuses, in words.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    own = _pem(key)
    try:
        asked = _client(by, jwk.JWKRSA(key=_account_key(account)))
        order = asked.new_order(crypto_util.make_csr(own, [name]))
        for each in order.authorizations:
            _answer(asked, each, publish)
        # The library compares with a local time that knows no zone.
        until = datetime.now() + WITHIN  # noqa: DTZ005
        chain = asked.poll_and_finalize(order, deadline=until).fullchain_pem
    except (acme.errors.Error, jose_errors.Error, requests.RequestException, ValueError) as error:
        raise PeerError(
            f"{by.directory} gave no certificate for {name}: {_words(error)} It looks at "
            f"http://{name}/.well-known/acme-challenge/: the name must lead to this machine, and "
            "port 80 must be let through."
        ) from error
    return own + chain.encode()


def _client(by: Acme, key: jwk.JWKRSA) -> client.ClientV2:
    # The library hands this on to `requests`, which takes the name of a file as well.
    believed = cast(bool, True if by.authorities is None else str(by.authorities))
    network = client.ClientNetwork(key, user_agent=USER_AGENT, verify_ssl=believed)
    directory = client.ClientV2.get_directory(by.directory, network)
    made = client.ClientV2(directory, network)
    registration = messages.NewRegistration.from_data(
        email=by.contact, terms_of_service_agreed=True
    )
    try:
        network.account = made.new_account(registration)
    except acme.errors.ConflictError as known:
        resource = messages.RegistrationResource(uri=known.location, body=messages.Registration())
        network.account = made.query_registration(resource)
    return made


def _answer(
    asked: client.ClientV2, authorization: messages.AuthorizationResource, publish: Publish
) -> None:
    if authorization.body.status == messages.STATUS_VALID:
        return  # shown not long ago
    for each in authorization.body.challenges:
        if isinstance(each.chall, challenges.HTTP01):
            response, word = each.chall.response_and_validation(asked.net.key)
            publish(each.chall.path, word)
            asked.answer_challenge(each, response)
            return
    raise acme.errors.Error("it offers no challenge by HTTP.")


def _account_key(file: Path) -> rsa.RSAPrivateKey:
    with contextlib.suppress(FileNotFoundError):
        return cast(
            rsa.RSAPrivateKey, serialization.load_pem_private_key(file.read_bytes(), password=None)
        )
    made = rsa.generate_private_key(public_exponent=65537, key_size=ACCOUNT_BITS)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(_pem(made))
    return made


def _pem(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _words(error: Exception) -> str:
    """Returns the innermost reason: the library wraps what the authority says several times."""
    said = str(error) or type(error).__name__
    if isinstance(error, acme.errors.ValidationError):
        refused = [
            challenge.error
            for failed in error.failed_authzrs
            for challenge in failed.body.challenges
            if challenge.error is not None
        ]
        said = (refused[0].detail or refused[0].typ) if refused else said
    elif isinstance(error, messages.Error):
        said = error.detail or error.typ
    return said if said.endswith(".") else f"{said}."
