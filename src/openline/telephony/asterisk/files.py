"""Asterisk's own files, written whole from the centre's configuration: a pure function.

Rules: everything is said here and nothing is left to a default that matters; HTTP listens on
loopback alone; no module is loaded by itself; nobody is let in without an address or a password
that we know; no caller's number reaches a log, a record of calls or a telephone; nothing that comes
in by a trunk can go out by one.

The dialplan only leads to Openline. While that is away it plays music and asks again every second,
so that a restart of ours takes up who came meanwhile; after `AWAY_LIMIT_S` it rings those who were
on duty last (the variable `OPENLINE_ON_DUTY`, which Openline keeps up to date), and if nobody
answers it says so.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from openline.configuration import Asterisk, Phone, Published, Trunk
from openline.model import LineKey
from openline.telephony.asterisk.accounts import Secrets, endpoint_of, trunk_of
from openline.telephony.asterisk.browser_files import browsers, own_address, trial
from openline.telephony.asterisk.modules import FOR_BROWSERS, MODULES, OPTIONAL
from openline.telephony.asterisk.program import Program

APPLICATION = "openline"
"""The name by which we are known to Asterisk, as its user and as its application."""
TAPED = "taped"
"""The word by which a channel that overhears somebody comes to us."""

LINE, ENTRY, PLACE = "OPENLINE_LINE", "OPENLINE_ENTRY", "OPENLINE_PLACE"
NUMBER = "OPENLINE_NUMBER"
"""Variables of a channel that outlive us: where it called, what it hears now, and who calls."""
ON_DUTY = "OPENLINE_ON_DUTY"
"""The variable with the telephones that are rung while we are away."""

AWAY_LIMIT_S = 10
HUNT_S = 25
HOLD_S = 300
"""Who put us on hold at his telephone may send nothing for so long."""
MUSIC = ("quiet", "piano", "silence")
DEFAULT_MUSIC = "quiet"

_HEADER = "; Written by `openline asterisk configure`; what you change here is written over.\n\n"


def files(published: Published, secrets: Secrets, program: Program) -> dict[str, str]:
    """Returns the text of every file in `etc`, by its name."""
    asterisk = published.asterisk
    assert asterisk is not None, "there are no telephones"
    has_browsers = any(phone.in_browser for phone in asterisk.phones)
    texts = {
        "asterisk.conf": _directories(asterisk, program),
        "modules.conf": _modules(program, has_browsers=has_browsers),
        "logger.conf": _LOGGER,
        "http.conf": _http(asterisk, has_browsers=has_browsers),
        "ari.conf": _ari(secrets),
        "pjsip.conf": "\n".join(
            (*_pjsip(asterisk, secrets), *browsers(asterisk, secrets, program))
        ),
        "rtp.conf": _rtp(asterisk, has_browsers=has_browsers),
        "musiconhold.conf": "\n".join(_music(asterisk.folder)),
        "extensions.conf": "\n".join(
            (*_dialplan(published, asterisk), *((trial(),) if has_browsers else ()))
        ),
        "stasis.conf": "[threadpool]\nminimum_size=5\nmax_size=50\n",
        "indications.conf": _TONES,
        # No record of calls but our own: theirs would hold numbers.
        "cdr.conf": "[general]\nenable=no\n",
        "cel.conf": "[general]\nenable=no\n",
        "manager.conf": "[general]\nenabled=no\n",
    }
    # Nothing in them; their absence would be complained of at each start.
    texts |= dict.fromkeys(_EMPTY, "")
    return {name: _HEADER + text for name, text in sorted(texts.items())}


_EMPTY = (
    "acl.conf",
    "ccss.conf",
    "cli.conf",
    "codecs.conf",
    "features.conf",
    "pjproject.conf",
    "sorcery.conf",
    "udptl.conf",
    "websocket_client.conf",
)

# Notices would name who called from where; warnings and errors speak of us.
_LOGGER = """\
[general]
dateformat = %F %T.%3q
queue_log = no

[logfiles]
messages => warning,error
console => warning,error
"""


# Of these only ringing is ever heard, and that by nobody who called us.
_TONES = """\
[general]
country = us

[us]
description = United States
ringcadence = 2000,4000
dial = 350+440
busy = 480+620/500,0/500
ring = 440+480/2000,0/4000
congestion = 480+620/250,0/250
callwaiting = 440/300,0/10000
dialrecall = !350+440/100,!0/100,!350+440/100,!0/100,!350+440/100,!0/100,350+440
record = 1400/500,0/15000
info = !950/330,!1400/330,!1800/330,0
stutter = !350+440/100,!0/100
"""


def _directories(asterisk: Asterisk, program: Program) -> str:
    folder = asterisk.folder
    return f"""\
