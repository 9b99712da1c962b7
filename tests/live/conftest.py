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

    def hearing(self, hertz: int, *flags: str) -> Browser:
        """Returns a browser into whose microphone a tone of so many hertz sounds."""
        tone = _tone(self._folder / f"{hertz}.wav", hertz)
        browser = self._playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[*FLAGS, f"--use-file-for-fake-audio-capture={tone}", *flags],
        )
        self._stack.callback(browser.close)
        return browser


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
