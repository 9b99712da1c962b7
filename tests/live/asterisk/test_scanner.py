"""A scanner at the door: who really calls is put through as ever, and of the other nothing is left.

How much later somebody is put through for it is measured by `./bench scanner`, beside a control.
"""

from pathlib import Path

from tests.cli.command import in_here
from tests.live.asterisk.crowd import Coming, callers
from tests.live.asterisk.day import ends_of, home_of
from tests.live.asterisk.house import until
from tests.live.asterisk.scanner import RATE, Scanner

CALLS, A_SECOND = 30, 5.0


def test_two_hundred_junk_requests_a_second_keep_nobody_out_and_let_nobody_in(
    tmp_path: Path,
) -> None:
    home, _, _ = home_of(tmp_path, 1)
    with home.opens(), Scanner(home.server.sip_port) as scanner:
        plan = [Coming(number / A_SECOND, 2.0) for number in range(CALLS)]
        with callers(home.server, plan) as crowd:
            assert crowd.is_over(60), crowd.why()
            assert crowd.said["left"] == CALLS, crowd.why()
        assert scanner.sent > RATE * CALLS / A_SECOND / 2
        # Whoever he says he is, he is let in nowhere.
        assert scanner.answers
        assert not [code for code in scanner.answers if code.startswith("2")], scanner.answers
        until(home.is_empty, what="channels are left")
        assert home.is_routing()
        home.lets_go()
        assert in_here("replay", "--data", home.data, "--check").code == 0
        assert len(ends_of(home.data)[0]) == CALLS
