"""The centre as an application of one's own machine: a browser would install it, as it says itself.

There is no service worker: nothing stands between the page and the centre that could serve a page
of yesterday.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from tests.live.centre_process import CentreProcess, configuration
from tests.live.conftest import CHROMIUM, FLAGS


@pytest.mark.parametrize(("language", "path"), [("en", "/"), ("es", "/sign-in")])
def test_a_browser_would_install_it(
    centre: CentreProcess, playwright: Playwright, tmp_path: Path, language: str, path: str
) -> None:
    # A private window installs nothing, so this is a profile of its own.
    context = playwright.chromium.launch_persistent_context(
        tmp_path / "profile", executable_path=CHROMIUM, args=list(FLAGS), locale=language
    )
    try:
        page = context.new_page()
        page.goto(f"{centre.base}{path}")
        tools = context.new_cdp_session(page)
        told = tools.send("Page.getAppManifest")
        assert told["errors"] == []
        manifest = json.loads(told["data"])
        assert manifest["name"] == "Test Line"
        assert manifest["lang"] == language
        assert manifest["display"] == "standalone"
        errors = tools.send("Page.getInstallabilityErrors")["installabilityErrors"]
        assert errors == []
        for icon in manifest["icons"]:
            answer = context.request.get(f"{centre.base}{icon['src']}")
            assert answer.ok
            assert answer.headers["content-type"] == icon["type"]
        workers = "navigator.serviceWorker.getRegistrations().then((found) => found.length)"
        assert page.evaluate(workers) == 0
    finally:
        context.close()


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CentreProcess]:
    folder = tmp_path_factory.mktemp("centre")
    with CentreProcess(configuration(folder), folder / "data") as running:
        yield running