[directories]
astetcdir => {folder}/etc
astmoddir => {program.modules}
astvarlibdir => {folder}/var/lib
astdbdir => {folder}/var/lib
astkeydir => {folder}/var/lib
astdatadir => {program.data}
astspooldir => {asterisk.spool}
astrundir => {folder}/var/run
astlogdir => {folder}/var/log

[options]
systemname = openline
nocolor = yes
verbose = 0
debug = 0
live_dangerously = no
documentation_language = en_US
"""


def modules_wanted(program: Program, *, has_browsers: bool) -> list[str]:
    """Returns the modules that this Asterisk is told to load."""
    wanted = (*MODULES, *FOR_BROWSERS) if has_browsers else MODULES
    return [
        name for name in wanted if name not in OPTIONAL or (program.modules / f"{name}.so").exists()
    ]


def _modules(program: Program, *, has_browsers: bool) -> str:
    wanted = modules_wanted(program, has_browsers=has_browsers)
    return "[modules]\nautoload = no\n" + "".join(f"load = {name}.so\n" for name in wanted)


def _http(asterisk: Asterisk, *, has_browsers: bool) -> str:
    # Each agent in a browser holds one connection for as long as she works.
    most = 100 + len(asterisk.phones) if has_browsers else 100
    return f"""\
[general]
enabled = yes
bindaddr = 127.0.0.1
bindport = {asterisk.ari_port}
servername = openline
enable_static = no
sessionlimit = {most}
"""


def _ari(secrets: Secrets) -> str:
    return f"""\
[general]
enabled = yes
pretty = no
websocket_write_timeout = 1000
channelvars = {LINE},{ENTRY},{PLACE},{NUMBER}

[{APPLICATION}]
type = user
read_only = no
password_format = plain
password = {secrets.ari}
"""


def _rtp(asterisk: Asterisk, *, has_browsers: bool) -> str:
    return f"""\
[general]
rtpstart = {asterisk.rtp_from}
rtpend = {asterisk.rtp_to}
strictrtp = yes
icesupport = {"yes" if has_browsers else "no"}
{own_address(asterisk) if has_browsers else ""}"""


def _music(folder: Path) -> Iterator[str]:
    for name in MUSIC:
        yield f"[{name}]\nmode = files\nsort = alpha\ndirectory = {folder}/music/{name}\n"


# --- SIP -----------------------------------------------------------------------------------


def _pjsip(asterisk: Asterisk, secrets: Secrets) -> Iterator[str]:
    yield f"""\
[global]
type = global
user_agent = Openline
endpoint_identifier_order = ip,username
max_initial_qualify_time = 1

[system]
type = system
threadpool_max_size = 50
disable_tcp_switch = yes

[udp]
type = transport
protocol = udp
bind = {asterisk.sip_address}:{asterisk.sip_port}

{_tls(asterisk)}
[party](!)
type = endpoint
transport = udp
disallow = all
allow = ulaw,alaw,g722
direct_media = no
rtp_timeout = {asterisk.lost_after_s}
rtp_timeout_hold = {max(asterisk.lost_after_s, HOLD_S)}
timers = yes
dtmf_mode = rfc4733
from_domain = openline.invalid
send_pai = no
send_rpid = no
trust_id_outbound = no
"""
    for trunk in asterisk.trunks:
        yield _trunk(trunk, secrets)
    for phone in asterisk.phones:
        if phone.number is None and not phone.in_browser:
            yield _phone(phone, secrets)


def _tls(asterisk: Asterisk) -> str:
    tls = asterisk.tls
    if tls is None:
        return ""
    return f"""\
[tls]
type = transport
protocol = tls
bind = {asterisk.sip_address}:{tls.port}
method = tlsv1_2
cert_file = {tls.certificate}
priv_key_file = {tls.key}
ca_list_file = {tls.authorities}
verify_server = yes
"""


_ENCRYPTED = "transport = tls\nmedia_encryption = sdes\n"
"""Nothing goes in clear: who cannot encrypt is refused."""


def _at(address: str, *, encrypted: bool) -> str:
    """Returns an address as it is called; a bare semicolon would begin a comment."""
    return f"{address}\\;transport=tls" if encrypted else address


def _trunk(trunk: Trunk, secrets: Secrets) -> str:
    name = trunk_of(trunk)
    return f"""\
[{name}](party)
context = from-{trunk.key}
aors = {name}
from_domain = {trunk.address.partition(":")[0]}
{_ENCRYPTED if trunk.encrypted else ""}{_registration(trunk, secrets)}
[{name}]
type = aor
contact = sip:{_at(trunk.address, encrypted=trunk.encrypted)}

