"""What the pages of the record show, to whom, and what is noted before a story is told."""

import re

import pytest

from openline.app.health import RECORDER_TROUBLES, TELEPHONE_TROUBLES
from openline.model import CallId, Origin, PeerError, RefusedError
from openline.reports import By
from openline.reports.call_list import CallsAsked
from openline.reports.sheets import SheetAsked
from openline.web import StillReadingError
from openline.web.plot import nice_ceiling
from tests.web.builders import ADA, CATALOGUES, MARIA, NOW, SAM, WALL, WEB, KeptTalk, Site

PAGES = ["/reports", "/calls", "/calls/7", "/room", "/health", "/kept"]


def words_of(page: str) -> str:
    return re.sub(
        r"(?:<[^>]+>|\s)+", " ", re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    )


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_page_is_complete_in_each_language(centre: Site, path: str, language: str) -> None:
    page = centre.here(SAM, accept_language=language).get(path)
    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.text
    assert not re.findall(r">\s*[a-z_]+(?:\.[a-z0-9_]+)+\s*<", page.text)


@pytest.mark.parametrize("path", PAGES)
def test_no_page_holds_what_its_own_policy_forbids(centre: Site, path: str) -> None:
    page = centre.here(SAM).get(path).text
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", page)


def test_calls_are_for_supervisors_and_sums_for_administrators_too(centre: Site) -> None:
    for path, welcome in (
        ("/calls", (SAM,)),
        ("/calls/7", (SAM,)),
        ("/room", (SAM,)),
        ("/reports", (SAM, ADA)),
        ("/health", (SAM, ADA)),
        ("/kept", (SAM, ADA)),
    ):
        for who in (MARIA, SAM, ADA, WALL):
            expected = 200 if who in welcome else 403
            assert centre.here(who).get(path).status_code == expected


def test_a_report_is_asked_of_the_record_as_the_form_says(centre: Site) -> None:
    path = "/reports?from=2026-03-02&to=2026-03-03&by=day&per=queue&show=levels&compare=week"
    assert centre.here(SAM).get(path).status_code == 200
    asked = centre.reading.asked[0]
    assert isinstance(asked, SheetAsked)
    assert (asked.by, asked.per, asked.since, asked.until) == (
        By.DAY,
        "queue",
        "2026-03-02",
        "2026-03-03",
    )
    assert asked.before == ("2026-02-23", "2026-02-24")
    assert "service_level.asterisk_sl2" in asked.measures
    assert asked.origins == (Origin.REAL,)


def test_what_is_left_out_or_unknown_is_today_by_half_hours(centre: Site) -> None:
    centre.here(SAM).get("/reports?by=fortnight&per=person&show=everything&compare=maybe")
    asked = centre.reading.asked[0]
    assert isinstance(asked, SheetAsked)
    assert (asked.by, asked.minutes, asked.since, asked.per) == (
        By.INTERVAL,
        30,
        "2026-03-08",
        None,
    )


@pytest.mark.parametrize(
    "query",
    ["from=yesterday", "from=2026-13-40", "from=0001-01-01", "from=2026-03-08&to=2026-03-01"],
)
@pytest.mark.parametrize("path", ["/reports", "/calls"])
def test_a_period_that_means_nothing_is_told_in_words(centre: Site, path: str, query: str) -> None:
    answer = centre.here(SAM).get(f"{path}?{query}")
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "period" in words_of(answer.text)
    assert centre.reading.asked == []


def test_each_figure_leads_to_what_it_means_and_to_its_calls(centre: Site) -> None:
    page = centre.here(SAM).get("/reports").text
    assert '<a href="#means-1">Offered</a>' in page
    assert 'id="means-1"' in page
    # 11:00 to 12:00 UTC is 6:00 to 7:00 there, after the clocks went forward.
    assert "/calls?from=2026-03-08T06%3A00%3A00-05%3A00&amp;to=2026-03-08T07%3A00%3A00" in page
    assert "outcome=abandoned" in page


def test_an_administrator_is_shown_no_way_to_single_calls(centre: Site) -> None:
    assert "/calls?" not in centre.here(ADA).get("/reports").text


