"""Slow clients, a cold start, and a build published meanwhile: ``make bench-slow``; see also --help.

Three things at once, as on a bad day, against a real `kb serve` on this machine:

1. right after the start, with no index yet, a thousand readers ask at the same moment;
2. then some 1,500 clients hold a connection each and are slow: one part says nothing, one sends its request a letter at
   a time, one takes a large file a little at a time, one asks once and stays; whom the server leaves comes again;
3. meanwhile some readers read as people do, and another build is published. Their times are the figure.

It fails (exit code 1) when any answer is a 5xx or is mixed of two builds, when the index was made more than once, or
when the 99th percentile of the readers' times is not below the bar.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

sys.path += [str(Path(__file__).parents[1] / "tests"), str(Path(__file__).parent)]
import by_hand
import slowness
from by_hand import page
from processes import KB

from kb_server.config import ENGINES

PAGES, WORDS = 300, 400
LARGE = 3_000_000  # bytes
MARK = re.compile(r"build-([ab])")


@dataclass
class Seen:
    """What came back."""

    times: list[float] = field(default_factory=list)
    statuses: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    builds: set[str] = field(default_factory=set)

    def bad(self) -> int:
        """How many answers were none, or not good."""
        return sum(count for status, count in self.statuses.items() if not status.startswith("2"))


def main() -> None:
    options = _options()
    _raise_limit(options.slow + options.readers + options.at_once + 200)
    with tempfile.TemporaryDirectory(prefix="kb-slow-") as folder:
        data = Path(folder, "data")
        builds = [_build(data / "builds", mark, options.seed) for mark in "ab"]
        _kb(data, options.engine, "publish", builds[0])
        with _served(data, options.engine) as (address, log):
            failures = asyncio.run(_bad_day(options, data, address, builds[1]))
        made_anew = log.read_text().count("made anew")
    print(f"index made anew: {made_anew}; load of this machine: {os.getloadavg()[0]:.1f}")
    if made_anew > 1:
        failures.append(f"the index was made anew {made_anew} times")
    for failure in failures:
        print(f"FAILED: {failure}")
    sys.exit(1 if failures else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--slow", type=int, default=1_500, help="slow clients")
    parser.add_argument("--at-once", type=int, default=1_000, help="readers at the same moment after the start")
    parser.add_argument("--readers", type=int, default=20, help="readers among the slow clients")
    parser.add_argument("--pause", type=float, default=0.4, help="seconds a reader reads, on average")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--bar", type=float, default=250.0, help="milliseconds for the 99th percentile")
    parser.add_argument("--engine", choices=ENGINES, default="whoosh")
    parser.add_argument("--seed", type=int, default=20261121)
    return parser.parse_args()


def _raise_limit(wanted: int) -> None:
    """Every connection is an open file, here and in the server, which inherits the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    if most < wanted:
        sys.exit(f"This needs {wanted} open files, and the limit is {most}. Raise it (ulimit -Hn), or lower --slow.")


def _build(builds: Path, mark: str, seed: int) -> str:
    """A wiki whose every file says of which build it is."""
    chance = random.Random(seed)
    words = [f"word{number}" for number in range(900)]
    texts = [" ".join(chance.choices(words, k=WORDS)) for _ in range(PAGES)]
    pages = [page(f"p{number}", f"{text} build-{mark}", title=f"build-{mark}") for number, text in enumerate(texts)]
    files = {
        f"assets/site-{mark}.{8 * mark}.min.css": f"/* build-{mark} */" + "p { color: green }\n" * 2_000,
        slowness.LARGE: f"build-{mark}" + "x" * LARGE,
        **{f"p{number}/index.html": _html(mark, text) for number, text in enumerate(texts)},
    }
    return by_hand.make_build(builds, *pages, **files)


def _html(mark: str, text: str) -> str:
    style = f"assets/site-{mark}.{8 * mark}.min.css"
    return f'<!doctype html><link rel=stylesheet href="../{style}"><h1>build-{mark}</h1>' + f"<p>{text}</p>\n" * 8


def _kb(data: Path, engine: str, *words: str) -> None:
    subprocess.run([*KB, *words], env=_environment(data, engine), check=True, stdout=subprocess.DEVNULL)


def _environment(data: Path, engine: str) -> dict[str, str]:
    return os.environ | {"KB_DATA_DIR": str(data), "KB_PORT": "0", "KB_SAMPLE": "no", "KB_SEARCH_ENGINE": engine}


@contextmanager
def _served(data: Path, engine: str) -> Iterator[tuple[str, Path]]:
    log = data.parent / "log"
    with log.open("w") as said:
        process = subprocess.Popen(
            [*KB, "serve"], env=_environment(data, engine), stdout=subprocess.PIPE, stderr=said, text=True
        )
        assert process.stdout
        address = process.stdout.readline().rpartition(" ")[2].strip()
        try:
            yield address, log
        finally:
            process.terminate()
            process.wait(10)
            process.stdout.close()


