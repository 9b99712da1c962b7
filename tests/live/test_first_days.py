"""First days of an agent, a supervisor and a director, each by its document alone: see `walker`.

One centre for the three, as it is in earnest: nobody sits down without a password.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from openline.app.people import Invite, add, ask
from openline.identity import Role
from openline.model import AgentKey
from tests.live.centre_process import CentreProcess
from tests.live.conftest import CHROMIUM, FLAGS
from tests.live.people import WITHIN_MS
from tests.live.walker import Walker, code_blocks, walk

TUTORIAL = Path(__file__).parents[2] / "docs" / "tutorial"
PASSWORD = "nine geese over the harbour"
CONFIGURATION = """
[centre]
name = "Evening Line"
time_zone = "America/Chicago"
recovery_break_s = 600

[skills]
crisis = { name = "Crisis" }

[queues.talk]
name = "Talk"
service_level = { percent = 80, within_s = 20 }
ring_timeout_s = 60

[queues.crisis]
name = "Crisis"
needs = { crisis = 1 }

[lines.evening]
name = "Evening Line"
queue = "talk"

[surge.storm]
name = "Storm"
[surge.storm.queues.talk]
priority = 7

[agents]
amira = { name = "Amira" }
ben = { name = "Ben" }
carmen = { name = "Carmen" }

[pause_reasons]
meal = { name = "Meal" }
rest = { name = "Rest" }

[dispositions]
helped = { name = "Helped" }

[practice]
after_s = 0
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("centre") / "data"


@pytest.fixture(scope="module")
def centre(data: Path) -> Iterator[CentreProcess]:
    config = data.parent / "openline.toml"
    config.write_text(CONFIGURATION, encoding="utf-8")
    for login, role, agent in (
        ("ben", Role.SUPERVISOR, AgentKey("ben")),
        ("carmen", Role.AGENT, AgentKey("carmen")),
        ("dora", Role.SUPERVISOR, None),
    ):
        add(data, login=login, password=PASSWORD, name=login.title(), role=role, agent=agent)
    with CentreProcess(config, data) as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
    yield browser
    browser.close()


@pytest.fixture
def opened(browser: Browser) -> Iterator[Callable[[], Page]]:
    """Opens pages, each in a browser of its own."""
    with ExitStack() as stack:

        def opened() -> Page:
            context = browser.new_context(permissions=["microphone", "notifications"])
            stack.callback(context.close)
            return context.new_page()

        yield opened


def signs_in(page: Page, base: str, login: str, onward: str) -> None:
    page.goto(f"{base}/sign-in?next={onward}")
    page.locator("#login").fill(login)
    page.locator("#password").fill(PASSWORD)
    page.locator("#sign-in button[type=submit]").click()
    page.wait_for_url(f"**{onward}*", timeout=WITHIN_MS)


def sits_down(page: Page, base: str, login: str) -> None:
    signs_in(page, base, login, "/desk")
    page.wait_for_selector("html[data-state=paused]", timeout=WITHIN_MS, state="attached")


def calls(page: Page, base: str) -> None:
    page.goto(f"{base}/call/evening?rawmic=1")
    page.get_by_test_id("talk").click()


def hangs_up(page: Page) -> None:
    page.get_by_test_id("hang-up").click(timeout=WITHIN_MS)
    page.wait_for_selector("html[data-state=ended]", timeout=WITHIN_MS, state="attached")


def finishes(page: Page) -> None:
    page.wait_for_selector("html[data-state=wrap_up]", timeout=WITHIN_MS, state="attached")
    page.locator("#dispositions .choice").first.click()
    page.get_by_test_id("done-pause").click()


