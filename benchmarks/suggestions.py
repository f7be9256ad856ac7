"""Suggestions by the thousand: ``make bench-suggestions``; see also --help.

Made-up texts are asked by three people of two teams about a hundred pages, agreed with, remarked on and answered, so
that rows, documents and log are as they would be (`asked.py`). Then one who is in both teams asks for each thing anew,
in the server's process, whole, with rendering, at an address that was never asked before. Printed are milliseconds as
p50 / p95 / p99, and the number of queries. It ends with exit code 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "tests"))
import asked
import corpus
import sqlalchemy as sa
import store
from flask.testing import FlaskClient

from kb_server.app import create_app
from kb_server.documents.models import Draft
from kb_server.people.secret import stamp
from kb_server.search.similar import similar
from kb_server.suggestions import service

BARS = {"list": 50, "list, the tenth part": 50, "list of a page": 50, "board": 50, "similar ones while typing": 30}
Ask = Callable[[int], object]


def main() -> None:
    options = _options()
    texts = corpus.seeded(options.suggestions)
    kinds = [engine for engine in store.ENGINES if engine in options.engines]
    print(f"| {options.suggestions:,} suggestions | " + " | ".join(kinds) + " |\n| --- " + "| --- " * len(kinds) + "|")
    rows: dict[str, list[str]] = {}
    missed = []
    for engine in kinds:
        with store.opened(engine) as ours:
            asked.fill(ours, texts)
            for name, times, queries in _measured(ours, texts, options.times):
                rows.setdefault(name, []).append(f"{_shown(times)}; {queries} queries")
                if times[int(len(times) * 0.95)] >= BARS.get(name, sys.maxsize):
                    missed.append(f"{name}, {engine}")
    for name, cells in rows.items():
        print(f"| {name} | {' | '.join(cells)} |")
    sys.exit(f"MISSED: {'; '.join(missed)}" if missed else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--suggestions", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=200, help="how often each thing is asked for")
    parser.add_argument("--engines", nargs="*", default=("sqlite", "postgresql"), choices=store.ENGINES)
    return parser.parse_args()


# ── Measuring ─────────────────────────────────────────────────────────────


def _measured(ours: store.Store, texts: Sequence[Draft], times: int) -> Iterator[tuple[str, list[float], int]]:
    app = create_app(ours.settings, ours.database)
    client = app.test_client()
    client.post("/sign-in/", data={"handle": "lee"}, headers={"Sec-Fetch-Site": "same-origin"})
    last = client.get("/api/v1/suggestions?limit=1&order=new").json["suggestions"][0]["number"]
    cursor = _tenth(client)
    fresh = itertools.count()

    def page_at(url: str) -> Ask:
        return lambda _: _got(client, f"{url}{'&' if '?' in url else '?'}n={next(fresh)}")

    typed = [f"{text.title}\n{text.text[20:320]}" for text in texts[:: max(1, len(texts) // times)]]
    wanted: dict[str, Ask] = {
        "list": page_at("/suggestions/?view=list"),
        "list, the tenth part": page_at(f"/suggestions/?view=list&after={cursor}"),
        "list of a page": page_at("/suggestions/?view=list&page=measured-7&state=done"),
        "board": page_at("/suggestions/"),
        "one": lambda number: _got(client, f"/s/{1 + number * 37 % last}/?n={next(fresh)}"),
        "list for programs": page_at("/api/v1/suggestions?limit=20&order=votes&state=open"),
        "similar ones while typing": lambda number: similar(ours.database, typed[number % len(typed)], "marketing"),
        "similar ones, title alone": lambda number: similar(ours.database, typed[number % len(typed)].split("\n")[0]),
        "both directions, for home": lambda _: _between(ours),
    }
    for name, ask in wanted.items():
        for number in range(5):
            ask(number)
        with _counted() as queries:
            ask(5)
        yield name, sorted(_timed(ask, number) for number in range(times)), len(queries)


def _tenth(client: FlaskClient) -> int:
    """The number behind which the tenth part of the list begins."""
    after = 0
    for _ in range(9):
        text = client.get(f"/suggestions/?view=list&after={after}").text
        _, found, rest = text.rpartition("after=")
        after = int("".join(itertools.takewhile(str.isdigit, rest))) if found else after
    return after


def _got(client: FlaskClient, url: str) -> None:
    answer = client.get(url)
    if answer.status_code != 200:
        raise SystemExit(f"{url}: {answer.status_code}\n{answer.text[:500]}")


def _between(ours: store.Store) -> None:
    now = datetime.now(UTC)
    with ours.database.read() as connection:
        service.between(connection, stamp(now - timedelta(days=90)), stamp(now))


def _timed(ask: Ask, number: int) -> float:
    started = time.perf_counter()
    ask(number)
    return 1000 * (time.perf_counter() - started)


@contextmanager
def _counted() -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    sa.event.listen(sa.engine.Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        sa.event.remove(sa.engine.Engine, "before_cursor_execute", note)


def _shown(times: Sequence[float]) -> str:
    return " / ".join(f"{times[int(len(times) * part)]:.1f}" for part in (0.5, 0.95, 0.99))


if __name__ == "__main__":
    main()
