"""Runs the benchmarks: `./bench [NAME] [--json]`. Long ones run only when they are named.

The figures go to stdout, as a table or as JSON; progress goes to stderr, so that the JSON can be
piped. Ends with 0 when every figure is good enough, 1 when one is not or a benchmark broke, 2 when
there is no benchmark of that name.
"""

import argparse
import dataclasses
import difflib
import importlib
import json
import pkgutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.figure import Figure

Run = Callable[[], list[Figure]]


def find_benchmarks() -> tuple[dict[str, Run], set[str]]:
    """Finds the modules of this package that have a NAME and a run, by name; and the long ones."""
    found: dict[str, Run] = {}
    long: set[str] = set()
    for module_info in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module_info.name.startswith("_"):
            continue
        module = importlib.import_module(f"benchmarks.{module_info.name}")
        name, run = getattr(module, "NAME", None), getattr(module, "run", None)
        if name is None or run is None:
            continue
        if name in found:
            msg = f"two benchmarks are called {name}"
            raise ValueError(msg)
        found[name] = run
        if getattr(module, "IS_LONG", False):
            long.add(name)
    return dict(sorted(found.items())), long


def measure(benchmarks: dict[str, Run], progress: Console) -> tuple[dict[str, list[Figure]], bool]:
    """Runs each benchmark in turn. Returns their figures, and whether one broke."""
    figures: dict[str, list[Figure]] = {}
    is_broken = False
    for number, (name, run) in enumerate(benchmarks.items(), start=1):
        progress.print(f"{number}/{len(benchmarks)} {name} …", end=" ", highlight=False)
        begun = time.perf_counter()
        try:
            figures[name] = run()
        except Exception:  # noqa: BLE001 - one broken benchmark must not hide what the others measured
            is_broken = True
            progress.print("BROKE")
            progress.print_exception()
        else:
            progress.print(f"done ({time.perf_counter() - begun:.1f} s)", highlight=False)
    return figures, is_broken


def as_json(figures: dict[str, list[Figure]]) -> str:
    """Writes the figures as one list, each with the name of its benchmark."""
    rows = [
        {"benchmark": name, **dataclasses.asdict(figure)}
        for name, of_one in figures.items()
        for figure in of_one
    ]
    return json.dumps(rows, indent=2, ensure_ascii=False)


def as_table(figures: dict[str, list[Figure]]) -> Table:
    """Lays the figures out for people."""
    table = Table("benchmark", "figure")
    for heading in ("value", "reference", "ratio"):
        table.add_column(heading, justify="right")
    table.add_column("against")
    table.add_column("ok")
    for name, of_one in figures.items():
        for figure in of_one:
            table.add_row(
                name,
                figure.name,
                f"{_shown(figure.value)} {figure.unit}",
                f"{_shown(figure.reference)} {figure.unit}",
                "–" if figure.ratio is None else f"{figure.ratio:.2f}",
                figure.against,
                "[green]yes" if figure.ok else "[red]NO",
            )
    return table


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def main() -> int:
    """Reads the command line, runs what it asks for, shows the figures. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="./bench", description="Measures Openline.")
    parser.add_argument("name", nargs="?", help="run only this one")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    wanted = parser.parse_args()

    benchmarks, long = find_benchmarks()
    if wanted.name is None:
        for name in long:
            print(f"{name} takes long and runs only by name: ./bench {name}", file=sys.stderr)
            del benchmarks[name]
    else:
        if wanted.name not in benchmarks:
            close = difflib.get_close_matches(wanted.name, benchmarks, n=1, cutoff=0)
            hint = f" Did you mean {close[0]}?" if close else " There are none yet."
            print(f"There is no benchmark called {wanted.name}.{hint}", file=sys.stderr)
            return 2
        benchmarks = {wanted.name: benchmarks[wanted.name]}

    figures, is_broken = measure(benchmarks, Console(stderr=True))
    if wanted.json:
        print(as_json(figures))
    else:
        Console().print(as_table(figures))
    is_good = all(figure.ok for of_one in figures.values() for figure in of_one)
    return 0 if is_good and not is_broken else 1


if __name__ == "__main__":
    sys.exit(main())
