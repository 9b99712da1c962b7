"""Callers and telephones that signal by SIPp, a real SIP program of other people's making."""

import re
import socket
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.live.asterisk.ear import Ear
from tests.live.asterisk.server import NUMBER, TRUNK, Server, free_port

_SDP = """\
v=0
o=party 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [sound] RTP/AVP 0 101
a=rtpmap:0 PCMU/8000
a=rtpmap:101 telephone-event/8000
a=ptime:20
"""

_CALL_ID = "one-call"
"""Each SIPp makes one call, so all may have the same name."""

# What a caller says of himself must not be found anywhere afterwards.
CALLER_NUMBER, CALLER_NAME = "4930998877665", "Maria Undisclosed"

_FROM = f'From: "{CALLER_NAME}" <sip:{CALLER_NUMBER}@[local_ip]:[local_port]>;tag=[call_number]'
_OK = """\
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

"""

_CALL = f"""\
<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="caller">
<send retrans="500"><![CDATA[
INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
{_FROM}
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:{CALLER_NUMBER}@[local_ip]:[local_port]>
P-Asserted-Identity: "{CALLER_NAME}" <sip:{CALLER_NUMBER}@carrier.invalid>
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

{_SDP}]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="183" optional="true"/>
<recv response="200" rrs="true"/>
<send><![CDATA[
ACK [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
{_FROM}
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv request="INFO" optional="true" next="leave" timeout="HOLDS" ontimeout="leave"/>
<recv request="BYE"/>
<send next="over"><![CDATA[
{_OK}]]></send>
<label id="leave"/>
<send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
{_FROM}
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"/>
<label id="over"/>
</scenario>
"""

_PHONE = f"""\
<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="telephone">
<recv request="INVITE" rrs="true">
<action><ereg regexp=":.*" search_in="hdr" header="From" assign_to="caller"/></action>
</recv>
<send><![CDATA[
SIP/2.0 180 Ringing
[last_Via:]
[last_From:]
[last_To:];tag=p[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:phone@[local_ip]:[local_port]>
Content-Length: 0

]]></send>
<recv request="CANCEL" timeout="RINGS" ontimeout="answer"/>
<send><![CDATA[
{_OK}]]></send>
<send retrans="500"><![CDATA[
SIP/2.0 487 Request Terminated
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
CSeq: 1 INVITE
Content-Length: 0

]]></send>
<recv request="ACK" next="over"/>
<label id="answer"/>
<send retrans="500"><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:];tag=p[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:phone@[local_ip]:[local_port]>
Content-Type: application/sdp
Content-Length: [len]

{_SDP}]]></send>
<recv request="ACK"/>
<recv request="INFO" optional="true" next="leave" timeout="STAYS" ontimeout="leave"/>
<recv request="BYE"/>
<send next="over"><![CDATA[
{_OK}]]></send>
<label id="leave"/>
<send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:phone@[local_ip]:[local_port]>;tag=p[call_number]
To[$caller]
Call-ID: [call_id]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"/>
<label id="over"/>
</scenario>
"""


_BUSY = """\
<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="busy">
<recv request="INVITE"/>
<send retrans="500"><![CDATA[
SIP/2.0 486 Busy Here
[last_Via:]
[last_From:]
[last_To:];tag=p[call_number]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
<recv request="ACK"/>
</scenario>
"""


