"""The commands and their help."""

from pathlib import Path
from typing import Annotated

import typer

from openline import __version__
from openline.cli import (
    asterisk,
    emergency_list,
    keeping,
    looking,
    planning,
    publishing,
    rostering,
    switches,
    trying,
    user,
)
from openline.cli.keeping import Config, Data
from openline.model import OpenlineError, RefusedError

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="A contact centre that a public helpline runs itself.",
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(user.app, name="user")
app.add_typer(asterisk.app, name="asterisk")
app.add_typer(switches.lines, name="line")
app.add_typer(switches.surges, name="surge")
app.add_typer(emergency_list.emergency_lists, name="emergency-list")

Speed = Annotated[
    float, typer.Option(help="How fast time runs. At any speed but 1 nobody can talk.")
]
Port = Annotated[
    int | None, typer.Option(help="The port to listen on. Default: the configuration's, 8800.")
]

Public = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="Open it to the world under this name, by HTTPS. Default: the configuration's "
        "server.public.",
    ),
]
CertificateFile = Annotated[
    Path | None,
    typer.Option("--certificate", help="For --public: the certificate and those above it, as PEM."),
]
KeyFile = Annotated[
    Path | None, typer.Option("--certificate-key", help="The certificate's private key, as PEM.")
]


@app.command()
def run(
    config: Config = None,
    data: Data = None,
    speed: Speed = 1.0,
    port: Port = None,
    asterisk: Annotated[
        bool,
        typer.Option(
            "--asterisk",
            help="Set up and run Asterisk too. Without --config: the telephones' example.",
        ),
    ] = False,
    public: Public = None,
    certificate: CertificateFile = None,
    certificate_key: KeyFile = None,
) -> None:
    """Opens the centre and keeps it open: started again if it dies, until Ctrl-C.

    Where --config names an empty folder, or one that is not there yet, a page in the browser asks
    what the centre should be, and writes it there.

    For example:

      openline run

      openline run --config evening-line

      openline run --config examples/small-line.toml --port 8801

      openline run --speed 60

      openline run --asterisk

      openline run --config evening-line --public help.example.org
    """
    from openline.app.options import asked_public
    from openline.cli.run import run_centre

    raise SystemExit(
        run_centre(
            config=config,
            data=data,
            speed=speed,
            port=port,
            asterisk=asterisk,
            public=asked_public(public, certificate, certificate_key),
        )
    )


@app.command(hidden=True)
def serve(
    fd: Annotated[int, typer.Option()],
    config: Annotated[Path, typer.Option()],
    data: Annotated[Path, typer.Option()],
    speed: Speed = 1.0,
    ready_fd: Annotated[int | None, typer.Option()] = None,
    parent_fd: Annotated[int | None, typer.Option()] = None,
    loader_fd: Annotated[int | None, typer.Option()] = None,
    public: Public = None,
    certificate: CertificateFile = None,
    certificate_key: KeyFile = None,
) -> None:
    """Runs the centre on a socket that the parent holds; used by `run` and by systemd."""
    import socket

    from openline.app.loader import centre_when_told
    from openline.app.options import Options, asked_public
    from openline.app.server import Pipes
    from openline.app.server import serve as serve_centre

    # The whole program is loaded by now.
    if loader_fd is not None:
        pipes_of_centre = centre_when_told(loader_fd)
        if pipes_of_centre is None:
            return
        ready_fd, parent_fd = pipes_of_centre
    asked = asked_public(public, certificate, certificate_key)
    options = Options(config=config, data=data, speed=speed, port=None, public=asked)
    listening = socket.socket(fileno=fd)
    pipes = Pipes(ready=ready_fd, parent=parent_fd)
    raise SystemExit(serve_centre(options, listening, pipes))


@app.command(hidden=True)
def recorder(
    config: Annotated[Path, typer.Option()],
    data: Annotated[Path, typer.Option()],
) -> None:
    """Seals what callers of telephones leave as messages; used by `run` and by systemd."""
    from openline.app.recorder import run_recorder

    raise SystemExit(run_recorder(config, data))


