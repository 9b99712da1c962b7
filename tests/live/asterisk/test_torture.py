"""Messages that no decent telephone sends, from the trunk and from strangers, while two talk.

The first ones follow the sections of RFC 4475 by name; the others are made of a call by seeded
chance: bytes turned, lines doubled, swapped and cut. Nothing of it is a call to a number of ours,
so nothing of it may leave a trace: not with Asterisk, not with Openline, and not in the sound.
"""

import random
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.cli.command import in_here
from tests.live.asterisk.desk import Desk
from tests.live.asterisk.ear import HICCUP_S
from tests.live.asterisk.house import house, until
from tests.live.asterisk.server import TRUNK
from tests.live.asterisk.sipp import caller, telephone

SEED, MUTATIONS, EVERY_S = 20261124, 1_500, 0.004
SCANNER = "127.0.0.3"

CALL = """\
INVITE sip:19990000@127.0.0.1 SIP/2.0
Via: SIP/2.0/UDP {address}:{port};branch=z9hG4bK{number}
Max-Forwards: 70
From: "{name}" <sip:caller@{address}>;tag=t{number}
To: <sip:19990000@127.0.0.1>
Call-ID: torture-{number}
CSeq: 1 INVITE
Contact: <sip:caller@{address}:{port}>
Content-Type: application/sdp
Content-Length: {length}

{body}"""

SOUND = "v=0\no=- 1 1 IN IP4 {address}\ns=-\nc=IN IP4 {address}\nt=0 0\nm=audio 9 RTP/AVP 0\n"

# What is replaced in a call, by the name of the section of RFC 4475.
TORTURES = {
    "3.1.1.1 short tortuous": (
        "Max-Forwards: 70",
        "TO :\n sip:x@y ;   tag =  1\nmax-forwards:\n 68",
    ),
    "3.1.1.2 wide range of characters": ("INVITE", "!interesting-Method0123456789_*+`.%indeed'~"),
    "3.1.1.3 escaped characters": ("sip:19990000@", "sip:sips%3Auser%40example.com@"),
    "3.1.1.4 escaped nulls": ("sip:19990000@", "sip:null-%00-null@"),
    "3.1.1.5 percent that escapes nothing": ("INVITE", "RE%47IST%45R"),
    "3.1.1.6 no space after the name": ('"{name}" <', "caller<"),
    "3.1.1.7 long values": ("Max-Forwards: 70", "Unknown: " + "long" * 1_500),
    "3.1.1.8 two in one packet": ("{body}", "{body}\nINVITE sip:other@127.0.0.1 SIP/2.0\n\n"),
    "3.1.1.9 semicolons in the user": ("sip:19990000@", "sip:user;par=u%40example.net@"),
    "3.1.1.10 other transports": ("SIP/2.0/UDP", "SIP/2.0/UNKNOWN"),
    "3.1.1.12 reason with other letters": ("INVITE sip", "SIP/2.0 200 = 2**3 * 5**2 \u043d\u043e"),
    "3.1.2.1 separators and no value": (
        "SIP/2.0/UDP {address}:{port}",
        "SIP/2.0/UDP {address};;,;,,",
    ),
    "3.1.2.2 longer than it is": ("Content-Length: {length}", "Content-Length: 9999"),
    "3.1.2.3 negative length": ("Content-Length: {length}", "Content-Length: -999"),
    "3.1.2.4 numbers too large": ("CSeq: 1 INVITE", "CSeq: 36893488147419103232 INVITE"),
    "3.1.2.6 quotes that do not close": ('"{name}"', '"{name}'),
    "3.1.2.7 brackets round the address": ("INVITE sip:19990000@127.0.0.1", "INVITE <sip:user@x>"),
    "3.1.2.8 blanks in the address": ("sip:19990000@127.0.0.1 SIP", "sip:user@x; lr SIP"),
    "3.1.2.9 blanks in the first line": ("@127.0.0.1 SIP/2.0", "@127.0.0.1  SIP/2.0"),
    "3.1.2.10 blanks after it": ("@127.0.0.1 SIP/2.0\n", "@127.0.0.1 SIP/2.0  \n"),
    "3.1.2.11 escaped headers in it": ("@127.0.0.1 SIP", "@127.0.0.1?Route=%3Csip:x%3E SIP"),
    "3.1.2.12 a date of no zone": ("Max-Forwards: 70", "Date: Fri, 01 Jan 2010 16:00:00 EST"),
    "3.1.2.15 a name that is none": ('"{name}"', "Bell, Alexander;"),
    "3.1.2.16 another version": ("SIP/2.0\n", "SIP/7.0\n"),
    "3.1.2.17 methods that differ": ("CSeq: 1 INVITE", "CSeq: 1 OPTIONS"),
    "3.1.2.19 a code that is too large": (
        "INVITE sip:19990000@127.0.0.1 SIP/2.0",
        "SIP/2.0 4294967301 x",
    ),
    "3.2.1 no transaction": (";branch=z9hG4bK{number}", ";branch=z9hG4bK"),
    "3.3.1 nothing of what is needed": ("From:", "F:"),
    "3.3.2 a scheme that nobody knows": ("sip:19990000@127.0.0.1 SIP", "nobodyKnows:totally SIP"),
    "3.3.6 a body that nobody knows": ("application/sdp", "application/unknownformat"),
    "3.3.8 many values of one": ("CSeq: 1 INVITE", "CSeq: 1 INVITE\nCSeq: 8 BYE\nCall-ID: other"),
    "3.3.9 many lengths": ("Content-Length: {length}", "Content-Length: 13\nContent-Length: 299"),
    "3.3.11 it has come too far": ("Max-Forwards: 70", "Max-Forwards: 0"),
    "markup, dialplan and SQL": ("{name}", "<script>${{SHELL(id)}}'); DROP TABLE calls;--"),
    "2,000 digits": ("sip:19990000@", "sip:" + "9" * 2_000 + "@"),
}


