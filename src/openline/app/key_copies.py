"""How a running centre gives a copy of its keys to those beside it, and how they ask.

The centre holds its key store exclusively, so nobody beside it can read the file. It listens on a
socket in the data folder instead; whoever connects says whether he wants all keys (a backup) or
those of the record's days (who reads it: some hundreds among half a million), and is sent a copy of
them. Why that opens no new way to the keys stands in `local_socket`.
"""

import asyncio
import socket
from contextlib import closing, suppress

import msgspec
import structlog

from openline.app.local_socket import listen_at, short_name
from openline.model import Instant, OpenlineError, PeerError, RefusedError
from openline.sealing import KeyCopy, KeyStore, Sealer, SegmentKeys
from openline.store import DataFolder

log = structlog.get_logger(__name__)

ASKED_WITHIN_S = 60.0
SAID_WITHIN_S = 5.0
_ALL, _DAYS = b"all\n", b"days\n"
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

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(SAID_WITHIN_S):
                wanted = await reader.readline()
            if wanted not in (_ALL, _DAYS):
                raise PeerError("It was not said which keys are wanted.")
            made = self._sealer.copy_of_days if wanted == _DAYS else self._sealer.copy
            copy = msgspec.msgpack.encode(await asyncio.to_thread(made))
            writer.write(len(copy).to_bytes(_LENGTH_BYTES, "big") + copy)
            await writer.drain()
            log.info("keys_copied", days_only=wanted == _DAYS)
        except (OpenlineError, OSError) as error:
            # Whoever asked finds nothing and says so.
            log.error("keys_not_copied", why=str(error))
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


def ask_for_keys(folder: DataFolder, *, days_only: bool = False) -> KeyCopy:
    """Asks the running centre for a copy of its keys, of all or of those of the record's days.

    Raises `PeerError` if it gives none.
    """
    content = b""
    try:
        with socket.socket(socket.AF_UNIX) as asking, short_name(folder.key_socket) as short:
            asking.settimeout(ASKED_WITHIN_S)
            asking.connect(short)
            asking.sendall(_DAYS if days_only else _ALL)
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
    return _copy(folder, now, days_only=False)


def segment_keys(folder: DataFolder, now: Instant) -> SegmentKeys:
    """Returns the keys of the record's days, to read it beside the centre that may be running."""
    copy = _copy(folder, now, days_only=True)
    return SegmentKeys((each.ref, each.key) for each in copy.keys)


def _copy(folder: DataFolder, now: Instant, *, days_only: bool) -> KeyCopy:
    try:
        folder.hold(now)
    except RefusedError as error:
        if error.code != "data_folder_in_use":
            raise
        return ask_for_keys(folder, days_only=days_only)
    try:
        with closing(KeyStore(folder.keys)) as store:
            return store.copy_of_days() if days_only else store.copy()
    finally:
        folder.release()