@app.command(hidden=True)
def begin(
    folder: Annotated[Path, typer.Argument()],
    fd: Annotated[int, typer.Option()],
    ready_fd: Annotated[int | None, typer.Option()] = None,
    parent_fd: Annotated[int | None, typer.Option()] = None,
) -> None:
    """Asks in the browser what a centre should be, on a socket that the parent holds."""
    import socket

    from openline.app.first_page import serve_first_page

    listening = socket.socket(fileno=fd)
    raise SystemExit(serve_first_page(folder, listening, ready=ready_fd, parent=parent_fd))


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="The configuration to check.")],
    json: Annotated[bool, typer.Option("--json", help="Answer for machines.")] = False,
) -> None:
    """Checks a configuration and says what is wrong, where, and how to mend it.

    For example:

      openline check openline.toml
    """
    from openline.app.options import configuration_in
    from openline.configuration import check_file

    report = check_file(configuration_in(file))
    typer.echo(report.json if json else report.text)
    raise SystemExit(0 if report.is_good else 1)


@app.command()
def new(
    name: Annotated[str | None, typer.Option(help="What the helpline is called.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="en or es; may be repeated.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Such as America/Chicago.")] = None,
    hours: Annotated[
        str | None,
        typer.Option(help='When it is open: "Mon-Fri 18-22; Sat 10-14". Default: always.'),
    ] = None,
    topic: Annotated[
        list[str] | None, typer.Option(help="What people call about; may be repeated.")
    ] = None,
    person: Annotated[
        list[str] | None, typer.Option(help="The alias of one who answers; may be repeated.")
    ] = None,
    on_call: Annotated[
        list[str] | None, typer.Option(help="Who of them is rung at home; may be repeated.")
    ] = None,
    recovery_break_min: Annotated[
        int | None, typer.Option(help="Minutes of the break after a hard call.")
    ] = None,
    folder: Annotated[str | None, typer.Option(help="The new folder. Default: the name.")] = None,
    answers: Annotated[
        Path | None, typer.Option(help="A TOML file with the answers, by the same names.")
    ] = None,
    login: Annotated[
        str | None, typer.Option(help="Makes an account for the first person, by this name.")
    ] = None,
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read its password from standard input.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Answer for machines.")] = False,
) -> None:
    """Begins a centre of your own: asks eight questions, or takes the answers given.

    For example:

      openline new

      openline new --name "Evening Line" --person Amira --person Ben --time-zone Europe/London
    """
    from openline.cli.new import make_centre

    given = {
        "name": name,
        "languages": language,
        "time_zone": time_zone,
        "hours": hours,
        "topics": topic,
        "people": person,
        "on_call": on_call,
        "recovery_break_min": recovery_break_min,
        "folder": folder,
    }
    make_centre(given, answers=answers, login=login, password_stdin=password_stdin, json=json)


app.command()(keeping.replay)
app.command()(keeping.backup)
app.command()(keeping.restore)
app.command()(publishing.publish)
app.command()(publishing.published)
app.command()(looking.report)
app.command()(looking.export)
app.command()(trying.simulate)
app.command()(trying.study)
app.command()(trying.compare)
app.command()(trying.twin)
app.command()(trying.tried)
app.command()(looking.doctor)
app.command()(planning.staff)
app.command()(planning.forecast)
app.command(name="forecast-backtest")(planning.forecast_backtest)
app.command()(rostering.roster)
app.command()(planning.least)
app.command()(keeping.privacy)


@app.command()
def version() -> None:
    """Prints the version."""
    typer.echo(__version__)


def main() -> None:
    """Runs the command line; a refusal is one sentence on standard error, never a traceback."""
    try:
        app()
    except OpenlineError as error:
        typer.echo(str(error), err=True)
        raise SystemExit(2 if isinstance(error, RefusedError) else 1) from None
    except OSError as error:
        # What no command put into words itself, such as a name that is too long for any file.
        if error.filename is None or error.strerror is None:
            raise
        typer.echo(f"{error.filename}: {error.strerror}.", err=True)
        raise SystemExit(1) from None
