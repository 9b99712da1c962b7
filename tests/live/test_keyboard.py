"""Work without a mouse and without sight: keys, where the focus goes, and what is said aloud."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, TimeoutError, expect

from tests.live.centre_process import CentreProcess, configuration
from tests.live.conftest import CHROMIUM, FLAGS
from tests.live.people import WITHIN_MS

FOCUS = """() => {
  const focused = document.activeElement;
  if (focused === document.body || focused.id === "main" || focused.matches("h1")) return null;
  // A choice shows its focus round its words too.
  const shown = focused.closest(".choice") ?? focused;
  const { outlineStyle, outlineWidth } = getComputedStyle(shown);
  const { top, bottom } = shown.getBoundingClientRect();
  return {
    name: focused.id || focused.ariaLabel || shown.textContent.replace(/\\s+/g, " ").trim(),
    isOutlined: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
    // A page is scrolled by whole pixels, and not every thing begins at one.
    isInSight: top > -1 && bottom < innerHeight + 1,
  };
}"""

NEXT_PICTURE = "() => new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)))"

# Notes every change of every region that a screen reader follows.
LISTEN = """() => {
  window.heard = [];
  const live = "[aria-live], [role=status], [role=alert], [role=timer][aria-live]";
  for (const region of document.querySelectorAll(live)) {
    new MutationObserver(() => {
      const text = region.hidden ? "" : region.textContent.trim();
      if (text) window.heard.push(text);
    }).observe(region, { childList: true, characterData: true, subtree: true, attributes: true });
  }
}"""


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentreProcess]:
    folder = tmp_path_factory.mktemp("centre")
    config = configuration(folder, practice=True, greeting=False)
    one = 'helped = { name = "Helped" }'
    three = f'{one}\nreferred = {{ name = "Referred" }}\nsilent = {{ name = "Silent call" }}'
    config.write_text(config.read_text().replace(one, three))
    with CentreProcess(config, folder / "data") as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield browser
    browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(permissions=["microphone", "notifications"])
    yield context.new_page()
    context.close()


def press(page: Page, *keys: str) -> None:
    """Presses keys one after the other; where the focus is can be seen after each."""
    for key in keys:
        page.keyboard.press(key)
        # The browser scrolls to what has the focus with its next picture.
        page.evaluate(NEXT_PICTURE)
        where = page.evaluate(FOCUS)
        assert where is None or (where["isOutlined"] and where["isInSight"]), (key, where)


def tab_to(page: Page, name: str) -> None:
    """Goes on by Tab to what has that id or those words."""
    passed = []
    for _ in range(30):
        press(page, "Tab")
        where = page.evaluate(FOCUS)
        if where is not None and where["name"] == name:
            return
        passed.append(where and where["name"])
    raise AssertionError(f"no Tab leads to {name}, only to {passed}")


def sees(page: Page, *states: str) -> None:
    selector = ", ".join(f"html[data-state={state}]" for state in states)
    page.wait_for_selector(selector, timeout=WITHIN_MS, state="attached")


def hears(page: Page, words: str) -> None:
    """Waits until a screen reader would have said it."""
    try:
        page.wait_for_function("(words) => heard.includes(words)", arg=words, timeout=WITHIN_MS)
    except TimeoutError:
        raise AssertionError(f"{words!r} is not in {page.evaluate('heard')}") from None


def sits_down(page: Page, base: str, name: str) -> None:
    page.goto(f"{base}/sign-in")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    press(page, "Enter")
    tab_to(page, name)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    if page.url.endswith("/room"):
        # Who looks after the room is led there; her desk is one step away.
        tab_to(page, "Desk")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    sees(page, "paused")
    page.evaluate(LISTEN)


def test_an_agent_takes_a_practice_call_with_the_keys_of_the_map(
    centre: CentreProcess, page: Page
) -> None:
    sits_down(page, centre.base, "Amira Answers calls")

    press(page, "?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    assert page.evaluate("() => document.activeElement.closest('dialog') !== null")
    press(page, "r")  # in the map the keys do nothing
    sees(page, "paused")
    press(page, "Escape")

    press(page, "r")
    hears(page, "Ready. The next call comes to you by itself.")
    sees(page, "offered")
    expect(page.get_by_role("button", name="Answer")).to_be_focused()
    hears(page, "A call for you: Test Line, Talk. Press A to answer.")

    press(page, "a")
    hears(page, "In a call. You answered.")
    captions = page.get_by_role("log", name="What the practice caller says")
    expect(captions.get_by_role("listitem").first).to_be_visible(timeout=WITHIN_MS)
    press(page, "h")
    hears(page, "The caller hears music")
    press(page, "h")
    hears(page, "The caller hears you, in practice")
    press(page, "e")
    hears(page, "Press E again to end")
    sees(page, "talking")
    press(page, "e")
    hears(page, "Wrap-up. You ended the call.")

    press(page, "f")  # the one required answer is missing
    hears(page, "Please choose one: it is the only answer that is needed.")
    expect(page.get_by_role("radio", name="Helped")).to_be_focused()
    press(page, "ArrowDown", "ArrowDown")
    expect(page.get_by_role("radio", name="Silent call")).to_be_checked()
    tab_to(page, "note")
    page.keyboard.type("here r and f are letters")
    sees(page, "wrap_up")
    press(page, "Escape", "f")
    sees(page, "ready")
    press(page, "p")
    hears(page, "Paused. Meal")
    # Nothing else was said: no counter speaks, and no figure.
    assert page.evaluate("heard") == [
        "Ready. The next call comes to you by itself.",
        "A call for you: Test Line, Talk. Press A to answer.",
        "In a call. You answered.",
        "The caller hears music",
        "The caller hears you, in practice",
        "Press E again to end",
        "Wrap-up. You ended the call.",
        "Please choose one: it is the only answer that is needed.",
        "Ready. The next call comes to you by itself.",
        "Paused. Meal",
    ]


def test_an_agent_takes_a_practice_call_by_tab_enter_and_space(
    centre: CentreProcess, page: Page
) -> None:
    sits_down(page, centre.base, "Ben Looks after the room and answers calls")
    # Speech input may press letters that were not meant: the keys can be switched off.
    tab_to(page, "keys")
    press(page, "Enter")
    expect(page.get_by_role("switch", name="Use these keys")).to_be_focused()
    press(page, "Space", "Tab", "Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    press(page, "r")
    sees(page, "paused")

    page.reload()  # the choice is kept
    sees(page, "paused")
    page.evaluate(LISTEN)
    press(page, "r")
    sees(page, "paused")
    tab_to(page, "ready")
    press(page, "Enter")
    sees(page, "offered")
    expect(page.get_by_role("button", name="Answer")).to_be_focused()
    press(page, "Enter")
    sees(page, "talking")
    tab_to(page, "hold")
    press(page, "Enter")
    expect(page.get_by_role("button", name="Take back")).to_be_focused()
    press(page, "Enter")
    expect(page.get_by_role("button", name="Hold")).to_be_focused()
    tab_to(page, "end-call")
    press(page, "Enter")
    sees(page, "wrap_up")
    # The order of the keys is the order of the work.
    tab_to(page, "Helped")
    press(page, "Space", "Tab")
    expect(page.get_by_role("textbox", name="Note")).to_be_focused()
    press(page, "Tab")
    expect(page.get_by_role("button", name="Done, ready")).to_be_focused()
    press(page, "Tab", "Enter")
    sees(page, "paused")
    tab_to(page, "Meal")


def test_a_caller_talks_hangs_up_and_leaves_by_keyboard(
    centre: CentreProcess, browser: Browser, page: Page
) -> None:
    desk = browser.new_context(permissions=["microphone", "notifications"]).new_page()
    sits_down(desk, centre.base, "Amira Answers calls")
    press(desk, "r")

    page.goto(f"{centre.base}/call/main")
    page.evaluate(LISTEN)
    tab_to(page, "talk")
    press(page, "Enter")
    sees(page, "offered")
    hears(page, "You are next. We are ringing somebody for you now.")
    sees(desk, "offered")
    press(desk, "a")
    sees(page, "talking")
    hears(page, "You are talking. Take the time you need.")
    tab_to(page, "mute")
    press(page, "Enter")
    hears(page, "The other person does not hear you now.")
    press(page, "Enter")
    hears(page, "The other person hears you again.")
    tab_to(page, "hang-up")
    press(page, "Enter")
    sees(page, "ended")
    sees(desk, "wrap_up")
    # The button under the focus is gone: the focus is at the words that tell what happened.
    expect(page.get_by_role("heading", name="Thank you for calling")).to_be_focused()
    press(page, "Tab")
    expect(page.get_by_role("button", name="Call again")).to_be_focused()

    press(page, "Enter")
    sees(page, "queued")
    for _ in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url("about:blank")
    desk.context.close()
