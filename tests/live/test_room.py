"""The supervisor's room, reports, calls and stories, as their readers have them; and handing on."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.live.centre_process import CentreProcess
from tests.live.conftest import CHROMIUM, FLAGS
from tests.live.examiner import Examiner, Round
from tests.live.people import WITHIN_MS
from tests.live.test_screens import CONFIGURATION


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentreProcess]:
    folder = tmp_path_factory.mktemp("centre")
    config = folder / "openline.toml"
    config.write_text(CONFIGURATION, encoding="utf-8")
    with CentreProcess(config, folder / "data") as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield browser
    browser.close()


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as stack:
        yield stack


def sign_in(round_: Round, base: str, login: str) -> None:
    for page in round_.pages:
        page.context.request.post(
            f"{base}/demo/sign-in", form={"account": login}, headers={"Origin": base}
        )


def talk(caller: Page, desk: Page, base: str, line: str = "main") -> None:
    """Lets a caller and a desk that is ready talk with each other."""
    caller.goto(f"{base}/call/{line}?rawmic=1")
    caller.get_by_test_id("talk").click()
    desk.get_by_test_id("answer").click(timeout=WITHIN_MS)
    caller.wait_for_selector("html[data-state=talking]", timeout=WITHIN_MS, state="attached")


def test_a_call_goes_by_hand_to_a_colleague_and_then_stands_in_list_story_and_report(
    centre: CentreProcess, browser: Browser, stack: ExitStack
) -> None:
    desks, callers, readers = (Round(browser, centre.base, stack) for _ in range(3))
    desks.sit_down(("amira", "carmen"))
    amira, carmen = desks.pages
    for desk in desks.pages:
        desk.get_by_test_id("practice-toggle").set_checked(False)
    amira.get_by_test_id("ready").click()
    talk(callers.pages[0], amira, centre.base)
    carmen.get_by_test_id("ready").click()
    carmen.wait_for_selector("html[data-state=ready]", timeout=WITHIN_MS, state="attached")

    # She asks Carmen first, gives her the call, and is in her wrap-up.
    amira.keyboard.press("t")
    ask = amira.locator("#hand-agents li", has_text="Carmen").get_by_role("button").first
    expect(ask).to_be_visible(timeout=WITHIN_MS)
    examined = desks.examiners[0]
    examined.begin_to_look("desk, handing on")
    examined.look()
    ask.click()
    expect(carmen.locator("#offer-heading")).to_contain_text("Amira", timeout=WITHIN_MS)
    carmen.get_by_test_id("answer").click()
    amira.get_by_test_id("complete").click(timeout=WITHIN_MS)
    amira.wait_for_selector("html[data-state=wrap_up]", timeout=WITHIN_MS, state="attached")

    # The call ends while Carmen looks for somebody else: the dialogue closes and says why.
    carmen.get_by_test_id("hand-on").click(timeout=WITHIN_MS)
    expect(carmen.locator("#hand-dialog")).to_be_visible()
    callers.pages[0].get_by_test_id("hang-up").click()
    carmen.wait_for_selector("html[data-state=wrap_up]", timeout=WITHIN_MS, state="attached")
    expect(carmen.locator("#hand-dialog")).to_be_hidden()
    expect(carmen.locator("#toast")).not_to_be_empty()
    for desk in desks.pages:
        desk.locator("#dispositions .choice").first.click()
        desk.get_by_test_id("done-pause").click()
        desk.wait_for_selector("html[data-state=paused]", timeout=WITHIN_MS, state="attached")

    # What happened can be read in both languages.
    sign_in(readers, centre.base, "david")
    readers.go("/reports?by=hour")
    readers.shows(".plot")
    readers.look("reports, today")
    readers.go("/reports?by=day&show=all&per=queue&compare=none")
    readers.look("reports, everything by queue")
    for examiner in readers.examiners:
        with examiner.expecting("status of 422"):
            examiner.page.goto(f"{centre.base}/reports?from=2026-02-31")
    readers.look("reports, a day that does not exist")
    readers.go("/calls")
    readers.shows(".table a")
    readers.look("calls")
    for page in readers.pages:
        page.locator("#views summary").click()
        page.locator("#views-name").fill("Evenings")
        page.locator("#views-keep button").click()
        expect(page.locator("#views-list a")).to_have_text("Evenings")
    readers.look("calls, a view kept")
    for page in readers.pages:
        page.keyboard.press("Escape")
        page.locator(".table a").first.click()
        expect(page.locator(".story")).to_contain_text("Carmen")
    readers.look("story")
    readers.go("/calls?outcome=voicemail_left")
    readers.look("calls, none")
    readers.are_content()
    desks.are_content()


def test_a_supervisor_sees_and_acts_and_takes_it_back(
    centre: CentreProcess, browser: Browser, stack: ExitStack
) -> None:
    desks, rooms = (Round(browser, centre.base, stack) for _ in range(2))
    desks.sit_down(("amira", "carmen"))
    amira, _ = desks.pages
    amira.get_by_test_id("practice-toggle").set_checked(False)
    amira.get_by_test_id("ready").click()
    desks.pages[0].wait_for_selector("html[data-state=ready]", timeout=WITHIN_MS, state="attached")
    sign_in(rooms, centre.base, "david")
    rooms.go("/room")
    rooms.shows("#people [data-key=amira]")
    rooms.look("room")

    # By keyboard alone: the dialogue, a pause, and the way back.
    english = rooms.pages[0]
    change = english.locator("#people [data-key=amira] .person__act")
    change.focus()
    english.keyboard.press("Enter")
    expect(english.locator("#act")).to_be_visible()
    look(rooms.examiners[0], "room, changing a state")
    english.get_by_role("button", name="Pause: Meal").focus()
    english.keyboard.press("Enter")
    expect(english.locator("#done-words")).to_have_text("Amira is paused.", timeout=WITHIN_MS)
    amira.wait_for_selector("html[data-state=paused]", timeout=WITHIN_MS, state="attached")
    expect(amira.locator("#state-why")).to_contain_text("David")
    look(rooms.examiners[0], "room, done")
    english.locator("#undo").click()
    amira.wait_for_selector("html[data-state=ready]", timeout=WITHIN_MS, state="attached")

    # A line is closed, and opened again by taking that back.
    english.locator("#lines [data-key=main] button").click()
    look(rooms.examiners[0], "room, closing a line")
    english.locator("#act-choices button").click()
    closed = english.locator("#lines [data-key=main] .badge")
    expect(closed).to_have_text("Closed by hand", timeout=WITHIN_MS)
    english.locator("#undo").click()
    expect(closed).to_have_text("Open", timeout=WITHIN_MS)
    rooms.are_content()
    desks.are_content()
    # Whoever sits down next finds her desk as it was found here.
    amira.keyboard.press("p")
    amira.wait_for_selector("html[data-state=paused]", timeout=WITHIN_MS, state="attached")


def test_who_raises_her_hand_sees_who_comes_and_keys_are_heard_without_a_voice(
    centre: CentreProcess, browser: Browser, stack: ExitStack
) -> None:
    desks, callers, rooms = (Round(browser, centre.base, stack) for _ in range(3))
    desks.sit_down(("amira", "carmen"))
    for desk, caller in zip(desks.pages, callers.pages, strict=True):
        desk.get_by_test_id("practice-toggle").set_checked(False)
        desk.get_by_test_id("ready").click()
        talk(caller, desk, centre.base)

    # Who cannot speak presses keys, by the pad or the keyboard; the last one stands out.
    for caller in callers.pages:
        caller.locator(".call__pad summary").click()
        caller.locator("#call-pad [data-key='1']").click()
    callers.look("caller, keys")
    for desk, caller in zip(desks.pages, callers.pages, strict=True):
        caller.keyboard.press("2")
        expect(desk.locator("#call-keys-last")).to_have_text("2", timeout=WITHIN_MS)
        expect(desk.locator("#call-keys-before")).to_have_text("1")

    # A hand goes up by one key, and somebody says that he comes.
    desks.look("desk, keys of the caller")
    for desk in desks.pages:
        desk.keyboard.press("s")
        expect(desk.get_by_test_id("help")).to_have_attribute("aria-pressed", "true")
    sign_in(rooms, centre.base, "david")
    rooms.go("/room")
    rooms.shows("#people [data-key=amira] .person__come")
    rooms.look("room, hands up")
    english, spanish = rooms.pages
    english.locator("#people [data-key=amira] .person__come").focus()
    english.keyboard.press("Enter")
    expect(desks.pages[0].locator("#help-words")).to_have_text("David is coming.")
    english.locator("#undo").click()
    expect(desks.pages[0].locator("#help-words")).to_contain_text("Your hand is up")
    spanish.locator("#people [data-key=carmen] .person__come").click()
    expect(desks.pages[1].locator("#help-words")).to_contain_text("David")
    desks.look("desk, a hand up")

    # It goes down with the work on the call.
    for desk in desks.pages:
        desk.get_by_test_id("end-call").click()
        desk.wait_for_selector("html[data-state=wrap_up]", timeout=WITHIN_MS, state="attached")
        expect(desk.get_by_test_id("help")).to_have_attribute("aria-pressed", "true")
        desk.locator("#dispositions .choice").first.click()
        desk.get_by_test_id("done-pause").click()
    expect(english.get_by_test_id("room-help")).to_be_hidden(timeout=WITHIN_MS)
    desks.look("desk, the day so far")
    for each in (desks, callers, rooms):
        each.are_content()


def look(examiner: Examiner, screen: str) -> None:
    examiner.begin_to_look(screen)
    examiner.look()


def test_a_message_is_read_on_the_desk_put_away_by_a_key_and_taken_back(
    centre: CentreProcess, browser: Browser, stack: ExitStack
) -> None:
    desks, rooms = (Round(browser, centre.base, stack) for _ in range(2))
    desks.sit_down(("amira", "carmen"))
    amira, carmen = desks.pages
    sign_in(rooms, centre.base, "david")
    rooms.go("/room")
    rooms.shows("#people [data-key=amira]")
    english = rooms.pages[0]

    # To everybody, by keyboard alone.
    english.get_by_test_id("memo-all").focus()
    english.keyboard.press("Enter")
    english.keyboard.type("The kettle is on.")
    look(rooms.examiners[0], "room, writing a message")
    english.keyboard.press("Tab")
    english.keyboard.press("Enter")
    expect(english.locator("#done-words")).to_have_text("2 people see your message.")
    for desk in desks.pages:
        expect(desk.get_by_test_id("memos")).to_contain_text("The kettle is on.")
    for examiner in desks.examiners:
        look(examiner, "desk, a message")
    amira.keyboard.press("g")
    expect(amira.get_by_test_id("memos")).to_be_hidden()
    expect(carmen.get_by_test_id("memos")).to_be_visible()
    english.locator("#undo").click()
    expect(carmen.get_by_test_id("memos")).to_be_hidden()

    # To one; what looks like a number is refused where it was typed.
    spanish = rooms.pages[1]
    row = spanish.locator("#people [data-key=carmen]")
    row.get_by_role("button", name="Mensaje a Carmen").click()
    spanish.get_by_test_id("memo-words").fill("Llama al 312 555 0142")
    with rooms.examiners[1].expecting("status of 422"):
        spanish.get_by_test_id("memo-send").click()
        expect(spanish.locator("#memo-problem")).to_be_visible()
    spanish.get_by_test_id("memo-words").fill("Ven cuando puedas")
    spanish.get_by_test_id("memo-send").click()
    expect(carmen.get_by_test_id("memos")).to_contain_text("Ven cuando puedas")
    expect(amira.get_by_test_id("memos")).to_be_hidden()
    carmen.get_by_test_id("memo-read").click()
    expect(carmen.get_by_test_id("memos")).to_be_hidden()
    rooms.are_content()
    desks.are_content()


def test_a_greeting_is_spoken_from_the_headset_heard_by_the_next_caller_and_undone(
    centre: CentreProcess, browser: Browser, stack: ExitStack
) -> None:
    supervisors, callers = (Round(browser, centre.base, stack) for _ in range(2))
    sign_in(supervisors, centre.base, "david")
    supervisors.go("/room")
    for page in supervisors.pages:
        page.locator("a[href='/sounds']").click()
    supervisors.shows("[data-sound]")
    supervisors.look("what callers hear")
    page, other = supervisors.pages
    greeting = page.locator("[data-sound]").first

    def speaks(on: Page) -> None:
        """Speaks for two seconds; the tone of the microphone is the voice."""
        on.locator("[data-sound]").first.get_by_test_id("speak").click()
        on.get_by_test_id("speak-record").click()
        expect(on.locator("#speak-state")).to_contain_text("0:02", timeout=WITHIN_MS)
        on.get_by_test_id("speak-record").click()
        expect(on.get_by_test_id("speak-use")).to_be_enabled(timeout=WITHIN_MS)

    speaks(page)
    supervisors.examiners[0].begin_to_look("a greeting, spoken")
    supervisors.examiners[0].look()
    page.get_by_test_id("speak-use").click()
    expect(page.locator("#speak")).to_be_hidden(timeout=WITHIN_MS)
    expect(greeting.locator("[data-heard]")).to_contain_text("david", timeout=WITHIN_MS)

    # The next caller hears it, as sound that his browser can play.
    caller = callers.pages[0]
    with caller.expect_response("**/sounds/spoken/1.wav", timeout=WITHIN_MS) as heard:
        caller.goto(f"{centre.base}/call/greeted?rawmic=1")
        caller.get_by_test_id("talk").click()
    assert heard.value.ok
    caller.wait_for_selector("html[data-state=queued]", timeout=WITHIN_MS, state="attached")
    caller.get_by_test_id("hang-up").click()

    # Of two who speak at once the second is told, and callers hear the first.
    speaks(other)
    with supervisors.examiners[1].expecting("status of 409"):
        other.get_by_test_id("speak-use").click()
        expect(other.locator("#speak-problem")).to_be_visible(timeout=WITHIN_MS)
    other.locator("#speak button[value=cancel]").click()

    page.locator("#undo").click()
    expect(greeting.locator("[data-heard]")).not_to_contain_text("david", timeout=WITHIN_MS)
    page.locator("[data-sound] summary").first.click()
    supervisors.examiners[0].begin_to_look("earlier recordings")
    supervisors.examiners[0].look()
    supervisors.are_content()
    callers.are_content()
