"""Real telephones: Asterisk, steered through ARI.

`program` finds and starts it, `folder` writes its configuration, which `files` makes from ours.
`port` is what the centre sees; it speaks by `ari`; `translate` and `stock` know what things mean.
"""

from openline.telephony.asterisk.accounts import Secrets, endpoint_of, trunk_of
from openline.telephony.asterisk.calling import Known, WayOut
from openline.telephony.asterisk.files import modules_wanted
from openline.telephony.asterisk.folder import Change, changes, complete, read_secrets, write
from openline.telephony.asterisk.port import AsteriskPort
from openline.telephony.asterisk.program import OLDEST, Program, find_program, start, told_by
from openline.telephony.asterisk.telling import Told

__all__ = [
    "OLDEST",
    "AsteriskPort",
    "Change",
    "Known",
    "Program",
    "Secrets",
    "Told",
    "WayOut",
    "changes",
    "complete",
    "endpoint_of",
    "find_program",
    "modules_wanted",
    "read_secrets",
    "start",
    "told_by",
    "trunk_of",
    "write",
]