class AgentsDay:
    """Is what Amira does, section by section."""

    def __init__(self, base: str, opened: Callable[[], Page], token: str) -> None:
        self.base = base
        self.token = token
        self.amira = Walker(opened(), TUTORIAL / "first-day-agent.md")
        self.caller, self.carmen = opened(), opened()
        sits_down(self.carmen, base, "carmen")
        self.carmen.get_by_test_id("practice-toggle").set_checked(False)

    def comes_in(self) -> None:
        self.amira.page.goto(f"{self.base}/join/{self.token}")
        self.amira.writes("Your password", "four plain words here")
        self.amira.writes("The same once more", "four plain words here")
        self.amira.presses("Come in")
        self.amira.is_in("paused")
        with self.amira.page.expect_navigation():
            self.amira.page.get_by_role("button", name="Sign out").click()
        self.amira.page.goto(self.base)
        self.amira.presses("Sign in")
        self.amira.writes("Name", "amira")
        self.amira.writes("Password", "four plain words here")
        self.amira.presses("Sign in")
        self.amira.is_in("paused")

    def practises(self) -> None:
        self.amira.presses("Practice calls")
        self.amira.presses("Ready")
        self.amira.is_in("offered")
        self.amira.finds("PRACTICE")
        self.amira.presses("Answer")
        self.amira.is_in("talking")

    def holds(self) -> None:
        self.amira.presses("Hold")
        self.amira.presses("Take back")

    def ends(self) -> None:
        self.amira.presses("End the call")
        self.amira.is_in("wrap_up")
        self.amira.page.get_by_text("Helped", exact=True).click()
        self.amira.writes("Note", "It was about the last bus.")
        self.amira.presses("I need longer")
        self.amira.presses("Done, pause")
        self.amira.is_in("paused")

    def answers(self) -> None:
        self.amira.presses("Practice calls")
        self.amira.presses("Ready")
        self.amira.is_in("ready")
        calls(self.caller, self.base)
        self.amira.is_in("offered")
        self.amira.presses("Answer")
        self.amira.is_in("talking")
        self.amira.presses("Mute")
        self.amira.presses("Unmute")

    def gives_on(self) -> None:
        self.amira.presses("Ask for help")
        self.amira.presses("Take my hand down")
        self.carmen.get_by_test_id("ready").click()
        self.amira.presses("Hand on")
        self.amira.presses("Stay with the caller")
        self.amira.presses("Hand on")
        self.amira.presses("Ask first")
        self.carmen.get_by_test_id("answer").click(timeout=WITHIN_MS)
        self.amira.finds("Back to the caller")
        self.amira.presses("Give the call to …")
        self.amira.is_in("wrap_up")
        hangs_up(self.caller)
        finishes(self.carmen)

    def takes_a_break(self) -> None:
        self.amira.page.locator("#dispositions .choice").first.click()
        self.amira.page.get_by_test_id("done-ready").click()
        self.amira.is_in("ready")
        self.amira.presses("Pause")
        self.amira.is_in("paused")
        self.amira.page.get_by_role("button", name="Rest").click()

    def opens_another_tab(self) -> None:
        other = self.amira.page.context.new_page()
        other.goto(f"{self.base}/desk")
        self.amira.is_in("elsewhere")
        self.amira.presses("Work here instead")
        self.amira.is_in("paused")
        other.close()

    def looks_at_the_keys(self) -> None:
        self.amira.presses("?")
        self.amira.presses("Use these keys")
        self.amira.presses("Close")

    def goes_home(self) -> None:
        self.amira.finds("My day")
        self.amira.presses("Sign out")


def test_an_agents_first_day(centre: CentreProcess, data: Path, opened: Callable[[], Page]) -> None:
    invite = Invite(login="amira", name="Amira", role=Role.AGENT, agent=AgentKey("amira"))
    invited = ask(data, invite).invited
    assert invited is not None
    day = AgentsDay(centre.base, opened, invited.token)
    steps = (
        day.comes_in,
        day.practises,
        day.holds,
        day.ends,
        day.answers,
        day.gives_on,
        day.takes_a_break,
        day.opens_another_tab,
        day.looks_at_the_keys,
        day.goes_home,
    )
    walk(day.amira, steps)


class SupervisorsDay:
    """Is what Ben does, section by section."""

    def __init__(self, base: str, opened: Callable[[], Page]) -> None:
        self.base = base
        self.ben = Walker(opened(), TUTORIAL / "first-day-supervisor.md")
        self.caller, self.carmen = opened(), opened()
        sits_down(self.carmen, base, "carmen")
        self.carmen.get_by_test_id("practice-toggle").set_checked(False)

    def comes_in(self) -> None:
        self.ben.page.goto(self.base)
        self.ben.presses("Sign in")
        self.ben.writes("Name", "ben")
        self.ben.writes("Password", PASSWORD)
        self.ben.presses("Sign in")
        self.ben.finds("The room")

    def comes_to_help(self) -> None:
        self.carmen.get_by_test_id("ready").click()
        calls(self.caller, self.base)
        self.carmen.get_by_test_id("answer").click(timeout=WITHIN_MS)
        self.carmen.get_by_test_id("help").click(timeout=WITHIN_MS)
        self.ben.presses("I am coming", within="Carmen")
        expect(self.carmen.locator("#help-words")).to_have_text("Ben is coming.", timeout=WITHIN_MS)
        self.ben.presses("Undo")

    def writes(self) -> None:
        self.ben.presses("Message", within="Carmen")
        self.ben.writes("Words", "Tea at four.")
        self.ben.presses("Send")
        expect(self.carmen.locator("#memos")).to_contain_text("Tea at four.", timeout=WITHIN_MS)

    def changes(self) -> None:
        hangs_up(self.caller)
        finishes(self.carmen)
        expect(self.ben.page.locator("[data-key=carmen] .badge")).to_have_text("Paused")
        self.ben.presses("Change", within="Carmen")
        self.ben.presses("Leave it as it is")
        self.ben.presses("Change", within="Carmen")
        self.ben.presses("Pause: …")
        expect(self.carmen.locator("#state-why")).to_contain_text("Ben", timeout=WITHIN_MS)
        self.ben.presses("Undo")
        self.ben.presses("Change", within="Carmen")
        self.ben.presses("Skills…")
        self.ben.page.locator("#skills-list select").first.select_option("2")
        self.ben.presses("Change")
        self.ben.presses("Undo")

    def switches(self) -> None:
        self.ben.page.get_by_role("button", name="Storm").click()
        self.ben.presses("Switch now")
        self.ben.presses("As usual")
        self.ben.presses("Switch now")
        for act in ("Close", "Open again"):
            self.ben.presses(act)
            self.ben.presses(act)

    def takes(self) -> None:
        desk = self.ben.page.context.new_page()
        desk.goto(f"{self.base}/desk?rawmic=1")
        desk.get_by_test_id("practice-toggle").set_checked(False)
        calls(self.caller, self.base)
        self.ben.presses("Take", within="Talk")
        self.ben.presses("Take the next call")
        desk.get_by_test_id("answer").click(timeout=WITHIN_MS)
        desk.wait_for_selector("html[data-state=talking]", timeout=WITHIN_MS, state="attached")
        hangs_up(self.caller)
        finishes(desk)
        desk.close()

    def reads_a_story(self) -> None:
        self.ben.presses("Calls")
        self.ben.presses("Answered")
        self.ben.page.locator(".table a").first.click()
        self.ben.presses("Back to the calls")
        self.ben.presses("My views")
        self.ben.writes("Name of the view", "Answered today")
        self.ben.presses("Keep")
        expect(self.ben.page.locator("#views-list a")).to_have_text("Answered today")

    def look(self) -> None:
        self.ben.finds("Queues", "Lines", "People")

    def the_day_is_over(self) -> None:
        self.ben.presses("Sign out")


