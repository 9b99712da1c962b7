"""The wallboard's stream: the figures of queues and of the whole, at most twice a second."""

import msgspec

from openline.api.feed import Kind, PictureFeed
from openline.centre import CentreClock
from openline.centre.publishing import Configured
from openline.reports import LivePicture


class WallboardFeed(PictureFeed):
    """Draws wallboards."""

    def __init__(self, picture: LivePicture, configured: Configured, clock: CentreClock) -> None:
        super().__init__(clock)
        self._picture = picture
        self._configured = configured

    def _draw(self, kind: Kind) -> bytes:
        origins, language = kind
        picture = self._picture.picture(origins, self._clock.now())
        for row in picture["queues"]:
            row["name"] = self._configured.now.name_of("queue", row["key"], language)
        return msgspec.json.encode(picture)
