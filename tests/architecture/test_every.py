"""One test that tries many cases tries all, and names each that fails."""

from __future__ import annotations

import inspect

import pytest
from every import every


def test_all_are_tried_and_each_that_fails_is_named() -> None:
    tried = []

    @every("number, limit", [(1, 2), (3, 2), (0, 0), (9, 2)])
    def is_less(fixture: str, number: int, limit: int) -> None:
        tried.append((fixture, number))
        assert number <= limit, "too much"

    assert list(inspect.signature(is_less).parameters) == ["fixture"]
    with pytest.raises(ExceptionGroup, match="2 of 4 cases failed") as failed:
        is_less(fixture="it")
    assert tried == [("it", number) for number in (1, 3, 0, 9)]
    assert [one.__notes__ for one in failed.value.exceptions] == [
        [f"with {{'number': {number}, 'limit': 2}}"] for number in (3, 9)
    ]


def test_where_there_is_no_case_nothing_would_be_tried() -> None:
    with pytest.raises(AssertionError):
        every("name", [])
