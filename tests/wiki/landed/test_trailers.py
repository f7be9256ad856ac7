"""What a message of a commit says of suggestions, and what only looks as if it did."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from kb_server.wiki import git
from kb_server.wiki.landed.trailers import Said, said, title


@pytest.mark.parametrize(
    "message",
    [
        "Say when\n\nCloses: S-12",
        "Say when\n\ncloses: s-12.",
        "Say when (closes S-12)",
        "Say when, closes: S-12 (#5)",
        "Say when (#5)\n\n* Say when\n\n  Closes: S-12\n\n* Mend a comma",
        "Merge pull request #5 from sam/work\n\nSay when (Closes: S-12)",
        "Merge branch 'work' into 'main'\n\nSay when, closes S-12\n\nSee merge request wiki/wiki!5",
        "Say when\r\n\r\nCloses: S-12\r\n",
        "Say when\n\n+ closes : S-12",
        "Merge pull request 'Say when, closes S-12' (#6) from sam/work into main\n\nReviewed-on: https://git.example.com/6",
    ],
)
def test_a_message_closes_a_suggestion(message: str) -> None:
    assert said(message) == Said(closes=(12,))


@pytest.mark.parametrize(
    "message",
    [
        "",
        "Say when",
        "Say what “Closes: S-12” does",
        "Say when\n\nWrite Closes: S-12 to close it.",
        "Say when\n\n> Closes: S-12",
        "Say when\n\nThis closes S-12 in a way",
        "Say when\n\nCloses: S-12 and the door",
        "Say when\n\nCloses: #12",
        "Encloses: S-12",
        "Closes: S-1234567890",
        "Say when\n\nclo\u017fes: S-12",
        "Merge pull request 'Revert \"Say when, closes S-12\"' (#7) from sam/back into main",
        "revert: say when, closes S-12",
    ],
)
def test_a_message_that_only_speaks_of_it_closes_nothing(message: str) -> None:
    assert not said(message).closes


SHOWN = "Say how it is written\n\n{0}\nCloses: S-12\n\nThis reverts commit 5d1c2e0aa7.\n{1}\n"


@pytest.mark.parametrize(("opens", "closes"), [("```", "```"), ("~~~~ text", "~~~~~"), ("    ```", "    ```")])
def test_what_a_message_shows_in_a_block_of_code_is_not_said(opens: str, closes: str) -> None:
    """Neither `git interpret-trailers` nor GitHub takes it for said; what stands below the block is."""
    message = SHOWN.format(opens, closes)
    assert not said(message)
    assert not git.ask(Path.cwd(), "interpret-trailers", "--parse", given=message)
    assert said(f"{message}\nRefs: S-3").refs == (3,)
    assert said(f"{message}\n{message}\n```\nCloses: S-4").closes == (4,), "a fence that is never closed is none"


def test_several_are_named_in_one_line_or_in_many() -> None:
    assert said("Say when\n\nCloses: S-1, S-2 and S-3\nRefs: S-2, S-4").closes == (1, 2, 3)
    assert said("Say when\n\nCloses: S-1,\n S-2 S-3;S-4 & S-5\n\nS-6").closes == (1, 2, 3, 4, 5)
    assert said("Say when\n\nCloses: S-1\nRefs: S-1, S-4") == Said(closes=(1,), refs=(4,))


def test_a_message_says_what_it_takes_back() -> None:
    whole = "5d1c2e0aa7f0b1c2d3e4f5a6b7c8d9e0f1a2b3c4"
    assert said(f'Revert "Say when"\n\nThis reverts commit {whole}.') == Said(reverts=(whole,))
    assert said(f"Revert it\n\nThis reverts commit {whole}, reversing\nchanges made to 5d1c2e1.").reverts == (whole,)
    assert said('Revert "Say when (#5)" (#6)').undoes == "Say when"


def test_the_number_of_a_forge_is_no_part_of_a_title() -> None:
    assert title("Say when (#5)\n\nMore") == title("Say when (!5)") == title("Say when") == "Say when"
    assert title("Say when (#5)\r\n\r\nMore") == "Say when"


def test_a_message_of_any_length_is_read_in_no_time() -> None:
    assert said("Closes: " + "S-1, " * 200_000).closes == (1,)
    assert len(said("Closes: " + ", ".join(f"S-{n}" for n in range(1, 10_000))).closes) <= 1_000
    assert len(said("".join(f"This reverts commit {n:07}.\n" for n in range(3_000))).reverts) <= 100
    assert len(title("x" * 1_000_000)) <= 500


def test_a_message_is_read_in_no_time_however_it_is_filled() -> None:
    began = time.process_time()
    assert not said("x\n\nCloses: S-1" + " " * 90_000 + "x")
    assert not said("x\n\n```" + " " * 90_000 + "x`")
    assert not said("x\n\n" + "~" * 90_000 + "`")
    assert time.process_time() - began < 1
