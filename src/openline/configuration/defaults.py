"""What a helpline gets that says nothing about pauses and outcomes, and names made from keys."""

PAUSE_REASONS: dict[str, dict[str, str]] = {
    "break": {"en": "Break", "es": "Descanso"},
    "meal": {"en": "Meal", "es": "Comida"},
    "training": {"en": "Training", "es": "Formación"},
}

DISPOSITIONS: dict[str, dict[str, str]] = {
    "helped": {"en": "Helped in the talk", "es": "Ayuda durante la conversación"},
    "referred": {"en": "Referred to a service", "es": "Se remitió a un servicio"},
    "silent": {"en": "Silent call", "es": "Llamada en silencio"},
    "wrong-number": {"en": "Wrong number", "es": "Número equivocado"},
}

SKILLS: dict[str, dict[str, str]] = {
    "en": {"en": "English", "es": "Inglés"},
    "es": {"en": "Spanish", "es": "Español"},
}
"""Names of skills that need not be spelt out."""

COLLEAGUE: dict[str, str] = {"en": "Simulated colleague", "es": "Colega simulado"}


def name_from_key(key: str) -> str:
    """Makes a readable name from a key.

    >>> name_from_key("night-line")
    'Night line'
    """
    words = key.replace("-", " ").replace("_", " ").strip()
    return words[:1].upper() + words[1:]
