"""Is this file right? The answer for people and for machines, as `openline check` gives it."""

import json
from pathlib import Path

import msgspec

from openline.configuration.load import load, present
from openline.configuration.opening import told
from openline.configuration.problems import ConfigurationError, Problem, as_json
from openline.configuration.published import Published
from openline.configuration.sounds import BUILT_IN, Sounds
from openline.model import Instant


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """Is the answer to "is this file right?"."""

    file: str
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    published: Published | None
    """The configuration, if there are no problems."""
    now: Instant
    """When it was checked: of this moment it says which lines are open."""

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
        if settings.partners:
            counts.append(_counted(len(settings.partners), "partner"))
        if self.published.simulated_agents:
            counts.append(_counted(len(self.published.simulated_agents), "simulated colleague"))
        return "\n".join([*self._hours(), f"{self.file}: good. {', '.join(counts)}."])

    def _hours(self) -> list[str]:
        """Says of each line that keeps hours whether it is open, and what comes next."""
        published = self.published
        if published is None:
            return []
        hours = {each.key: each for each in published.settings.hours}
        language = published.languages[0]
        return [
            f"{published.name_of('line', line.key, language)}: "
            f"{told(hours[line.hours], published.zone, self.now)}."
            for line in published.settings.lines
            if line.hours is not None
        ]


def check_file(path: Path, *, sounds: Sounds = BUILT_IN, now: Instant | None = None) -> Report:
    """Tells everything that is wrong, or looks wrong, with a file; never raises for its content."""
    now = present() if now is None else now
    try:
        published = load(path, sounds=sounds, now=now)
    except ConfigurationError as error:
        return Report(file=str(path), problems=error.problems, warnings=(), published=None, now=now)
    return Report(
        file=str(path),
        problems=(),
        warnings=published.warnings,
        published=published,
        now=now,
    )


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" + ("" if number == 1 else "s")
