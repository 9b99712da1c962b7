"""The planner's page as a planner has it: files in, one picture, a number changed, tables out."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect

from tests.live.centre_process import CentreProcess
from tests.live.conftest import CHROMIUM, FLAGS
from tests.live.examiner import Round
from tests.live.people import WITHIN_MS
from tests.live.test_screens import CONFIGURATION

TWIN_WITHIN_MS = 60_000
"""The twin gives way to everything else, so on a busy machine it takes its time."""
EXAMPLES = Path(__file__).parents[2] / "examples"
ROSTER_BEGINS = re.compile("^person\tstart\tend\tgroup\nAna")


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
def planners(centre: CentreProcess, browser: Browser) -> Iterator[Round]:
    """An English and a Spanish planner, signed in."""
    with ExitStack() as stack:
        planners = Round(browser, centre.base, stack)
        for page in planners.pages:
            page.context.request.post(
                f"{centre.base}/demo/sign-in",
                form={"account": "david"},
                headers={"Origin": centre.base},
            )
        yield planners


def test_a_planner_gets_one_picture_and_changes_a_number_by_keyboard(planners: Round) -> None:
    planners.go("/planner")
    for page in planners.pages:
        page.locator("#planner-calls-file").set_input_files(EXAMPLES / "invented-calls.csv")
        page.locator("#planner-roster-file").set_input_files(EXAMPLES / "invented-roster.csv")
        page.locator("#planner-aht").fill("6m")
        page.keyboard.press("Enter")
    planners.shows("#planner-said")
    planners.look("planner, a week")
    for page in planners.pages:
        # The files are in the fields now, and are not sent again.
        expect(page.locator("#planner-calls-file")).to_have_value("")
        expect(page.locator("#planner-roster")).to_have_value(ROSTER_BEGINS)
        page.locator("#planner-people").fill("1")
        page.keyboard.press("Tab")
        expect(page.locator("#planner-changed")).to_be_visible(timeout=WITHIN_MS)
        day = page.locator(".planner__days button").nth(2)
        day.focus()
        page.keyboard.press("Enter")
        expect(day).to_have_attribute("aria-pressed", "true", timeout=WITHIN_MS)
        expect(day).to_be_focused()
    planners.look("planner, one person more on a day")
    for page in planners.pages:
        page.locator("#planner-twin-ask").click()
        expect(page.locator("#planner-twin-said")).to_be_visible(timeout=TWIN_WITHIN_MS)
        stop = page.locator("#planner-twin-stop")
        if stop.is_visible():
            stop.click()
        # What was known last stays.
        expect(page.locator("#planner-twin-ask")).to_be_visible(timeout=WITHIN_MS)
        expect(page.locator("#planner-twin-said")).to_be_visible()
    planners.look("planner, the twin")
    page = planners.pages[0]
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV", exact=True).click()
    table = Path(download.value.path()).read_text(encoding="utf-8")
    assert table.startswith("timestamp,mean,low80")
    # As a spreadsheet would: the table is pasted back, as calls and as the roster.
    for field in ("#planner-calls", "#planner-roster"):
        page.locator(field).fill(table.replace(",", "\t"))
    page.locator("#planner-people").fill("0")
    page.locator("#planner-people").press("Enter")
    expect(page.locator("#planner-said")).to_contain_text("47 of 168", timeout=WITHIN_MS)
    planners.are_content()


def test_a_cell_that_cannot_be_right_is_shown_with_its_place(planners: Round) -> None:
    planners.go("/planner")
    for page in planners.pages:
        page.locator("#planner-calls").fill("timestamp;mean\n2026-09-01 08:00;-3")
        page.locator("#planner-form .button--primary").click()
        expect(page.locator("#planner-answer [role=alert]")).to_contain_text("2, mean")
    planners.look("planner, a fault")
    planners.are_content()


def test_a_change_is_tried_by_keyboard_and_stopped(planners: Round) -> None:
    planners.go("/try")
    for examiner in planners.examiners:
        with examiner.expecting("status of 422"):
            page = examiner.page
            page.locator("#try-callback").fill("soon")
            page.keyboard.press("Enter")
            expect(page.locator("#try-callback")).to_be_focused(timeout=WITHIN_MS)
            expect(page.locator("#try-callback")).to_have_attribute("aria-invalid", "true")
    planners.look("try, a fault")
    for page in planners.pages:
        page.locator("#try-callback").fill("4m")
        page.keyboard.press("Enter")
    for page in planners.pages:
        expect(page.locator("#try-said")).to_be_visible(timeout=TWIN_WITHIN_MS)
        stop = page.locator("#try-stop")
        if stop.is_visible():
            stop.click()
        expect(stop).to_be_hidden(timeout=WITHIN_MS)
        # What was known last stays.
        expect(page.locator("#try-said")).to_be_visible()
    planners.look("try, what differs")
    planners.are_content()


def test_days_are_lived_as_they_are_and_stopped(planners: Round) -> None:
    planners.go("/study")
    planners.look("study, nothing yet")
    for examiner in planners.examiners:
        with examiner.expecting("status of 422"):
            page = examiner.page
            page.locator("#try-days").fill("4000")
            page.keyboard.press("Enter")
            expect(page.locator("#try-days")).to_be_focused(timeout=WITHIN_MS)
            expect(page.locator("#try-days")).to_have_attribute("aria-invalid", "true")
    planners.look("study, a fault")
    for page in planners.pages:
        page.locator("#filter-callers").select_option("invented")
        page.locator("#try-days").fill("7")
        page.locator("#try-ask").click()
    for page in planners.pages:
        expect(page.locator("#try-said")).to_be_visible(timeout=TWIN_WITHIN_MS)
        stop = page.locator("#try-stop")
        if stop.is_visible():
            stop.click()
        expect(stop).to_be_hidden(timeout=WITHIN_MS)
        # What was known last stays.
        expect(page.locator("#try-said")).to_be_visible()
        page.locator("#try-answer details").first.locator("summary").click()
    planners.look("study, what is known")
    planners.are_content()


def test_a_staffing_question_has_its_curve_and_what_is_possible(planners: Round) -> None:
    planners.go("/staffing")
    for page in planners.pages:
        page.locator("#staffing-calls").fill("146")
        page.locator("#staffing-aht").fill("6m")
        page.keyboard.press("Enter")
        expect(page.locator(".planner__said")).to_contain_text("32", timeout=WITHIN_MS)
    planners.look("staffing, the curve")
    planners.go("/staffing?calls=146&aht=6m&target=100/20")
    planners.look("staffing, out of reach")
    planners.are_content()
