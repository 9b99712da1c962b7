from math import inf, isclose

import pytest

from openline.measures.student import t_quantile


@pytest.mark.parametrize(
    ("freedom", "confidence", "quantile"),
    [
        # Printed tables (Abramowitz and Stegun, table 26.10).
        (1, 0.95, 12.706),
        (2, 0.95, 4.303),
        (5, 0.99, 4.032),
        (10, 0.90, 1.812),
        (30, 0.95, 2.042),
        (120, 0.95, 1.980),
        (1_000_000, 0.95, 1.960),
    ],
)
def test_quantiles_are_those_of_the_printed_table(
    freedom: int, confidence: float, quantile: float
) -> None:
    assert isclose(t_quantile(freedom, confidence), quantile, abs_tol=5e-4)


def test_two_degrees_of_freedom_have_a_closed_form() -> None:
    # P(|T| > t) = 1 - t / √(2 + t²)
    t = t_quantile(2, 0.95)
    assert isclose(t / (2 + t * t) ** 0.5, 0.95, rel_tol=1e-12)


def test_one_run_says_nothing() -> None:
    assert t_quantile(0) == inf
