"""People at home, rung by a command or an address that the configuration names."""

from openline.telephony.on_call.notify import ENVIRONMENT, Failed, Notice, notify
from openline.telephony.on_call.port import PREFIX, OnCallPort

__all__ = ["ENVIRONMENT", "PREFIX", "Failed", "Notice", "OnCallPort", "notify"]
