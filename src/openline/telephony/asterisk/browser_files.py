"""What is written for agents who answer in the browser: pure.

Their signals come by the centre alone: it carries them from the page to Asterisk's WebSocket, which
listens on loopback beside ARI (`in_browser`). Sound goes straight between browser and Asterisk and
is encrypted by keys that the two agree upon (DTLS-SRTP); a browser never speaks with a caller's
telephone, nor learns where it is.
"""

from collections.abc import Iterator

from openline.configuration import Asterisk, Phone
from openline.telephony.asterisk.accounts import Secrets, endpoint_of
from openline.telephony.asterisk.program import Program

SILENT_AFTER_S = 10
"""A browser sends sound always, also while its microphone is off. One that sends none for so long
is gone: its agent is rung anew when she is back, and her caller hears music until then."""


TRIAL = "echo"
"""What a page calls to try its headset. Keep in step with `frontend/src/desk/echo.ts`."""
TRIAL_S = 30


def browsers(asterisk: Asterisk, secrets: Secrets, program: Program) -> Iterator[str]:
    """Yields how they are spoken with; nothing where nobody answers so."""
    phones = [phone for phone in asterisk.phones if phone.in_browser]
    if not phones:
        return
    # Opus sounds better and stands loss; without its codec, plain telephone sound.
    has_opus = (program.modules / "codec_opus_open_source.so").exists()
    yield f"""\
[ws]
type = transport
protocol = ws
bind = 127.0.0.1

[browser](!)
type = endpoint
context = browsers
disallow = all
allow = {"opus,ulaw" if has_opus else "ulaw"}
webrtc = yes
direct_media = no
rtp_timeout = {SILENT_AFTER_S}
rtp_timeout_hold = {SILENT_AFTER_S}
timers = no
dtmf_mode = rfc4733
from_domain = openline.invalid
send_pai = no
send_rpid = no
send_connected_line = no
trust_id_outbound = no
"""
    for phone in phones:
        yield _browser(phone, secrets)


def _browser(phone: Phone, secrets: Secrets) -> str:
    name = endpoint_of(phone.agent)
    return f"""\
[{name}](browser)
auth = {name}
aors = {name}

[{name}]
type = auth
auth_type = digest
username = {name}
password = {secrets.phones[phone.agent]}

[{name}]
type = aor
max_contacts = 1
remove_existing = yes
minimum_expiration = 30
maximum_expiration = 3600
qualify_frequency = 0
support_path = no
"""


def trial() -> str:
    """Returns whom a browser may call: nobody but the place that says back what it hears."""
    return f"""\
; Before a shift an agent tries her headset: she hears herself, for a while.
[browsers]
exten => {TRIAL},1,Set(TIMEOUT(absolute)={TRIAL_S})
 same => n,Answer()
 same => n,Echo()
 same => n,Hangup()
"""


def own_address(asterisk: Asterisk) -> str:
    """Returns at which addresses browsers may find Asterisk's sound: that of SIP, if it is one."""
    if asterisk.sip_address.startswith("127.") or asterisk.sip_address == "0.0.0.0":
        return ""
    return f"ice_deny = 0.0.0.0/0\nice_permit = {asterisk.sip_address}/32\n"
