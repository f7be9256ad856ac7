"""A passage is found in a section by its words and what stands around them."""

from __future__ import annotations

import time

import pytest

from kb_server.pages import quotes


def test_of_several_places_it_is_the_one_with_the_surroundings_given() -> None:
    text = "one lamp here, two lamp there, three lamp where"
    found = [quotes.found(text, "lamp", prefix=f"{number} ") for number in ("one", "two", "three")]
    assert [quote and quote.position for quote in found] == [4, 19, 37]


@pytest.mark.slow
def test_a_letter_that_stands_in_a_hundred_thousand_places_takes_no_time() -> None:
    started = time.thread_time()
    assert quotes.found("x" * 300_000, "x" * 10, prefix="y", before=70) == quotes.cut("x" * 300_000, 70, 80)
    assert time.thread_time() - started < 10
