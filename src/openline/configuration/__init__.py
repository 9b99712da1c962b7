"""One TOML file, checked with kind words, becomes what the centre runs on.

`load` and `check_file` are the doors. Display names live here; the engine knows keys only.
"""

from openline.configuration.difference import difference
from openline.configuration.emergency_services import (
    EmergencyService,
    ListChange,
    changes_of_list,
    emergency_services,
    with_emergency_services,
)
from openline.configuration.load import load, load_text
from openline.configuration.outside_checks import is_premium
from openline.configuration.problems import ConfigurationError, Problem
from openline.configuration.published import (
    Kind,
    Notify,
    Practice,
    Published,
    QueueTarget,
    Store,
    Turn,
)
from openline.configuration.read import LARGEST_FILE_BYTES, LARGEST_REQUEST_BYTES
from openline.configuration.real_telephony import Asterisk, Number, Phone, Trunk
from openline.configuration.report import Report, check_file
from openline.configuration.serving import Acme, CertificateFiles, Public, Server
from openline.configuration.sounds import BUILT_IN, GREETINGS, MUSIC, Sounds
from openline.configuration.zones import zone_names

__all__ = [
    "BUILT_IN",
    "GREETINGS",
    "LARGEST_FILE_BYTES",
    "LARGEST_REQUEST_BYTES",
    "MUSIC",
    "Acme",
    "Asterisk",
    "CertificateFiles",
    "ConfigurationError",
    "EmergencyService",
    "Kind",
    "ListChange",
    "Notify",
    "Number",
    "Phone",
    "Practice",
    "Problem",
    "Public",
    "Published",
    "QueueTarget",
    "Report",
    "Server",
    "Sounds",
    "Store",
    "Trunk",
    "Turn",
    "changes_of_list",
    "check_file",
    "difference",
    "emergency_services",
    "is_premium",
    "load",
    "load_text",
    "with_emergency_services",
    "zone_names",
]
