"""What machines and scripts of our pages speak with: WebSockets, server-sent events, health."""

from openline.api.context import ApiContext, Here
from openline.api.routes import router
from openline.api.wallboard import WallboardFeed

__all__ = ["ApiContext", "Here", "WallboardFeed", "router"]
