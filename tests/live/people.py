"""People at their pages: what a caller and an agent do, and what they hear."""

import json
import time
from typing import Any

from playwright.sync_api import Browser, Page, WebSocket, expect

HEARS = """async ([hertz, within]) => {
  const element = document.getElementById("remote");
  const context = new AudioContext();
  await context.resume();
  const analyser = context.createAnalyser();
  analyser.fftSize = 8192;
  let stream = null;
  const heard = (deadline) => new Promise((resolve) => {
    const bins = new Float32Array(analyser.frequencyBinCount);
    const look = () => {
      if (element.srcObject && element.srcObject !== stream) {
        stream = element.srcObject;
        context.createMediaStreamSource(stream).connect(analyser);
      }
      analyser.getFloatFrequencyData(bins);
      let loudest = 1;
      for (let i = 1; i < bins.length; i++) if (bins[i] > bins[loudest]) loudest = i;
      const found = (loudest * context.sampleRate) / analyser.fftSize;
      if (bins[loudest] > -70 && Math.abs(found - hertz) < 25) resolve(true);
      else if (performance.now() < deadline) requestAnimationFrame(look);
      else resolve(`${Math.round(found)} Hz, ${bins[loudest]} dB`);
    };
    look();
  });
  const answer = await heard(performance.now() + within);
  await context.close();
  return answer;
}"""

WITHIN_MS = 15_000


class Person:
    """Is somebody before a page of ours."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.frames: list[dict[str, Any]] = []
        self.said: list[dict[str, Any]] = []
        self.complaints: list[str] = []
        page.on("websocket", self._connected)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda message: self._console(message.type, message.text))

    def _connected(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._received)
        socket.on("framesent", lambda payload: self.said.append(json.loads(payload)))

    def _received(self, payload: str | bytes) -> None:
        self.frames.append(json.loads(payload))

    def _console(self, kind: str, text: str) -> None:
        # While the centre is away a browser notes each connection that failed; that is no fault.
        if kind == "error" and "WebSocket" not in text and "net::ERR" not in text:
            self.complaints.append(text)

    def sees(self, *states: str) -> None:
        """Waits until the page shows one of the states."""
        selector = ", ".join(f"html[data-state={state}]" for state in states)
        self.page.wait_for_selector(selector, timeout=WITHIN_MS, state="attached")

    def hears(self, hertz: int) -> None:
        """Waits until a tone comes from the other side."""
        answer = self.page.evaluate(HEARS, [hertz, WITHIN_MS])
        assert answer is True, f"not {hertz} Hz, but {answer}"

    def does(self, test_id: str) -> None:
        """Presses a button."""
        self.page.get_by_test_id(test_id).click(timeout=WITHIN_MS)

    def shows(self, test_id: str, text: str) -> None:
        """Waits until a part of the page says something."""
        expect(self.page.get_by_test_id(test_id)).to_contain_text(text, timeout=WITHIN_MS)

    def told(self, part: str, value: object) -> None:
        """Waits until the page has been told something about its call."""

        def is_told() -> bool:
            views = [frame for frame in self.frames if frame["t"] == "view"]
            call = views[-1].get("call") or views[-1].get("agent", {}).get("call") or {}
            return bool(call.get(part) == value)

        deadline = time.monotonic() + 2 * WITHIN_MS / 1_000
        while not is_told():
            assert time.monotonic() < deadline, f"never told that {part} is {value}"
            # Lets Playwright hand over what the page received.
            self.page.wait_for_timeout(50)

    @property
    def signals(self) -> list[dict[str, Any]]:
        """Everything the page was told about the other side's connection."""
        return [frame["data"] for frame in self.frames if frame["t"] == "signal"]


def caller(browser: Browser, base: str, line: str = "main") -> Person:
    """Opens a caller's page and presses *Talk*."""
    person = Person(browser.new_context().new_page())
    person.page.goto(f"{base}/call/{line}?rawmic=1")
    person.does("talk")
    return person


def agent(browser: Browser, base: str, key: str, *, found: str = "paused") -> Person:
    """Sits down at a desktop of the demonstration, which is in this state."""
    context = browser.new_context(permissions=["microphone", "notifications"])
    answer = context.request.post(
        f"{base}/demo/sign-in", form={"account": key}, headers={"Origin": base}
    )
    assert answer.ok, answer.status
    person = Person(context.new_page())
    person.page.goto(f"{base}/desk?rawmic=1")
    person.sees(found)
    return person
