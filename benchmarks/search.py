"""How fast and how well search answers: ``python benchmarks/search.py [FOLDER] [--database D]``; see also --help.

FOLDER is any folder of Markdown; without it the texts are made up (`corpus`). Times are of the whole answer in this
process, excerpts and counts included; with --http also of the same questions over HTTP. Every question is asked once
before it is timed, as a server answers it: with its words in memory. The last row tells what the first time took.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import resource
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import corpus
import stores
from waitress.server import create_server

from kb_server.app import create_app
from kb_server.builds import storage as publications
from kb_server.builds.sealing import seal
from kb_server.config import ENGINES, Settings
from kb_server.db import Database, migrate
from kb_server.documents import storage
from kb_server.documents.analysis import analyser_for
from kb_server.documents.models import Draft
from kb_server.pages import layout
from kb_server.pages import manifest as manifests
from kb_server.search import service
from kb_server.search.engines.choosing import index_of
from kb_server.search.knowledge import knowledge_of
from kb_server.search.models import Request

ENGLISH = analyser_for("en")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Asker:
    """Draws questions from texts, always the same ones."""

    def __init__(self, drafts: Sequence[Draft], frequency: Callable[[str], int]) -> None:
        self._source = random.Random(11)
        self._drafts = [draft for draft in drafts if len(draft.text.split()) > 20]
        words = {word for draft in drafts for word in ENGLISH.words(f"{draft.title} {draft.text}")}
        telling = [word for word in words if len(word) > 2 and word.isalpha() and word not in ENGLISH.stop_words]
        self._words = sorted(telling, key=lambda word: (-frequency(word), word))

    def of_each_kind(self, count: int) -> dict[str, list[Request]]:
        """`count` questions of every kind."""
        kinds: dict[str, Callable[[], Request]] = {
            "common word": lambda: Request(self._source.choice(self._words[:40])),
            "rare word": lambda: Request(self._source.choice(self._words[len(self._words) // 10 :])),
            "two or three words": lambda: Request(" ".join(self._near(self._source.choice((2, 3))))),
            "phrase": lambda: Request(f'"{self._phrase()}"'),
            "prefix, typing": lambda: Request(self._beginning(), typing=True, marks=True, facets=False),
            "misspelt": lambda: Request(self.misspelt(" ".join(self._near(2)))),
            "filtered": lambda: Request(f"{' '.join(self._near(2))} kind:page team:sales"),
        }
        return {kind: [make() for _ in range(count)] for kind, make in kinds.items()}

    def questions(self, count: int) -> list[Request]:
        """Questions of 10 to 15 words, as people ask them: a third of the words says nothing."""
        filler = ["how", "do", "we", "the", "when", "a", "is", "what", "for", "to"]
        asked = []
        for _ in range(count):
            length = self._source.randint(10, 15)
            words = self._near(length - length // 3) + self._source.choices(filler, k=length // 3)
            self._source.shuffle(words)
            asked.append(Request(" ".join(words)))
        return asked

    def two_words(self) -> str:
        """Two words that stand in one text."""
        return " ".join(self._near(2))

    def misspelt(self, query: str) -> str:
        """The query with one letter of one word missing, added, changed or swapped with the next."""
        words = query.split()
        place = max(range(len(words)), key=lambda index: (len(words[index]), index))
        word, letter = words[place], self._source.choice(LETTERS)
        at = self._source.randrange(1, len(word))
        words[place] = self._source.choice(
            (
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
            )
        )
        return " ".join(words)

    def _text(self) -> list[str]:
        return self._source.choice(self._drafts).text.split()

    def _near(self, count: int) -> list[str]:
        words = [word for word in ENGLISH.words(" ".join(self._text())) if len(word) > 3 and word.isalpha()]
        telling = list(dict.fromkeys(word for word in words if word not in ENGLISH.stop_words)) or self._words[:count]
        return self._source.sample(telling, min(count, len(telling)))

    def _phrase(self) -> str:
        words = ENGLISH.words(" ".join(self._text()))
        start = self._source.randrange(max(1, len(words) - 4))
        return " ".join(words[start : start + self._source.choice((2, 3, 4))])

    def _beginning(self) -> str:
        *first, last = self._near(self._source.choice((1, 2)))
        return " ".join([*first, last[: self._source.randint(2, max(2, len(last) - 1))]])


def main() -> None:
    """Print the figures."""
    options = _options()
    drafts = corpus.from_folder(options.folder, options.sections) if options.folder else corpus.seeded(options.sections)
    with tempfile.TemporaryDirectory() as folder, stores.address(options.database, folder) as url:
        settings = Settings(
            data_dir=Path(folder),
            database_url=url,
            search_engine=options.engine,
            search_budget_ms=options.budget,
        )
        database = Database(settings.database_url)
        migrate(database, Path(folder))
        _fill(database, settings, drafts)
        asker = Asker(drafts, knowledge_of(database).vocabulary.frequency)
        asked = asker.of_each_kind(options.each)
        questions = asker.questions(options.each)
        _print_times(lambda request: service.search(database, settings, request).took_ms, asked, questions)
        if options.http:
            with _served(database, settings) as address:
                print("over HTTP")
                _print_times(_over_http(address), asked, questions)
        _print_quality(database, settings, asker, questions)
        database.close()
    print(f"memory at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--sections", type=int, default=5_000)
    parser.add_argument("--engine", choices=ENGINES, default=Settings.search_engine)
    parser.add_argument("--database", default="sqlite", help="sqlite, postgresql (one of our own), or an address")
    parser.add_argument("--each", type=int, default=100, help="questions of every kind")
    parser.add_argument("--budget", type=int, default=Settings.search_budget_ms, help="KB_SEARCH_BUDGET_MS")
    parser.add_argument("--http", action="store_true")
    return parser.parse_args()


def _fill(database: Database, settings: Settings, drafts: list[Draft]) -> None:
    with _said(f"{len(drafts):,} sections written and indexed"):
        _put(database, settings, drafts)
    with _said("one of them changed"):
        _put(database, settings, [corpus.changed(drafts[0])])
    with _said("words and names learnt"):
        service.search(database, settings, Request("x"))
    for place in ("kb.sqlite3", "search"):
        path = settings.data_dir / place
        if size := sum(file.stat().st_size for file in (path, *path.rglob("*")) if file.is_file()):
            print(f"{size / 1e6:.0f} MB in {place}")
    if database.dialect == "postgresql":
        with database.read() as connection:
            size = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
        print(f"{size / 1e6:.0f} MB in PostgreSQL")


def _put(database: Database, settings: Settings, drafts: list[Draft]) -> None:
    with database.transaction() as connection:
        storage.put(connection, drafts, ENGLISH)
    index = index_of(database, settings)
    if index:
        with database.read() as connection:
            index.apply(connection)


def _print_times(ask: Callable[[Request], float], asked: dict[str, list[Request]], questions: list[Request]) -> None:
    print(f"{'ms':24}{'p50':>8}{'p95':>8}{'p99':>8}{'most':>8}")
    every: list[float] = []
    first: list[float] = []
    for kind, requests in {**asked, "question, 10-15 words": questions}.items():
        first += map(ask, requests)
        times = [ask(request) for request in requests]
        _print_row(kind, times)
        if requests is not questions:
            every += times
    _print_row("all but questions", every)
    _print_row("all, for the first time", first)


def _print_row(name: str, times: list[float]) -> None:
    ranked = sorted(times)
    figures = [ranked[min(len(ranked) - 1, int(len(ranked) * share))] for share in (0.5, 0.95, 0.99, 1)]
    print(f"{name:24}" + "".join(f"{figure:8.2f}" for figure in figures))


def _print_quality(database: Database, settings: Settings, asker: Asker, questions: list[Request]) -> None:
    def found(query: str) -> set[str]:
        return {hit.url for hit in service.search(database, settings, Request(query)).hits}

    kept: list[float] = []
    while len(kept) < 200:
        query = asker.two_words()
        if right := found(query):
            kept.append(len(right & found(asker.misspelt(query))) / len(right))
    print(f"misspelt letter in two words: {sum(kept) / len(kept):.1%} of the right top ten kept")
    empty = sum(not service.search(database, settings, request).hits for request in questions)
    print(f"questions without an answer: {empty} of {len(questions)}")


def _over_http(address: str) -> Callable[[Request], float]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc)

    def ask(request: Request) -> float:
        query = urlencode({"query": request.query, "typing": int(request.typing), "marks": int(request.marks)})
        started = time.perf_counter()
        connection.request("GET", f"/api/v1/search?{query}")
        json.loads(connection.getresponse().read())
        return (time.perf_counter() - started) * 1000

    return ask


@contextmanager
def _served(database: Database, settings: Settings) -> Iterator[str]:
    """A server of a wiki without pages, which still searches what is in the store."""
    aside = settings.data_dir / "builds" / ".new"
    (aside / layout.SHELLS).mkdir(parents=True)
    (aside / layout.POLICY).write_text("default-src 'self'")
    manifests.write(manifests.Manifest("Benchmark", "en"), aside / layout.MANIFEST)
    build = seal(aside)
    aside.rename(aside.parent / build)
    with database.transaction() as connection:
        publications.add(connection, build, "")
    server = create_server(create_app(settings, database), host="127.0.0.1", port=0, threads=settings.threads)
    threading.Thread(target=server.run, daemon=True).start()
    yield f"http://127.0.0.1:{server.effective_port}"  # the server ends with this process


@contextmanager
def _said(what: str) -> Iterator[None]:
    started = time.perf_counter()
    yield
    print(f"{what}: {time.perf_counter() - started:.2f} s")


if __name__ == "__main__":
    main()
