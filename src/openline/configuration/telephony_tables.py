"""What may be written about how sound travels: the relay of browsers, Asterisk and its trunks."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from openline.configuration.outside_tables import Number
from openline.configuration.tables import Allowed, FileName, SipAddress, Table

RelayAddress = Annotated[
    str,
    StringConstraints(pattern=r"^turns?:[^\s\x00-\x1f\x7f]+$", max_length=255),
    Allowed("an address that begins with turn: or turns:", '"turn:turn.example.org:3478"'),
]
Secret = Annotated[
    str,
    StringConstraints(pattern=r"^[\x20-\x7e]{8,}$", max_length=500),
    Allowed("at least 8 plain characters in quotes", '"correct horse battery"'),
]
IpAddress = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{1,3}(\.[0-9]{1,3}){3}$"),
    Allowed("an IPv4 address in quotes", '"192.0.2.7"'),
]
IpNetwork = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{1,3}(\.[0-9]{1,3}){3}(/([0-9]|[12][0-9]|3[0-2]))?$"),
    Allowed("an IPv4 address or network in quotes", '"192.0.2.0/28"'),
]

AccountName = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9+][A-Za-z0-9._+-]{0,79}$"),
    Allowed("the name of an account, in letters, digits and . _ + -", '"helpline-7"'),
]
CountryCode = Annotated[
    str,
    StringConstraints(pattern=r"^[1-9][0-9]{0,2}$"),
    Allowed("the digits of a country code in quotes", '"1"'),
]


class TurnTable(Table):
    """The relay that carries sound between browsers on different machines (coturn)."""

    urls: list[RelayAddress] = Field(
        min_length=1,
        description="The relay's addresses.",
        examples=['["turn:turn.example.org:3478"]'],
    )
    secret_file: FileName | None = Field(
        default=None,
        description="A file that holds the secret shared with the relay. A relative name is "
        "looked up beside this file. One of `secret_file` and `secret` is needed.",
    )
    secret: Secret | None = Field(
        default=None,
        description="The secret itself. Rather use `secret_file`: this file is read by many eyes.",
    )


class AsteriskTable(Table):
    """Real telephones: an Asterisk of our own on this machine, set up by Openline.

    `openline asterisk configure` writes its whole configuration.
    """

    folder: FileName = Field(
        default="asterisk",
        description="Where Asterisk's configuration, sounds and secrets are. A relative name is "
        "looked up beside this file.",
    )
    sip_address: IpAddress = Field(
        default="127.0.0.1",
        description="The address of this machine at which trunk and telephones find Asterisk. "
        "127.0.0.1 is reached from this machine only.",
    )
    sip_port: int = Field(default=5060, ge=1, le=65535, description="Its port for SIP, over UDP.")
    tls_port: int = Field(
        default=5061,
        ge=1,
        le=65535,
        description="Its port for SIP over TLS, for trunks and telephones that are `encrypted`.",
    )
    certificate: FileName | None = Field(
        default=None,
        description="A file with Asterisk's certificate and those above it, as PEM, by which "
        "encrypted trunks and telephones believe it. A relative name is looked up beside this "
        "file. Asterisk reads it at its start.",
    )
    certificate_key: FileName | None = Field(
        default=None,
        description="A file with the private key of the certificate, as PEM, without a password.",
    )
    authorities: FileName = Field(
        default="/etc/ssl/certs/ca-certificates.crt",
        description="A file of certificates by which encrypted trunks are believed. As it is, "
        "those that the machine believes.",
    )
    ari_port: int = Field(
        default=8088,
        ge=1,
        le=65535,
        description="The port by which Openline steers Asterisk; on this machine alone.",
    )
    country_code: CountryCode | None = Field(
        default=None,
        description="Where the telephone company tells numbers of callers as they are dialled at "
        "home: the country code that they lack. Left out, it tells them with theirs.",
    )
    lost_after_s: int = Field(
        default=30,
        ge=5,
        le=3600,
        description="Who sends no sound at all for so long is gone without a goodbye, and the call "
        "counts as lost. More, where the telephone company sends none while somebody is silent.",
    )
    numbers_file: FileName | None = Field(
        default=None,
        description="A file with the numbers of agents who answer at ordinary telephones, which "
        "nobody but the user of the centre may read: a line for each, as in `amira +1 512 555 "
        "0123`. A relative name is looked up beside this file.",
    )
    spool: FileName | None = Field(
        default=None,
        description="Where sound passes through that is recorded, until it is sealed: a folder in "
        "memory (tmpfs), never on a disk. Left out, one of its own in /dev/shm.",
    )
    most_arriving: int = Field(
        default=100,
        ge=1,
        le=10_000,
        description="So many who have just come may wait for the first word at once. Who comes "
        "beyond that, because more come than a machine can take, is told so.",
    )
    beyond_it: Literal["message", "refusal"] = Field(
        default="message",
        description='How he is told: "message" is a recording, "refusal" is SIP 503, by which '
        "the telephone company may lead him elsewhere.",
    )
    rtp_from: int = Field(
        default=10_000, ge=1024, le=65_534, description="The first port for sound…"
    )
    rtp_to: int = Field(
        default=11_999,
        ge=1025,
        le=65_535,
        description="…and the last: two for each party of a call.",
    )


class AccountTable(Table):
    """The account at a telephone company with which a trunk registers."""

    user: AccountName = Field(description="Its name.")
    password_file: FileName = Field(
        description="A file with its password on the only line, which nobody but the user of the "
        "centre may read. A relative name is looked up beside this file. It is read by "
        "`openline asterisk configure`.",
    )
    number: Number | None = Field(
        default=None,
        description="The number of ours that calls to the account are for, where the company "
        "does not tell which was dialled. An entry of a line must have it.",
    )


class TrunkTable(Table):
    """A line of the telephone company: calls to our numbers come in by it."""

    address: SipAddress = Field(description="The company's SIP server.")
    account: AccountTable | None = Field(
        default=None,
        description="Left out, the company knows us by our address, and nobody registers.",
    )
    encrypted: bool = Field(
        default=False,
        description="Whether the company is spoken with by TLS alone and sound is encrypted "
        "(SRTP, with keys told by SDES). Its server must show a certificate for `address`.",
    )
    calls_from: list[IpNetwork] = Field(
        min_length=1,
        description="The addresses or networks from which it sends calls; any other is refused.",
        examples=['["192.0.2.10", "198.51.100.0/28"]'],
    )
    dials: bool = Field(
        default=False,
        description="Whether calls out go by it: callbacks, and destinations outside. One trunk "
        "at most can; without one, nobody is dialled.",
    )
    shows: Number | None = Field(
        default=None,
        description="The number of ours that destinations outside are shown. Left out, none is. "
        "Who is called back is never shown one.",
    )
    calls_per_hour: int = Field(
        default=60,
        ge=1,
        le=10_000,
        description="So many calls out are dialled in an hour at most: a fault, or somebody who "
        "plays with callbacks, must not cost more.",
    )
    calls_per_day: int = Field(
        default=500, ge=1, le=100_000, description="So many calls out are dialled in a day at most."
    )


class TelephonyTable(Table):
    """How sound travels."""

    turn: TurnTable | None = Field(
        default=None, description="Left out, only browsers on this machine can hear each other."
    )
    asterisk: AsteriskTable | None = Field(
        default=None, description="Left out, callers come by web page and not by telephone."
    )
