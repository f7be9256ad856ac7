"""What a passage has become in a stretch that was rewritten: the words between its neighbours, and how sure that is."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest

from kb_server.pages.passages.succession import Successor, successor

BEFORE = "a b c P Q R d e f"


def became(before: str, passage: str, after: str, weights: dict[str, float] | None = None) -> Successor | None:
    """The passage's successor; a slash in `after` begins a new line."""
    old, own = before.split(), passage.split()
    start = next(at for at in range(len(old)) if old[at : at + len(own)] == own)
    rows = [line.split() for line in after.split("/")]
    words, lines = [word for row in rows for word in row], [at for at, row in enumerate(rows) for _ in row]
    return successor(old, (start, start + len(own)), (words, lines), lambda word: (weights or {}).get(word, 1.0))


def text(found: Successor | None, after: str) -> str | None:
    return " ".join(after.replace("/", " ").split()[found.first : found.end]) if found else None


@pytest.mark.parametrize(
    ("after", "now"),
    [
        ("a b c P Q R d e f", "P Q R"),
        ("x a b c P Q R d e f", "P Q R"),
        ("a b c P x R d e f", "P x R"),
        ("a b c P Q d e f", "P Q"),
        ("a b c x P Q R d e f", "x P Q R"),  # what was put in between it and its neighbours is its own
        ("a b c P Q R x d e f", "P Q R x"),
        ("a b c / x P Q R d e f", "x P Q R"),
        ("a b c x / P Q R d e f", "P Q R"),  # but not what stands on another line
        ("a b c P Q R / x d e f", "P Q R"),
        ("a b c v w x y z P Q R d e f", "P Q R"),  # nor very much
        ("a b c P Q R v w x y z d e f", "P Q R"),
        ("x y P Q R z", "P Q R"),
        ("a b c X d e f", "X"),  # every word is another, and nothing around it is
        ("a b c V W X Y d e f", "V W X Y"),
        ("a b c U V W X Y d e f", None),  # it may be anything by now
        ("a b c d e f", None),
        ("x b c X d e f", None),  # three words in a row hold it, no fewer
        ("a b c X d e x", None),
        ("z y x", None),
    ],
)
def test_the_words_that_stand_between_its_neighbours(after: str, now: str | None) -> None:
    assert text(became(BEFORE, "P Q R", after), after) == now


def test_a_long_passage_of_which_no_word_is_left_is_followed_nowhere() -> None:
    long = "a b c P Q R S T d e f"
    assert became(long, "P Q R S T", "a b c X d e f") is None
    assert became("a b c P Q R S d e f", "P Q R S", "a b c X d e f") is not None


def test_at_the_ends_of_a_stretch_the_ends_are_its_neighbours() -> None:
    found = became("P Q R d e f", "P Q R", "x P Q R d e f")
    assert found == Successor(0, 4, 1.0, 0.75, 1, (("P", "Q"), ("Q", "R")))
    assert text(became("a b c P Q R", "P Q R", "a b c P Q R x"), "a b c P Q R x") == "P Q R x"


def test_what_was_torn_apart_is_its_heavier_part() -> None:
    far = " ".join("x" * 1 + str(number) for number in range(13))
    after = f"P {far} Q R"
    assert text(became("P Q R", "P Q R", after), after) == f"{' '.join(after.split()[-2:])}"
    assert text(became("P Q R", "P Q R", after, {"P": 9.0}), after) == "P"
    near = " ".join(after.split()[:9])
    assert text(became("P Q R", "P Q R", f"{near} Q R"), f"{near} Q R") == f"{near} Q R"


@pytest.mark.parametrize(
    ("after", "kept", "new", "held"),
    [
        ("a b c P Q R d e f", 1, 1, 2),
        ("a b c P Q x d e f", 2 / 3, 2 / 3, 2),
        ("a b c P Q d e f", 2 / 3, 1, 2),
        ("a b c P Q R", 1, 1, 1),
        ("P Q R d e f", 1, 1, 1),
        ("P Q R", 1, 1, 0),
        ("x b c P Q R d e f", 1, 1, 1),
        ("a b c v w x y z P Q R d e f", 1, 1, 1),
        ("a b c X d e f", 0, 0, 2),
    ],
)
def test_how_much_speaks_for_it(after: str, kept: float, new: float, held: int) -> None:
    found = became(BEFORE, "P Q R", after)
    assert found
    assert (found.kept, found.new, found.held) == (pytest.approx(kept), pytest.approx(new), held)


def test_words_weigh_what_they_say() -> None:
    found = became(BEFORE, "P Q R", "a b c P x R d e f", {"P": 4.0, "Q": 3.0, "R": 1.0, "x": 5.0})
    assert found
    assert (found.kept, found.new) == (5 / 8, 5 / 10)


def test_rows_are_words_that_stand_side_by_side_in_both() -> None:
    found = became("a b c P Q R S d e f", "P Q R S", "a b c P Q x R S d e f")
    assert found
    assert list(found.rows) == [pair for pair in pairwise("PQRS") if pair != ("Q", "R")]


def test_a_text_that_says_one_word_again_and_again_takes_no_time() -> None:
    started = time.thread_time()
    assert successor(["ha"] * 500, (200, 300), (["ha"] * 100_000 + ["ho"], [0] * 100_001), lambda _: 1.0) is None
    assert time.thread_time() - started < 5


def test_of_a_stretch_as_long_as_a_book_only_the_likeliest_part_is_looked_at() -> None:
    book = [f"w{number % 9_000}" for number in range(60_000)]
    old = ["before", "it", "goes", "P", "Q", "R", "S", "T", "and", "after", "that"]
    now = [*book[:30_000], *["X" if word == "R" else word for word in old], *book, "P", "Q"]
    started = time.process_time()
    found = successor(old, (3, 8), (now, [0] * len(now)), lambda _: 1.0)
    assert time.process_time() - started < 1
    assert found
    assert (found.first, found.end, found.held) == (30_003, 30_008, 2)


@pytest.mark.parametrize(
    ("old", "new", "at", "words"),
    [
        (["P", "Q", "R"], ["P", "Q", "X"], 60_000, ["P", "Q", "X"]),
        (["P", "Q", "R"], ["P", "Q", "X"], 30_000, ["P", "Q"]),
        (["R", "P", "Q"], ["X", "P", "Q"], 0, ["X", "P", "Q"]),
        (["R", "P", "Q"], ["X", "P", "Q"], 30_000, ["P", "Q"]),
    ],
)
def test_only_the_ends_of_a_book_are_the_neighbours_of_what_stands_there(
    old: list[str], new: list[str], at: int, words: list[str]
) -> None:
    book = [f"w{number}" for number in range(60_000)]
    now = [*book[:at], *new, *book[at:]]
    found = successor(old, (0, 3), (now, [0] * len(now)), lambda _: 1.0)
    assert found
    assert now[found.first : found.end] == words
