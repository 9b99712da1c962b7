"""What may be written about where browsers find the centre: on this machine, or from everywhere."""

from typing import Annotated

from pydantic import Field, StringConstraints

from openline.configuration.tables import Address, Allowed, FileName, Table

PublicName = Annotated[
    str,
    StringConstraints(
        pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$",
        max_length=253,
    ),
    Allowed("a name of the Internet in quotes, in small letters", '"help.example.org"'),
]
SecureAddress = Annotated[
    str,
    StringConstraints(pattern=r"^https://[^\s\x00-\x1f\x7f]+$", max_length=1000),
    Allowed("an address in quotes that begins with https://", '"https://ca.example/directory"'),
]
MailAddress = Annotated[
    str,
    StringConstraints(pattern=r"^[^\s@\x00-\x1f\x7f]+@[^\s@\x00-\x1f\x7f]+$", max_length=254),
    Allowed("a mail address in quotes", '"it@example.org"'),
]

LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory"
"""The directory of the certificate authority that most small sites use."""


class AcmeTable(Table):
    """A certificate fetched and renewed by itself, from an authority that speaks ACME (RFC 8555).

    The authority learns the name and writes it into a public list, as for every site with HTTPS.
    """

    terms_agreed: bool = Field(
        description="Whether you agree to the authority's terms of use: it gives no certificate "
        "to others."
    )
    directory: SecureAddress = Field(
        default=LETS_ENCRYPT, description="The authority's directory. Left out, Let's Encrypt's."
    )
    contact: MailAddress | None = Field(
        default=None, description="Whom the authority may write to. Left out, nobody."
    )
    authorities: FileName | None = Field(
        default=None,
        description="A file of certificates by which the authority itself is believed, for one of "
        "your own. A relative name is looked up beside this file.",
    )


class PublicTable(Table):
    """The centre as it is reached from everywhere, by HTTPS and under one name.

    `host` and `port` of `[server]` are not used then.
    """

    name: PublicName = Field(description="The name under which browsers find it.")
    host: Address = Field(
        default="0.0.0.0",
        description="The address to listen on; 0.0.0.0 is every one that this machine has.",
    )
    port: int = Field(default=443, ge=1, le=65535, description="The port for HTTPS.")
    http_port: int = Field(
        default=80,
        ge=0,
        le=65535,
        description="The port that leads browsers on to HTTPS, and where a certificate authority "
        "looks. 0: none.",
    )
    certificate: FileName | None = Field(
        default=None,
        description="A file with the certificate and those above it, as PEM. A relative name is "
        "looked up beside this file. It is read again when it changes.",
    )
    certificate_key: FileName | None = Field(
        default=None, description="The file with the certificate's private key, as PEM."
    )
    acme: AcmeTable | None = Field(
        default=None, description="Instead of `certificate`: fetched and renewed by itself."
    )


class ServerTable(Table):
    """Where Openline listens for browsers."""

    host: Address = Field(
        default="127.0.0.1",
        description="The address to listen on. 127.0.0.1 is reached from this machine only.",
    )
    port: int = Field(default=8800, ge=1, le=65535, description="The port to listen on.")
    spare: bool = Field(
        default=True,
        description="Whether the program is kept loaded beside the centre, so that calls are "
        "routed again at once if it dies. It costs about 35 MB of memory.",
    )
    public: PublicTable | None = Field(
        default=None, description="Left out, the pages are for this machine and come by HTTP."
    )
