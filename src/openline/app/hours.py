"""Keeps opening hours compiled well beyond the present.

The engine knows hours as instants, compiled for the present year and the next. When the year
changes by the centre's clock they are compiled anew and published again, so that a year lies ahead
at any time, however long the program runs. A restart compiles the same instants as the run before.
"""

from collections.abc import Callable
from datetime import date, datetime

from openline.centre.publishing import Configured
from openline.configuration.opening import instant_of
from openline.engine import inputs as i
from openline.model import SECOND, Instant
from openline.telephony.port import Clock, Timer


class Hours:
    """Publishes the hours again at each new year."""

    def __init__(
        self, configured: Configured, clock: Clock, see: Callable[[i.AnyInput], None]
    ) -> None:
        self._configured = configured
        self._clock = clock
        self._see = see
        self._timer: Timer | None = None

    def start(self) -> None:
        """Waits for the new year of the zone that is configured now."""
        where = self._configured.now.zone
        year = datetime.fromtimestamp(self._clock.now() // SECOND, where).year
        at = instant_of(date(year + 1, 1, 1), 0, where, last=False)
        self._timer = self._clock.at(Instant(at), self._publish)

    def stop(self) -> None:
        """Waits no longer."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _publish(self) -> None:
        settings = self._configured.now.settings_at(self._clock.now())
        self._see(i.ConfigurationPublished(settings=settings))
        self.start()
