from scripts.draw_states import PAGE, page


def test_the_charts_in_the_docs_are_those_that_the_engine_obeys() -> None:
    drawn = PAGE.read_text(encoding="utf-8")
    assert drawn == page(), "run scripts/draw_states.py"
