"""What may take some time may take no more, however slow the machine is; and a slow one is no fault."""

from __future__ import annotations

import time

import allowing
import pytest


def work(times: int) -> None:
    for _ in range(times):
        allowing._work()


@pytest.mark.slow
def test_what_takes_too_long_is_refused() -> None:
    with pytest.raises(AssertionError, match="are allowed"), allowing.within(0.01, time.process_time):
        work(8)


def test_a_machine_that_is_slow_by_itself_is_given_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowing, "USUAL", allowing.USUAL / 100)
    with allowing.within(0.01, time.process_time):
        work(2)


def test_what_was_kept_waiting_is_given_the_time_back(monkeypatch: pytest.MonkeyPatch) -> None:
    waited = iter([100.0, 103.5])
    monkeypatch.setattr(allowing, "_waited", lambda: next(waited))
    assert allowing.Span().allows(1) >= 4.5


def test_a_busy_machine_that_does_not_say_how_long_is_given_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allowing, "_waited", lambda: None)
    monkeypatch.setattr("os.getloadavg", lambda: (1_000.0, 0, 0))
    assert allowing.Span().allows(1) > 2
