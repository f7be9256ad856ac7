"""How well old links survive: a public wiki's history replayed (``make bench-history REPO=… DOCS=…``).

Every page address that ever existed must resolve; every heading anchor must lead to the section that has its text now,
or say that it is gone. The truth is found independently of the program: lines are followed through every commit
(`line_walk`), pages are rendered by Python-Markdown itself.

    python benchmarks/history.py REPO [--docs FOLDER] [--every K] [--examples N] [--judge N] [--sections]
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from rendered import Page, Shown, page_of, present, url_of
from line_walk import Walk

from kb_server.pages.history import Address, History, Target
from kb_server.wiki.past import history
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


def main() -> None:
    wanted = _arguments()
    repo, docs = Path(wanted.repo).resolve(), wanted.docs.strip("/")
    pages = present(repo, docs)
    found = _measured(repo, docs, pages, wanted.cache)
    print(f"{wanted.repo}: {_count(repo)} commits, {len(pages)} pages today, {len(found.addresses)} addresses ever")
    cases, walk = _cases(repo, docs, wanted.every)
    today = Today(repo, docs, walk)
    _addresses(repo, docs, found)
    verdicts = [(today.verdict(case, found), case) for case in cases]
    _report(verdicts, found, wanted.examples, today)
    if wanted.judge:
        _judge(cases, found, today, wanted.judge)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("repo", help="a git directory, with or without a work tree")
    parser.add_argument("--docs", default="", help="the folder its pages are in")
    parser.add_argument("--every", type=int, default=0, help="look at every k-th commit (default: about 60 of them)")
    parser.add_argument("--examples", type=int, default=5, help="print so many of each kind that went wrong")
    parser.add_argument("--judge", type=int, default=0, help="print so many old addresses to be judged by hand")
    parser.add_argument("--cache", default="", help="keep the cache there, and use what is in it")
    return parser.parse_args()


def _measured(repo: Path, docs: str, pages: list[Shown], cache: str) -> History:
    folder = Path(cache or tempfile.mkdtemp())
    times = []
    for _ in range(2):
        begun = time.perf_counter(), time.process_time() + _children()
        found = history(repo, docs, [page.present for page in pages], url_of, folder)
        times.append((time.perf_counter() - begun[0], time.process_time() + _children() - begun[1]))
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    (first, first_cpu), (second, second_cpu) = times
    print(f"first read {first:.1f} s ({first_cpu:.1f} s of CPU), then {second:.2f} s ({second_cpu:.2f}), {most:.0f} MB")
    return found


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _git(repo: Path, *arguments: str) -> str:
    command = ["git", "-C", str(repo), "-c", "core.quotePath=false", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.decode("utf-8", "replace")


def _count(repo: Path) -> str:
    return _git(repo, "rev-list", "--count", "HEAD").strip()


def _cases(repo: Path, docs: str, every: int) -> tuple[list[Case], Walk]:
    """The sections that existed at every k-th commit, each once while its anchor and heading are the same."""
    total = len(_git(repo, "rev-list", "--first-parent", "HEAD", "--", "*.md").split())
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
    for row in _git(repo, "ls-tree", "-r", "-z", commit).split("\0"):
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


def _addresses(repo: Path, docs: str, found: History) -> None:
    """Every address any commit had, side branches too."""
    listed = set(
        _git(repo, "log", "--name-only", "-m", "--no-renames", "--format=", "-z", "HEAD").replace("\n", "").split("\0")
    )
    urls = {url_of(path[len(docs) :].lstrip("/")) for path in listed if is_page(path) and path.startswith(docs)}
    resolved = {
        url for url in urls if url in found.addresses and (found.addresses[url].now or found.addresses[url].removed)
    }
    pages = sum(1 for url in resolved if found.addresses[url].now)
    share_of = 100 * len(resolved) / max(1, len(urls))
    print(
        f"addresses: {share_of:.2f} % of {len(urls)} resolve: {pages} to a page, {len(resolved) - pages} to 'removed'"
    )
    for url in sorted(urls - resolved)[:5]:
        print(f"  unresolved: {url}")


def _report(verdicts: list[tuple[str, Case]], found: History, examples: int, today: Today) -> None:
    count = Counter(verdict for verdict, _ in verdicts)
    wrong, doubtful = count["wrong"] + count["wrong: gone, but led"], count["doubtful, and told so"]
    fine = len(verdicts) - wrong - doubtful - count["missed"]
    print(f"anchors: {len(verdicts)} of sections that ever were; {100 * fine / len(verdicts):.2f} % led rightly,")
    print(
        f"  {100 * count['missed'] / len(verdicts):.2f} % missed (text stands, not led), {100 * doubtful / len(verdicts):.2f} % doubtful"
        f" and told so, {100 * wrong / len(verdicts):.2f} % wrong by the lines' count"
    )
    for verdict, number in count.most_common():
        print(f"  {number:7} {verdict}")
    source = random.Random(7)
    for kind in ("wrong", "wrong: gone, but led", "missed"):
        some = [case for verdict, case in verdicts if verdict == kind]
        for case in source.sample(some, min(examples, len(some))):
            print(f"\n{kind}: {case.url}#{case.anchor} ({case.title}) at {case.commit[:10]} in {case.path}")
            land = today.landing(case.url, case.anchor, found)
            print(
                f"  leads to {land}; {sum(weight for _, weight in case.weights)} letters, now in {today.stands(case).most_common(2)}"
            )
            print(f"  said: {_short(case.text)}")
            if land and land[1]:
                print(f"  now:  {_short(today.texts[land][1])}")


def _short(text: str, length: int = 300) -> str:
    return " ".join(text.split())[:length]


def _judge(cases: list[Case], found: History, today: Today, number: int) -> None:
    """Random old addresses that are no page's today, with what they said and what stands where they lead."""
    last = {case.url: case for case in cases}
    for case in cases:
        if len(case.text) > len(last[case.url].text):
            last[case.url] = case
    old = sorted(url for url in last if url not in today.urls)
    for at, url in enumerate(random.Random(5).sample(old, min(number, len(old))), 1):
        print(f"\n[{at}] {url}  ({last[url].title}: {' '.join(last[url].text.split())[:220]})")
        print(f"   -> {_told(found.addresses.get(url), today)}")


def _told(address: Address | None, today: Today) -> str:
    if address is None:
        return "NOTHING"
    if address.now:
        return _shown(address.now, today)
    gone = address.removed
    assert gone
    instead = "; ".join(_shown(target, today) for target in gone.instead)
    return f"removed {gone.on}: {gone.why[:90]} [{gone.title}] {('instead ' + instead) if instead else ''}"


def _shown(target: Target, today: Today) -> str:
    title, text = today.texts.get((target.page, target.section), ("", ""))
    if not title:
        title, text = next((today.texts[place] for place in today.texts if place[0] == target.page), ("", ""))
    return f"{target.page}#{target.section} ({title}: {' '.join(text.split())[:220]})"


if __name__ == "__main__":
    main()
