"""Isso, to be measured beside: installed into an environment of its own, with conversations as ours are.

Everything is as it comes, but for the guard against many posts of one address, which is switched off by Isso's own
setting. How safely it writes is Isso's own business, too: `durability` says what that comes to.
"""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from client import Line, Server, request
from talked import ANSWERS, PAGES, TALKS, text

PACKAGES = ("isso==0.14.*", "waitress==3.*")
SETTINGS = """\
[general]
dbpath = {database}
host = http://127.0.0.1:{port}
[guard]
enabled = false
[server]
listen = http://127.0.0.1:{port}
"""
WAYS = {
    "isso": ("isso", "-c", "{settings}", "run"),
    "waitress": ("waitress-serve", "--threads=4", "--listen=127.0.0.1:{port}", "isso.run:application"),
}
JSON = {"Content-Type": "application/json"}


class Isso:
    """An installed Isso and its folder."""

    def __init__(self, folder: Path) -> None:
        """Install it."""
        self._folder = folder
        self._python = folder / "environment" / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", str(self._python.parents[1])], check=True)
        pip = [str(self._python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
        subprocess.run([*pip, *PACKAGES], check=True)

    @property
    def database(self) -> Path:
        """Where it keeps what was said."""
        return self._folder / "comments.db"

    @property
    def log(self) -> Path:
        """What it says."""
        return self._folder / "isso.log"

    @contextmanager
    def serving(self, way: str) -> Iterator[Server]:
        """Serve it."""
        port = _free_port()
        settings = self._folder / "isso.cfg"
        settings.write_text(SETTINGS.format(database=self.database, port=port))
        program, *words = WAYS[way]
        command = [str(self._python.parent / program), *(word.format(settings=settings, port=port) for word in words)]
        with self.log.open("a") as log:
            environment = os.environ | {"ISSO_SETTINGS": str(settings)}
            process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
            try:
                _wait_for(port, process)
                yield Server(f"http://127.0.0.1:{port}/", process.pid)
            finally:
                process.terminate()
                process.wait(20)

    def durability(self) -> str:
        """How it writes: by what stands in its file, and by what a connection of its own Python has by default."""
        code = (
            "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]);"
            "print(*(c.execute(f'PRAGMA {name}').fetchone()[0] for name in ('journal_mode','synchronous')))"
        )
        said = subprocess.run(
            [str(self._python), "-c", code, str(self.database)], check=True, capture_output=True, text=True
        ).stdout.split()
        return f"journal_mode={said[0]}, synchronous={said[1]}"


def reading(page: int) -> bytes:
    """What its script asks for when a page is read."""
    return request("GET", f"/?uri={_uri(page)}&nested_limit=5", {})


def saying(number: int, page: int, answered: int | None) -> bytes:
    """What its script sends when somebody has written something."""
    body = {"author": "Sam", "email": None, "website": None, "text": text(number), "parent": answered, "title": "M"}
    return request("POST", f"/new?uri={_uri(page)}", JSON, json.dumps(body).encode())


def fill(isso: Isso, address: str) -> list[list[int]]:
    """Let people talk about one page over HTTP, and copy that for the others; gives the ids of what each began with."""
    first = []
    with closing(Line(address)) as line:
        for talk in range(TALKS):
            number = talk * (ANSWERS + 1)
            began = _said(line, saying(number, 0, None))
            first.append(began)
            for answer in range(1, ANSWERS + 1):
                _said(line, saying(number + answer, 0, began))
    with closing(sqlite3.connect(isso.database)) as connection, connection:
        step = connection.execute("SELECT max(id) FROM comments").fetchone()[0]
        names = [row[1] for row in connection.execute("PRAGMA table_info(comments)")]
        new = {"tid": "tid + ?1", "id": "id + ?1 * ?2", "parent": "parent + ?1 * ?2"}
        columns = ", ".join(new.get(name, name) for name in names)
        copy = f"INSERT INTO comments SELECT {columns} FROM comments WHERE tid = 1"
        for page in range(1, PAGES):
            connection.execute("INSERT INTO threads (id, uri, title) VALUES (?, ?, 'M')", (page + 1, _path(page)))
            connection.execute(copy, (page, step))
    return [[began + page * step for began in first] for page in range(PAGES)]


def _said(line: Line, asked: bytes) -> int:
    answer = line.ask(asked)
    if answer.status != 201:
        raise SystemExit(f"Isso answered {answer.status}: {answer.body[:300]!r}")
    given: int = json.loads(answer.body)["id"]
    return given


def _path(page: int) -> str:
    return f"/measured-{page}/"


def _uri(page: int) -> str:
    return quote(_path(page), safe="")


def _free_port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as probe:
        port: int = probe.getsockname()[1]
        return port


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    while process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("Isso did not start: see its log")
