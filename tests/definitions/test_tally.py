"""On which cases the teams agree and which to talk about: the rules, without a store."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kb_server.definitions.apart.tally import Sorting, Tally, Verdict, digest_of, tally
from kb_server.pages.manifest import Case

A, B, C, D = (Case(name, f"Lead {name}", f"About {name}") for name in "abcd")
TEAMS = ("sales", "marketing")


def said(team: str, verdicts: str, reasons: str = "", start: int = 0) -> list[Sorting]:
    """What a team says of A, B, C …: y, n, or nothing where there is a blank; a reason where there is an x."""
    words: dict[str, Verdict] = {"y": "yes", "n": "no"}
    return [
        Sorting(start + at, "mql", case.id, digest_of(case), team, "p_1", "", words[sign], "x" if why == "x" else "")
        for at, (case, sign, why) in enumerate(zip((A, B, C, D), verdicts, reasons.ljust(4), strict=False), 1)
        if sign in words
    ]


def names(found: Tally) -> tuple[str, str]:
    return ("".join(one.case.id for one in found.apart), "".join(one.case.id for one in found.alike))


def test_teams_agree_on_some_and_talk_about_the_others() -> None:
    found = tally((A, B, C, D), [*said("sales", "ynyn"), *said("marketing", "yyyn", start=4)], TEAMS)
    assert names(found) == ("b", "acd")
    assert (found.complete, found.count) == (4, 4)


def test_the_most_telling_come_first_and_are_those_with_reasons_on_both_sides() -> None:
    sales, marketing = said("sales", "yyyy", " xxx"), said("marketing", "nnnn", "  x ", start=4)
    assert names(tally((A, B, C, D), [*sales, *marketing], TEAMS))[0] == "cbda"


def test_nothing_is_told_of_a_case_before_every_team_has_sorted_it() -> None:
    found = tally((A, B), [*said("sales", "yn")], TEAMS)
    assert names(found) == ("", "")
    assert found.left == {"sales": 0, "marketing": 2}
    found = tally((A, B), [*said("sales", "yn"), *said("marketing", " y", start=4)], TEAMS)
    assert names(found) == ("b", "")
    assert found.left == {"sales": 0, "marketing": 1}


def test_three_teams_agree_only_if_all_say_the_same() -> None:
    three = [*said("sales", "yy"), *said("marketing", "yy", start=4), *said("success", "ny", start=8)]
    assert names(tally((A, B), three, (*TEAMS, "success"))) == ("a", "b")


def test_the_latest_answer_of_a_team_counts() -> None:
    both = [*said("sales", "y"), *said("marketing", "n", start=4)]
    assert names(tally((A,), [*both, *said("marketing", "y", start=8)], TEAMS)) == ("", "a")


def test_what_was_said_of_another_text_counts_no_more() -> None:
    both = [*said("sales", "y"), *said("marketing", "n", start=4)]
    found = tally((replace(A, text="Now with a budget"),), both, TEAMS)
    assert found.complete == 0
    assert found.left == {"sales": 1, "marketing": 1}


def test_what_a_team_says_that_is_not_asked_counts_nothing() -> None:
    assert tally((A,), [*said("sales", "y"), *said("success", "n", start=4)], ("sales",)).complete == 1
    assert tally((A,), said("sales", "y"), ()).complete == 0


@pytest.mark.parametrize(
    ("later", "blind"), [("sales", False), ("marketing", False), ("", True)], ids=["one", "the other", "neither"]
)
def test_it_is_known_whether_somebody_changed_their_mind_after_seeing(later: str, blind: bool) -> None:  # noqa: FBT001
    both = [*said("sales", "n"), *said("sales", "y", start=2), *said("marketing", "n", start=4)]
    found = tally((A,), [*both, *(said(later, "n", start=8) if later else [])], TEAMS)
    assert found.is_blind is blind
