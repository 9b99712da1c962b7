"""What is allowed of lines, menus and hours and yet probably not meant?"""

from collections.abc import Iterator

from openline.configuration.compile_lines import opening_of
from openline.configuration.document import Document
from openline.configuration.line_tables import DestinationTable
from openline.configuration.problems import Problem
from openline.configuration.queue_tables import InterflowTable
from openline.configuration.words import Reporter


def warnings_of_lines(document: Document, report: Reporter) -> Iterator[Problem]:
    """Yields what looks wrong in lines that are right."""
    yield from _hours_ever_open(document, report)
    yield from _everything_is_led_to(document, report)
    yield from _menus_end(document, report)
    yield from _boxes_cannot_record(document, report)
    yield from _talks_are_not_recorded(document, report)


def destinations_of(document: Document) -> Iterator[DestinationTable]:
    """Yields every destination that a line, a menu or a surge names."""
    for line in document.lines.values():
        yield from (to for to in (line.leads_to, line.closed, line.emergency) if to is not None)
    for menu in document.menus.values():
        yield from menu.choices.values()
        if menu.otherwise is not None:
            yield menu.otherwise
    for surge in document.surge.values():
        for changed in surge.lines.values():
            if changed.leads_to is not None:
                yield changed.leads_to


def rules_of(document: Document) -> Iterator[InterflowTable]:
    """Yields every rule by which calls leave a queue, usually or in a surge."""
    for queue in document.queues.values():
        yield from queue.interflow
    for surge in document.surge.values():
        for changed in surge.queues.values():
            yield from changed.interflow or ()


def _hours_ever_open(document: Document, report: Reporter) -> Iterator[Problem]:
    used = {line.hours for line in document.lines.values()}
    for opening in opening_of(document):
        if not any((*opening.week, opening.on_holidays, *opening.special.values())):
            yield report.problem(
                ("hours", opening.key),
                "these hours never open.",
                allowed='Give a span of the day, for example weekdays = ["07:00-22:00"].',
            )
        if opening.key not in used:
            yield report.problem(
                ("hours", opening.key),
                "no line keeps these hours.",
                allowed="Name them as the hours of a line, or leave them out.",
            )


def _everything_is_led_to(document: Document, report: Reporter) -> Iterator[Problem]:
    led_to = list(destinations_of(document))
    menus = {to.menu for to in led_to}
    boxes = {to.voicemail for to in led_to}
    boxes |= {rule.voicemail for rule in rules_of(document)}
    for table, what, known, used in (
        ("menus", "menu", document.menus, menus),
        ("voicemail", "box", document.voicemail, boxes),
    ):
        for key in known:
            if key not in used:
                yield report.problem(
                    (table, key),
                    f"nothing leads to this {what}.",
                    allowed="Name it where calls are sent, or leave it out.",
                )


def _menus_end(document: Document, report: Reporter) -> Iterator[Problem]:
    """Finds menus in which a caller who presses nothing comes back to where he was."""
    for key, menu in document.menus.items():
        seen = {key}
        there = menu.otherwise
        while there is not None and there.menu is not None:
            if there.menu in seen:
                yield report.problem(
                    ("menus", key, "otherwise"),
                    "leads whoever presses nothing in a circle, until he is put into the queue "
                    "of his line.",
                    allowed="Lead to a queue, a message or a box, or leave it out.",
                )
                break
            seen.add(there.menu)
            there = document.menus[there.menu].otherwise


def _boxes_cannot_record(document: Document, report: Reporter) -> Iterator[Problem]:
    if document.telephony.asterisk is not None:
        return  # who calls by telephone can
    for key in document.voicemail:
        yield report.problem(
            ("voicemail", key),
            "callers by web page cannot leave a message: they hear cannot_record instead.",
            allowed="That recording should say what they can do.",
        )


def _talks_are_not_recorded(document: Document, report: Reporter) -> Iterator[Problem]:
    if document.telephony.asterisk is not None:
        return
    for key, line in document.lines.items():
        if line.consent is not None:
            yield report.problem(
                ("lines", key, "consent"),
                "callers are asked whether their call may be recorded, and only talks by telephone "
                "are: what they answer is on record, and nothing follows.",
                allowed="Leave it out, or add [telephony.asterisk].",
            )