@pytest.mark.parametrize("form", ["csv", "json", "parquet", "xlsx"])
def test_a_report_can_be_taken_along(centre: Site, form: str) -> None:
    answer = centre.here(SAM).get(f"/reports/file?from=2026-03-02&to=2026-03-02&form={form}")
    assert answer.content == form.encode()
    assert (
        f'filename="openline-2026-03-02-2026-03-02.{form}"' in answer.headers["content-disposition"]
    )


def test_another_form_of_file_does_not_exist(centre: Site) -> None:
    assert centre.here(SAM).get("/reports/file?form=exe").status_code == 404


def test_the_list_asks_for_what_was_chosen_and_keeps_it_while_one_turns_pages(
    centre: Site,
) -> None:
    path = "/calls?from=2026-03-08T06:00&to=2026-03-08T07:00&queue=talk&language=es&waited=60"
    page = centre.here(SAM).get(f"{path}&older=20519-4").text
    asked = centre.reading.asked[0]
    assert isinstance(asked, CallsAsked)
    assert (asked.queue, asked.language, asked.waited_s) == ("talk", "es", 60)
    assert (asked.older_than, asked.newer_than) == ("20519-4", None)
    assert re.search(r'href="/calls\?[^"]*queue=talk[^"]*older=20520-7" rel="next"', page)
    assert re.search(r'href="/calls\?[^"]*queue=talk[^"]*newer=20520-7" rel="prev"', page)
    # Another filter begins with the newest again.
    assert not re.search(r'href="/calls\?[^"]*20519-4', page)
    assert "Calls 101 to 101 of 250" in words_of(page)
    assert re.search(r'href="/calls\?[^"]*outcome=answered[^"]*"', page)


def test_an_old_call_is_listed_by_the_quarter_of_an_hour(centre: Site) -> None:
    centre.reading.is_exact = False
    page = words_of(centre.here(SAM).get("/calls").text)
    assert "about 07:00" in page
    assert "07:00:00" not in page


def test_that_a_story_is_opened_is_noted_before_it_is_told(centre: Site) -> None:
    assert "It rang for" in words_of(centre.here(SAM).get("/calls/7").text)
    [opening] = centre.openings.kept
    assert (opening.login, opening.call, opening.at) == ("sam", CallId(7), NOW)
    centre.openings.failure = PeerError("the disk is full")
    answer = centre.here(SAM).get("/calls/7")
    assert answer.status_code == 503
    assert "It rang for" not in answer.text


def test_an_old_story_names_nobody(centre: Site) -> None:
    centre.reading.is_exact = False
    page = words_of(centre.here(SAM).get("/calls/7").text)
    assert "It rang for an agent." in page
    assert "older than seven days" in page


def test_a_story_that_is_not_there_is_told_so(centre: Site) -> None:
    centre.reading.problem = RefusedError("none", code="no_call")
    answer = centre.here(SAM).get("/calls/99")
    assert answer.status_code == 404
    assert "no call of this number" in words_of(answer.text)
    assert centre.openings.kept == []


@pytest.mark.parametrize("call", ["x", "-1", "7.0", "9" * 30])
def test_what_is_no_number_of_a_call_is_no_page(centre: Site, call: str) -> None:
    assert centre.here(SAM).get(f"/calls/{call}").status_code == 404
    assert centre.reading.asked == []


@pytest.mark.parametrize("path", ["/reports", "/calls"])
def test_a_record_that_cannot_be_read_is_told_kindly(centre: Site, path: str) -> None:
    centre.reading.problem = PeerError("disk")
    answer = centre.here(SAM).get(path)
    assert answer.status_code == 503
    assert "Try again in a moment" in words_of(answer.text)


def test_a_script_in_a_filter_stays_words(centre: Site) -> None:
    page = centre.here(SAM).get('/calls?queue="><script>alert(1)</script>').text
    assert "<script>alert" not in page


def test_a_picture_ends_on_a_round_number() -> None:
    for count in range(4, 5_000, 7):
        top = nice_ceiling(count)
        assert count <= top <= 2 * count
        assert top % 2 == 0


