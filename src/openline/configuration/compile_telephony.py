"""Turns what the document says of real telephones into values."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from openline.configuration.document import Document
from openline.configuration.outside_checks import dialled
from openline.configuration.real_telephony import Account, Asterisk, Number, Phone, Tls, Trunk
from openline.configuration.simulation_checks import SIMULATED
from openline.configuration.tables import PhoneTable
from openline.configuration.telephony_tables import AccountTable, AsteriskTable
from openline.model import AgentKey, EntryKey, LineKey


def asterisk_of(
    document: Document, folder: Path, agents_numbers: Mapping[str, str]
) -> Asterisk | None:
    """Returns how Asterisk is set up, if it is; relative names begin in the folder.

    `agents_numbers` are those of ordinary telephones, by the keys of agents.
    """
    table = document.telephony.asterisk
    if table is None:
        return None
    own = (folder / table.folder).absolute()
    return Asterisk(
        folder=own,
        spool=_spool_of(own) if table.spool is None else folder / table.spool,
        sip_address=table.sip_address,
        sip_port=table.sip_port,
        ari_port=table.ari_port,
        rtp_from=table.rtp_from,
        rtp_to=table.rtp_to,
        country_code=table.country_code,
        tls=_tls(table, folder),
        numbers_file=None if table.numbers_file is None else folder / table.numbers_file,
        lost_after_s=table.lost_after_s,
        most_arriving=table.most_arriving,
        refuses_arrivals=table.beyond_it == "refusal",
        trunks=tuple(
            Trunk(
                key=key,
                address=trunk.address,
                account=_account(trunk.account, folder),
                encrypted=trunk.encrypted,
                calls_from=tuple(trunk.calls_from),
                dials=trunk.dials,
                shows=None if trunk.shows is None else dialled(trunk.shows),
                calls_per_hour=trunk.calls_per_hour,
                calls_per_day=trunk.calls_per_day,
            )
            for key, trunk in document.trunks.items()
        ),
        numbers=tuple(
            Number(
                digits=entry.number.removeprefix("+"), line=LineKey(line_key), entry=EntryKey(key)
            )
            for line_key, line in document.lines.items()
            for key, entry in line.entries.items()
            if entry.number is not None
        ),
        phones=tuple(
            _phone(AgentKey(key), agent.phone, agents_numbers)
            for key, agent in document.agents.items()
            if agent.phone is not None or not key.startswith(SIMULATED)
        ),
    )


def _phone(agent: AgentKey, table: PhoneTable | None, agents_numbers: Mapping[str, str]) -> Phone:
    """Returns the telephone of an agent; who has none answers in her browser."""
    if table is None:
        return Phone(agent=agent, address=None, in_browser=True)
    return Phone(
        agent=agent,
        address=table.address,
        encrypted=table.encrypted,
        number=agents_numbers.get(agent) if table.ordinary else None,
    )


def _account(table: AccountTable | None, folder: Path) -> Account | None:
    if table is None:
        return None
    return Account(
        user=table.user,
        password_file=(folder / table.password_file).absolute(),
        number=None if table.number is None else dialled(table.number).removeprefix("+"),
    )


def _tls(table: AsteriskTable, folder: Path) -> Tls | None:
    if table.certificate is None or table.certificate_key is None:
        return None
    return Tls(
        port=table.tls_port,
        certificate=(folder / table.certificate).absolute(),
        key=(folder / table.certificate_key).absolute(),
        authorities=(folder / table.authorities).absolute(),
    )


def _spool_of(folder: Path) -> Path:
    """Returns the place in memory of the Asterisk in a folder; each folder has its own."""
    mark = hashlib.blake2b(str(folder).encode(), digest_size=6).hexdigest()
    return Path("/dev/shm") / f"openline-{mark}"  # memory is what is wanted
