"""A store behind real servers: requests per second, memory, and how soon a change is found.

A worker is a thread of waitress in one `kb serve`: one process serves a SQLite file. One PostgreSQL can be served by
several processes. Whoever asks runs on the same machine and takes a share of its processors.
"""

from __future__ import annotations

import http.client
import json
import re
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

sys.path.append(str(Path(__file__).parents[1] / "tests"))
from by_hand import make_build
from processes import start, stop
from store import Store

from kb_server.builds import storage as publications
from kb_server.documents.models import Draft
from kb_server.search.models import Request

READERS = 8  # at a time, each with a connection of its own
WORD = "zebracrossing"
"""Stands in no text but the changed one."""

Served = list[tuple[int, str]]
"""Process id and address of every server."""


def publish_nothing(store: Store) -> None:
    """Make a build without pages current: a server needs one."""
    builds = store.settings.data_dir / "builds"
    builds.mkdir()
    build = make_build(builds)
    with store.database.transaction() as connection:
        publications.add(connection, build, "")


def environment(store: Store) -> dict[str, str]:
    """The settings with which a command works on the store."""
    return {
        "KB_DATA_DIR": str(store.settings.data_dir),
        "KB_DATABASE_URL": store.settings.database_url,
        "KB_SEARCH_ENGINE": store.settings.search_engine,
    }


@contextmanager
def served(store: Store, *, threads: int = 4, processes: int = 1) -> Iterator[Served]:
    """So many servers, with everything in memory that they keep there."""
    given = environment(store) | {"KB_THREADS": str(threads)}
    del given["KB_DATA_DIR"]
    with ExitStack() as stack:
        started = []
        for number in range(processes):
            process, address = start(_folder(store.settings.data_dir, number), **given)
            stack.callback(stop, process)
            started.append((process.pid, address))
            while answer(f"{address}readyz")["index"].get("state", "following") != "following":
                time.sleep(0.1)
        yield started


def _folder(data: Path, number: int) -> Path:
    """The data folder of a server. Servers of one database share the builds and nothing else."""
    if not number:
        return data
    folder = data / f"node-{number}"
    if not folder.exists():
        folder.mkdir(mode=0o700)
        (folder / "builds").symlink_to(data / "builds")
    return folder


def throughput(servers: Served, asked: Sequence[Request]) -> tuple[float, list[float]]:
    """Requests per second, and milliseconds of each, of readers who ask as soon as they are answered."""
    readers = [(servers[number % len(servers)][1], asked[number::READERS]) for number in range(READERS)]
    with ThreadPoolExecutor(READERS) as pool:
        began = time.perf_counter()
        times = [one for some in pool.map(lambda reader: _ask_all(*reader), readers) for one in some]
        return len(times) / (time.perf_counter() - began), times


def memory(servers: Served) -> float:
    """Megabytes the first server holds in memory (RSS)."""
    status = Path(f"/proc/{servers[0][0]}/status").read_text(encoding="ascii")
    return int(re.findall(r"VmRSS:\s+(\d+) kB", status)[0]) / 1e3


def until_found(store: Store, servers: Served, draft: Draft) -> float:
    """Seconds from writing a changed text, with WORD in it, until a reader finds it."""
    began = time.perf_counter()
    store.write([draft])
    wait_for_word(servers)
    return time.perf_counter() - began


def wait_for_word(servers: Served) -> None:
    """Ask the first server for WORD until it is found."""
    while not answer(f"{servers[0][1]}api/v1/search?query={WORD}&exact=1")["total"]:
        time.sleep(0.005)


def answer(address: str) -> dict[str, Any]:
    """What a server answers, as JSON."""
    with urllib.request.urlopen(address, timeout=60) as response:
        found: dict[str, Any] = json.loads(response.read())
        return found


def _ask_all(address: str, asked: Sequence[Request]) -> list[float]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc)
    times = []
    for request in asked:
        query = urlencode({"query": request.query, "typing": int(request.typing), "marks": int(request.marks)})
        began = time.perf_counter()
        connection.request("GET", f"/api/v1/search?{query}")
        response = connection.getresponse()
        response.read()
        times.append((time.perf_counter() - began) * 1_000)
        if response.status != 200:
            raise SystemExit(f"{request.query!r} was answered {response.status}")
    connection.close()
    return times
