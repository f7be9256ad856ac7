"""What is done beside following asks whether something was merged meanwhile."""

from __future__ import annotations

from kb_server.following.pacing import Wanted


def test_while_something_else_is_done_the_branch_is_looked_at_as_often_as_usual_and_when_somebody_calls() -> None:
    looked: list[str] = []
    calls = ["", "", "called", "called", "called"]

    def is_new() -> bool:
        looked.append("looked")
        return True

    wanted = Wanted(3600.0, lambda: calls.pop(0), is_new, known="")
    assert [wanted() for _ in range(4)] == [False, False, True, True]
    assert len(looked) == 1
    assert Wanted(0.0, str, is_new, known="")()
