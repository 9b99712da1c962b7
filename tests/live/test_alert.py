"""The offer that cannot be overlooked: by ear, in the title, by notification, by screen reader.

Each is looked for where it arrives: the sound is analysed where the page hands it to the
loudspeaker, the notification is the browser's own, and what a screen reader says is read from the
live regions.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.live.centre_process import CentreProcess, configuration
from tests.live.conftest import CHROMIUM, FLAGS
from tests.live.people import WITHIN_MS, Person, caller
from tests.live.test_keyboard import LISTEN, hears

OFFER_HZ, MISSED_HZ = (587, 784), (440, 349)

# Lays an ear beside the loudspeaker, and keeps what was notified. The tab is in the background.
WITNESS = """() => {
  const connect = AudioNode.prototype.connect;
  window.ears = new Map();
  AudioNode.prototype.connect = function (to, ...more) {
    if (to instanceof AudioDestinationNode) {
      const ear = this.context.createAnalyser();
      ear.fftSize = 8192;
      ear.smoothingTimeConstant = 0;
      connect.call(this, ear);
      window.ears.set(this, ear);
    }
    return connect.call(this, to, ...more);
  };
  window.notes = [];
  const Real = Notification;
  window.Notification = class extends Real {
    constructor(words, options) {
      super(words, options);
      this.words = words;
      this.isShown = false;
      this.addEventListener("show", () => { this.isShown = true; });
      this.addEventListener("error", () => { this.isShown = "error"; });
      window.notes.push(this);
    }
    close() {
      this.isClosed = true;
      super.close();
    }
  };
  document.hasFocus = () => false;
}"""

SOUNDS = """() => [...window.ears.values()].flatMap((ear) => {
  const bins = new Float32Array(ear.frequencyBinCount);
  ear.getFloatFrequencyData(bins);
  let loudest = 1;
  for (let i = 1; i < bins.length; i++) if (bins[i] > bins[loudest]) loudest = i;
  return bins[loudest] > -60 ? [(loudest * ear.context.sampleRate) / ear.fftSize] : [];
})"""


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentreProcess]:
    folder = tmp_path_factory.mktemp("centre")
    config = configuration(folder, ring_timeout_s=10, greeting=False)
    with CentreProcess(config, folder / "data") as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield browser
    browser.close()


def sounds(page: Page, *hertz: int) -> None:
    """Waits until the loudspeaker has played each of these notes."""
    for note in hertz:
        page.wait_for_function(
            f"(hertz) => ({SOUNDS})().some((found) => Math.abs(found - hertz) < 15)",
            arg=note,
            timeout=WITHIN_MS,
        )


def is_silent(page: Page) -> None:
    page.wait_for_function(f"() => ({SOUNDS})().length === 0", timeout=WITHIN_MS)


def test_an_offer_calls_by_ear_by_title_by_notification_and_by_screen_reader_until_it_is_answered(
    centre: CentreProcess, browser: Browser
) -> None:
    context = browser.new_context(permissions=["microphone", "notifications"])
    context.request.post(
        f"{centre.base}/demo/sign-in", form={"account": "amira"}, headers={"Origin": centre.base}
    )
    amira = Person(context.new_page())
    page = amira.page
    page.add_init_script(f"({WITNESS})()")
    page.goto(f"{centre.base}/desk?rawmic=1")
    amira.sees("paused")
    page.evaluate(LISTEN)
    quiet = page.title()
    amira.does("ready")
    amira.sees("ready")
    is_silent(page)

    # Nobody answers the first offer.
    him = caller(browser, centre.base)
    amira.sees("offered")
    expect(page).to_have_title("☎ A call for you", timeout=WITHIN_MS)
    # The title changes to and fro, so that a tab among many catches the eye.
    expect(page).to_have_title(quiet, timeout=WITHIN_MS)
    hears(page, "A call for you: Test Line, Talk. Press A to answer.")
    sounds(page, *OFFER_HZ)
    page.wait_for_function("() => notes.at(-1)?.isShown === true", timeout=WITHIN_MS)
    assert page.evaluate("notes.map((note) => note.words)") == ["☎ A call for you"]

    # Missed: another sound calls her until she presses one key.
    amira.sees("paused")
    assert page.evaluate("notes[0].isClosed") is True
    expect(page).to_have_title("● You missed a call", timeout=WITHIN_MS)
    sounds(page, *MISSED_HZ)
    assert page.evaluate("notes.map((note) => note.words)")[1:] == ["● You missed a call"]
    page.keyboard.press("z")
    is_silent(page)
    expect(page).to_have_title(quiet, timeout=WITHIN_MS)
    assert page.evaluate("notes[1].isClosed") is True
    # And no reload calls her again for the same miss.
    page.reload()
    amira.sees("paused")
    assert page.evaluate("document.documentElement.dataset.alert") is None

    # Answered: all of it ends at once.
    page.keyboard.press("r")
    amira.sees("offered")
    sounds(page, *OFFER_HZ)
    page.keyboard.press("a")
    amira.sees("talking")
    expect(page).to_have_title(quiet, timeout=WITHIN_MS)
    assert page.evaluate("notes.every((note) => note.isClosed)") is True
    assert page.evaluate("document.documentElement.dataset.alert") is None
    him.sees("talking")
    him.does("hang-up")
    amira.sees("wrap_up")
    assert amira.complaints == him.complaints == []
    context.close()
