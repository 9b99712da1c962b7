"""What a centre has open on disk, and how it is opened: the lock first, let go last."""

import contextlib
from dataclasses import dataclass

from openline.app.options import Options
from openline.app.storage import open_store_and_spool
from openline.centre.clock import wall_now
from openline.centre.recovery import Recovered, recover
from openline.configuration import Published
from openline.model import Instant, SealedRef
from openline.sealing import TERMS, KeyStore, SealedKind, Sealer, Segments, Terms
from openline.store import DataFolder, Spool
from openline.store.sql import SqlStore


@dataclass(frozen=True, kw_only=True)
class Memory:
    """Holds what is open on disk."""

    folder: DataFolder
    store: SqlStore
    spool: Spool | None
    sealer: Sealer
    segments: Segments
    recovered: Recovered

    def close(self) -> None:
        """Lets everything go, the lock last."""
        self.sealer.close()
        self.store.close()
        if self.spool is not None:
            self.spool.close()
        self.folder.release()


def terms_of(published: Published) -> Terms:
    """Returns how long each kind of sealed thing is kept."""
    return {
        SealedKind.NOTE: published.terms.note,
        SealedKind.CALLER_NUMBER: published.terms.caller_number,
        SealedKind.CALLBACK_NUMBER: published.terms.callback_number,
        SealedKind.MESSAGE: published.terms.message,
        SealedKind.RECORDING: published.terms.recording,
        SealedKind.CONVERSATION: published.terms.conversation,
        SealedKind.JOURNAL: published.terms.journal,
    }


def open_memory(options: Options, terms: Terms = TERMS, *, url: str | None = None) -> Memory:
    """Takes the data folder, opens what is in it and rebuilds the state.

    `url` is the configuration's `[store] url`.

    Raises `RefusedError` or `PeerError`, in words for the person who started it.
    """
    now = Instant(wall_now())
    with contextlib.ExitStack() as undo:
        folder = DataFolder(options.data).hold(now)
        undo.callback(folder.release)
        store, spool = open_store_and_spool(folder, url, now=now)
        undo.callback(store.close)
        if spool is not None:
            undo.callback(spool.close)
        sealer = Sealer(KeyStore(folder.keys))
        undo.callback(sealer.close)

        def kept(ref: SealedRef) -> tuple[SealedKind, Instant] | None:
            record = store.sealed(ref)
            return None if record is None else (SealedKind(record.kind), record.destroy_at)

        sealer.settle(kept)
        segments = Segments(sealer, now, term=terms[SealedKind.JOURNAL])
        recovered = recover(store, segments)
        memory = Memory(
            folder=folder,
            store=store,
            spool=spool,
            sealer=sealer,
            segments=segments,
            recovered=recovered,
        )
        undo.pop_all()
    return memory
