"""What commits mean for suggestions, each change counted once however often and in whatever shape it comes in.

- A change that closes a suggestion closes it once: a copy of it says nothing new, until it has been taken back.
- Taking back any change that closed a suggestion reopens it, and taking that back closes it again.
- A change that only refers to one asks whether that finishes it, once.

What comes last holds. The rules know nothing of what people do meanwhile: whoever applies them looks at how the
suggestion stands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from kb_server.suggestions.closing.models import CLOSES, REFERS, REVERTS, Landing
from kb_server.wiki.landed.commits import PATCH, Commit


@dataclass(slots=True)
class Outcome:
    """What comes of some commits for one suggestion: the commit that closes it, or reopens it, or asks about it."""

    closes: Commit | None = None
    reopens: Commit | None = None
    asks: Commit | None = None


class Fold:
    """Takes in one commit after the other, beside all that came in before.

    ``is_rewritten``: the history is another one than before, so what comes in may be a copy even of what was taken back
    since.
    """

    def __init__(self, past: Iterable[Landing], *, is_rewritten: bool = False) -> None:
        self._before = {_key(one): one for one in past}
        self._of: dict[int, list[Landing]] = defaultdict(list)
        self._is_rewritten = is_rewritten
        self.outcomes: dict[int, Outcome] = defaultdict(Outcome)
        for one in self._before.values():
            self._of[one.suggestion].append(one)
        self._by_id: dict[str, set[int]] = defaultdict(set)
        for one in self._before.values():
            self._index(one)

    @property
    def new(self) -> list[Landing]:
        """What the commits add."""
        return [one for one in self._all() if _key(one) not in self._before]

    @property
    def changed(self) -> list[Landing]:
        """What came in before and is taken back by now, holds again, or has copies."""
        return [one for one in self._all() if self._before.get(_key(one), one) != one]

    @property
    def all(self) -> list[Landing]:
        """All that came in, before and now."""
        return list(self._all())

    def add(self, commit: Commit) -> None:
        """Let a commit come in."""
        meant = sorted({number for name in commit.takes_back for number in self._by_id.get(name, ())})
        taken_back = {number for number in meant if self._take_back(number, commit)}
        for number in commit.said.closes:
            if number not in taken_back and not self._is_known(number, commit, CLOSES):
                self._note(number, CLOSES, commit)
                self._come(number, Outcome(closes=self._change(number, commit)))
        for number in commit.said.refs:
            if number not in taken_back and not self._is_known(number, commit, CLOSES, REFERS):
                self._note(number, REFERS, commit)
                self.outcomes[number].asks = commit

    def _take_back(self, number: int, commit: Commit) -> bool:
        """Undo what this commit takes back of a suggestion; gives whether it does."""
        meant = {_key(one) for one in self._of[number] if not commit.takes_back.isdisjoint(one.ids)}
        kinds = {one.kind for one in self._of[number] if _key(one) in meant and not one.undone} - {REFERS}
        if not kinds or self._is_known(number, commit, REVERTS):
            return bool(kinds)
        reverts = {one.commit for one in self._of[number] if _key(one) in meant and one.kind == REVERTS}
        again = [one for one in self._of[number] if one.undone in reverts and _key(one) not in meant]
        for one in again:
            self._put(replace(one, undone=""))
        for one in [one for one in self._of[number] if _key(one) in meant]:
            self._put(replace(one, undone=commit.id))
        self._note(number, REVERTS, commit)
        is_closed = any(one.kind == CLOSES for one in again)
        self._come(number, Outcome(closes=commit) if is_closed else Outcome(reopens=commit))
        return True

    def _change(self, number: int, commit: Commit) -> Commit:
        """Whose change it is: a merge that says again what it brings in is only whose merge it is."""
        is_merge = len(commit.parents) > 1
        brought = self.outcomes[number].closes if is_merge and number in self.outcomes else None
        return brought or commit

    def _come(self, number: int, outcome: Outcome) -> None:
        """Note what comes of it in place of what came before: they stand in the order in which they came."""
        self.outcomes.pop(number, None)
        self.outcomes[number] = outcome

    def _is_known(self, number: int, commit: Commit, *kinds: str) -> bool:
        """Whether this came in before, or a copy of it that still holds."""
        ids = set(commit.ids)
        if kinds == (REVERTS,):  # what takes the same back for the second time changes the same and is no copy
            ids -= {one for one in ids if one.startswith(PATCH)}
        known = [one for one in self._of[number] if one.kind in kinds and not ids.isdisjoint(one.ids)]
        same = [one for one in known if not one.undone or commit.id in one.ids or self._is_rewritten]
        for one in same:  # by what this copy is known, another one will be, and what takes it back takes back that one
            self._put(replace(one, ids=tuple(dict.fromkeys((*one.ids, *commit.ids)))))
        return bool(same)

    def _note(self, number: int, kind: str, commit: Commit) -> None:
        one = Landing(number, kind, commit.ids, commit.title)
        self._of[number].append(one)
        self._index(one)

    def _put(self, now: Landing) -> None:
        of = self._of[now.suggestion]
        of[next(at for at, one in enumerate(of) if _key(one) == _key(now))] = now
        self._index(now)

    def _index(self, one: Landing) -> None:
        for name in one.ids:
            self._by_id[name].add(one.suggestion)

    def _all(self) -> Iterator[Landing]:
        return (one for landings in self._of.values() for one in landings)


def _key(one: Landing) -> tuple[int, str, str]:
    return one.suggestion, one.kind, one.commit
