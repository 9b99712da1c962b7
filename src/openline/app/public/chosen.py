"""Under which name, and with which certificate, is the centre opened to the world?

What `openline run` was asked for stands before what the configuration says.
"""

import msgspec

from openline.app.options import AskedPublic
from openline.configuration import CertificateFiles, Public
from openline.configuration.server_tables import PublicTable
from openline.model import RefusedError


def public_of(configured: Public | None, asked: AskedPublic | None) -> Public | None:
    """Returns how the centre is reached from everywhere, or None where only from this machine.

    Raises `RefusedError` where the name can be none, or no certificate is in sight.
    """
    if asked is None:
        return configured
    name = _name(asked.name)
    if asked.certificate is not None and asked.key is not None:
        files = CertificateFiles(certificate=asked.certificate.absolute(), key=asked.key.absolute())
        if configured is not None:
            return msgspec.structs.replace(configured, name=name, by=files)
        defaults = PublicTable.model_fields
        return Public(
            name=name,
            host=defaults["host"].default,
            port=defaults["port"].default,
            http_port=defaults["http_port"].default,
            by=files,
        )
    if configured is None:
        raise RefusedError(
            f"For https://{name} a certificate is needed. Give one with --certificate FILE and "
            "--certificate-key FILE, or let Openline fetch it: write [server.public] with the name "
            "and [server.public.acme] with terms_agreed = true into the configuration.",
            code="certificate_needed",
        )
    return msgspec.structs.replace(configured, name=name)


def _name(said: str) -> str:
    name = said.strip().lower().rstrip(".")
    try:
        table = PublicTable(name=name, certificate="-", certificate_key="-")
    except ValueError:
        raise RefusedError(
            f'--public "{said[:80]}" is no name under which browsers could find the centre. '
            "For example: help.example.org, without https:// and without a path.",
            code="bad_name",
        ) from None
    return table.name
