"""What is written for Asterisk; whether Asterisk understands it is tested in tests/live."""

import re
from pathlib import Path

import pytest

from openline.configuration import Published, load_text
from openline.model import AgentKey, RefusedError
from openline.telephony.asterisk import Program, Secrets, changes, complete, read_secrets, write
from openline.telephony.asterisk.files import files

TEXT = """
[centre]
name = "Test Line"
time_zone = "America/Chicago"
[queues.talk]
[lines.main]
queue = "talk"
language = "es"
[lines.main.entries.city]
kind = "number"
number = "+15550100"
[agents.amira]
phone = {}
[agents.ben]
phone = { address = "192.0.2.9:5070" }
[telephony.asterisk]
[trunks.carrier]
address = "192.0.2.20"
calls_from = ["192.0.2.20", "198.51.100.0/28"]
"""
AMIRA = AgentKey("amira")


@pytest.fixture
def program(tmp_path: Path) -> Program:
    return Program(
        command=("asterisk",), version="22.10", modules=tmp_path / "modules", data=tmp_path
    )


def published(folder: Path, text: str = TEXT) -> Published:
    return load_text(text, "openline.toml", folder=folder)


def etc(folder: Path, program: Program) -> dict[str, str]:
    return files(published(folder), Secrets(ari="ari-word", phones={AMIRA: "her-word"}), program)


def test_http_listens_on_loopback_whatever_sip_does(tmp_path: Path, program: Program) -> None:
    open_to_all = TEXT.replace(
        "[telephony.asterisk]", '[telephony.asterisk]\nsip_address="0.0.0.0"'
    )
    texts = files(published(tmp_path, open_to_all), Secrets(ari="a", phones={AMIRA: "b"}), program)
    assert "bindaddr = 127.0.0.1\n" in texts["http.conf"]
    assert "bind = 0.0.0.0:5060\n" in texts["pjsip.conf"]


def test_no_module_loads_by_itself(tmp_path: Path, program: Program) -> None:
    modules = etc(tmp_path, program)["modules.conf"]
    assert "autoload = no" in modules
    assert "res_ari_channels.so" in modules
    for unwanted in ("chan_sip", "res_agi", "app_system", "func_shell", "app_queue", "manager"):
        assert unwanted not in modules


def test_a_module_of_newer_versions_is_loaded_where_it_is(tmp_path: Path, program: Program) -> None:
    assert "res_websocket_client" not in etc(tmp_path, program)["modules.conf"]
    program.modules.mkdir()
    (program.modules / "res_websocket_client.so").touch()
    assert "res_websocket_client.so" in etc(tmp_path, program)["modules.conf"]


def test_a_number_leads_to_its_line_with_and_without_plus(tmp_path: Path, program: Program) -> None:
    dialplan = etc(tmp_path, program)["extensions.conf"]
    for written in ("15550100", "+15550100"):
        assert f"exten => {written},1,Set(OPENLINE_LINE=main)\n" in dialplan
    assert "Set(OPENLINE_ENTRY=city)" in dialplan
    assert "Set(CHANNEL(language)=es)" in dialplan


def test_the_callers_number_is_left_with_openline_alone(tmp_path: Path, program: Program) -> None:
    dialplan = etc(tmp_path, program)["extensions.conf"]
    kept = dialplan.index("Set(OPENLINE_NUMBER=${CALLERID(num)})")
    assert kept < dialplan.index("Set(CALLERID(all)=)") < dialplan.index("Stasis(openline,arrived")
    assert dialplan.count("OPENLINE_NUMBER") == dialplan.count("CALLERID(num)") == 1
    assert "notice" not in etc(tmp_path, program)["logger.conf"]


def test_nothing_that_comes_in_goes_out(tmp_path: Path, program: Program) -> None:
    dialplan = etc(tmp_path, program)["extensions.conf"]
    # The one Dial rings telephones of ours; Openline itself rings by its own orders.
    assert re.findall(r"Dial\(([^,]*)", dialplan) == ["${OPENLINE_ON_DUTY}"]
    assert "@trunk" not in dialplan


def test_an_agents_telephone_calls_nobody(tmp_path: Path, program: Program) -> None:
    texts = etc(tmp_path, program)
    assert "[phone-amira](party)\ncontext = nowhere\nauth = phone-amira" in texts["pjsip.conf"]
    assert "[nowhere]\n\n[from-carrier]" in texts["extensions.conf"]