def call(number: int, address: str, port: int, change: tuple[str, str] = ("", "")) -> bytes:
    """Returns a call, torn by one replacement."""
    before, after = change
    body = SOUND.format(address=address)
    text = CALL.replace(before, after, 1) if before else CALL
    told = {"address": address, "port": port, "number": number, "name": "x", "body": body}
    return text.format(**told, length=len(body)).replace("\n", "\r\n").encode()


def mutated(message: bytes, chance: random.Random) -> bytes:
    """Returns a message that is not as it was."""
    lines = message.split(b"\r\n")
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        match chance.randrange(5):
            case 0:
                lines.insert(at, lines[chance.randrange(len(lines))])
            case 1:
                lines[at] = lines[at][: chance.randint(0, len(lines[at]))]
            case 2:
                lines[at] += bytes(chance.randrange(256) for _ in range(chance.randint(1, 40)))
            case 3:
                other = chance.randrange(len(lines))
                lines[at], lines[other] = lines[other], lines[at]
            case _:
                lines[at] = bytes(each ^ (chance.random() < 0.05) for each in lines[at])
    return b"\r\n".join(lines)


def _answers(mouth: socket.socket) -> Iterator[bytes]:
    mouth.setblocking(False)
    with suppress(BlockingIOError):
        while True:
            yield mouth.recv(65_536)


@pytest.mark.timeout(200)
def test_messages_that_torture_leave_no_trace_and_calls_go_on(tmp_path: Path) -> None:
    chance = random.Random(SEED)
    with ExitStack() as stack:
        enter = stack.enter_context
        home = enter(house(tmp_path))
        phone = enter(telephone(home.ports["amira"], hertz=600))
        amira = enter(Desk(home.centre.base, "amira"))
        amira.does("ready")
        talks = enter(caller(home.server, hertz=1000, stays_s=200))
        amira.is_in("talking", 20)
        talks.ear.hears(600)
        started, begun = (
            home.server.ask("/asterisk/info")["status"]["startup_time"],
            time.monotonic(),
        )
        mouths = []
        for address in (TRUNK, SCANNER):
            mouth = enter(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            mouth.bind((address, 0))
            mouths.append((mouth, address, int(mouth.getsockname()[1])))
        to = ("127.0.0.1", home.server.sip_port)
        messages = [(each, True) for each in TORTURES.values()] + [(("", ""), False)] * MUTATIONS
        for number, (change, is_named) in enumerate(messages):
            for mouth, address, port in mouths:
                message = call(number, address, port, change)
                mouth.sendto(message if is_named else mutated(message, chance), to)
            time.sleep(EVERY_S)
        # The trunk is told what is wrong; nobody is let in, and least of all a stranger.
        answers = [list(_answers(mouth)) for mouth, _, _ in mouths]
        assert any(answer.startswith(b"SIP/2.0 404") for answer in answers[0])
        assert not any(answer.startswith(b"SIP/2.0 2") for each in answers for answer in each)
        assert not any(answer.startswith(b"SIP/2.0 404") for answer in answers[1])
        # Somebody who calls in the middle of it is put through as ever.
        waits = enter(caller(home.server, hertz=1200))
        amira.waits(1, 20)
        waits.ear.hears_sound()
        waits.hangs_up()
        amira.waits(0, 20)
        phone.ear.hears(1000)
        gap = talks.ear.longest_gap_s(since=begun)
        assert gap < HICCUP_S, f"silence of {gap:.3f} s, seed {SEED}"
        assert home.server.ask("/asterisk/info")["status"]["startup_time"] == started
        assert home.is_routing()
        talks.hangs_up()
        amira.is_in("wrap_up")
        until(home.is_empty, 45, what=f"channels are left, seed {SEED}")
        home.centre.stop()
        assert in_here("replay", "--data", home.data, "--check").code == 0
        assert in_here("replay", "--data", home.data, "--call", "3").code != 0
