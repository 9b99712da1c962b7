"""The relay that runs beside a centre is set up as the how-to tells everybody else."""

import re
from pathlib import Path

from openline.app.relay_program import RelayPlace, place_of, settings, urls_of

HOW_TO = (Path(__file__).parents[2] / "docs" / "how-to" / "relay.md").read_text(encoding="utf-8")
ADDRESS = "203.0.113.10"


def test_it_is_set_up_as_the_how_to_says() -> None:
    (block,) = re.findall(r"^```conf\n(.*?)^```$", HOW_TO, re.M | re.S)
    told = {line for line in block.splitlines() if line and not line.startswith("#")}
    made = settings(RelayPlace(own=ADDRESS, seen=ADDRESS), "PUT-THE-SECRET-HERE")
    ours = {line.replace("realm=openline", "realm=relay.example.org") for line in made.splitlines()}
    assert ours == told


def test_behind_a_router_it_says_the_routers_address() -> None:
    made = settings(RelayPlace(own="10.0.0.5", seen=ADDRESS), "s")
    assert f"external-ip={ADDRESS}/10.0.0.5" in made.splitlines()
    assert "allowed-peer-ip=10.0.0.5" in made.splitlines()


def test_a_name_that_leads_nowhere_or_to_this_machine_is_the_machines_own_address() -> None:
    for name in ("localhost", "nowhere.invalid"):
        assert place_of(name, "10.0.0.5") == RelayPlace(own="10.0.0.5", seen="10.0.0.5")


def test_browsers_ask_it_by_udp_and_where_that_is_blocked_by_tcp() -> None:
    assert [url.rpartition("=")[2] for url in urls_of("help.example.org")] == ["udp", "tcp"]
