"""How well passages are carried through real histories: ``python benchmarks/anchors.py REPOSITORY …``; see --help.

Passages are drawn from a wiki as it was some years ago, with a fixed seed; what became of each is followed through
every commit since (`following.py`). Then they are carried by the code that publishing uses: from that build to the last
one in one step ("ends"), and through builds in between ("builds"). Printed are how many of those still there were found
(recall) and how many of those attached were attached to something else (wrong), with intervals of 95 % (Wilson), beside
what the best match finds, with a floor and without one. Who follows may be mistaken as well: where the two differ,
somebody has read both texts, and ``anchors-judged.json`` says what is right, by digests alone.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from math import sqrt
from pathlib import Path
from typing import Any

from best_match import best_match
from following import Followed, Follower, words_of
from histories import Wiki, followed, sample
from plainly import Read

from kb_server.pages.passages import GONE, HERE, Carried, Carrier, Passage, again

JUDGED = Path(__file__).with_name("anchors-judged.json")
FLOORS = {"best match": 0.0, "best match, floor .7": 0.7}
WAYS = ("ends", "builds")
HEAD = "\n| history | years | way | still there | recall | recall, changed | attached | wrong |\n" + "| --- " * 8 + "|"


@dataclass(frozen=True)
class Case:
    """A passage, what became of it in truth, and what was found."""

    key: str
    passage: Passage
    truth: Followed
    found: Mapping[str, Carried]

    @property
    def is_changed(self) -> bool:
        """Whether its words are others by now."""
        return self.truth.words != words_of(self.passage.quote.exact)


@dataclass(frozen=True)
class Run:
    """One history between two moments."""

    name: str
    years: float
    cases: list[Case]
    after: dict[str, Read]


@dataclass(frozen=True)
class Verdict:
    """Whether a passage is still there, whether something was attached, and whether that is it."""

    there: bool
    attached: bool
    right: bool


def run(repo: Path, years: float, options: argparse.Namespace) -> Run:
    """Follow and carry passages of one history."""
    wiki = Wiki(repo)
    since, until = wiki.ends(options.until, years)
    before, after = wiki.at(since), wiki.at(until)
    passages = sample(before, options.passages, options.seed)
    truths = _truths(wiki, passages, (since, until))
    found = {"ends": Carrier(_pages(before), _pages(after)).carry(passages)}
    found["builds"] = _through(wiki, passages, wiki.between(since, until, options.builds))
    if not options.ours:
        found |= {name: [best_match(one, after, floor) for one in passages] for name, floor in FLOORS.items()}
    name = repo.resolve().parent.name
    cases = [
        Case(_key(f"{name} {since} {until}", one), one, truths[at], {way: some[at] for way, some in found.items()})
        for at, one in enumerate(passages)
    ]
    return Run(name, years, cases, after)


def _truths(wiki: Wiki, passages: list[Passage], ends: tuple[str, str]) -> list[Followed]:
    """What became of each passage; one that is there but that no reader sees is gone."""
    before, after = map(wiki.at, ends)
    sources = {path: wiki.lines(ends[0], path) for path in {one.page for one in passages}}
    truths = [followed(before[one.page], one, sources[one.page]) for one in passages]
    Follower(wiki.repo, truths).through(*ends)
    for truth in truths:
        shown = truth.path in after and after[truth.path].shown & set(range(truth.first, truth.last + 1))
        if truth.alive and not shown:
            truth.alive, truth.why = False, "not shown"
    return truths


def _through(wiki: Wiki, passages: list[Passage], builds: list[str]) -> list[Carried]:
    """What is found if each of these builds is published."""
    now = [Carried(HERE, one.page, one.section, one.quote) for one in passages]
    last = _pages(wiki.at(builds[0]))
    for build in builds[1:]:
        fresh = _pages(wiki.at(build))
        sought = [Passage(one.page, one.section, one.quote) for one in now]
        carried = Carrier(last, fresh).carry(sought)
        # The build in which a gone passage was last found is not kept: it is sought by its words, as publishing does.
        now = [again(sought[at], "?", fresh) if one.fate == GONE else carried[at] for at, one in enumerate(now)]
        last = fresh
    return now


def cost(repo: Path, options: argparse.Namespace) -> str:
    """How long 1,000 passages take from one build to another a year later."""
    wiki = Wiki(repo)
    before, after = (_pages(wiki.at(end)) for end in wiki.ends(options.until, 1))
    passages = sample(wiki.at(wiki.ends(options.until, 1)[0]), 1_000, options.seed)
    began = time.process_time()
    Carrier(before, after).carry(passages)
    seconds = time.process_time() - began
    size = sum(len(section.text) for page in after.values() for section in page.sections) / 1e6
    return f"{len(passages):,} passages carried over a year to {len(after)} pages of {size:.1f} MB: {seconds:.2f} s"


def _pages(read: dict[str, Read]) -> dict[str, Any]:
    return {path: one.page for path, one in read.items()}


def _key(where: str, passage: Passage) -> str:
    quote = passage.quote
    return _digest(f"{where} {passage.page}#{passage.section} {quote.position} {quote.exact}")[:12]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# ── Judging ───────────────────────────────────────────────────────────────


def verdict(case: Case, way: str, after: dict[str, Read], judged: Mapping[str, Any]) -> Verdict:
    """What to think of an answer: as it was judged by hand, else as the passage was followed."""
    found, known = case.found[way], judged.get(case.key)
    attached = found.fate != GONE
    there, right = case.truth.alive, attached and _is_it(found, case.truth, after)
    if known:
        there = known["there"]
        right = attached and there and (mark(found) in known["right"] or (right and mark(found) not in known["wrong"]))
    return Verdict(there, attached, right)


def _is_it(found: Carried, truth: Followed, after: dict[str, Read]) -> bool:
    """Whether what was found stands on lines to which the passage was followed, and shares half of the words."""
    quote = found.quote
    if not truth.alive or found.page != truth.path or found.page not in after:
        return False
    lines = after[found.page].lines(found.section, quote.position, quote.position + len(quote.exact))
    ours, theirs = words_of(quote.exact), truth.words
    same = sum(one.size for one in SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks())
    return bool(lines & set(range(truth.first, truth.last + 1))) and same >= 0.5 * min(len(ours), len(theirs))


def mark(found: Carried) -> str:
    """What stands for an answer in the file of what was judged."""
    return "gone" if found.fate == GONE else _digest(f"{found.page}#{found.section} {found.quote.exact}")[:8]


def known() -> Mapping[str, Any]:
    """What was judged by hand."""
    judged: Mapping[str, Any] = json.loads(JUDGED.read_text(encoding="utf-8")) if JUDGED.exists() else {}
    return judged


# ── Showing ───────────────────────────────────────────────────────────────


def rows(one: Run) -> str:
    """The figures of a history as rows of a table of Markdown."""
    judged, found = known(), []
    for way in one.cases[0].found:
        seen = [(case, verdict(case, way, one.after, judged)) for case in one.cases]
        found.append(f"| {one.name} | {one.years:g} | {way} | {_figures(seen)} |")
    return "\n".join(found)


def _figures(seen: list[tuple[Case, Verdict]]) -> str:
    there = [(case, one) for case, one in seen if one.there]
    changed = [one for case, one in there if case.is_changed]
    attached = [one for _, one in seen if one.attached]
    recall = interval(sum(one.right for _, one in there), len(there))
    of_changed = interval(sum(one.right for one in changed), len(changed))
    wrong = interval(sum(not one.right for one in attached), len(attached))
    return f"{len(there)} of {len(seen)} | {recall} | {of_changed} | {len(attached)} | {wrong}"


def interval(part: int, whole: int) -> str:
    """A share with the limits between which it lies (Wilson, 95 %)."""
    if not whole:
        return "-"
    share, z = part / whole, 1.96
    middle = (share + z * z / (2 * whole)) / (1 + z * z / whole)
    half = z * sqrt(share * (1 - share) / whole + z * z / (4 * whole * whole)) / (1 + z * z / whole)
    return f"{100 * share:.1f} % ({100 * max(0, middle - half):.1f} to {100 * min(1, middle + half):.1f})"


def show(case: Case, one: Run) -> str:
    """A case as somebody has to see it who judges it."""
    truth, quote = case.truth, case.passage.quote
    place = f"{truth.path}:{truth.first}-{truth.last} {' '.join(truth.words)}" if truth.alive else f"gone {truth.why}"
    lines = [f"── {case.key} {one.name} {case.passage.page}#{case.passage.section} doubt {truth.doubt:.2f}"]
    lines += [f"   was    …{quote.prefix[-40:]!r}[{quote.exact}]{quote.suffix[:40]!r}…", f"   truth  {place}"]
    for way in WAYS:
        found, seen = case.found[way], verdict(case, way, one.after, known())
        around = f"{found.page}#{found.section} …{found.quote.prefix[-30:]!r}[{found.quote.exact}]"
        said = "right" if seen.right or not (seen.attached or seen.there) else "WRONG" if seen.attached else "MISSED"
        lines.append(f"   {way:6} {mark(found)} {said} {found.fate} {around if seen.attached else ''}")
    return "\n".join(lines)


def _dispute(case: Case, one: Run) -> int:
    """0 where truth and answers differ, 1 where the truth is doubtful or something was changed, 2 otherwise."""
    seen = [verdict(case, way, one.after, known()) for way in WAYS]
    if any(now.there != now.right or (now.attached and not now.right) for now in seen):
        return 0
    return 1 if case.truth.doubt < 1 or not case.truth.alive else 2


def main() -> None:
    """Print the figures, then the cases to be judged."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repositories", nargs="+", type=Path, help="git directories")
    parser.add_argument("--years", nargs="+", type=float, default=[1, 3])
    parser.add_argument("--until", default="", help="the last day looked at")
    parser.add_argument("--passages", type=int, default=600)
    parser.add_argument("--builds", type=int, default=50, help="how many builds in between")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ours", action="store_true", help="leave out what others do")
    parser.add_argument("--judge", type=int, default=0, help="print so many cases to be judged, those in dispute first")
    options = parser.parse_args()
    for repo in options.repositories:
        print(cost(repo, options), flush=True)
    print(HEAD, flush=True)
    runs = []
    for repo in options.repositories:
        for years in options.years:
            runs.append(run(repo, years, options))
            print(rows(runs[-1]), flush=True)
    cases = [(case, one) for one in runs for case in one.cases]
    random.Random(2).shuffle(cases)
    cases.sort(key=lambda row: _dispute(*row))
    for case, one in cases[: options.judge]:
        print(show(case, one))


if __name__ == "__main__":
    main()
