from openline.app.doorway import door_of, said
from openline.app.options import AskedPublic

PUBLIC = {"name": "help.example.org"}
RELAYS = {
    "telephony": {
        "turn": {"urls": ["turn:relay.example.org:3479?transport=udp", "turns:relay.example.org"]}
    }
}


def test_the_pages_the_way_there_and_each_relay_are_named_with_their_ports() -> None:
    lines = "\n".join(said(door_of(PUBLIC, RELAYS, None), port=8443, here="192.168.1.7"))
    assert "https://help.example.org" in lines
    assert "TCP 443   to 192.168.1.7, port 8443" in lines
    assert "TCP 80    to 192.168.1.7, port 80" in lines
    assert "UDP 3479  to relay.example.org" in lines
    assert "TCP 5349  to relay.example.org" in lines


def test_without_a_relay_it_says_that_nobody_outside_can_talk() -> None:
    lines = "\n".join(said(door_of(PUBLIC, {}, None), port=443, here="192.168.1.7"))
    assert "nobody outside can talk or hear" in lines


def test_another_port_stands_in_the_address_and_no_way_there_without_http() -> None:
    door = door_of({**PUBLIC, "port": 8443, "http_port": 0}, {}, AskedPublic(name="a.example.org"))
    lines = "\n".join(said(door, port=8443, here="192.168.1.7"))
    assert "https://a.example.org:8443" in lines
    assert "leads browsers on" not in lines
