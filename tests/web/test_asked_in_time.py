"""A forecast or a plan is told line by line to a script, and ends with the request that asked."""

import asyncio
import json
from collections.abc import AsyncGenerator

import pytest
from starlette.requests import Request
from starlette.responses import Response

from openline.model import PeerError, RefusedError
from openline.planning.far import Far, Stage
from openline.web.asked_in_time import LINES, far_words, in_time
from openline.web.catalogue import Catalogue, load_catalogues
from tests.web.builders import SAM, Site
from tests.web.test_forecasting import pasted

HEADERS = {"Sec-Fetch-Site": "same-origin", "Accept": LINES}


@pytest.fixture(scope="module")
def words() -> Catalogue:
    return load_catalogues()["en"]


@pytest.mark.parametrize(
    ("path", "fields", "mark"),
    [
        ("/forecast", {"calls": pasted(), "days": "7"}, '<svg class="bands"'),
        (
            "/planner",
            {
                **{"calls": pasted(), "aht": "6m", "patience": "3m", "target": "80/20"},
                **{"shrinkage": "30", "volume": "100"},
            },
            '<svg class="plan"',
        ),
    ],
)
def test_a_script_is_told_how_far_it_is_and_given_the_page_last(
    centre: Site, path: str, fields: dict[str, str], mark: str
) -> None:
    answer = centre.here(SAM).post(path, data=fields, headers=HEADERS)
    assert answer.headers["content-type"].startswith(LINES)
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines[0]["far"].endswith("%.")
    assert mark in lines[-1]["page"]
    # Without a script the same question is answered with the same page at once.
    page = centre.here(SAM).post(path, data=fields, headers={"Sec-Fetch-Site": "same-origin"})
    assert mark in page.text


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (PeerError("gone"), "could not be read just now"),
        (RefusedError("?", code="no_rows"), "no row with calls"),
    ],
)
def test_what_goes_wrong_on_the_way_is_a_page_too(
    centre: Site, problem: PeerError | RefusedError, said: str
) -> None:
    centre.reading.problem = problem
    answer = centre.here(SAM).post("/forecast", data={}, headers=HEADERS)
    assert said in json.loads(answer.text.splitlines()[-1])["page"]


def test_every_stage_is_told_in_words(words: Catalogue) -> None:
    assert far_words(Far(stage=Stage.WAITING), words).startswith("Others asked before")
    assert far_words(Far(stage=Stage.READING), words) == "Reading what to learn from."
    assert far_words(Far(stage=Stage.TRYING, done=7, of=28), words).endswith("25%.")


def test_who_has_gone_away_without_scripts_ends_the_work_too(words: Catalogue) -> None:
    ended: list[int] = []

    async def told() -> AsyncGenerator[Far | str, None]:
        try:
            for done in range(1000):
                yield Far(done=done, of=1000)
            yield "the answer"
        except GeneratorExit:
            ended.append(1)
            raise

    async def receive() -> dict[str, str]:
        return {"type": "http.disconnect"}

    async def ask() -> Response:
        request = Request({"type": "http", "headers": []}, receive)
        return await in_time(
            request,
            told(),
            Response,
            Response,
            words,
        )

    answer = asyncio.run(ask())
    assert bytes(answer.body) == b"stopped"
    assert ended == [1]
