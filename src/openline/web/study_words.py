"""What days as they are tell, in sentences: how well the twin fits, and what it learnt."""

from openline.configuration import Published
from openline.planning.study_asked import BandLearnt, FigureLived, LearntTold, Lived
from openline.planning.try_asked import Phase
from openline.web.catalogue import Catalogue
from openline.web.planner import Written
from openline.web.shown import span
from openline.web.trying_words import amount


def said_of(told: Lived, published: Published, words: Catalogue, shown: Written) -> list[str]:
    """Returns what is known, what matters most first."""
    if told.learnt is None:
        said = [_of_level(told, words, shown)]
    else:
        said = [_of_fit(told, words), *_of_learnt(told.learnt, published, words, shown)]
    if told.phase is Phase.DONE and told.is_precise is not None:
        key = "study.said.precise" if told.is_precise else "study.said.not_precise"
        said.append(words.text(key, count=told.done))
    return said


def _of_level(told: Lived, words: Catalogue, shown: Written) -> str:
    figures = {each.key: each for each in told.whole}
    level, leave = figures["service_level"], figures["abandoned"]
    if level.lived.value is None or leave.lived.value is None:
        return words.text("try.said.nobody")
    return words.text(
        "study.said.level",
        level=_with_half(level, shown),
        leave=shown.number(leave.lived.value / told.days),
    )


def _with_half(figure: FigureLived, shown: Written) -> str:
    value, half = figure.lived.value, figure.lived.half
    assert value is not None, "there is a figure"
    text = amount(figure.unit, value, shown)
    return text if half is None else f"{text} ± {amount(figure.unit, half, shown)}"


def _of_fit(told: Lived, words: Catalogue) -> str:
    known = [each for each in told.whole if each.fits is not None]
    if not known:
        return words.text("study.said.too_few")
    off = [words.text(f"measure.{each.key}.name") for each in known if not each.fits]
    if not off:
        return words.text("study.said.fits", count=len(known))
    return words.text(
        "study.said.differs", fits=len(known) - len(off), of=len(known), off=", ".join(off)
    )


def _of_learnt(
    learnt: LearntTold, published: Published, words: Catalogue, shown: Written
) -> list[str]:
    said = [
        words.text(
            "study.said.learnt",
            calls=learnt.calls,
            busy=shown.share(learnt.busyness_cv, 1),
            again=shown.share(learnt.redial_share, 1),
        )
    ]
    for line in learnt.lines:
        key = "study.said.line" if line.has_own_patience else "study.said.line_of_all"
        said.append(
            words.text(
                key,
                line=published.name_of("line", line.line, words.language),
                calls=shown.number(line.calls_per_day),
                talk=span(line.talk_s),
                patience=span(line.half_left_after_s),
            )
        )
    if len(learnt.bands) > 1:
        bands = ", ".join(_of_band(each, words, shown) for each in learnt.bands)
        said.append(words.text("study.said.bands", bands=bands))
    if not learnt.patience_was_seen:
        said.append(words.text("study.said.no_patience"))
    if learnt.configurations > 1:
        said.append(words.text("study.said.configurations", count=learnt.configurations))
    if learnt.missed:
        said.append(words.text("study.said.missed", count=learnt.missed))
    return said


def _of_band(band: BandLearnt, words: Catalogue, shown: Written) -> str:
    talk, calls, until = shown.share(band.talk, 1), band.calls, band.until_days
    if until is None:
        return words.text("study.band.last", days=band.from_days, talk=talk, calls=calls)
    if band.from_days == 0:
        return words.text("study.band.first", days=until, talk=talk, calls=calls)
    return words.text("study.band", days=band.from_days, until=until - 1, talk=talk, calls=calls)
