from pathlib import Path

import pytest

from openline.app.options import DEMO, Options, example, is_unbegun, options
from openline.model import RefusedError


def asked(
    config: Path | None = None,
    data: Path | None = None,
    speed: float = 1,
    port: int | None = None,
) -> Options:
    return options(config=config, data=data, speed=speed, port=port)


def test_without_a_configuration_it_is_the_demonstration() -> None:
    assert asked().config == example(DEMO)
    assert asked().data == Path("data/yardstick")


def test_each_configuration_has_a_data_folder_of_its_own_unless_one_is_named() -> None:
    assert asked(config=Path("somewhere/night.toml")).data == Path("data/night")
    assert asked(config=Path("night.toml"), data=Path("elsewhere")).data == Path("elsewhere")


@pytest.mark.parametrize("speed", [0.1, 1, 3600])
def test_time_may_run_a_little_slower_and_much_faster(speed: float) -> None:
    assert asked(speed=speed).speed == speed


@pytest.mark.parametrize("speed", [0, 0.099, 3600.1, -1, float("nan"), float("inf")])
def test_other_speeds_are_refused(speed: float) -> None:
    with pytest.raises(RefusedError, match=r"from 0\.1 to 3600") as refused:
        asked(speed=speed)
    assert refused.value.code == "bad_speed"


@pytest.mark.parametrize("port", [-1, 65_536])
def test_a_port_that_there_is_not_is_refused(port: int) -> None:
    with pytest.raises(RefusedError) as refused:
        asked(port=port)
    assert refused.value.code == "bad_port"


def test_an_example_that_is_missing_is_told_in_words() -> None:
    with pytest.raises(RefusedError, match="--config FILE"):
        example("nowhere.toml")


def test_the_folder_of_a_centre_stands_for_its_configuration_and_its_data(tmp_path: Path) -> None:
    chosen = options(config=tmp_path, data=None, speed=1, port=None)
    assert (chosen.config, chosen.data) == (tmp_path / "openline.toml", tmp_path / "data")
    other = options(config=tmp_path, data=Path("x"), speed=1, port=None)
    assert (other.config, other.data) == (tmp_path / "openline.toml", Path("x"))


def test_a_centre_is_begun_in_an_empty_folder_or_under_a_new_name_only(tmp_path: Path) -> None:
    assert is_unbegun(tmp_path)
    assert is_unbegun(tmp_path / "new")
    (tmp_path / "line.toml").touch()
    assert not is_unbegun(tmp_path)
    assert not is_unbegun(tmp_path / "line")  # the ending was forgotten
    assert not is_unbegun(tmp_path / "lnie.toml")
    assert not is_unbegun(tmp_path / "line.toml")
