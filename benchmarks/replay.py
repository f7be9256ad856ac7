"""What a public wiki's old sections were, and what is to be said of where their links lead: for `history.py`."""

from __future__ import annotations

import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from line_walk import Walk
from rendered import Page, page_of

from kb_server.pages.history import History
from kb_server.wiki.past.likeness import groups, same_title, share
from kb_server.wiki.past.walk import is_page

STANDS = 0.3  # of a section's text: it is still there if this much stands in one place
TEMPLATE = 3  # a line that stands in more places than these is a template's
RIGHT = 0.5  # of that in the section the link leads to


class Case(NamedTuple):
    """A section as it was: where, what it said, and the numbers of its lines with their lengths."""

    commit: str
    url: str
    path: str
    anchor: str
    title: str
    text: str
    heading: int
    weights: tuple[tuple[int, int], ...]


def git(repo: Path, *arguments: str) -> str:
    """What git answers."""
    command = ["git", "-C", str(repo), "-c", "core.quotePath=false", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode("utf-8", "replace")


def cases_of(repo: Path, docs: str, every: int) -> tuple[list[Case], Walk]:
    """The sections that existed at every k-th commit, each once while its anchor and heading are the same."""
    total = len(git(repo, "rev-list", "--first-parent", "HEAD", "--", "*.md").split())
    every = every or max(1, total // 60)
    walk = Walk(repo)
    found: dict[tuple[str, str, int], Case] = {}
    for number, commit in enumerate(walk.commits()):
        if number % every == 0 or number == total - 1:
            found |= {(case.url, case.anchor, case.heading): case for case in _at(repo, docs, commit, walk)}
    return list(found.values()), walk


def _at(repo: Path, docs: str, commit: str, walk: Walk) -> Iterator[Case]:
    for page in pages_at(repo, docs, commit):
        lines = walk.lines.get(page.path, [])
        for section in page.sections:
            numbers = lines[section.first : section.last]
            weights = Counter[int]()
            for number, text in zip(numbers[1:], page.lines[section.first + 1 : section.last], strict=False):
                weights[number] += len(text.strip())
            text = "\n".join(page.lines[section.first + 1 : section.last])
            first = numbers[0] if numbers else 0
            if section.anchor:
                kept = tuple((number, weight) for number, weight in weights.items() if weight)
                yield Case(commit, page.url, page.path, section.anchor, section.title, text, first, kept)


def pages_at(repo: Path, docs: str, commit: str) -> Iterator[Page]:
    """The pages of one commit."""
    for row in git(repo, "ls-tree", "-r", "-z", commit).split("\0"):
        about, _, path = row.partition("\t")
        if is_page(path) and about.startswith("100") and (not docs or path.startswith(f"{docs}/")):
            yield page_of(repo, docs, path, about.split()[2])


class Today:
    """Today's sections, and which of them has the lines of an old one."""

    def __init__(self, repo: Path, docs: str, walk: Walk) -> None:
        self.pages = {page.id: page for page in pages_at(repo, docs, "HEAD")}
        self.urls = {page.url: page for page in self.pages.values()}
        self.holders: dict[int, list[tuple[str, str]]] = defaultdict(list)
        self.texts: dict[tuple[str, str], tuple[str, str]] = {}
        for page in self.pages.values():
            numbers = walk.lines.get(page.path, [])
            for section in page.sections:
                place = page.id, section.anchor
                self.texts[place] = section.title, "\n".join(page.lines[section.first + 1 : section.last])
                for number in set(numbers[section.first : section.last]):
                    self.holders[number].append(place)

    def landing(self, url: str, anchor: str, found: History) -> tuple[str, str] | None:
        """Where a browser that follows the old link ends, the page's top being its section ""."""
        address = found.addresses.get(url)
        if address is None:
            return None
        if anchor in address.sections:
            target = address.sections[anchor]
            return (target.page, target.section) if target else None
        if address.now is None:
            return None
        shown = any(section.anchor == anchor for section in self.pages[address.now.page].sections)
        return (address.now.page, anchor) if shown else (address.now.page, "")

    def verdict(self, case: Case, found: History) -> str:
        """What is to be said of where the case leads."""
        land = self.landing(case.url, case.anchor, found)
        stands = self.stands(case)
        most = max(stands.values(), default=0)
        there = most > 0 and most >= STANDS * sum(weight for _, weight in case.weights)
        if land is None or not land[1]:
            return (
                "right, page top"
                if land and self._is_top(land[0], stands, most)
                else "missed"
                if there
                else "gone, told"
            )
        if land in self.holders.get(case.heading, ()) or (there and self._holds(land, stands) >= RIGHT * most):
            return "right"
        if self._alike(case, land, found):
            return "right, rewritten under its heading"
        if case.anchor in found.addresses[case.url].others:
            return "doubtful, and told so"
        return "wrong" if there else "wrong: gone, but led"

    def stands(self, case: Case) -> Counter[tuple[str, str]]:
        """Where the lines of a section stand today; those of a template, which stand in many places, say nothing."""
        stands = Counter[tuple[str, str]]()
        for number, weight in case.weights:
            places = self.holders.get(number, ())
            for place in places if len(places) <= TEMPLATE else ():
                stands[place] += weight
        return stands

    def _holds(self, place: tuple[str, str], stands: Counter[tuple[str, str]]) -> int:
        """How much of it is in the section or one of its subsections: who lands there sees them."""
        sections = self.pages[place[0]].sections
        at = next(at for at, section in enumerate(sections) if section.anchor == place[1])
        below = takewhile(lambda section: section.level > sections[at].level, sections[at + 1 :])
        return max(stands[place[0], section.anchor] for section in (sections[at], *below))

    def _is_top(self, page: str, stands: Counter[tuple[str, str]], most: int) -> bool:
        return any(
            stands[page, section.anchor] >= max(1, RIGHT * most) for section in self.pages[page].sections if section.top
        )

    def _alike(self, case: Case, place: tuple[str, str], found: History) -> bool:
        title, text = self.texts[place]
        now = found.addresses[case.url].now
        same = same_title(title) == same_title(case.title) and now is not None and now.page == place[0]
        old, new = groups(case.text), groups(text)
        return same or max(share(old, new), share(new, old)) >= RIGHT
