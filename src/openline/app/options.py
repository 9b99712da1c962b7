"""What `openline run` was asked for, checked and completed."""

from dataclasses import dataclass
from pathlib import Path

from openline.model import RefusedError

EXAMPLES = Path(__file__).parents[1] / "examples"
CHECKOUT_EXAMPLES = Path(__file__).parents[3] / "examples"
"""In a checkout the examples lie beside the sources; a built package carries them inside."""

DEMO = "yardstick.toml"
TELEPHONES = "telephones.toml"

CONFIGURATION, DATA = "openline.toml", "data"
"""What the folder of a centre holds that was begun by `openline new` or by its first page."""


@dataclass(frozen=True, kw_only=True)
class AskedPublic:
    """Holds the options of `openline run` that open a centre to the world."""

    name: str
    certificate: Path | None = None
    key: Path | None = None

    @property
    def arguments(self) -> list[str]:
        """The same as words of a command."""
        words = ["--public", self.name]
        if self.certificate is not None:
            words += ["--certificate", str(self.certificate)]
        if self.key is not None:
            words += ["--certificate-key", str(self.key)]
        return words


@dataclass(frozen=True, kw_only=True)
class Options:
    """Holds the options of one centre."""

    config: Path
    data: Path
    speed: float
    port: int | None
    public: AskedPublic | None = None
    """None: as the configuration says."""


def options(
    *,
    config: Path | None,
    data: Path | None,
    speed: float,
    port: int | None,
    public: AskedPublic | None = None,
) -> Options:
    """Fills in what was left open: the demonstration, and a data folder of its own beside it.

    A configuration may be named by the folder of its centre, which then holds the data too.

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
        data = config / DATA if config.is_dir() else Path("data") / config.stem
    config = configuration_in(config)
    return Options(config=config, data=data, speed=speed, port=port, public=public)


def configuration_in(config: Path) -> Path:
    """Returns the file that is meant: in the folder of a centre its `openline.toml`."""
    return config / CONFIGURATION if config.is_dir() else config


def is_unbegun(config: Path) -> bool:
    """Tells whether somebody named a place where a centre is still to be begun.

    That is an empty folder, or a name that is no file's and stands for none.
    """
    if config.is_dir():
        return not any(config.iterdir())
    is_file_name = config.suffix or config.with_suffix(".toml").exists()
    return not (is_file_name or config.exists())


def example(name: str) -> Path:
    """Returns the path of an example configuration."""
    for folder in (EXAMPLES, CHECKOUT_EXAMPLES):
        if (folder / name).exists():
            return folder / name
    raise RefusedError(f"the example {name} is missing: give --config FILE", code="no_example")


def asked_public(
    name: str | None, certificate: Path | None, key: Path | None
) -> AskedPublic | None:
    """Returns what the options ask for, or None; raises `RefusedError` where they disagree."""
    if (certificate is None) != (key is None):
        raise RefusedError(
            "--certificate and --certificate-key go together: give both files, or neither.",
            code="certificate_incomplete",
        )
    if name is None:
        if certificate is not None:
            raise RefusedError(
                "--certificate is for a centre that is open to the world: say under which name, "
                "with --public NAME.",
                code="name_needed",
            )
        return None
    return AskedPublic(name=name, certificate=certificate, key=key)
