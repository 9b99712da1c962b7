"""Hundreds of callers and the telephones of a whole room, by two SIPp, from a plan made beforehand.

What each caller and each telephone does is a row that chance with a seed has written: when he
comes, how long he stays at most; how long it rings, how long she talks. So a run can be repeated,
and what SIPp says of each call afterwards can be held against the record, to the call. SIPp counts
by what it saw on the wire, and knows nothing of the record.
"""

import socket
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from tests.live.asterisk.ear import tone
from tests.live.asterisk.server import NUMBER, TRUNK, Server

_TICK_MS = 100
"""So exactly does SIPp wait for a goodbye and for its own time at once."""

_SDP = """\
v=0
o=party 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [local_ip]
t=0 0
m=audio [sound] RTP/AVP 0
a=rtpmap:0 PCMU/8000
a=ptime:20
"""

_OK = """\
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

"""


def _waits(message: str, then: str, limit: str, name: str) -> str:
    """Returns what waits for a message, then for the time of the row to be over.

    The message may come between two ticks too, hence "global"; INFO never comes, and SIPp asks for
    one that must.
    """
    return f"""\
<label id="{name}"/>
<recv request="{message}" optional="global" next="{then}" timeout="{_TICK_MS}"
 ontimeout="{name}_on"/>
<recv request="INFO"/>
<label id="{name}_on"/>
<nop next="{name}" test="{limit}_on"><action>
<add assign_to="{limit}_spent" value="{_TICK_MS}"/>
<test assign_to="{limit}_on" variable="{limit}_spent" compare="less_than" variable2="{limit}"/>
</action></nop>
"""


def _reads(*names: str) -> str:
    reads = "".join(
        f'<assignstr assign_to="{name}_told" value="[field{number}]"/>'
        f'<todouble assign_to="{name}" variable="{name}_told"/>'
        for number, name in enumerate(names)
    )
    return f"<nop><action>{reads}</action></nop>"


def _says(word: str) -> str:
    return f'<nop><action><log message="{word}"/></action></nop>'


_SPEAKS = '<nop><action><exec rtp_stream="tone,-1,0"/></action></nop>'
"""Says a tone for as long as the call lasts; by SIPp's own sender of sound."""

_HEAD = """\
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:4930[call_number]@[local_ip]:[local_port]>;tag=[call_number]
To: <sip:[field2]@[remote_ip]:[remote_port]>{to}
Call-ID: [call_id]
CSeq: {sequence}
Max-Forwards: 70
"""
_TO = "[peer_tag_param]"

_CALLERS = f"""\
<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="callers">
{_reads("comes", "stays")}
<pause variable="comes"/>
{_says("came")}
<send retrans="500" start_rtd="1"><![CDATA[
INVITE sip:[field2]@[remote_ip]:[remote_port] SIP/2.0
{_HEAD.format(to="", sequence="1 INVITE")}\
Contact: <sip:4930[call_number]@[local_ip]:[local_port]>
Content-Type: application/sdp
Content-Length: [len]

{_SDP}]]></send>
<recv response="100" optional="true"/>
<recv response="180" optional="true"/>
<recv response="183" optional="true"/>
<recv response="503" optional="true" next="refused"/>
<recv response="200" rrs="true" rtd="1"/>
<send><![CDATA[
ACK [next_url] SIP/2.0
{_HEAD.format(to=_TO, sequence="1 ACK")}Content-Length: 0

]]></send>
{_says("taken")}
SPEAKS
{_waits("BYE", "ended", "stays", "stay")}
<send retrans="500"><![CDATA[
BYE [next_url] SIP/2.0
{_HEAD.format(to=_TO, sequence="2 BYE")}Content-Length: 0

]]></send>
<recv request="BYE" optional="true" next="crossed"/>
<recv response="200"/>
<nop next="over"><action><log message="left"/></action></nop>
<label id="crossed"/>
{_says("crossed")}
<send next="over"><![CDATA[
{_OK}]]></send>
<label id="ended"/>
{_says("ended [$stays_spent]")}
<send next="over"><![CDATA[
{_OK}]]></send>
<label id="refused"/>
{_says("refused")}
<send><![CDATA[
ACK sip:[field2]@[remote_ip]:[remote_port] SIP/2.0
{_HEAD.format(to=_TO, sequence="1 ACK")}Content-Length: 0

]]></send>
<label id="over"/>
</scenario>
"""

_PHONE_HEAD = """\
[last_Via:]
[last_From:]
[last_To:];tag=p[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:phone@[local_ip]:[local_port]>
"""