def test_a_supervisors_first_day(centre: CentreProcess, opened: Callable[[], Page]) -> None:
    day = SupervisorsDay(centre.base, opened)
    steps = (
        day.comes_in,
        day.look,
        day.comes_to_help,
        day.writes,
        day.changes,
        day.switches,
        day.takes,
        day.reads_a_story,
        day.the_day_is_over,
    )
    walk(day.ben, steps)


class DirectorsDay:
    """Is what Dora does, section by section."""

    def __init__(self, base: str, opened: Callable[[], Page]) -> None:
        self.base = base
        self.dora = Walker(opened(), TUTORIAL / "first-day-director.md")

    def comes_in(self) -> None:
        self.dora.page.goto(self.base)
        self.dora.presses("Sign in")
        self.dora.writes("Name", "dora")
        self.dora.writes("Password", PASSWORD)
        self.dora.presses("Sign in")
        self.dora.presses("Reports")

    def looks_at_today(self) -> None:
        self.dora.finds("Total")
        self.dora.presses("Offered")
        self.dora.chooses("One row for", "hour")
        self.dora.presses("Show")

    def compares(self) -> None:
        self.dora.finds("Beside")
        for figures in ("Service level, each way", "Who gave up"):
            self.dora.chooses("Figures", figures)
            self.dora.presses("Show")
            self.dora.finds("Figures")

    def reads_a_story(self) -> None:
        self.dora.page.goto(f"{self.base}/reports")
        self.dora.page.locator(".table__totals a[href*='outcome=answered']").first.click()
        self.dora.finds("Calls")
        self.dora.page.locator(".table td a").first.click()
        self.dora.finds("What is still kept of this call")
        self.dora.presses("Back to the calls")

    def plans(self) -> None:
        self.dora.presses("Planner")
        forecast, roster = code_blocks(self.dora.document)
        self.dora.page.locator("#planner-calls").fill(forecast)
        self.dora.page.locator("#planner-roster").fill(roster)
        self.dora.writes("Handle time", "10m")
        self.dora.presses("Work it out")
        self.dora.finds("Missing", "Ask the twin")
        self.dora.page.locator(".planner__days button").nth(1).click()
        self.dora.writes("People", "2")
        self.dora.page.keyboard.press("Tab")
        self.dora.finds("What the change does", "Before", "After", "Difference")

    def sees_what_is_known(self) -> None:
        self.dora.presses("What is kept")
        expect(self.dora.page.locator("main")).to_contain_text("dora")

    def take_it_with_you(self) -> None:
        self.dora.presses("Reports")

    def is_everything_well(self) -> None:
        self.dora.presses("Health")

    def the_day_is_over(self) -> None:
        self.dora.presses("Sign out")


def test_a_directors_first_day(centre: CentreProcess, opened: Callable[[], Page]) -> None:
    day = DirectorsDay(centre.base, opened)
    steps = (
        day.comes_in,
        day.looks_at_today,
        day.compares,
        day.reads_a_story,
        day.take_it_with_you,
        day.is_everything_well,
        day.plans,
        day.sees_what_is_known,
        day.the_day_is_over,
    )
    walk(day.dora, steps)
