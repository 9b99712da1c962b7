"""What `openline run` was asked for, checked and completed."""

from dataclasses import dataclass
from pathlib import Path

from openline.model import RefusedError

EXAMPLES = Path(__file__).parents[1] / "examples"
CHECKOUT_EXAMPLES = Path(__file__).parents[3] / "examples"
"""In a checkout the examples lie beside the sources; a built package carries them inside."""

DEMO = "yardstick.toml"


@dataclass(frozen=True, kw_only=True)
class Options:
    """Holds the options of one centre."""

    config: Path
    data: Path
    speed: float
    port: int | None


def options(*, config: Path | None, data: Path | None, speed: float, port: int | None) -> Options:
    """Fills in what was left open: the demonstration, and a data folder of its own beside it.

    Raises `RefusedError` where the speed makes no sense or the examples are missing.
    """
    if not 0.1 <= speed <= 3600:
        raise RefusedError(
            f"--speed {speed:g}: time can run from 0.1 to 3600 times as fast", code="bad_speed"
        )
    if port is not None and not 0 <= port <= 65535:
        raise RefusedError(f"--port {port}: a port is a number from 0 to 65535", code="bad_port")
    if config is None:
        config = example(DEMO)
    if data is None:
        data = Path("data") / config.stem
    return Options(config=config, data=data, speed=speed, port=port)


def example(name: str) -> Path:
    """Returns the path of an example configuration."""
    for folder in (EXAMPLES, CHECKOUT_EXAMPLES):
        if (folder / name).exists():
            return folder / name
    raise RefusedError(f"the example {name} is missing: give --config FILE", code="no_example")