_PHONES = f"""\
<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="phones">
<recv request="INVITE" rrs="true">
<action><ereg regexp=":.*" search_in="hdr" header="From" assign_to="caller"/></action>
</recv>
{_reads("rings", "talks")}
<send><![CDATA[
SIP/2.0 180 Ringing
{_PHONE_HEAD}Content-Length: 0

]]></send>
{_waits("CANCEL", "cancelled", "rings", "ring")}
<send retrans="500"><![CDATA[
SIP/2.0 200 OK
{_PHONE_HEAD}Content-Type: application/sdp
Content-Length: [len]

{_SDP}]]></send>
<recv request="CANCEL" optional="true" next="too_late"/>
<recv request="ACK"/>
{_says("picked_up")}
SPEAKS
{_waits("BYE", "caller_left", "talks", "talk")}
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
<recv request="BYE" optional="true" next="caller_left"/>
<recv response="200"/>
<nop next="over"><action><log message="she_ended"/></action></nop>
<label id="caller_left"/>
<nop><action><log message="caller_left [$talks_spent]"/></action></nop>
<send next="over"><![CDATA[
{_OK}]]></send>
<label id="too_late"/>
<send><![CDATA[
{_OK}]]></send>
<recv request="ACK"/>
<recv request="BYE"/>
{_says("too_late")}
<send next="over"><![CDATA[
{_OK}]]></send>
<label id="cancelled"/>
{_says("cancelled")}
<send><![CDATA[
{_OK}]]></send>
<send retrans="500"><![CDATA[
SIP/2.0 487 Request Terminated
[last_Via:]
[last_From:]
[last_To:];tag=p[call_number]
[last_Call-ID:]
CSeq: 1 INVITE
Content-Length: 0

]]></send>
<recv request="ACK"/>
<label id="over"/>
</scenario>
"""


class Coming(NamedTuple):
    """Is one caller of the plan."""

    comes_s: float
    stays_s: float
    """After so long he hangs up, whether he waits or talks."""
    number: str = NUMBER


class PickUp(NamedTuple):
    """Is what the telephone does that rings next."""

    rings_s: float
    talks_s: float


class Crowd:
    """Is one SIPp with all that it does; a sink takes the sound that it hears."""

    def __init__(
        self,
        name: str,
        scenario: str,
        rows: Sequence[Sequence[object]],
        address: str,
        *words: str,
        speaks: bool = False,
        sound: int | None = None,
    ) -> None:
        """Writes down what is to be done.

        With `speaks` everybody says a tone; `sound` is the port to which what they hear is sent,
        where it is to be heard.
        """
        self._kept = tempfile.TemporaryDirectory()
        self._folder = Path(self._kept.name)
        scenario = scenario.replace("SPEAKS", _SPEAKS if speaks else "")
        (self._folder / "scenario.xml").write_text(scenario, encoding="utf-8")
        (self._folder / "tone").write_bytes(b"".join(tone(1000)))
        lines = "".join(";".join(map(str, row)) + ";\n" for row in rows)
        (self._folder / "plan.csv").write_text(f"SEQUENTIAL\n{lines}", encoding="utf-8")
        self._sink = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sink.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self._sink.bind((address, 0))  # nobody reads it: what comes is thrown away by the kernel
        self._command = [
            *("sipp", "-sf", "scenario.xml", "-inf", "plan.csv", "-i", address, "-nostdin"),
            *("-key", "sound", str(sound or self._sink.getsockname()[1])),
            *("-trace_logs", "-log_file", "said", "-trace_rtt", "-rtt_freq", "1"),
            *("-t", "u1", "-l", "20000", "-recv_timeout", "20000", *words),
        ]
        self._name = name
        self._screen = (self._folder / "screen").open("wb")
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=self._screen,
            stderr=subprocess.STDOUT,
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
        self._sink.close()
        self._screen.close()
        self._kept.cleanup()

    @property
    def pid(self) -> int:
        """Its process."""
        assert self._process is not None
        return self._process.pid

    def is_over(self, within_s: float) -> bool:
        """Waits until all its calls have ended; returns whether all went by the scenario."""
        assert self._process is not None
        return self._process.wait(timeout=within_s) == 0

    @property
    def said(self) -> Counter[str]:
        """How many calls came to each point, by the first word of what SIPp noted."""
        return Counter(line.split()[0] for line in self.lines)

    @property
    def lines(self) -> list[str]:
        """What SIPp noted of its calls, in its order."""
        file = self._folder / "said"
        text = file.read_text(errors="replace") if file.exists() else ""
        return [line for line in text.splitlines() if line]

    @property
    def taken_ms(self) -> list[float]:
        """How long each waited from his INVITE to the answer of the centre."""
        found = []
        for file in self._folder.glob("*_rtt.csv"):
            for line in file.read_text().splitlines()[1:]:
                found.append(float(line.split(";")[1]))
        return found

    def why(self) -> str:
        """Returns the end of what SIPp showed, for a test that fails."""
        return f"{self._name}: {self.said}\n{(self._folder / 'screen').read_text()[-2_000:]}"


def callers(
    server: Server, plan: Sequence[Coming], *, speaks: bool = False, sound: int | None = None
) -> Crowd:
    """Returns those who call by the trunk; each takes care of his own time."""
    rows = [(round(c.comes_s * 1_000), round(c.stays_s * 1_000), c.number) for c in plan]
    # All are there at once and wait for their time.
    words = ("-m", str(len(rows)), "-r", str(max(len(rows), 1)), f"127.0.0.1:{server.sip_port}")
    return Crowd("callers", _CALLERS, rows, TRUNK, *words, speaks=speaks, sound=sound)


def telephones(port: int, plan: Sequence[PickUp], *, speaks: bool = False) -> Crowd:
    """Returns the telephones of all agents whose address has this port."""
    rows = [(round(p.rings_s * 1_000), round(p.talks_s * 1_000)) for p in plan]
    return Crowd("telephones", _PHONES, rows, "127.0.0.1", "-p", str(port), speaks=speaks)


def cpu_s(pid: int) -> float:
    """Returns the processor time of a process with all its threads, so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100


def wait_until(at: float) -> None:
    """Waits for an instant of the monotonic clock."""
    time.sleep(max(0.0, at - time.monotonic()))
