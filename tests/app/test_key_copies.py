"""A running centre gives its keys to whoever may read its folder, and to nobody else."""

import asyncio
import contextlib
import stat
from pathlib import Path

import pytest

from openline.app.key_copies import KeyCopies, ask_for_keys
from openline.model import Instant, PeerError
from openline.sealing import KeyStore, SealedKind, Sealer
from openline.store import DataFolder

NOW = Instant(1_700_000_000_000_000)


def test_a_key_just_used_is_in_the_copy(tmp_path: Path) -> None:
    async def run() -> None:
        # Deeper than the name of a socket may be long.
        folder = DataFolder(tmp_path / ("d" * 100) / "data").hold(NOW)
        sealer = Sealer(KeyStore(folder.keys))
        copies = KeyCopies(folder, sealer)
        await copies.start()
        assert stat.S_IMODE(folder.key_socket.stat().st_mode) == 0o600
        sealed = sealer.seal(SealedKind.NOTE, "a note", Instant(NOW + 5))
        for _ in range(2):
            copy = await asyncio.to_thread(ask_for_keys, folder)
            used = {each.ref: each.destroy_at for each in copy.keys if each.kind is not None}
            assert used == {sealed.ref: NOW + 5}
        await copies.stop()
        assert not folder.key_socket.exists()
        with pytest.raises(PeerError, match="gave no copy of its keys"):
            await asyncio.to_thread(ask_for_keys, folder)
        sealer.close()
        folder.release()

    asyncio.run(run())


def test_who_reads_the_record_is_given_the_keys_of_its_days_alone(tmp_path: Path) -> None:
    async def run() -> None:
        folder = DataFolder(tmp_path).hold(NOW)
        sealer = Sealer(KeyStore(folder.keys))
        copies = KeyCopies(folder, sealer)
        await copies.start()
        sealer.seal(SealedKind.NOTE, "a note", Instant(NOW + 5))
        ref, key = sealer.take_key(SealedKind.JOURNAL, Instant(NOW + 9))
        copy = await asyncio.to_thread(ask_for_keys, folder, days_only=True)
        assert [(each.ref, each.key) for each in copy.keys] == [(ref, key)]
        assert copy.secrets == {}
        await copies.stop()
        sealer.close()
        folder.release()

    asyncio.run(run())


@pytest.mark.parametrize("said", [b"", b"everything\n", b"x" * 100_000])
def test_who_does_not_say_what_he_wants_is_given_nothing(tmp_path: Path, said: bytes) -> None:
    async def run() -> None:
        folder = DataFolder(tmp_path).hold(NOW)
        sealer = Sealer(KeyStore(folder.keys))
        copies = KeyCopies(folder, sealer)
        await copies.start()
        reader, writer = await asyncio.open_unix_connection(folder.key_socket)
        writer.write(said)
        writer.write_eof()
        with contextlib.suppress(ConnectionError):
            assert await reader.read() == b""
        writer.close()
        await copies.stop()
        sealer.close()
        folder.release()

    asyncio.run(run())


def test_a_socket_left_behind_by_a_killed_process_is_in_nobodys_way(tmp_path: Path) -> None:
    async def run() -> None:
        folder = DataFolder(tmp_path).hold(NOW)
        folder.key_socket.touch()
        sealer = Sealer(KeyStore(folder.keys))
        copies = KeyCopies(folder, sealer)
        await copies.start()
        assert (await asyncio.to_thread(ask_for_keys, folder)).keys
        await copies.stop()
        sealer.close()
        folder.release()

    asyncio.run(run())


def test_keys_that_cannot_be_read_are_not_given(tmp_path: Path) -> None:
    async def run() -> None:
        folder = DataFolder(tmp_path).hold(NOW)
        sealer = Sealer(KeyStore(folder.keys))
        copies = KeyCopies(folder, sealer)
        await copies.start()
        sealer.close()
        with pytest.raises(PeerError, match="gave no copy of its keys"):
            await asyncio.to_thread(ask_for_keys, folder)
        await copies.stop()
        folder.release()

    asyncio.run(run())
