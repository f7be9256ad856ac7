"""How well old links survive: a public wiki's history replayed (``make bench-history REPO=… DOCS=…``).

Every page address that ever existed must resolve; every heading anchor must lead to the section that has its text now,
or say that it is gone. The truth is found independently of the program: lines are followed through every commit
(`line_walk`), pages are rendered by Python-Markdown itself.

    python benchmarks/history.py REPO [--docs FOLDER] [--every K] [--examples N] [--judge N] [--sections]
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from rendered import Shown, present, url_of
from replay import Case, Today, cases_of, git

from kb_server.pages.history import Address, History, Target
from kb_server.wiki.past import history
from kb_server.wiki.past.walk import is_page


def main() -> None:
    wanted = _arguments()
    repo, docs = Path(wanted.repo).resolve(), wanted.docs.strip("/")
    pages = present(repo, docs)
    found = _measured(repo, docs, pages, wanted.cache)
    print(f"{wanted.repo}: {_count(repo)} commits, {len(pages)} pages today, {len(found.addresses)} addresses ever")
    cases, walk = cases_of(repo, docs, wanted.every)
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


def _count(repo: Path) -> str:
    return git(repo, "rev-list", "--count", "HEAD").strip()


def _addresses(repo: Path, docs: str, found: History) -> None:
    """Every address any commit had, side branches too."""
    listed = set(
        git(repo, "log", "--name-only", "-m", "--no-renames", "--format=", "-z", "HEAD").replace("\n", "").split("\0")
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
    print(f"anchors: {len(verdicts)} of sections that ever were")
    parts = {"led rightly": fine, "missed: text stands, not led": count["missed"], "doubtful, told so": doubtful}
    for name, number in (parts | {"wrong by the count of lines": wrong}).items():
        print(f"  {100 * number / len(verdicts):6.2f} % {name}")
    for verdict, number in count.most_common():
        print(f"  {number:7} {verdict}")
    right = [case for verdict, case in verdicts if verdict.startswith("right")]
    unsure = sum(case.anchor in found.addresses[case.url].others for case in right)
    print(f"  {unsure:7} of those that are right are said to be unsure")
    source = random.Random(7)
    for kind in ("wrong", "wrong: gone, but led", "missed"):
        some = [case for verdict, case in verdicts if verdict == kind]
        for case in source.sample(some, min(examples, len(some))):
            print(f"\n{kind}: {case.url}#{case.anchor} ({case.title}) at {case.commit[:10]} in {case.path}")
            land = today.landing(case.url, case.anchor, found)
            letters = sum(weight for _, weight in case.weights)
            print(f"  leads to {land}; {letters} letters, now in {today.stands(case).most_common(2)}")
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
