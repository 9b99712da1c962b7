"""What a checked configuration says of real telephones.

The adapter is told from it which agent is rung where; `openline asterisk configure` writes
Asterisk's own files from it. The secrets that go with it are in no configuration.
"""

from pathlib import Path

import msgspec

from openline.model import AgentKey, EntryKey, LineKey


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """Is that with which a trunk registers."""

    user: str
    password_file: Path
    number: str | None
    """The digits of ours that calls to the account are for."""


class Tls(msgspec.Struct, frozen=True, kw_only=True):
    """Says how encrypted trunks and telephones are spoken with."""

    port: int
    certificate: Path
    key: Path
    authorities: Path


class Trunk(msgspec.Struct, frozen=True, kw_only=True):
    """Is a line of the telephone company."""

    key: str
    address: str
    calls_from: tuple[str, ...]
    account: Account | None = None
    """None: the company knows us by our address."""
    encrypted: bool = False
    dials: bool = False
    """Whether calls out go by it."""
    shows: str | None = None
    """The number that is shown outside."""
    calls_per_hour: int = 60
    calls_per_day: int = 500


class Number(msgspec.Struct, frozen=True, kw_only=True):
    """Is one of our own numbers, and where its calls arrive."""

    digits: str
    """Without the + that a company may send or not."""
    line: LineKey
    entry: EntryKey


class Phone(msgspec.Struct, frozen=True, kw_only=True):
    """Is the telephone at which an agent answers."""

    agent: AgentKey
    address: str | None
    """None: it registers, or is an ordinary one."""
    encrypted: bool = False
    in_browser: bool = False
    """Whether it is the page of her desktop, which registers through the centre."""
    number: str | None = None
    """Where it is an ordinary telephone: the number at which she is rung. Nobody is shown it."""

    @property
    def registers(self) -> bool:
        """Whether it is one that tells us where it is."""
        return self.address is None and self.number is None

    def __repr__(self) -> str:
        # The number is hers alone.
        return f"Phone(agent={self.agent!r}, address={self.address!r})"


class Asterisk(msgspec.Struct, frozen=True, kw_only=True):
    """Says how our Asterisk is set up."""

    folder: Path
    spool: Path
    """Where sound that is recorded passes through: memory, and never a disk."""
    sip_address: str
    sip_port: int
    ari_port: int
    rtp_from: int
    rtp_to: int
    trunks: tuple[Trunk, ...]
    numbers: tuple[Number, ...]
    phones: tuple[Phone, ...]
    country_code: str | None = None
    """That of callers' numbers which lack theirs."""
    tls: Tls | None = None
    """None: nothing is encrypted."""
    numbers_file: Path | None = None
    """Where the numbers of agents at ordinary telephones stand."""
    lost_after_s: int = 30
    """Who sends nothing for so long is gone."""
    most_arriving: int = 100
    """So many who came may wait for their first word."""
    refuses_arrivals: bool = False
    """Whether who comes beyond that is refused, and not told by a recording."""

    @property
    def way_out(self) -> Trunk | None:
        """The trunk by which calls out go, or None: nobody is dialled."""
        return next((trunk for trunk in self.trunks if trunk.dials), None)

    def phone_of(self, agent: AgentKey) -> Phone | None:
        """Returns the telephone of an agent, or None if she has none."""
        return next((phone for phone in self.phones if phone.agent == agent), None)
