from openline.model import MILLISECOND, MINUTE, SECOND


def test_time_is_counted_in_microseconds() -> None:
    assert (MILLISECOND, SECOND, MINUTE) == (1_000, 1_000_000, 60_000_000)
