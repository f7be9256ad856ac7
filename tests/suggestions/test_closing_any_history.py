"""Random histories, with every way a change can come in: what is closed is what whoever made them up says is closed."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from stores import on_alone
from suggesting import House
from suggestions.test_closing import Wiki

pytestmark = [pytest.mark.slow, on_alone("sqlite")]
SUGGESTIONS, STEPS = 4, 22
STATES = {True: "done", False: "waiting"}


@dataclass
class Change:
    """A change that closes a suggestion: on a branch of its own, and whether the text has it now."""

    number: int
    branch: str
    commit: str
    is_in: bool = False
    undone_by: str = ""


@dataclass
class Story:
    """A wiki whose history is made up step by step, and beside it what must have become of each suggestion."""

    wiki: Wiki
    chance: random.Random
    changes: list[Change] = field(default_factory=list)
    wanted: dict[int, bool] = field(default_factory=dict)
    """What the commits since the last publication say in the end, for the suggestions that they say anything of."""
    stands: dict[int, bool] = field(default_factory=dict)
    told: dict[int, int] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)

    def git(self, *arguments: str) -> str:
        return self.wiki.past.git(*arguments)

    def step(self) -> None:
        """Do any of what can be done now."""
        ways = [self.change, self.change, self.publish, self.elsewhere, self.reopen]
        if self.changes:
            ways += [self.come_in, self.come_in, self.come_in, self.take_back]
        way = self.chance.choice(ways)
        way()

    def change(self) -> None:
        """Somebody makes a change on a branch."""
        number, name = self.chance.randint(1, SUGGESTIONS), f"b{len(self.changes)}"
        self.git("switch", "-q", "-c", name)
        commit = self.wiki.past.commit(f"Change {name}\n\nCloses: S-{number}", **{name: f"# {name}\n"})
        self.git("switch", "-q", "main")
        self.changes.append(Change(number, name, commit))

    def come_in(self) -> None:
        """It comes onto main, by any way, perhaps for the second time."""
        one = self.chance.choice(self.changes)
        ways: list[Callable[[Change], None]] = [
            self._merge,
            self._squash,
            self._squash_and_merge,
            self._pick,
            self._rebase,
        ]
        way = self.chance.choice(ways)
        if (self.wiki.past.docs / f"{one.branch}.md").exists() or one.undone_by:
            return  # git would bring in nothing; a change that was taken back comes in by taking that back
        way(one)
        one.is_in, one.commit = True, self.git("rev-parse", "HEAD")
        self.said.append(f"{way.__name__} {one.branch} closes S-{one.number}")
        self.wanted[one.number] = True
        if self.chance.random() < 0.3:  # and once more as a copy, which changes nothing
            self.git("merge", "-q", "--no-ff", "-X", "ours", "-m", f"Merge branch '{one.branch}'", one.branch)

    def _merge(self, one: Change) -> None:
        self.git("merge", "-q", "--no-ff", "-m", f"Merge branch '{one.branch}'\n\nCloses: S-{one.number}", one.branch)

    def _squash(self, one: Change) -> None:
        self.git("merge", "-q", "--squash", one.branch)
        self.wiki.past.commit(f"Change {one.branch} (#7)\n\n* Change {one.branch}\n\n  Closes: S-{one.number}")

    def _squash_and_merge(self, one: Change) -> None:
        self.git("switch", "-q", "-C", "squashed")
        self._squash(one)
        self.git("switch", "-q", "main")
        title = f"Change {one.branch}, closes S-{one.number}"
        self.git("merge", "-q", "--no-ff", "-m", f"Merge branch '{one.branch}' into 'main'\n\n{title}", "squashed")

    def _pick(self, one: Change) -> None:
        self.git("cherry-pick", one.branch)

    def _rebase(self, one: Change) -> None:
        self.git("switch", "-q", "-C", "rebased", one.branch)
        self.git("rebase", "-q", "main")
        self.git("switch", "-q", "main")
        self.git("merge", "-q", "--ff-only", "rebased")

    def take_back(self) -> None:
        """What came in is reverted, or its revert is."""
        known = [one for one in self.changes if one.is_in]
        if not known:
            return
        one = self.chance.choice(known)
        what = one.undone_by or one.commit
        parents = self.git("rev-list", "--parents", "-1", what).split()[1:]
        self.git("revert", "--no-edit", *(["-m", "1"] if len(parents) > 1 else []), what)
        if len(parents) == 1 and self.chance.random() < 0.3:  # as a forge that names no commit
            title = self.git("log", "-1", "--format=%s", what)
            again = f"Reapply {title.removeprefix('Revert ')}" if title.startswith('Revert "') else f'Revert "{title}"'
            self.git("commit", "-q", "--amend", "-m", f"{again} (#8)\n\nReverts wiki/wiki#7")
        self.said.append(f"reverts {'the revert of ' if one.undone_by else ''}{one.branch} of S-{one.number}")
        self.wanted[one.number] = bool(one.undone_by)
        one.undone_by = "" if one.undone_by else self.git("rev-parse", "HEAD")
        self.wiki.past.time += 60

    def elsewhere(self) -> None:
        """Something else changes."""
        self.wiki.past.commit("Work", **{f"x{self.chance.randint(0, 3)}": f"# {self.wiki.past.time}\n"})

    def reopen(self) -> None:
        """Somebody reopens by hand what is done."""
        number = self.chance.randint(1, SUGGESTIONS)
        if self.stands.get(number) and number not in self.wanted:
            self.wiki.house.act("sam", number, "reopen", words="Not yet")
            self.stands[number] = False
            self.told[number] = self.told.get(number, 0) + 1
            self.said.append(f"Sam reopens S-{number}")

    def publish(self) -> None:
        """What there is is published, and everything is as it must be."""
        self.wiki.publish()
        for number, is_done in self.wanted.items():
            if self.stands.get(number, False) != is_done:
                self.stands[number] = is_done
                self.told[number] = self.told.get(number, 0) + 1
        self.wanted.clear()
        self.said.append("publishes")
        ends = [line["subject"] for line in self.wiki.house.log("finished", "reopened")]
        for number in range(1, SUGGESTIONS + 1):
            assert self.wiki.house.one(number).state == STATES[self.stands.get(number, False)], self.said
            assert ends.count(f"S-{number}") == self.told.get(number, 0), self.said


@pytest.mark.parametrize("seed", range(8))
def test_the_closings_of_any_history_are_those_it_was_made_up_with(tmp_path: Path, house: House, seed: int) -> None:
    wiki = Wiki(tmp_path / "wiki", house)
    for _ in range(SUGGESTIONS):
        house.ask("sam")
    story = Story(wiki, random.Random(seed))
    for _ in range(STEPS):
        story.step()
    story.publish()