class Party:
    """Is a SIPp process with an ear, which ends with the context."""

    def __init__(self, scenario: str, address: str, hertz: int, *words: str, port: int = 0) -> None:
        self._folder = tempfile.TemporaryDirectory()
        file = Path(self._folder.name) / "scenario.xml"
        file.write_text(scenario, encoding="utf-8")
        self._address = address
        self.ear = Ear(address, hertz)
        self.port = port or free_port(socket.SOCK_DGRAM, address)
        self._command = [
            *("sipp", "-sf", str(file), "-i", address, "-p", str(self.port), "-nostdin"),
            *("-key", "sound", str(self.ear.port), "-trace_err", "-error_file"),
            *(str(Path(self._folder.name) / "errors"), "-trace_msg", "-message_file"),
            *(str(Path(self._folder.name) / "messages"), *words),
        ]
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.ear.__enter__()
        self._process = subprocess.Popen(
            self._command,
            cwd=self._folder.name,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()
        self.ear.__exit__(None, None, None)
        self._folder.cleanup()

    def is_over(self, within_s: float = 10.0) -> bool:
        """Waits until all its calls have ended; returns whether they ended as they should."""
        assert self._process is not None
        return self._process.wait(timeout=within_s) == 0

    @property
    def has_ended(self) -> bool:
        """Whether all its calls have ended."""
        assert self._process is not None
        return self._process.poll() is not None

    def hangs_up(self) -> None:
        """Ends the call now: the scenario waits for this word as for a finger."""
        call = re.findall(r"^Call-ID: (\S+)", self.messages, re.MULTILINE)[-1]
        word = (
            f"INFO sip:party@{self._address}:{self.port} SIP/2.0\r\n"
            f"Via: SIP/2.0/UDP {self._address}:9;branch=z9hG4bK-leave\r\n"
            f"From: <sip:finger@{self._address}>;tag=1\r\nTo: <sip:party@{self._address}>;tag=1\r\n"
            f"Call-ID: {call}\r\nCSeq: 9 INFO\r\nContent-Length: 0\r\n\r\n"
        )
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as finger:
            finger.sendto(word.encode(), (self._address, self.port))

    def dies(self) -> None:
        """Is gone without a goodbye, as a telephone whose cable was pulled."""
        assert self._process is not None
        self._process.kill()
        self.ear.is_dead()

    @property
    def messages(self) -> str:
        """What was sent to it and what it sent."""
        file = Path(self._folder.name) / "messages"
        return file.read_text(errors="replace") if file.exists() else ""

    @property
    def called(self) -> list[str]:
        """The numbers that were dialled there."""
        return re.findall(r"^INVITE sip:([^@]*)@", self.messages, re.MULTILINE)

    @property
    def shown(self) -> str:
        """Who calls, as it is told there."""
        found = re.search(r"^From: (.*);tag", self.messages, re.MULTILINE)
        assert found is not None, self.messages
        return found[1]

    def speaks_first(self) -> None:
        """Speaks to where it was told in the call that it was offered; it waits for none."""
        told = re.search(r"^m=audio (\d+)", self.messages, re.MULTILINE)
        assert told is not None, "nobody called it"
        self.ear.speaks_to("127.0.0.1", int(told[1]))

    def speaks_unasked(self) -> None:
        """Speaks to where the answer to its own call has told, though nothing came from there."""
        told = re.findall(r"^m=audio (\d+)", self.messages, re.MULTILINE)
        assert len(told) > 1, "nobody answered it"
        self.ear.speaks_to("127.0.0.1", int(told[-1]))

    @property
    def complaints(self) -> str:
        """What SIPp said of calls that went otherwise."""
        file = Path(self._folder.name) / "errors"
        return file.read_text(errors="replace") if file.exists() else ""


def caller(
    server: Server,
    *,
    hertz: int = 1000,
    stays_s: float = 60,
    number: str = NUMBER,
    address: str = TRUNK,
    shows: str = CALLER_NUMBER,
) -> Party:
    """Returns somebody who calls by the trunk and stays until he is hung up on, or so long.

    `shows` is his own number.
    """
    scenario = _CALL.replace("HOLDS", str(int(stays_s * 1000))).replace(CALLER_NUMBER, shows)
    target = f"127.0.0.1:{server.sip_port}"
    return Party(scenario, address, hertz, "-s", number, "-m", "1", "-cid_str", _CALL_ID, target)


def outsider(server: Server, *, hertz: int = 700, rings_s: float = 0.3) -> Party:
    """Returns somebody beyond the trunk who picks up, whatever number of his is dialled."""
    scenario = _PHONE.replace("RINGS", str(int(rings_s * 1000))).replace("STAYS", "60000")
    return Party(scenario, TRUNK, hertz, "-m", "1", port=server.trunk_port)


def busy(port: int, address: str = "127.0.0.1") -> Party:
    """Returns a telephone, or somebody beyond the trunk, that is on another call."""
    return Party(_BUSY, address, 0, port=port)


def telephone(port: int, *, hertz: int = 600, rings_s: float = 0.3, stays_s: float = 120) -> Party:
    """Returns a telephone that picks up by itself after it has rung so long, and stays so long."""
    scenario = _PHONE.replace("RINGS", str(int(rings_s * 1000)))
    scenario = scenario.replace("STAYS", str(int(stays_s * 1000)))
    return Party(scenario, "127.0.0.1", hertz, port=port)
