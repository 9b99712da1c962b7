import pytest

from openline.model import BugError, OpenlineError, PeerError, RefusedError


@pytest.mark.parametrize("kind", [RefusedError, PeerError, BugError])
def test_every_error_of_ours_hangs_on_one_tree(kind: type[OpenlineError]) -> None:
    assert issubclass(kind, OpenlineError)


def test_a_refusal_has_words_for_people_and_a_code_for_machines() -> None:
    refused = RefusedError("That name is taken.", code="name_taken")
    assert (str(refused), refused.code) == ("That name is taken.", "name_taken")
    assert RefusedError("No.").code == "refused"
