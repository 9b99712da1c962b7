"""How a caller and whoever answers tell each other what they have to say."""

from openline.model.names import Name


class Medium(Name):
    """Says whether a call is spoken or written. Both wait in the same line, at the same places."""

    VOICE = "voice"
    TYPED = "typed"
