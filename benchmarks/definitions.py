"""Definitions by the thousand: ``make bench-definitions``; see also --help.

A made-up wiki (`defined`) is built twice at the same time: as it is, and with its definitions as ordinary pages; the
difference is what definitions take of a build. The first of the two is published; people agree, do not yet, or would
rather have another text, by the rules of the service; then the twenty terms that are used most are reworded and agreed
to anew, so that most pages are to be checked. Printed is the time of a processor, which a busy machine changes little,
beside the time that passed. Everything is asked for in the server's process by somebody signed in, lists and the like
at an address that was never asked before. It ends with exit code 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))
import defined
import store
from processes import KB
from signing import sign_in
from werkzeug.test import EnvironBuilder

from kb_server import ticking
from kb_server.app import TELLER, create_app
from kb_server.builds import service as building
from kb_server.definitions import publishing, service, verifying
from kb_server.definitions.models import AGREE, NOT_YET, Facts
from kb_server.definitions.pages import facts_in
from kb_server.definitions.service import Said
from kb_server.people import service as people
from kb_server.web.build import Build, load
from kb_server.web.gate import COOKIE
from kb_server.writing.models import By

SHARE, PAGE, IDLE = 0.10, 5.0, 5.0
"""The bars: definitions' part of a build; milliseconds of a page, and of a minute in which nothing happens."""
SPEAKERS = {"sales": "sam", "marketing": "mia"}
MOST_USED = {f"term-{number}" for number in range(20)}
WARM = 12
"""How often a thing is asked for before it is measured."""
HEADER = "| ms, p50 / p95 | of a processor | passed | bar |\n| --- | --- | --- | --- |"
Work = Callable[[], object]
missed: list[str] = []


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as folder, store.opened("sqlite") as ours:
        root = Path(folder)
        builds = _built(root, options)
        _say_share(options, builds)
        (ours.settings.data_dir / "builds").symlink_to(root / "on/data/builds")
        ours.settings = replace(ours.settings, config_file=root / "on/mkdocs.yml")
        print(HEADER, flush=True)
        _measure(ours, builds["on"][0], options.times)
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\nAll of it in one process took {megabytes:,} MB at most.")
    sys.exit(f"MISSED: {'; '.join(missed)}" if missed else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--definitions", type=int, default=2_000)
    parser.add_argument("--pages", type=int, default=10_000, help="all pages, definitions among them")
    parser.add_argument("--times", type=int, default=200, help="how often each page is asked for")
    parser.add_argument("--alone", action="store_true", help="do not build the same wiki without definitions")
    return parser.parse_args()


# ── The build ─────────────────────────────────────────────────────────────


def _built(root: Path, options: argparse.Namespace) -> dict[str, tuple[str, float]]:
    """The id of each build, and the seconds of a processor it took; both run at once, so that both wait alike."""
    running = {}
    for name in ("on",) if options.alone else ("on", "off"):
        defined.Wiki(options.definitions, options.pages).write(root / name, defines=name == "on")
        running[name] = _start(root / name)
    done = {}
    for name, process in running.items():
        _, status, usage = os.wait4(process.pid, 0)
        said = (root / name / "said").read_text()
        if status:
            raise SystemExit(said)
        done[name] = said.splitlines()[-1], usage.ru_utime + usage.ru_stime
    return done


def _start(folder: Path) -> subprocess.Popen[bytes]:
    command = [*KB, "build", "--no-strict", "-f", str(folder / "mkdocs.yml")]
    environment = os.environ | {"KB_DATA_DIR": str(folder / "data")}
    with (folder / "said").open("wb") as said, (folder / "told").open("wb") as told:
        return subprocess.Popen(command, env=environment, stdout=said, stderr=told)


def _say_share(options: argparse.Namespace, builds: dict[str, tuple[str, float]]) -> None:
    with_them = builds["on"][1]
    print(f"{options.pages:,} pages, {options.definitions:,} of them definitions: built in {with_them:.0f} s", end="")
    if not options.alone:
        share = with_them / builds["off"][1] - 1
        print(f", as ordinary pages in {builds['off'][1]:.0f} s: definitions add {share:+.1%}", end="")
        missed.extend([f"build {share:+.1%}"] if share >= SHARE else [])
    print(" (of a processor)\n", flush=True)


# ── What happens in the wiki ──────────────────────────────────────────────


def _measure(ours: store.Store, build: str, times: int) -> None:
    _timed("published for the first time", lambda: building.publish(ours.database, ours.settings, build))
    served = _load(ours, build)
    _answer(ours, served, facts_in(served.manifest.pages), datetime.now(UTC) - timedelta(days=50))
    second = defined.reworded(ours.settings.data_dir / "builds", build, MOST_USED)
    _timed("published with 20 of them reworded", lambda: building.publish(ours.database, ours.settings, second))
    served = _load(ours, second)
    _timed("of that, what definitions take", lambda: _publish_terms(ours, served))
    _agree(ours, served, [one for one in facts_in(served.manifest.pages) if one.page in MOST_USED])
    _clock(ours, served)
    _pages(ours, served, times)
    _verify(ours, served)


def _load(ours: store.Store, build: str) -> Build:
    return load(ours.settings.data_dir / "builds" / build)


def _answer(ours: store.Store, served: Build, found: Sequence[Facts], at: datetime) -> None:
    """Of ten definitions seven are agreed to by both teams, one by one of them, one has two texts, one is new."""
    drawn = random.Random(3)
    said: list[tuple[str, Facts, Said]] = []
    for one in found:
        luck = drawn.random()
        if luck < 0.9:
            said.append(("sales", one, Said("sales", one.digest, AGREE)))
        if luck < 0.7:
            said.append(("marketing", one, Said("marketing", one.digest, AGREE)))
        elif luck < 0.8:
            other = Said("marketing", one.digest, NOT_YET, "Because of that.", "A text we would rather have.")
            said.append(("marketing", one, other))
    _say(ours, served, said, at)


def _agree(ours: store.Store, served: Build, found: Sequence[Facts]) -> None:
    said = [(team, one, Said(team, one.digest, AGREE)) for one in found for team in SPEAKERS]
    _say(ours, served, said, datetime.now(UTC) - timedelta(days=9))


def _say(ours: store.Store, served: Build, said: Iterable[tuple[str, Facts, Said]], at: datetime) -> None:
    with ours.database.transaction() as connection:
        known = people.people_for(connection, SPEAKERS.values(), served.roster, at)
        actors = {who: people.actor_of(connection, one, served.roster) for who, one in known.items()}
        for team, one, what in said:
            service.say(connection, By(actors[SPEAKERS[team]], served.roster, at), one, what)


def _publish_terms(ours: store.Store, served: Build) -> None:
    """What definitions do with a build that is published, when nothing is new in it."""
    with ours.database.read() as connection:
        pages = served.manifest.pages
        made = publishing.plan(connection, served.id, pages, served.roster, lambda _: None, language="en")
    with ours.database.transaction() as connection:
        publishing.publish(connection, made, datetime.now(UTC))


# ── What is measured ──────────────────────────────────────────────────────


def _clock(ours: store.Store, served: Build) -> None:
    tick = ticking.ticker(ours.database, lambda: (served.roster, served.manifest.pages))
    now = datetime.now(UTC)
    _timed("pages told that they are to be checked", lambda: tick(now))
    _timed("a minute after something was said", lambda: tick(now + timedelta(minutes=1)))
    _series("a minute in which nothing happens", [lambda: tick(now + timedelta(minutes=2))], 50, IDLE)


def _pages(ours: store.Store, served: Build, times: int) -> None:
    app, drawn, fresh = create_app(ours.settings, ours.database), random.Random(5), itertools.count()
    with app.app_context():
        _timed("everybody told what waits for them, for the first time", app.extensions[TELLER].take_in)
    clients = {handle: app.test_client() for handle in ("lee", "mia")}
    cookies = {handle: f"{COOKIE}={sign_in(client, handle)}" for handle, client in clients.items()}

    def of(urls: Iterable[str], handle: str = "lee", packing: str = "") -> list[Work]:
        headers = {"Cookie": cookies[handle], "Accept-Encoding": packing}
        return [_asking(app, url, headers) for url in urls]

    def anew(url: str, handle: str = "lee") -> list[Work]:
        return of((f"{url}{'&' if '?' in url else '?'}n={next(fresh)}" for _ in range(WARM + times // 4)), handle)

    terms = [page for page in served.manifest.pages if page.kind == "definition"]
    users = [page for page in served.manifest.pages if page.id.startswith("page-")]
    drawn.shuffle(terms)
    drawn.shuffle(users)
    _series("a definition's page", of(f"/{page.url}" for page in terms), times, PAGE)
    _series("a definition's page, compressed", of((f"/{page.url}" for page in terms), packing="gzip"), times, PAGE)
    _series("the page of one of the 20", of(f"/{page.url}" for page in terms if page.id in MOST_USED), times, PAGE)
    _series("any other page", of(f"/{page.url}" for page in users), times, PAGE)
    _series("any other page, compressed", of((f"/{page.url}" for page in users), packing="gzip"), times, PAGE)
    _series("everything said of a definition", of(f"/d/{page.id}/" for page in terms), times // 2)
    _series("list, a hundred of all", anew("/d/"), times // 4)
    _series("list, of a team, what waits", anew("/d/?team=marketing&waiting=1&after=100"), times // 4)
    _series("home", anew("/"), times // 4)
    _series("waiting for you", anew("/waiting/", "mia"), times // 4)
    for kind in ("csv", "json"):
        _timed(f"all of them to take away, {kind}", of([f"/definitions/export.{kind}"])[0])


def _asking(app: Callable[..., Iterable[bytes]], url: str, headers: dict[str, str]) -> Work:
    """Ask for a page, of which everything is read; what a test's browser does besides is not measured."""
    path, _, query = url.partition("?")
    environ = EnvironBuilder(
        path, "http://127.0.0.1:8000", query_string=query, headers=list(headers.items())
    ).get_environ()

    def ask() -> None:
        status: list[str] = []
        answer = app(dict(environ), lambda said, *_: status.append(said))
        length = sum(map(len, answer))
        getattr(answer, "close", lambda: None)()
        if not (status[0].startswith("200") and length):
            raise SystemExit(f"{url}: {status[0]}")

    return ask


def _verify(ours: store.Store, served: Build) -> None:
    digests = {one.page: one.digest for one in facts_in(served.manifest.pages)}

    def verify() -> None:
        with ours.database.read() as connection:
            found = verifying.verify(connection, digests)
        if {one.page for one in found.mismatches} != MOST_USED:  # these were reworded without building
            raise SystemExit(f"kb verify: {found.mismatches[:3]}")

    _timed("every digest worked out anew (kb verify)", verify)


def _timed(name: str, work: Work) -> None:
    _print(name, [_took(work)], 0)


def _series(name: str, works: Sequence[Work], times: int, bar: float = 0) -> None:
    turn: Iterator[Work] = itertools.cycle(works)
    for _ in range(WARM):
        next(turn)()
    _print(name, [_took(next(turn)) for _ in range(times)], bar)


def _took(work: Work) -> tuple[float, float]:
    """Milliseconds of a processor, and those that passed."""
    spent, passed = time.process_time(), time.perf_counter()
    work()
    return 1000 * (time.process_time() - spent), 1000 * (time.perf_counter() - passed)


def _print(name: str, times: Sequence[tuple[float, float]], bar: float) -> None:
    spent, passed = (sorted(one[part] for one in times) for part in (0, 1))
    if bar and (slow := spent[int(len(spent) * 0.95)]) >= bar:
        missed.append(f"{name}: {slow:.1f} ms")
    print(f"| {name} | {_shown(spent)} | {_shown(passed)} | {f'under {bar:g}' if bar else ''} |", flush=True)


def _shown(times: Sequence[float]) -> str:
    if len(times) == 1:
        return f"{times[0]:,.0f}"
    return " / ".join(f"{times[int(len(times) * part)]:.1f}" for part in (0.5, 0.95))


if __name__ == "__main__":
    main()
