"""What the commits of a change would do to suggestions: folded as publishing folds them, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import sqlalchemy as sa

from kb_server.db import meta
from kb_server.errors import Invalid
from kb_server.impact.models import Closing
from kb_server.suggestions import reading, states
from kb_server.suggestions.closing import storage
from kb_server.suggestions.closing.folding import Fold, Outcome
from kb_server.suggestions.closing.models import Landing
from kb_server.suggestions.closing.publishing import LANDED
from kb_server.suggestions.models import OPEN
from kb_server.wiki.git import GitError
from kb_server.wiki.landed import commits
from kb_server.wiki.landed.commits import Commit


def named(folder: Path, base: str, head: str, title: str = "") -> list[Closing]:
    """What the commits say by themselves, where no store can be asked; the latest before them are known to git.

    The `title` of the pull request is what its merge or its squash says besides.
    """
    past, _ = _between(folder, "", base)
    fold = _folded(_folded((), past).all, _coming(folder, base, head, title))
    return [one for number, outcome in sorted(fold.outcomes.items()) for one in _said(number, outcome)]


def foreseen(connection: sa.Connection, folder: Path, base: str, head: str, title: str = "") -> list[Closing]:
    """What comes about in the store once `head` is published, beside what was published and what `base` has."""
    known, last = storage.all_landings(connection), meta.value(connection, LANDED) or base
    if commits.is_part(folder, head, last):
        return []
    is_rewritten = False
    if not commits.is_part(folder, base, last):
        past, is_known = _between(folder, last, base)
        is_rewritten = not is_known
        known = _folded(known, past, is_rewritten=is_rewritten).all
    fold = _folded(known, _coming(folder, base, head, title), is_rewritten=is_rewritten)
    return [
        one for number, outcome in sorted(fold.outcomes.items()) for one in _come_about(connection, number, outcome)
    ]


def _coming(folder: Path, base: str, head: str, title: str) -> list[Commit]:
    found = _between(folder, base, head)[0]
    return [*found, commits.titled(folder, title, head)] if title else found


def _between(folder: Path, last: str, head: str) -> tuple[list[Commit], bool]:
    try:
        return commits.between(folder, last, head)
    except GitError as error:
        raise Invalid(f"What the commits say of suggestions cannot be read. {error}") from error


def _folded(past: Iterable[Landing], found: Iterable[Commit], *, is_rewritten: bool = False) -> Fold:
    fold = Fold(past, is_rewritten=is_rewritten)
    for commit in found:
        fold.add(commit)
    return fold


def _said(number: int, outcome: Outcome) -> Iterator[Closing]:
    if outcome.closes:
        yield Closing(number, "closes", outcome.closes.id)
    elif outcome.reopens:
        yield Closing(number, "reopens", outcome.reopens.id)
    elif outcome.asks:
        yield Closing(number, "asks", outcome.asks.id)


def _come_about(connection: sa.Connection, number: int, outcome: Outcome) -> Iterator[Closing]:
    """What of it changes something, by how the suggestion stands now."""
    one = reading.root(connection, number)
    for said in _said(number, outcome):
        if one is None or one.hidden:
            yield Closing(number, "unknown", said.commit)
        elif one.state in _from(said.what):
            yield Closing(number, said.what, said.commit, one.title)


def _from(what: str) -> Iterable[str]:
    """The states from which this may come about."""
    if what == "asks":
        return OPEN
    return next(states.rows(states.DELIVER if what == "closes" else states.UNDO)).of
