"""How hard do the property tests search?

`ci`, the usual profile, plays the same nights every time. `search` draws new ones, as many as one
has patience for:  HYPOTHESIS_PROFILE=search OPENLINE_NIGHTS=5000 ./test tests/properties
A night that fails is printed with the line that plays it again.
"""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("search", parent=settings.get_profile("ci"), derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))
