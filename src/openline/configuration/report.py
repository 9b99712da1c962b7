"""Is this file right? The answer for people and for machines, as `openline check` gives it."""

import json
from pathlib import Path

import msgspec

from openline.configuration.load import load
from openline.configuration.problems import ConfigurationError, Problem, as_json
from openline.configuration.published import Published
from openline.configuration.sounds import BUILT_IN, Sounds


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Is the answer to "is this file right?"."""

    file: str
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    published: Published | None
    """The configuration, if there are no problems."""

    @property
    def is_good(self) -> bool:
        """Whether a centre can run with the file."""
        return not self.problems

    @property
    def text(self) -> str:
        """The whole report in lines for people."""
        said = [problem.text for problem in self.problems]
        said += [f"{warning.text} (warning)" for warning in self.warnings]
        return "\n".join([*said, self._verdict()])

    @property
    def json(self) -> str:
        """The whole report for machines."""
        fields = {
            "file": self.file,
            "good": self.is_good,
            "problems": [as_json(problem) for problem in self.problems],
            "warnings": [as_json(warning) for warning in self.warnings],
        }
        return json.dumps(fields, ensure_ascii=False, indent=2)

    def _verdict(self) -> str:
        if self.published is None:
            return f"{self.file}: {_counted(len(self.problems), 'problem')}."
        settings = self.published.settings
        agents = len(settings.agents) - len(self.published.simulated_agents)
        counts = [
            _counted(len(settings.lines), "line"),
            _counted(len(settings.queues), "queue"),
            _counted(agents, "agent"),
        ]
        if self.published.simulated_agents:
            counts.append(_counted(len(self.published.simulated_agents), "simulated colleague"))
        return f"{self.file}: good. {', '.join(counts)}."


def check_file(path: Path, *, sounds: Sounds = BUILT_IN) -> Report:
    """Tells everything that is wrong, or looks wrong, with a file; never raises for its content."""
    try:
        published = load(path, sounds=sounds)
    except ConfigurationError as error:
        return Report(file=str(path), problems=error.problems, warnings=(), published=None)
    return Report(file=str(path), problems=(), warnings=published.warnings, published=published)


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")