[{name}]
type = identify
endpoint = {name}
match = {",".join(trunk.calls_from)}
"""


def _registration(trunk: Trunk, secrets: Secrets) -> str:
    """Returns the rest of an endpoint that signs in with the company, and how it does."""
    if trunk.account is None:
        return ""
    name, user = trunk_of(trunk), trunk.account.user
    server = _at(trunk.address, encrypted=trunk.encrypted)
    return f"""\
outbound_auth = {name}

[{name}]
type = auth
auth_type = digest
username = {user}
password = {secrets.trunks[trunk.key]}

[{name}]
type = registration
transport = {"tls" if trunk.encrypted else "udp"}
outbound_auth = {name}
server_uri = sip:{server}
client_uri = sip:{user}@{server}
contact_user = {user}
expiration = 600
retry_interval = 10
max_retries = 1000000
auth_rejection_permanent = no
forbidden_retry_interval = 300
fatal_retry_interval = 300
"""


def _phone(phone: Phone, secrets: Secrets) -> str:
    name = endpoint_of(phone.agent)
    if phone.address is not None:
        return f"""\
[{name}](party)
context = nowhere
aors = {name}
{_ENCRYPTED if phone.encrypted else ""}
[{name}]
type = aor
contact = sip:{_at(f"{phone.agent}@{phone.address}", encrypted=phone.encrypted)}
qualify_frequency = 0
"""
    return f"""\
[{name}](party)
context = nowhere
auth = {name}
aors = {name}
{_ENCRYPTED if phone.encrypted else ""}
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
maximum_expiration = 600
qualify_frequency = 20
qualify_timeout = 3
"""


# --- the dialplan --------------------------------------------------------------------------


def _dialplan(published: Published, asterisk: Asterisk) -> Iterator[str]:
    yield "; An agent's telephone calls nobody: it is rung.\n[nowhere]\n"
    for trunk in asterisk.trunks:
        yield f"[from-{trunk.key}]\n{_to_account(trunk)}include => numbers\n"
    yield "[numbers]"
    for number in asterisk.numbers:
        spoken = _spoken(published, number.line)
        for written in (number.digits, f"+{number.digits}"):
            yield f"""\
exten => {written},1,Set({LINE}={number.line})
 same => n,Set({ENTRY}={number.entry})
 same => n,Set(CHANNEL(language)={spoken})
 same => n,Goto(router-down,s,1)"""
    # No such number here (cause 1).
    yield """\
exten => _[+0-9a-zA-Z].,1,Hangup(1)
exten => s,1,Hangup(1)
"""
    folder = asterisk.folder
    yield f"""\
; An agent who picks up while Openline is away hears music until it is back.
[agents]
exten => s,1,Set(TRY=0)
 same => n(again),Stasis({APPLICATION},rung)
 same => n,GotoIf($["${{STASISSTATUS}}" = "SUCCESS"]?done)
 same => n,Set(TRY=$[${{TRY}} + 1])
 same => n,GotoIf($[${{TRY}} > {AWAY_LIMIT_S}]?done)
 same => n,MusicOnHold({DEFAULT_MUSIC},1)
 same => n,Goto(again)
 same => n(done),Hangup()

; The caller's number is known to Openline alone, and only where it was not withheld.
[router-down]
exten => s,1,GotoIf($["${{CALLERID(num-pres):0:7}}" != "allowed"]?nameless)
 same => n,Set({NUMBER}=${{CALLERID(num)}})
 same => n(nameless),Set(CALLERID(all)=)
 same => n,Set(CALLERID(ani)=)
 same => n,Set(TRY=0)
 same => n(again),Stasis({APPLICATION},arrived)
 same => n,GotoIf($["${{STASISSTATUS}}" = "SUCCESS"]?done)
 same => n,Answer()
 same => n,Set(TRY=$[${{TRY}} + 1])
 same => n,GotoIf($[${{TRY}} > {AWAY_LIMIT_S}]?hunt)
 same => n,MusicOnHold({DEFAULT_MUSIC},1)
 same => n,Goto(again)
 same => n(hunt),GotoIf($["${{{ON_DUTY}}}" = ""]?sorry)
 same => n,Dial(${{{ON_DUTY}}},{HUNT_S},m({DEFAULT_MUSIC}))
 same => n(sorry),Playback({folder}/sounds/not-now-${{CHANNEL(language)}})
 same => n(done),Hangup()
"""


def _to_account(trunk: Trunk) -> str:
    """Returns where calls go that name our account, and no number of ours."""
    account = trunk.account
    if account is None or account.number is None or account.user == account.number:
        return ""
    return f"exten => {account.user},1,Goto(numbers,{account.number},1)\n"


def _spoken(published: Published, line: LineKey) -> str:
    language = published.line_languages[line]
    assert re.fullmatch(r"[a-z]{2}", language), language
    return language
