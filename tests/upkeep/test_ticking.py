"""The server looks at the clock by itself, and goes on whatever happens."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from kb_server.upkeep.ticking import ticking

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Ticks:
    """Counts how often somebody looked, and can be waited for; of `trouble` each look raises the next."""

    def __init__(self, *trouble: Exception) -> None:
        self.looks, self._trouble, self._looked = 0, list(trouble), threading.Condition()

    def __call__(self, now: datetime) -> None:
        assert now == NOON
        with self._looked:
            self.looks += 1
            self._looked.notify_all()
            if self._trouble:
                raise self._trouble.pop(0)

    def wait_for(self, looks: int) -> None:
        with self._looked:
            assert self._looked.wait_for(lambda: self.looks >= looks, 20)


def let_run(ticks: Ticks, looks: int) -> None:
    with ticking(ticks, every=0, clock=lambda: NOON):
        ticks.wait_for(looks)


def test_it_looks_again_and_again_and_ends_with_the_server() -> None:
    ticks = Ticks()
    let_run(ticks, 3)
    assert not [thread for thread in threading.enumerate() if thread.name == "kb-clock"]


def test_it_goes_on_after_a_failure_and_says_the_same_once(caplog: pytest.LogCaptureFixture) -> None:
    ticks = Ticks(RuntimeError("away"), RuntimeError("away"), RuntimeError("elsewhere"))
    with caplog.at_level(logging.ERROR):
        let_run(ticks, 5)
    assert [record.getMessage() for record in caplog.records] == [
        "Looking at the clock failed. It will be tried again."
    ] * 2


def test_it_looks_at_once_and_then_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    wait: Callable[..., bool] = threading.Event.wait

    def noted(event: threading.Event, timeout: float | None = None) -> bool:
        if threading.current_thread().name == "kb-clock":
            waited.append(timeout or 0)
        return wait(event, timeout)

    monkeypatch.setattr(threading.Event, "wait", noted)
    ticks = Ticks()
    with ticking(ticks, clock=lambda: NOON):
        ticks.wait_for(1)
    assert waited[0] == 0
    assert set(waited[1:]) <= {60.0}