def test_passwords_are_made_once_and_kept(tmp_path: Path) -> None:
    asterisk = published(tmp_path).asterisk
    assert asterisk is not None
    first = complete(None, asterisk)
    assert set(first.phones) == {AMIRA}
    assert len({first.ari, first.phones[AMIRA]}) == 2
    assert complete(first, asterisk) == first
    assert first.ari not in repr(first)


def test_what_is_written_needs_no_second_writing(tmp_path: Path, program: Program) -> None:
    centre = published(tmp_path)
    assert centre.asterisk is not None
    secrets = complete(None, centre.asterisk)
    assert changes(centre, secrets, program)
    write(centre, secrets, program)
    assert changes(centre, secrets, program) == []
    assert read_secrets(centre.asterisk.folder) == secrets


def test_a_change_is_shown_without_the_passwords(tmp_path: Path, program: Program) -> None:
    centre = published(tmp_path)
    assert centre.asterisk is not None
    secrets = complete(None, centre.asterisk)
    write(centre, secrets, program)
    other = published(
        tmp_path, TEXT.replace("[telephony.asterisk]", "[telephony.asterisk]\nsip_port=5070")
    )
    (change,) = changes(other, secrets, program)
    assert change.file.name == "pjsip.conf"
    assert {"-bind = 127.0.0.1:5060", "+bind = 127.0.0.1:5070"} <= set(change.lines)
    renewed = Secrets(ari="new-ari-word", phones={AMIRA: "new-word"})
    told = "\n".join(line for change in changes(centre, renewed, program) for line in change.lines)
    for word in (secrets.ari, *secrets.phones.values(), "new-ari-word", "new-word"):
        assert word not in told


def test_a_stranger_among_the_files_is_told_and_removed(tmp_path: Path, program: Program) -> None:
    centre = published(tmp_path)
    assert centre.asterisk is not None
    secrets = complete(None, centre.asterisk)
    write(centre, secrets, program)
    stranger = centre.asterisk.folder / "etc" / "users.conf"
    stranger.write_text("[general]\n")
    (change,) = changes(centre, secrets, program)
    assert change.file == stranger
    write(centre, secrets, program)
    assert not stranger.exists()


def test_nobody_else_may_look_into_the_folder(tmp_path: Path, program: Program) -> None:
    centre = published(tmp_path)
    assert centre.asterisk is not None
    write(centre, complete(None, centre.asterisk), program)
    assert centre.asterisk.folder.stat().st_mode & 0o077 == 0
    for name in ("secrets", "etc/ari.conf", "etc/pjsip.conf"):
        assert (centre.asterisk.folder / name).stat().st_mode & 0o077 == 0


def test_ones_own_recordings_are_let_be(tmp_path: Path, program: Program) -> None:
    centre = published(tmp_path)
    assert centre.asterisk is not None
    secrets = complete(None, centre.asterisk)
    write(centre, secrets, program)
    own = centre.asterisk.folder / "own" / "welcome-en.wav"
    own.write_bytes(b"RIFF")
    write(centre, secrets, program)
    assert own.read_bytes() == b"RIFF"


def test_a_folder_that_asterisk_cannot_name_is_refused(tmp_path: Path, program: Program) -> None:
    centre = published(tmp_path / "a; b")
    assert centre.asterisk is not None
    with pytest.raises(RefusedError, match="blanks or signs"):
        write(centre, complete(None, centre.asterisk), program)


def test_secrets_that_are_not_ours_are_told(tmp_path: Path) -> None:
    (tmp_path / "secrets").write_text("not JSON")
    with pytest.raises(RefusedError, match="remove it and run"):
        read_secrets(tmp_path)


ACCOUNT = TEXT.replace(
    'address = "192.0.2.20"',
    'address = "sip.example"\nencrypted = true\n'
    'account = { user = "helpline", password_file = "word", number = "+15550100" }',
).replace(
    "[telephony.asterisk]", '[telephony.asterisk]\ncertificate = "c.pem"\ncertificate_key = "k.pem"'
)


