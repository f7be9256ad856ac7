"""How far a suggestion has come, as whoever asked is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb_server.home.steps import steps
from kb_server.suggestions.models import STATES, Suggestion

ONE = Suggestion(
    1, "A shorter form", "", "", "1", "p", "sales", "marketing", "2026-10-02T09:00:00Z", since="2026-10-05T09:00:00Z"
)


def said(**fields: str) -> list[str]:
    return [step.words for step in steps(replace(ONE, **fields))]  # type: ignore[arg-type]


def test_what_waits_shows_what_is_to_come() -> None:
    assert said(state="waiting") == ["Asked, 2 October", "Waiting for an answer", "Planned", "Done"]
    assert said(state="more")[1] == "They need to know more"


def test_what_is_planned_says_when_it_was_answered_and_by_when_it_is_done() -> None:
    found = said(state="planned", answered_at="2026-10-05T09:00:00Z", by_when="2026-10-30")
    assert found == ["Asked, 2 October", "Answered, 5 October", "Planned by 30 October", "Done"]


def test_what_is_done_says_since_when() -> None:
    assert said(state="done")[-1] == "Done, 5 October"


@pytest.mark.parametrize(("state", "end"), [("notnow", "Not now"), ("asked", "Already asked"), ("back", "Taken back")])
def test_what_ended_otherwise_has_no_steps_to_come(state: str, end: str) -> None:
    assert said(state=state) == ["Asked, 2 October", f"{end}, 5 October"]


@pytest.mark.parametrize("state", STATES)
def test_in_every_state_one_step_is_the_present_one(state: str) -> None:
    found = steps(replace(ONE, state=state, by_when="2026-10-30"))
    assert sum(step.is_now for step in found) == 1
