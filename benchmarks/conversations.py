"""Conversations beside Isso's, in one run: ``make bench-talk``; see also --help.

One process each, the same texts (pages with 50 comments), the same client, which asks for what the script of each asks
for. What is compared takes turns, a few seconds each, so that whatever else the machine does hits both alike; a ratio
is of one round. It ends with exit code 1 where a bar is missed.

- *afresh*: nothing of the page is at hand. 100 pages take turns, each time at an address that was never asked before.
- *changed*: the same page each time, also at another address each time: its comments have been shown before.
- *again*: what somebody was shown a moment ago, sent whole once more.
- *unchanged*: the browser has it, and asks whether it still holds.

A post is an answer in one of a thousand conversations; ours is one transaction with `synchronous=FULL`, its log line
and its document, and people are told of it meanwhile. The bare commit is one row with the same text, by itself, as
safe.
"""

from __future__ import annotations

import argparse
import itertools
import os
import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import client
import isso_rival
import talked
from client import Line, Rate, Server, request
from isso_rival import Isso

PART = {"KB-Part": "1"}
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
RATE, WRITERS = 50, 8  # posts a second at a steady pace, and how many write them
SLOWER = 5  # times a bare commit, which the 95th percentile of those may not reach
READER = "ada"  # who has said nothing
HEAD = (
    "| 4 at a time | Isso, a second | ms of a processor | ours, a second | ms of a processor "
    "| ours to Isso: least / middle / most | bar |"
)


