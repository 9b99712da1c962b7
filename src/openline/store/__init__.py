"""Where the centre keeps what must not be lost: journal, snapshots, sealed texts, accounts.

What a store must be able to do stands in `port`, what it keeps in `records`, what its tables look
like in `schema`, where its files lie and who may use them in `folder`, how records reach it without
holding up a call in `writer`, and where they go while it refuses them in `spool`. The store is
opaque: it knows records and bytes, not calls. Two kinds keep the port, `store.sqlite` and
`store.postgresql`, both on `store.sql`; only the composition root names them.
"""

from openline.store.folder import DataFolder
from openline.store.port import FencedError, Store
from openline.store.records import (
    AccountEventRecord,
    AccountRecord,
    CallListRecord,
    ConfigurationRecord,
    EmergencyListRecord,
    GapRecord,
    InvitationRecord,
    JournalRecord,
    Opening,
    SealedRecord,
    SecondFactorRecord,
    SessionRecord,
    SnapshotRecord,
    SpokenRecord,
    SumRecord,
    WrittenRecord,
)
from openline.store.spool import Gap, Spool, give_back
from openline.store.writer import JournalWriter

__all__ = [
    "AccountEventRecord",
    "AccountRecord",
    "CallListRecord",
    "ConfigurationRecord",
    "DataFolder",
    "EmergencyListRecord",
    "FencedError",
    "Gap",
    "GapRecord",
    "InvitationRecord",
    "JournalRecord",
    "JournalWriter",
    "Opening",
    "SealedRecord",
    "SecondFactorRecord",
    "SessionRecord",
    "SnapshotRecord",
    "SpokenRecord",
    "Spool",
    "Store",
    "SumRecord",
    "WrittenRecord",
    "give_back",
]
