"""The pages that people open: rendered on the server, in their language, with the rules of access.

`install` puts all of it on an application; what the pages need of the centre is named in `context`.
"""

from openline.identity import Account
from openline.web.access import Audience, Visitor, check_complete, visitor_of
from openline.web.accounts import People, SecondStep, Sessions, SignIn, TooManyTriesError
from openline.web.assets import Assets
from openline.web.catalogue import Catalogue, load_catalogues
from openline.web.context import AgentName, DemoAccount, LineName, StillReadingError, WebContext
from openline.web.install import install

__all__ = [
    "Account",
    "AgentName",
    "Assets",
    "Audience",
    "Catalogue",
    "DemoAccount",
    "LineName",
    "People",
    "SecondStep",
    "Sessions",
    "SignIn",
    "StillReadingError",
    "TooManyTriesError",
    "Visitor",
    "WebContext",
    "check_complete",
    "install",
    "load_catalogues",
    "visitor_of",
]
