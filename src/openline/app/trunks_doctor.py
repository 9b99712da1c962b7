"""Do trunks sign in with their companies, and is what is encrypted believed? One finding each."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from cryptography import x509

from openline.configuration import Asterisk
from openline.telephony.asterisk import Program, told_by, trunk_of

SOON = timedelta(days=14)

F = TypeVar("F")
_Ok = Callable[[str, str], F]
_Bad = Callable[[str, str, str], F]


def trunks_found(
    asterisk: Asterisk, program: Program, ok: _Ok[F], warn: _Bad[F], wrong: _Bad[F]
) -> Iterator[F]:
    """Yields what was found of the certificate of telephones, and of the accounts of trunks."""
    yield from _certificate(asterisk, ok, warn, wrong)
    registering = [trunk for trunk in asterisk.trunks if trunk.account is not None]
    if not registering:
        return
    said = told_by(program, asterisk.folder, "pjsip show registrations")
    if said is None:
        return  # that it does not run is told already
    for trunk in registering:
        about = f"trunk {trunk.key}"
        line = next(
            (line for line in said.splitlines() if line.strip().startswith(f"{trunk_of(trunk)}/")),
            "",
        )
        if " Registered" in line:
            yield ok(about, f"It is registered with {trunk.address}.")
        else:
            refused = "Rejected" in line
            yield wrong(
                about,
                f"{trunk.address} refuses its account."
                if refused
                else f"It is not registered with {trunk.address}: no calls come by it.",
                f"Look at user and password_file of [trunks.{trunk.key}.account], then type "
                "openline asterisk configure and start Asterisk again."
                if refused
                else f"Look at the address, and into {asterisk.folder}/var/log/messages.",
            )


def _certificate(asterisk: Asterisk, ok: _Ok[F], warn: _Bad[F], wrong: _Bad[F]) -> Iterator[F]:
    tls = asterisk.tls
    if tls is None:
        return
    about = "certificate of telephones"
    try:
        found = x509.load_pem_x509_certificate(tls.certificate.read_bytes())
        is_open = bool(tls.key.stat().st_mode & 0o007)
    except (OSError, ValueError):
        yield wrong(
            about,
            f"{tls.certificate} or {tls.key} cannot be read, or is no certificate in PEM.",
            "Give both to the user of the centre.",
        )
        return
    left = found.not_valid_after_utc - datetime.now(UTC)
    words = f"It is good until {found.not_valid_after_utc:%Y-%m-%d}."
    if is_open:
        yield wrong(about, f"Everybody on this machine may read {tls.key}.", f"chmod 640 {tls.key}")
    elif left <= timedelta():
        yield wrong(
            about,
            f"It ended on {found.not_valid_after_utc:%Y-%m-%d}: whatever is encrypted is refused.",
            "Renew it, and start Asterisk again.",
        )
    elif left < SOON:
        yield warn(about, words, "Renew it, and start Asterisk again in a quiet moment.")
    else:
        yield ok(about, words)
