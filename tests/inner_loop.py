"""What the inner loop tries, which people run again and again: whatever is quick, and a thin path through the rest.

A store, a build of MkDocs, a history in git or a server makes a test ten times as dear as one of a plain function. So
the loop tries, of a few files of each folder, the first test that asks for one of them, which shows that the parts fit.
Who works on a folder runs all of its tests, and the whole suite tries everything. The loop leaves out a browser,
PostgreSQL, what tries hundreds of texts made up by chance, and what takes more than a second: see `slow`. That nothing
else does is looked at whenever the loop runs.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Generator, Iterable
from pathlib import Path

import pytest

DEAR = {"database", "built", "past", "branch", "hub", "server"}
"""Fixtures that make a test dear."""
FILES = 3
"""Of so many files of a folder such a test is tried."""
MOST = 1.0
"""Seconds of a processor's time, of this process and of those it waits for: a busy machine takes nothing away."""


def is_never_tried(collector: pytest.Collector, obj: object) -> bool:
    """Whether a function of a module is a test that the loop leaves out, whatever it asks for: none is made of it."""
    if not (inspect.isfunction(obj) and _is_loop(collector.config)):
        return False
    marks = [*collector.iter_markers(), *getattr(obj, "pytestmark", ())]
    return _is_by_chance(obj) or any(mark.name == "slow" for mark in marks)


def leave_out(items: Iterable[pytest.Item]) -> None:
    """Mark as slow what the inner loop does not try."""
    tried: set[Path] = set()
    for item in items:
        asked = set(getattr(item, "fixturenames", ()))
        if "stores" in asked or _is_by_chance(getattr(item, "obj", None)):
            item.add_marker(pytest.mark.slow)
        elif DEAR & asked and not _is_left_out(item):
            beside = sum(one.parent == item.path.parent for one in tried)
            if item.path in tried or beside >= FILES:
                item.add_marker(pytest.mark.slow)
            else:
                tried.add(item.path)


def watched(item: pytest.Item) -> Generator[None, object, object]:
    """Run a test, and refuse one of the inner loop that takes too long."""
    before = _spent()
    done = yield
    spent = _spent() - before
    # In the whole suite a neighbour may slow a processor down: there it is the loop's business alone.
    if spent > MOST and _is_loop(item.config) and not _is_left_out(item):
        pytest.fail(f"This takes {spent:.1f} seconds of a processor's time: mark it slow, or make it quick.")
    return done


def _is_by_chance(test: object) -> bool:
    return hasattr(test, "hypothesis")


def _is_left_out(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(name) for name in ("slow", "journey"))


def _is_loop(config: pytest.Config) -> bool:
    return "not slow" in config.getoption("markexpr", "")


def _spent() -> float:
    return sum(os.times()[:4])
