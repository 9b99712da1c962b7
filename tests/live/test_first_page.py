"""The first page of an empty centre, by keyboard alone and without barriers, until one signs in."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.cli.test_first_page import running, says_address
from tests.live.conftest import CHROMIUM, FLAGS
from tests.live.examiner import AXE

FIND_BARRIERS = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await axe.run(document, { runOnly: { type: "tag", values: tags } });
  return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`));
}"""
PASSWORD = "lantern river seventeen"


def barriers(page: Page) -> list[str]:
    """Returns what axe-core finds; it comes in as the debugger's code, past the page's policy."""
    page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(FIND_BARRIERS)
    return found


def types(page: Page, *answers: str | None) -> None:
    """Types one answer after the other, with Tab between; None leaves a field as it is."""
    for answer in answers:
        if answer is not None:
            page.keyboard.press("Control+A")
            page.keyboard.type(answer)
        page.keyboard.press("Tab")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_centre_is_begun_by_keyboard_alone_and_nothing_stands_in_the_way(
    playwright: Playwright, theme: Literal["light", "dark"], tmp_path: Path
) -> None:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    with running(tmp_path / "line") as process:
        page = browser.new_page(color_scheme=theme, locale="es-ES", timezone_id="Europe/Madrid")
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(says_address(process))
        expect(page.get_by_role("heading", level=1)).to_have_text("Empezar una línea de ayuda")
        expect(page.get_by_label("reloj")).to_have_value("Europe/Madrid")
        assert barriers(page) == []

        expect(page.get_by_label("¿Cómo se llama la línea?")).to_be_focused()
        # Name, languages, clock, hours, topics, people; the rest stays.
        types(page, "Línea de la noche", None, None, "por la noche", None, "Ana")
        page.get_by_label("minutos").press("Enter")
        alert = page.get_by_role("alert")
        expect(alert).to_contain_text("Una respuesta aún no está bien")
        expect(alert).to_be_focused()
        assert barriers(page) == []

        page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # the link to the field
        hours = page.get_by_label("¿Cuándo está abierta?")
        expect(hours).to_be_focused()
        types(page, "lun-vie 18-22")
        page.get_by_label("minutos").press("Enter")
        expect(page.get_by_role("region")).to_contain_text('name = "Línea de la noche"')
        assert barriers(page) == []

        page.get_by_label("Nombre para entrar").focus()
        types(page, "ana", PASSWORD)
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Su centro se abre ahora")
        assert barriers(page) == []

        page.get_by_role("link", name="Entrar").press("Enter")
        page.get_by_label("Nombre", exact=False).first.fill("ana")
        page.get_by_label("Contraseña").fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/people")
        assert complaints == []
        browser.close()
    assert (tmp_path / "line" / "openline.toml").exists()
