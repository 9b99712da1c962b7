"""What machines and scripts of our pages speak with: WebSockets, server-sent events, health."""

from openline.api.context import ApiContext, Here
from openline.api.departures import Departures
from openline.api.room import RoomFeed
from openline.api.routes import router
from openline.api.wallboard import WallboardFeed

__all__ = ["ApiContext", "Departures", "Here", "RoomFeed", "WallboardFeed", "router"]