def test_a_trunk_with_an_account_registers_and_speaks_by_tls_alone(
    tmp_path: Path, program: Program
) -> None:
    (tmp_path / "word").write_text("open-sesame\n")
    (tmp_path / "word").chmod(0o600)
    known = published(tmp_path, ACCOUNT)
    assert known.asterisk is not None
    secrets = complete(None, known.asterisk)
    texts = files(known, secrets, program)
    pjsip = texts["pjsip.conf"]
    assert "password = open-sesame\n" in pjsip
    assert "server_uri = sip:sip.example\\;transport=tls\n" in pjsip
    assert "contact = sip:sip.example\\;transport=tls\n" in pjsip
    assert "transport = tls\nmedia_encryption = sdes\n" in pjsip
    assert f"cert_file = {tmp_path}/c.pem\n" in pjsip
    assert "exten => helpline,1,Goto(numbers,15550100,1)\n" in texts["extensions.conf"]
    shown = "\n".join(line for each in changes(known, secrets, program) for line in each.lines)
    assert "open-sesame" not in shown


@pytest.mark.parametrize(
    ("word", "mode", "words"),
    [
        ("open-sesame", 0o644, "is open to other users"),
        ("open;sesame", 0o600, "holds no password"),
        ("", 0o600, "holds no password"),
        (None, 0o600, "cannot be read"),
    ],
)
def test_a_password_of_an_account_that_will_not_do_is_refused(
    tmp_path: Path, word: str | None, mode: int, words: str
) -> None:
    if word is not None:
        (tmp_path / "word").write_text(word)
        (tmp_path / "word").chmod(mode)
    known = published(tmp_path, ACCOUNT)
    assert known.asterisk is not None
    with pytest.raises(RefusedError, match=words) as told:
        complete(None, known.asterisk)
    assert "sesame" not in str(told.value)


BROWSER = TEXT.replace("[agents.ben]", "[agents.carmen]\n[agents.ben]")
BOTH = Secrets(ari="ari-word", phones={AMIRA: "her-word", AgentKey("carmen"): "page-word"})


def test_who_answers_in_the_browser_is_spoken_with_encrypted(
    tmp_path: Path, program: Program
) -> None:
    text = files(published(tmp_path, BROWSER), BOTH, program)["pjsip.conf"]
    assert "[phone-carmen](browser)\nauth = phone-carmen" in text
    assert "password = page-word" in text
    assert "protocol = ws\nbind = 127.0.0.1\n" in text
    template = text[text.index("[browser](!)") :].partition("\n\n")[0]
    assert "webrtc = yes" in template
    assert "context = browsers" in template
    assert "allow = ulaw\n" in template
    program.modules.mkdir()
    (program.modules / "codec_opus_open_source.so").touch()
    text = files(published(tmp_path, BROWSER), BOTH, program)["pjsip.conf"]
    assert "allow = opus,ulaw\n" in text


def test_a_browser_can_call_itself_back_and_nobody_else(tmp_path: Path, program: Program) -> None:
    dialplan = files(published(tmp_path, BROWSER), BOTH, program)["extensions.conf"]
    own = dialplan[dialplan.index("[browsers]") :]
    assert re.findall(r"exten => (\w+),", own) == ["echo"]
    assert "include" not in own
    assert "TIMEOUT(absolute)=30" in own


def test_without_browsers_nothing_of_theirs_is_written(tmp_path: Path, program: Program) -> None:
    texts = etc(tmp_path, program)
    assert "transport_websocket" not in texts["modules.conf"]
    assert "[browsers]" not in texts["extensions.conf"]
    assert "protocol = ws" not in texts["pjsip.conf"]
    assert "icesupport = no" in texts["rtp.conf"]
    assert "sessionlimit = 100\n" in texts["http.conf"]


def test_browsers_find_sound_at_the_address_of_sip_alone(tmp_path: Path, program: Program) -> None:
    other = BROWSER.replace("[telephony.asterisk]", '[telephony.asterisk]\nsip_address="192.0.2.1"')
    texts = files(published(tmp_path, other), BOTH, program)
    assert (
        "icesupport = yes\nice_deny = 0.0.0.0/0\nice_permit = 192.0.2.1/32\n" in texts["rtp.conf"]
    )
    assert "sessionlimit = 103\n" in texts["http.conf"]
    assert "bindaddr = 127.0.0.1\n" in texts["http.conf"]
