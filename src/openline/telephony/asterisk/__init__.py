"""Real telephones: Asterisk, steered through ARI.

`program` finds and starts it, `folder` writes its configuration, which `files` makes from ours.
"""

from openline.telephony.asterisk.files import Secrets, endpoint_of
from openline.telephony.asterisk.folder import Change, changes, complete, read_secrets, write
from openline.telephony.asterisk.program import OLDEST, Program, find_program, start

__all__ = [
    "OLDEST",
    "Change",
    "Program",
    "Secrets",
    "changes",
    "complete",
    "endpoint_of",
    "find_program",
    "read_secrets",
    "start",
    "write",
]
