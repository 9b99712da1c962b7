"""What live tests share: real browsers whose microphones hear a tone."""

import math
import shutil
import struct
import wave
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

CHROMIUM = shutil.which("chromium")

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-quic",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as running:
        yield running


class Browsers:
    """Starts browsers whose microphone hears one tone each."""

    def __init__(self, playwright: Playwright, folder: Path, stack: ExitStack) -> None:
        self._playwright = playwright
        self._folder = folder
        self._stack = stack

    def hearing(self, hertz: int, *flags: str, program: str | Path | None = CHROMIUM) -> Browser:
        """Returns a browser into whose microphone a tone of so many hertz sounds."""
        tone = _tone(self._folder / f"{hertz}.wav", hertz)
        browser = self._playwright.chromium.launch(
            executable_path=program,
            args=[*FLAGS, f"--use-file-for-fake-audio-capture={tone}", *flags],
        )
        self._stack.callback(browser.close)
        return browser

    def processes(self, hertz: int) -> list[int]:
        """Returns the process ids of the browser with this tone, children included."""
        named = f"--use-file-for-fake-audio-capture={self._folder / f'{hertz}.wav'}"
        parents = {pid: parent for pid, parent, _ in _processes()}
        roots = {pid for pid, _, command in _processes() if named in command}
        found = set(roots)
        while True:
            children = {pid for pid, parent in parents.items() if parent in found} - found
            if not children:
                return sorted(found)
            found |= children


@pytest.fixture
def browsers(playwright: Playwright, tmp_path: Path) -> Iterator[Browsers]:
    with ExitStack() as stack:
        yield Browsers(playwright, tmp_path, stack)


def _tone(path: Path, hertz: int) -> Path:
    """Writes two seconds of a tone, which Chromium repeats for ever."""
    rate = 48_000
    samples = (int(16_000 * math.sin(2 * math.pi * hertz * n / rate)) for n in range(2 * rate))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return path


def _processes() -> list[tuple[int, int, str]]:
    """Returns number, parent and command line of every process."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                command = (folder / "cmdline").read_text().replace("\0", " ")
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue  # it ended meanwhile
            found.append((int(folder.name), parent, command))
    return found