def test_health_says_what_is_wrong_since_when_and_what_to_do(centre: Site) -> None:
    page = words_of(centre.here(ADA).get("/health").text)
    assert "1 thing to see to" in page
    assert "Almost no room is left for the record: 0.1 GB." in page
    assert "What to do:" in page
    assert "Seen since 8 Mar 07:00" in page


def test_every_finding_has_words_in_each_state_that_it_can_have() -> None:
    source = (WEB.parent / "app" / "health.py").read_text(encoding="utf-8")
    codes = set(re.findall(r'_finding\(\s*"(\w+)"', source))
    assert codes
    codes |= {f"telephones_{trouble}" for trouble in TELEPHONE_TROUBLES}
    codes |= {f"recorder_{word.removeprefix('recorder_')}" for word in RECORDER_TROUBLES}
    for code in codes:
        told = [i for i in CATALOGUES["en"].messages if i.startswith(f"health.{code}.")]
        assert told, code
        if any(not each.endswith(".ok") for each in told):
            assert f"health.mend.{code}" in CATALOGUES["en"].messages


def test_every_trouble_that_telephones_and_recorder_can_tell_is_one_of_health() -> None:
    port = (WEB.parent / "telephony" / "asterisk" / "port.py").read_text(encoding="utf-8")
    told = port[port.index("def trouble") : port.index("def start")]
    assert set(re.findall(r'"([a-z_]+)"', told)) == set(TELEPHONE_TROUBLES)
    said = "".join(
        (WEB.parent / "app" / name).read_text(encoding="utf-8")
        for name in ("messages.py", "sound_spool.py", "recorder.py")
    )
    assert all(f'"{word}"' in said for word in RECORDER_TROUBLES)


def test_what_is_kept_is_counted_with_its_countdown_and_who_opened_stories(centre: Site) -> None:
    centre.here(SAM).get("/calls/7")
    page = words_of(centre.here(ADA).get("/kept").text)
    assert "2 sealed now" in page
    assert "The next key is destroyed in 1 hour." in page
    assert "sam 7 exactly" in page


@pytest.mark.parametrize(("language", "words"), [("en", "It breaks off"), ("es", "Está cortada")])
@pytest.mark.parametrize("is_cut", [False, True])
def test_a_recording_that_breaks_off_is_marked_in_the_story(
    centre: Site, language: str, words: str, is_cut: bool
) -> None:
    centre.recorded = KeptTalk(destroy_at=NOW, is_cut=is_cut)
    page = centre.here(SAM, accept_language=language).get("/calls/7").text
    assert 'data-testid="recording-hear"' in page
    assert (words in words_of(page)) == is_cut


def test_a_story_ends_with_what_is_still_kept_of_the_call(centre: Site) -> None:
    page = words_of(centre.here(SAM).get("/calls/7").text)
    assert "A note, sealed: its key is destroyed in 90 days." in page
    assert "nobody can read it" in page
    assert "in 7 days" in page


@pytest.mark.parametrize("page", ["reports", "calls"])
def test_an_answer_that_takes_long_says_how_far_it_is_and_can_be_stopped(
    centre: Site, page: str
) -> None:
    centre.reading.problem = StillReadingError("t0k3n", 0, 0)
    sam = centre.here(SAM)
    begun = sam.get(f"/{page}")
    assert begun.status_code == 200
    assert "It begins in a moment." in words_of(begun.text)
    assert not re.search(r"<progress[^>]*value", begun.text)
    centre.reading.problem = StillReadingError("t0k3n", 12, 30)
    text = sam.get(f"/{page}").text
    assert "12 of 30 days are read." in words_of(text)
    assert re.search(r'<progress[^>]*max="30" value="12"', text)
    assert f'name="page" value="{page}"' in text
    stopped = sam.post(
        "/reading/stop",
        data={"question": "t0k3n", "page": page},
        headers={"Sec-Fetch-Site": "same-origin"},
        follow_redirects=False,
    )
    assert (stopped.status_code, stopped.headers["location"]) == (303, f"/{page}")
    assert centre.reading.stopped == ["t0k3n"]
