"""Puts the port of real telephones together: what it may ask of the centre, and no more."""

from collections.abc import Container, Iterable

from openline.app.callbacks import CallbackNumbers
from openline.app.messages import Messages
from openline.app.recordings import Recordings
from openline.app.spoken import Spoken
from openline.centre import Centre, CentreClock
from openline.centre.keys import TalkKeys
from openline.centre.publishing import Configured
from openline.centre.redial import Redials
from openline.configuration import is_premium
from openline.engine import AnyEvent
from openline.engine import commands as c
from openline.engine import events as e
from openline.model import AgentKey, CallId, Instant, LegId, LineKey, Origin, RefusedError
from openline.reports import CivilDays
from openline.telephony.asterisk import AsteriskPort, Known, Told, WayOut, read_secrets

CONNECTED_WITHIN_S = 3.0
"""So long a start waits for Asterisk; afterwards it is taken up whenever it comes."""


async def telephones(
    configured: Configured,
    centre: Centre,
    clock: CentreClock,
    *,
    redials: Redials,
    numbers: CallbackNumbers,
    keys: TalkKeys,
    messages: Messages,
    recordings: Recordings,
    spoken: Spoken,
    today: Iterable[tuple[Instant, tuple[AnyEvent, ...]]],
) -> AsteriskPort | None:
    """Makes the port and lets it connect, where there are telephones.

    `today` is the record since midnight: whom it tells to have been dialled counts. Raises
    `RefusedError` where Asterisk was never configured.
    """
    asterisk = configured.now.asterisk
    if asterisk is None:
        return None
    secrets = read_secrets(asterisk.folder)
    if secrets is None:
        raise RefusedError(
            f"{asterisk.folder} holds no Asterisk of this centre. "
            "Type: openline asterisk configure --config FILE",
            code="not_configured",
        )

    def outside(command: c.DialOutside) -> str | None:
        return configured.now.outside_numbers.get(command.outside)

    way_out = WayOut(
        asterisk,
        outside=outside,
        opened=numbers.open,
        day_of=CivilDays(configured.now.zone).day_of,
    )
    rung_outside = {phone.agent for phone in asterisk.phones if phone.number is not None}
    for at in _dialled(today, rung_outside):
        way_out.dialled(at)
    centre_side = _Centre(configured, centre, redials, way_out)
    port = AsteriskPort(
        asterisk,
        secrets,
        clock,
        centre=Told(
            shown=centre_side.shown,
            language=centre_side.language,
            takes_calls=lambda: centre.takes_new_calls and clock.speed == 1,
            known=centre_side.known,
            sealed=numbers.seal,
            pressed=keys.press,
            boxes=messages,
            talks=recordings,
            spoken=spoken.file,
        ),
        way_out=way_out,
    )
    centre.add_port(port)
    centre.observe(port.noticed)
    recordings.steered_by(port.look)
    await port.connect(CONNECTED_WITHIN_S)
    return port


class _Centre:
    """Answers what telephones ask."""

    def __init__(
        self, configured: Configured, centre: Centre, redials: Redials, way_out: WayOut
    ) -> None:
        self._configured = configured
        self._centre = centre
        self._redials = redials
        self._way_out = way_out

    def shown(self, call: CallId) -> str:
        """Returns the name of the line by which a call came."""
        known = self._centre.durable.calls.get(call)
        published = self._configured.now
        return (
            "" if known is None else published.name_of("line", known.line, published.languages[0])
        )

    def language(self, call: CallId | None) -> str:
        """Returns in which language the caller of a call is spoken to."""
        known = None if call is None else self._centre.durable.calls.get(call)
        published = self._configured.now
        if known is None:
            return published.languages[0]
        return known.language or published.line_languages[known.line]

    def known(self, leg: LegId, line: LineKey, number: str | None) -> Known:
        """Returns what follows from a caller's number; a partner's is of many people."""
        published = self._configured.now
        partner = None if number is None else published.partner_numbers.get(number)
        is_shared = partner is not None or _is_of_partners(line, self._configured)
        mark = None if is_shared else number
        return Known(
            partner=partner,
            waiting_since=self._redials.arrives(leg, line, Origin.REAL, mark),
            can_be_called_back=(
                mark is not None and self._way_out.is_open and not is_premium(mark)
            ),
        )


def _is_of_partners(key: LineKey, configured: Configured) -> bool:
    line = next((line for line in configured.now.settings.lines if line.key == key), None)
    return line is not None and (
        line.partner is not None or any(entry.partner is not None for entry in line.entries)
    )


def _dialled(
    today: Iterable[tuple[Instant, tuple[AnyEvent, ...]]], rung_outside: Container[AgentKey]
) -> Iterable[Instant]:
    """Yields when telephones were dialled by us, by the record.

    `rung_outside` are agents to whom each offer is a call out.
    """
    prefix = f"{AsteriskPort.prefix}:"
    ours: set[CallId] = set()
    for at, events in today:
        for event in events:
            match event:
                case e.CallbackQueued(leg=leg, call=call) if leg.startswith(prefix):
                    ours.add(call)
                case e.CallbackDialled(call=call) if call in ours:
                    yield at
                case e.OutsideDialled(leg=leg) if leg.startswith(prefix):
                    yield at
                case e.CallOffered(agent=agent) | e.PartyAsked(agent=agent) if (
                    agent in rung_outside
                ):
                    yield at
                case _:
                    pass
