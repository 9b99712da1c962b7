"""Where the centre keeps what must not be lost: journal, snapshots, sealed texts, accounts.

What a store must be able to do stands in `port`, what its tables look like in `schema`, where its
files lie and who may use them in `folder`, and how records reach it without holding up a call in
`writer`. The store is opaque: it knows records and bytes, not calls. Only the composition root
names `store.sqlite`.
"""

from openline.store.folder import DataFolder
from openline.store.port import (
    AccountRecord,
    JournalRecord,
    SealedRecord,
    SessionRecord,
    SnapshotRecord,
    Store,
)
from openline.store.writer import JournalWriter

__all__ = [
    "AccountRecord",
    "DataFolder",
    "JournalRecord",
    "JournalWriter",
    "SealedRecord",
    "SessionRecord",
    "SnapshotRecord",
    "Store",
]