@dataclass(frozen=True)
class Ours:
    """Our server, and who is signed in there."""

    server: Server
    talks: Sequence[Sequence[str]]
    cookies: Sequence[str]
    reader: str

    def afresh(self, number: int, cookie: str = "") -> bytes:
        """A page nobody has asked for before."""
        return self._part(number % talked.PAGES, f"?n={number}", cookie)

    def changed(self, number: int) -> bytes:
        """One page, as if something of it had changed."""
        return self._part(0, f"?n={number}", self.reader)

    def again(self, _number: int) -> bytes:
        """One page."""
        return self._part(0, "", self.reader)

    def unchanged(self) -> Callable[[int], bytes]:
        """Pages of which the browser has the newest."""
        asked = [self._part(page, "", self.reader) for page in range(talked.PAGES)]
        with closing(Line(self.server.address)) as line:
            tags = [line.ask(one).header("ETag") for one in asked]
        asked = [self._part(page, "", self.reader, {"If-None-Match": tag}) for page, tag in enumerate(tags)]
        return lambda number: asked[number % len(asked)]

    def saying(self, number: int) -> bytes:
        """An answer in a conversation, as our script sends it."""
        page = self.talks[number % len(self.talks)]
        thread = page[number // len(self.talks) % len(page)]
        body = urlencode({"body": talked.text(number), "key": f"measured {number}"}).encode()
        cookie = {"Cookie": self.cookies[number % len(self.cookies)]}
        return request("POST", f"/t/{thread}/", FORM | PART | cookie, body)

    @staticmethod
    def _part(page: int, query: str, cookie: str, more: dict[str, str] | None = None) -> bytes:
        given = PART | ({"Cookie": cookie} if cookie else {}) | (more or {})
        return request("GET", f"/talk/measured-{page}/part/{query}", given)


@dataclass(frozen=True)
class Theirs:
    """Isso's server."""

    server: Server
    began: Sequence[Sequence[int]]

    def reading(self, number: int) -> bytes:
        """A page."""
        return isso_rival.reading(number % talked.PAGES)

    def saying(self, number: int) -> bytes:
        """An answer in a conversation."""
        page = number % len(self.began)
        began = self.began[page]
        return isso_rival.saying(number, page, began[number // len(self.began) % len(began)])


@dataclass(frozen=True)
class Row:
    """What was measured of one thing, a figure for each round. ``bar`` is what the ratio must reach."""

    name: str
    theirs: Sequence[Rate]
    ours: Sequence[Rate]
    bar: float = 0

    @property
    def ratios(self) -> list[float]:
        """Ours to theirs, round by round."""
        return [our.answers / their.answers for our, their in zip(self.ours, self.theirs, strict=True)]

    @property
    def is_missed(self) -> bool:
        """Whether the middle of the rounds does not reach the bar."""
        return statistics.median(self.ratios) < self.bar

    def __str__(self) -> str:
        low, middle, high = min(self.ratios), statistics.median(self.ratios), max(self.ratios)
        ratios, bar = f"{low:.2f} / {middle:.2f} / {high:.2f}", f"{self.bar:g}" if self.bar else ""
        return f"| {self.name} | {_middle(self.theirs)} | {_middle(self.ours)} | {ratios} | {bar} |"


def _middle(rates: Sequence[Rate]) -> str:
    answers, work = (statistics.median(getattr(one, name) for one in rates) for name in ("answers", "work"))
    return f"{answers:,.0f} | {work:.2f}"


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="kb-talk-") as name, ExitStack() as stack:
        folder = Path(name)
        isso, wiki = Isso(folder / "isso"), talked.made(folder)
        way = options.isso
        served = stack.enter_context(isso.serving(way))
        theirs = Theirs(served, isso_rival.fill(isso, served.address))
        ours = _signed_in(stack.enter_context(talked.serving(wiki)), wiki.talks)
        _print_client(ours, theirs, options.seconds)
        rows = [*_reads(ours, theirs, options), *_posts(ours, theirs, options)]
        print(f"\n{HEAD}", "| --- " * 7 + "|", *rows, sep="\n")
        late = _print_pace(ours, folder / "bare.sqlite3", options)
        print(f"\nIsso writes with {isso.durability()}, ours with journal_mode=wal, synchronous=2 (FULL).")
        locked = [log.name for log in (wiki.log(), isso.log) if "database is locked" in log.read_text()]
    print(f"'database is locked' in a log: {', '.join(locked) or 'never'}; load: {os.getloadavg()[0]:.1f}")
    missed = (
        [row.name for row in rows if row.is_missed] + late + [f"{log} says it" for log in locked if log == "kb.log"]
    )
    sys.exit(f"MISSED: {', '.join(missed)}" if missed else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3.0, help="of each measurement in a round")
    parser.add_argument("--isso", choices=isso_rival.WAYS, default="waitress", help="what serves Isso")
    return parser.parse_args()


def _signed_in(server: Server, talks: Sequence[Sequence[str]]) -> Ours:
    cookies = {}
    for handle in (*talked.SPEAKERS, READER):
        with closing(Line(server.address)) as line:
            answer = line.ask(request("POST", "/sign-in/", FORM, urlencode({"handle": handle}).encode()))
        cookies[handle] = answer.header("Set-Cookie").partition(";")[0]
    return Ours(server, talks, [cookies[handle] for handle in talked.SPEAKERS], cookies[READER])


def _print_client(ours: Ours, theirs: Theirs, seconds: float) -> None:
    """How large the answers are, and how many of those the client could take."""
    for name, server, asked in (("ours", ours.server, ours.again(0)), ("Isso's", theirs.server, theirs.reading(0))):
        with closing(Line(server.address)) as line:
            size = len(line.ask(asked).body)
        most = client.limit(size, seconds)
        print(f"An answer of {name} has {size:,} bytes over the wire; the client takes {most:,.0f} of those a second.")


def _reads(ours: Ours, theirs: Theirs, options: argparse.Namespace) -> list[Row]:
    fresh = itertools.count()
    unchanged = ours.unchanged()
    kinds: list[tuple[str, float, Callable[[int], bytes], int]] = [
        ("read afresh, signed in", 4, lambda _: ours.afresh(next(fresh), ours.reader), 200),
        ("read afresh, not signed in", 4, lambda _: ours.afresh(next(fresh)), 200),
        ("read changed", 4, lambda _: ours.changed(next(fresh)), 200),
        ("read again", 0, ours.again, 200),
        ("unchanged, 304", 10, unchanged, 304),
    ]
    read: list[Rate] = []
    found: dict[str, list[Rate]] = {name: [] for name, *_ in kinds}
    for _ in range(options.rounds):
        read.append(client.rate(theirs.server, theirs.reading, options.seconds))
        for name, _bar, asked, status in kinds:
            found[name].append(client.rate(ours.server, asked, options.seconds, status))
    return [Row(name, read, found[name], bar) for name, bar, *_ in kinds]


def _posts(ours: Ours, theirs: Theirs, options: argparse.Namespace) -> list[Row]:
    mine, others = itertools.count(), itertools.count()
    wrote: tuple[list[Rate], list[Rate]] = ([], [])
    for _ in range(options.rounds):
        for found, server, asked, status in (
            (wrote[0], theirs.server, lambda _: theirs.saying(next(others)), 201),
            (wrote[1], ours.server, lambda _: ours.saying(next(mine)), 204),
        ):
            found.append(client.rate(server, asked, options.seconds, status))
    return [Row("post", *wrote, 1.2)]


def _print_pace(ours: Ours, bare: Path, options: argparse.Namespace) -> list[str]:
    """Posts at a steady pace beside bare commits at the same; gives what is missed."""
    numbers, seconds, refused = itertools.count(1_000_000), 2 * options.seconds, []
    commits, posts = [], []
    with closing(_bare(bare)) as connection:
        for _ in range(options.rounds):
            commits.append(client.paced([lambda _: _commit(connection, next(numbers))], RATE, seconds))
            with ExitStack() as stack:
                lines = [stack.enter_context(closing(Line(ours.server.address))) for _ in range(WRITERS)]
                posts.append(client.paced([_saying(line, ours, numbers, refused) for line in lines], RATE, seconds))
    ratios = [_p95(post) / _p95(commit) for post, commit in zip(posts, commits, strict=True)]
    post, commit = [one for times in posts for one in times], [one for times in commits for one in times]
    print(f"\n{RATE} posts a second, a comment each, beside as many bare commits, in ms from the moment each was due:")
    print(f"  p50 {statistics.median(post):.1f} to {statistics.median(commit):.1f}, ", end="")
    print(f"p95 {_p95(post):.1f} to {_p95(commit):.1f}, {len(refused)} of {len(post)} refused;", end=" ")
    print(f"p95 to p95, least / middle / most: {min(ratios):.1f} / {statistics.median(ratios):.1f} / {max(ratios):.1f}")
    return ["posts at a steady pace"] if refused or statistics.median(ratios) >= SLOWER else []


def _saying(line: Line, ours: Ours, numbers: Iterator[int], refused: list[int]) -> Callable[[int], None]:
    def say(_number: int) -> None:
        answer = line.ask(ours.saying(next(numbers)))
        if answer.status != 204:
            refused.append(answer.status)

    return say


def _bare(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE said (number INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT")
    return connection


def _commit(connection: sqlite3.Connection, number: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO said VALUES (?, ?)", (number, talked.text(number)))
    connection.execute("COMMIT")


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


if __name__ == "__main__":
    main()
