"""What search is compared with: the plain BM25 of each engine, set up as its manual does, and lunr as MkDocs ships it.

Each is given title and text, with the stemmer that is its own. The engines are asked for all of the words, which serves
each of them better, and for any of them where that finds fewer than ten; lunr has its own way. It runs in the Node that
comes with Playwright.
"""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import mkdocs
import playwright
import psycopg
from whoosh import fields, index
from whoosh.analysis import StemmingAnalyzer
from whoosh.query import And, Or, Term

from kb_server.documents.models import Draft

TOP = 10
LONGEST = 200_000  # characters that fit into a vector
WORD = re.compile(r"\w+")
LUNR = Path(mkdocs.__file__).parent / "contrib" / "search" / "templates" / "search" / "lunr.js"
NODE = Path(playwright.__file__).parent / "driver" / "node"
PROGRAM = """
const [library, texts] = process.argv.slice(1), lunr = require(library);
const index = lunr(function () {
  this.ref("url"); this.field("title"); this.field("text");
  for (const text of JSON.parse(require("fs").readFileSync(texts))) this.add(text);
});
const lines = require("readline").createInterface({input: process.stdin});
lines.on("line", (line) => console.log(JSON.stringify(index.search(line).slice(0, 10).map((hit) => hit.ref))));
"""

Ask = Callable[[str], list[str]]
"""From a query to the addresses of what was found, best first."""


def _words(query: str) -> list[str]:
    return list(dict.fromkeys(WORD.findall(query.lower())))


def _all_then_any(search: Callable[..., list[str]]) -> Ask:
    """To be asked for what has all words of a query, then any of them."""

    def ask(query: str) -> list[str]:
        words = _words(query)
        found = search(words, every=True)
        return found if len(found) == TOP else list(dict.fromkeys([*found, *search(words, every=False)]))[:TOP]

    return ask


@contextmanager
def fts5(drafts: Sequence[Draft]) -> Iterator[Ask]:
    """SQLite's FTS5 with its Porter stemmer, by `bm25`."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(url UNINDEXED, title, text, tokenize = 'porter unicode61')")
    connection.executemany("INSERT INTO t VALUES (?, ?, ?)", [(one.url, one.title, one.text) for one in drafts])

    def search(words: list[str], *, every: bool) -> list[str]:
        wanted = (" AND " if every else " OR ").join(f'"{word}"' for word in words)
        return [row[0] for row in connection.execute(f"SELECT url FROM t(?) ORDER BY bm25(t) LIMIT {TOP}", [wanted])]

    yield _all_then_any(search)
    connection.close()


@contextmanager
def tsvector(drafts: Sequence[Draft], address: str) -> Iterator[Ask]:
    """PostgreSQL's `ts_rank` over weighted English vectors; it has no BM25."""
    with psycopg.connect(address.replace("postgresql+psycopg", "postgresql")) as connection, connection.cursor() as at:
        at.execute("CREATE TEMP TABLE t (url text, v tsvector)")
        vector = "setweight(to_tsvector('english', %s), 'A') || to_tsvector('english', %s)"
        rows = [(one.url, one.title, one.text[:LONGEST]) for one in drafts]
        at.executemany(f"INSERT INTO t VALUES (%s, {vector})", rows)
        at.execute("CREATE INDEX ON t USING gin (v)")

        def search(words: list[str], *, every: bool) -> list[str]:
            wanted = (" && " if every else " || ").join(["plainto_tsquery('english', %s)"] * len(words))
            query = f"SELECT url FROM t, (SELECT {wanted}) s(q) WHERE v @@ q ORDER BY ts_rank(v, q, 1) DESC LIMIT {TOP}"
            return [row[0] for row in at.execute(query, words)]

        yield _all_then_any(search)


@contextmanager
def bm25f(drafts: Sequence[Draft]) -> Iterator[Ask]:
    """Whoosh's own BM25F over fields with its stemming analyser."""
    analyser = StemmingAnalyzer()
    schema = fields.Schema(url=fields.STORED, title=fields.TEXT(analyser), text=fields.TEXT(analyser))
    with tempfile.TemporaryDirectory() as folder:
        made = index.create_in(folder, schema)
        with made.writer(limitmb=512) as writer:
            for one in drafts:
                writer.add_document(url=one.url, title=one.title, text=one.text)
        with made.searcher() as searcher:

            def search(words: list[str], *, every: bool) -> list[str]:
                stems = {token.text for token in analyser(" ".join(words))}
                wanted = [Or([Term("title", stem), Term("text", stem)]) for stem in stems]
                return [hit["url"] for hit in searcher.search((And if every else Or)(wanted), limit=TOP)]

            yield _all_then_any(search)


@contextmanager
def lunr(drafts: Sequence[Draft]) -> Iterator[Ask]:
    """What MkDocs puts into a reader's browser."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as texts:
        json.dump([{"url": one.url, "title": one.title, "text": one.text} for one in drafts], texts)
        texts.flush()
        command = [str(NODE), "--max-old-space-size=8192", "-e", PROGRAM, str(LUNR), texts.name]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            questions, answers = process.stdin, process.stdout
            assert questions
            assert answers

            def ask(query: str) -> list[str]:
                print(" ".join(_words(query)), file=questions, flush=True)
                found: list[str] = json.loads(answers.readline())
                return found

            yield ask
            questions.close()
