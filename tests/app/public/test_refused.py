import msgspec
import pytest

from openline.app.options import example
from openline.app.public.refused import refuse_the_unfit
from openline.configuration import Published, Store, Turn, load
from openline.model import RefusedError
from tests.app.public.papers import NAME
from tests.cli.tried import SMALL


@pytest.fixture
def centre() -> Published:
    return msgspec.structs.replace(load(SMALL), simulation=None)


def test_a_centre_of_ones_own_is_opened(centre: Published) -> None:
    strong = Turn(urls=("turn:relay.example.org",), secret="0123456789abcdef0123456789abcdef")
    refuse_the_unfit(msgspec.structs.replace(centre, turn=strong), NAME)


def test_a_demonstration_is_never_opened_to_the_world() -> None:
    with pytest.raises(RefusedError, match="openline new"):
        refuse_the_unfit(load(example("yardstick.toml")), NAME)


@pytest.mark.parametrize("secret", ["PUT-THE-SECRET-HERE", "correct horse battery", "short-one"])
def test_a_secret_from_an_example_or_a_short_one_is_refused(centre: Published, secret: str) -> None:
    turn = Turn(urls=("turn:relay.example.org",), secret=secret)
    with pytest.raises(RefusedError, match="openssl rand"):
        refuse_the_unfit(msgspec.structs.replace(centre, turn=turn), NAME)


def test_a_database_whose_password_everybody_tries_is_refused(centre: Published) -> None:
    weak = Store(url="postgresql://openline:postgres@db.example/openline")
    with pytest.raises(RefusedError, match="password file"):
        refuse_the_unfit(msgspec.structs.replace(centre, store=weak), NAME)
    refuse_the_unfit(
        msgspec.structs.replace(centre, store=Store(url="postgresql://openline@db/openline")), NAME
    )