async def _bad_day(options: argparse.Namespace, data: Path, address: str, coming: str) -> list[str]:
    crowd = Seen()
    visits = [_visit(address, crowd, random.Random(number)) for number in range(options.at_once)]
    await asyncio.gather(*visits)
    _print_row(f"{options.at_once} at once, cold", crowd)
    with slowness.clients(address, options.slow, PAGES) as connected:
        while connected() < options.slow:  # noqa: ASYNC110  -- it is another process that counts
            await asyncio.sleep(0.1)
        alone, meanwhile = Seen(), Seen()
        await _read(options, address, alone, options.seconds / 2)
        publishing = asyncio.create_task(_publish(data, options.engine, coming))
        await _read(options, address, meanwhile, options.seconds / 2)
        await publishing
        _print_row(f"{options.readers} readers, {connected()} slow", alone)
        _print_row("  and a publication", meanwhile)
    return [
        *_failures(crowd, options, bar=False),
        *_failures(alone, options),
        *_failures(meanwhile, options, both=True),
    ]


async def _publish(data: Path, engine: str, coming: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *KB, "publish", coming, env=_environment(data, engine), stdout=subprocess.DEVNULL
    )
    assert await process.wait() == 0


def _failures(seen: Seen, options: argparse.Namespace, *, bar: bool = True, both: bool = False) -> list[str]:
    found = [f"{seen.bad()} answers were not good: {dict(seen.statuses)}"] if seen.bad() else []
    found += seen.wrong[:3]
    if bar and _percentile(seen.times, 0.99) >= options.bar:
        found.append(f"the 99th percentile is not below {options.bar:.0f} ms")
    if both and seen.builds != {"a", "b"}:
        found.append(f"both builds should have been seen, and it was {sorted(seen.builds)}")
    return found


async def _read(options: argparse.Namespace, address: str, seen: Seen, seconds: float) -> None:
    """Readers come and go; each visit is a page, its style, and a search."""
    until = time.monotonic() + seconds

    async def reader(number: int) -> None:
        chance = random.Random(number)
        await asyncio.sleep(chance.uniform(0, options.pause))
        while time.monotonic() < until:
            await _visit(address, seen, chance)
            await asyncio.sleep(chance.expovariate(1 / options.pause))

    await asyncio.gather(*map(reader, range(options.readers)))


async def _visit(address: str, seen: Seen, chance: random.Random) -> None:
    try:
        inward, outward = await asyncio.open_connection(urlsplit(address).hostname, urlsplit(address).port)
    except OSError as error:
        seen.statuses[type(error).__name__] += 1
        return
    try:
        html = await _get(inward, outward, f"/p{chance.randrange(PAGES)}/", seen)
        style = re.search(r"assets/[^\"]+", html)
        if style and await _get(inward, outward, f"/{style[0]}", seen, of=html) == "":
            seen.wrong.append("a page's own style was not there")
        await _get(inward, outward, f"/api/v1/search?query=word{chance.randrange(900)}&typing=1", seen)
        await _get(inward, outward, f"/search/?query=word{chance.randrange(900)}+word{chance.randrange(900)}", seen)
    except (OSError, asyncio.IncompleteReadError) as error:
        seen.statuses[type(error).__name__] += 1
    finally:
        outward.close()


async def _get(inward: asyncio.StreamReader, outward: asyncio.StreamWriter, path: str, seen: Seen, of: str = "") -> str:
    """One request and its answer; `of` is the page it belongs to."""
    started = time.perf_counter()
    outward.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    head = (await inward.readuntil(b"\r\n\r\n")).decode()
    length = re.search(r"(?i)content-length: (\d+)", head)
    body = (await inward.readexactly(int(length[1]) if length else 0)).decode()
    seen.times.append((time.perf_counter() - started) * 1000)
    status = head.split()[1]
    seen.statuses[status] += 1
    marks = set(MARK.findall(body + of))
    seen.builds |= marks
    if len(marks) > 1:
        seen.wrong.append(f"{path} was mixed of two builds")
    return body if status == "200" else ""


def _print_row(name: str, seen: Seen) -> None:
    figures = "".join(f"{_percentile(seen.times, share):8.1f}" for share in (0.5, 0.95, 0.99, 1))
    print(f"{name:32}{len(seen.times):7} answers  p50 p95 p99 most, ms:{figures}  {dict(seen.statuses)}", flush=True)


def _percentile(times: list[float], share: float) -> float:
    ranked = sorted(times) or [0.0]
    return ranked[min(len(ranked) - 1, int(len(ranked) * share))]


if __name__ == "__main__":
    main()
