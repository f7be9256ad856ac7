"""How the tests are run. What they may ask for is in `asked`: whoever only hands them out needs none of it."""

from __future__ import annotations

import gc
import os
from collections.abc import Generator

import in_memory
import inner_loop
import pytest
from turns import turn


def pytest_configure(config: pytest.Config) -> None:
    """Write into memory, and load what the tests ask for."""
    in_memory.write_there()
    hands_out = config.getoption("numprocesses", None) and not hasattr(config, "workerinput")
    if not hands_out:
        config.pluginmanager.import_plugin("asked")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """One more than there are processors: of the whole suite much is waiting, of the inner loop nothing."""
    return None if "not slow" in config.option.markexpr else (os.cpu_count() or 1) + 1


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is loaded now stays to the end: nobody has to look through it again and again for what could go."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_pycollect_makeitem(collector: pytest.Collector, obj: object) -> list[pytest.Item] | None:
    return [] if inner_loop.is_never_tried(collector, obj) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    inner_loop.leave_out(items)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    return (yield from inner_loop.watched(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let nothing run beside a test that measures, neither another nor what another sets up."""
    with turn(alone=item.get_closest_marker("alone") is not None):
        return (yield)
