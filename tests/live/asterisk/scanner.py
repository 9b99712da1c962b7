"""Somebody on the internet who looks for telephones to misuse, as every open SIP port knows him.

He sends what such programs send: questions what is there, guesses of accounts, calls to far numbers
as if a trunk were open to all. He comes from an address that nobody knows.
"""

import itertools
import socket
import threading
import time
from collections import Counter
from types import TracebackType
from typing import Self

ADDRESS, RATE = "127.0.0.3", 200
_WANTED = (
    ("OPTIONS", "100"),
    ("REGISTER", "{number}"),
    ("INVITE", "00972592{number:06}"),
    ("INVITE", "9011442037{number:06}"),
)
_REQUEST = """\
{method} sip:{user}@127.0.0.1 SIP/2.0
Via: SIP/2.0/UDP {address}:{port};branch=z9hG4bK-{number};rport
Max-Forwards: 70
From: "scanner" <sip:{user}@127.0.0.1>;tag=s{number}
To: <sip:{user}@127.0.0.1>
Call-ID: scan-{number}
CSeq: 1 {method}
Contact: <sip:{user}@{address}:{port}>
User-Agent: friendly-scanner
Content-Length: 0

"""


class Scanner:
    """Sends so many requests a second while the context lasts, and counts what is answered."""

    def __init__(self, sip_port: int, rate: int = RATE) -> None:
        self._to = ("127.0.0.1", sip_port)
        self._rate = rate
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((ADDRESS, 0))
        self._socket.setblocking(False)
        self.sent = 0
        self.answers: Counter[str] = Counter()
        """By the code of the answer."""
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._scan, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over.set()
        self._thread.join()
        self._socket.close()

    def _scan(self) -> None:
        begun, port = time.monotonic(), int(self._socket.getsockname()[1])
        for number, (method, user) in enumerate(itertools.cycle(_WANTED)):
            if self._is_over.wait(max(0.0, begun + number / self._rate - time.monotonic())):
                return
            named = user.format(number=number)
            told = {"method": method, "user": named, "number": number, "port": port}
            text = _REQUEST.format(address=ADDRESS, **told).replace("\n", "\r\n")
            self._socket.sendto(text.encode(), self._to)
            self.sent += 1
            self._listen()

    def _listen(self) -> None:
        try:
            while True:
                answer = self._socket.recv(65_536)
                if answer.startswith(b"SIP/2.0 "):
                    self.answers[answer[8:11].decode()] += 1
        except BlockingIOError:
            pass
