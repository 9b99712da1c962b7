"""A note typed at a real desk is found nowhere: not on disk, not in what the centre says.

The note goes through everything: browser, socket, engine, record, store, a kill, a restart. That no
page brings it to anybody is looked for in `test_every_page`.
"""

from pathlib import Path

from tests.canary import scan, spellings
from tests.live.centre_process import CentreProcess, configuration
from tests.live.conftest import Browsers
from tests.live.people import agent, caller

NOTE = "Marigold Quillfeather, +1 312 555 0147, afraid of going home"
NEEDLES = spellings("Marigold Quillfeather") | spellings("+13125550147")


def test_a_note_is_readable_nowhere_in_the_data_folder_or_the_log(
    tmp_path: Path, browsers: Browsers
) -> None:
    data = tmp_path / "data"
    with CentreProcess(configuration(tmp_path, greeting=False), data) as centre:
        amira = agent(browsers.hearing(800), centre.base, "amira")
        him = caller(browsers.hearing(1200), centre.base)
        him.sees("queued")
        amira.does("ready")
        amira.sees("offered")
        amira.does("answer")
        him.sees("talking")
        him.does("hang-up")
        amira.sees("wrap_up")
        amira.page.get_by_text("Helped", exact=True).click()
        amira.page.get_by_test_id("note").fill(NOTE)
        amira.does("done-pause")
        amira.sees("paused")
        assert scan(data, NEEDLES) == []

        centre.kill()
        centre.wait_for("everybody is at his place")
        amira.sees("paused")
        assert scan(data, NEEDLES) == []
        centre.stop()
        assert scan(data, NEEDLES) == []
        assert (data / "openline.sqlite").stat().st_size > 0
        said = "".join(centre.said).encode()
        assert not [needle for needle in NEEDLES if needle in said]
    # Nor was it ever sent back to a page, her own included.
    for person in (amira, him):
        assert "Quillfeather" not in str(person.frames)
