"""Whether figures are undefined where they must be, and stay shares."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openline.measures import (
    AgentTime,
    ServiceLevelVariant,
    Tally,
    abandon_rate,
    agent_no_answer,
    answer_rate,
    asa,
    average_time_to_abandon,
    handle_time,
    occupancy,
    service_level,
)

OF_A_TALLY: tuple[Callable[[Tally], float | None], ...] = (
    service_level,
    abandon_rate,
    answer_rate,
    asa,
    average_time_to_abandon,
    handle_time,
    agent_no_answer,
)


@pytest.mark.parametrize("figure", OF_A_TALLY)
def test_without_calls_every_figure_is_undefined(figure: Callable[[Tally], float | None]) -> None:
    assert figure(Tally()) is None


@pytest.mark.parametrize("variant", ServiceLevelVariant)
def test_without_calls_every_variant_is_undefined(variant: ServiceLevelVariant) -> None:
    assert service_level(Tally(), variant) is None


def test_with_short_abandons_only_the_variant_without_them_is_undefined() -> None:
    tally = Tally(offered=2, abandoned=2, short_abandoned=2)
    assert service_level(tally) == 0
    assert service_level(tally, ServiceLevelVariant.WITHOUT_SHORT_ABANDONS) is None
    assert abandon_rate(tally) == 1
    assert abandon_rate(tally, without_short=True) is None


def test_with_nobody_on_the_queue_occupancy_is_undefined() -> None:
    assert occupancy(AgentTime()) is None


def test_an_offer_whose_caller_left_is_held_against_nobody() -> None:
    assert agent_no_answer(Tally(offers=3, offers_caller_left=3)) is None


counts = st.integers(0, 1000)


@given(counts, counts, counts, counts, counts, counts)
def test_a_service_level_is_a_share_in_every_variant(
    good: int, late: int, short: int, longer: int, flowed_out: int, waiting: int
) -> None:
    answered, abandoned = good + late, short + longer
    tally = Tally(
        offered=answered + abandoned + flowed_out + waiting,
        answered=answered,
        answered_in_target=good,
        abandoned=abandoned,
        abandoned_in_target=short,
        short_abandoned=short,
        flowed_out=flowed_out,
    )
    shares = [service_level(tally, variant) for variant in ServiceLevelVariant]
    shares += [abandon_rate(tally), abandon_rate(tally, without_short=True), answer_rate(tally)]
    assert all(share is None or 0 <= share <= 1 for share in shares)
