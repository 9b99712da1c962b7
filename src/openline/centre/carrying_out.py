"""To which port does an order go, and what becomes of one that none can carry out?"""

from collections.abc import Mapping

import structlog

from openline.centre.abilities import prefix_of
from openline.engine import AnyCommand
from openline.engine import commands as c
from openline.engine import inputs as i
from openline.engine.decisions.outside import CANNOT_DIAL_OUT
from openline.telephony.port import See, TelephonyPort

log = structlog.get_logger(__name__)


def carry_out(command: AnyCommand, ports: Mapping[str, TelephonyPort], see: See) -> None:
    """Hands an order to the port of each leg it names; `see` is told where that fails."""
    legs = [command.leg]
    if isinstance(command, c.ConnectLegs | c.HoldCall | c.ResumeCall):
        legs.append(command.agent_leg)
    elif isinstance(command, c.MixCall):
        legs += [heard.leg for heard in command.hears]
    for prefix in dict.fromkeys(prefix_of(leg) for leg in legs):
        port = ports.get(prefix)
        if port is None:
            see(i.CommandFailed(command=command.id, leg=command.leg, why="no_such_port"))
            continue
        lacking = _lacking(command, port)
        if lacking is not None:
            see(i.CommandFailed(command=command.id, leg=command.leg, why=lacking))
            continue
        if isinstance(command, c.AnnounceWait) and not port.capabilities.announcements:
            continue  # his page shows it
        try:
            port.carry_out(command)
        except Exception as error:
            # The orders after it must go out.
            log.error("order_failed", order=type(command).__name__, exc_info=error)
            see(i.CommandFailed(command=command.id, leg=command.leg, why="port_broke"))


def _lacking(command: AnyCommand, port: TelephonyPort) -> str | None:
    if type(command) is c.RecordVoicemail and not port.capabilities.voicemail:
        return "cannot_record"
    if type(command) is c.DialOutside and not port.capabilities.outside:
        return CANNOT_DIAL_OUT
    return None
