"""How a running centre gives a copy of its keys to those beside it, and how they ask.

The centre holds its key store exclusively, so nobody beside it can read the file. It listens on a
socket in the data folder instead; whoever connects is sent a copy and nothing else. Why that opens
no new way to the keys stands in `local_socket`.
"""

import asyncio
import socket
from contextlib import closing, suppress

import msgspec
import structlog

from openline.app.local_socket import listen_at, short_name
from openline.model import Instant, OpenlineError, PeerError, RefusedError
from openline.sealing import KeyCopy, KeyStore, SealedKind, Sealer, SegmentKeys
from openline.store import DataFolder

log = structlog.get_logger(__name__)

JOURNAL = SealedKind.JOURNAL

ASKED_WITHIN_S = 60.0
_LENGTH_BYTES = 8


class KeyCopies:
    """Gives copies of the keys to whoever may read the data folder."""

    def __init__(self, folder: DataFolder, sealer: Sealer) -> None:
        self._path = folder.key_socket
        self._sealer = sealer
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listens; raises `PeerError` if the socket cannot be made."""
        listening = listen_at(self._path)
        self._server = await asyncio.start_unix_server(self._serve, sock=listening)

    async def stop(self) -> None:
        """Listens no more."""
        if self._server is not None:
            self._server.close()
            self._server = None
            self._path.unlink(missing_ok=True)

    async def _serve(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            copy = msgspec.msgpack.encode(await asyncio.to_thread(self._sealer.copy))
            writer.write(len(copy).to_bytes(_LENGTH_BYTES, "big") + copy)
            await writer.drain()
            log.info("keys_copied")
        except (OpenlineError, OSError) as error:
            # Whoever asked finds nothing and says so.
            log.error("keys_not_copied", why=str(error))
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


def ask_for_keys(folder: DataFolder) -> KeyCopy:
    """Asks the running centre for a copy of its keys; raises `PeerError` if it gives none."""
    content = b""
    try:
        with socket.socket(socket.AF_UNIX) as asking, short_name(folder.key_socket) as short:
            asking.settimeout(ASKED_WITHIN_S)
            asking.connect(short)
            with asking.makefile("rb") as answer:
                length = int.from_bytes(answer.read(_LENGTH_BYTES), "big")
                content = answer.read(length)
            if not content or len(content) != length:
                raise EOFError
            return msgspec.msgpack.decode(content, type=KeyCopy)
    except (OSError, EOFError, msgspec.DecodeError) as error:
        raise PeerError(
            f"The centre that runs on {folder.path} gave no copy of its keys "
            f"({type(error).__name__}). Look into its log, or stop it and try again."
        ) from error


def copy_of_keys(folder: DataFolder, now: Instant) -> KeyCopy:
    """Returns a copy of the keys, from the running centre or, if none runs, from the file."""
    try:
        folder.hold(now)
    except RefusedError as error:
        if error.code != "data_folder_in_use":
            raise
        return ask_for_keys(folder)
    try:
        with closing(KeyStore(folder.keys)) as store:
            return store.copy()
    finally:
        folder.release()


def segment_keys(folder: DataFolder, now: Instant) -> SegmentKeys:
    """Returns the keys of the record's days, to read it beside the centre that may be running."""
    copy = copy_of_keys(folder, now)
    return SegmentKeys((each.ref, each.key) for each in copy.keys if each.kind is JOURNAL)
