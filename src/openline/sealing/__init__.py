"""Keeps what callers say unreadable, and makes it unreadable for ever when its term is over.

Every number and every note is encrypted with a random key of its own. Ciphertext may lie anywhere
(database, journal, backups); the keys lie in one small file that is not backed up for long.
Destroying a key destroys all copies of its text at once, wherever they are.

`kinds` says what is sealed and for how long, `box` encrypts, `keys` keeps the keys and destroys
them without a trace, `copies` says under which conditions there may be a copy of them, `sealer`
joins them for the centre, `streams` seals sound while it is spoken, `segments` seals the record day
by day and `conversations` what is typed in calls, `tokens` signs the addresses that pages come
back with.
"""

from openline.sealing.conversations import ConversationKeys
from openline.sealing.copies import (
    COPY_KEPT,
    KeyCopy,
    KeyCopyFile,
    destroy_file,
    destroy_old_copies,
    is_too_old,
    read_copy,
)
from openline.sealing.keys import KeyStore
from openline.sealing.kinds import TERMS, SealedKind, Terms
from openline.sealing.sealer import Sealed, Sealer
from openline.sealing.segments import SegmentKeys, Segments
from openline.sealing.tokens import Tokens

__all__ = [
    "COPY_KEPT",
    "TERMS",
    "ConversationKeys",
    "KeyCopy",
    "KeyCopyFile",
    "KeyStore",
    "Sealed",
    "SealedKind",
    "Sealer",
    "SegmentKeys",
    "Segments",
    "Terms",
    "Tokens",
    "destroy_file",
    "destroy_old_copies",
    "is_too_old",
    "read_copy",
]
