from importlib import resources

from openline.model import MINUTE, Duration
from openline.telephony.asterisk import words


def test_there_is_a_recording_for_everything_that_is_told() -> None:
    sounds = resources.files("openline.telephony.asterisk").joinpath("sounds")
    there = {each.name.removesuffix(".ulaw") for each in sounds.iterdir()}
    for language in ("en", "es"):
        said = {*words.offered(language), words.promised(language)}
        for place in range(1, 40):
            said |= set(words.told(place, None, language))
        for minutes in range(61):
            said |= set(words.told(None, Duration(minutes * MINUTE), language))
        assert said <= there


def test_far_back_only_the_wait_is_told() -> None:
    assert words.told(words.PLACES + 1, Duration(MINUTE), "en") == ("wait-1-en",)
