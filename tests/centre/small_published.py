"""The published configuration of a small bilingual helpline: what `a_centre` is to the engine."""

from openline.configuration import Published, load_text

TEXT = """
[centre]
name = { en = "Small Line", es = "Línea pequeña" }
time_zone = "America/Chicago"
languages = ["en", "es"]
recovery_break_s = 600

[skills.en]
name = { en = "English", es = "Inglés" }
[skills.es]
name = { en = "Spanish", es = "Español" }

[queues.english]
name = { en = "English calls", es = "Llamadas en inglés" }
needs = { en = 1 }
ring_timeout_s = 20
wrap_up_limit_s = 60
service_level = { percent = 80, within_s = 20 }

[queues.spanish]
name = { en = "Spanish calls", es = "Llamadas en español" }
needs = { es = 1 }
ring_timeout_s = 20
wrap_up_limit_s = 60

[lines.en]
name = { en = "English line", es = "Línea en inglés" }
language = "en"
queue = "english"
greeting = "welcome-en"

[lines.es]
name = { en = "Spanish line", es = "Línea en español" }
language = "es"
queue = "spanish"

[surge.flood.queues.english]
priority = 7

[agents.ann]
name = "Ann"
skills = { en = 5 }

[agents.ben]
name = "Ben"
skills = { en = 3, es = 3 }

[agents.carla]
name = "Carla"
skills = { es = 5 }
"""


def a_published() -> Published:
    """Returns the configuration; its keys are those of `tests.builders`."""
    return load_text(TEXT, "small.toml")
