"""Whoever asks, at the least cost Python can have: requests made beforehand, connections kept, answers hardly read.

The same for every server that is measured; `limit` says how much it could ask of one that does nothing.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

READERS = 4  # at a time, each with a connection of its own
_LENGTH = re.compile(rb"(?i)\r\ncontent-length: *(\d+)")
_ENDS = re.compile(rb"(?i)\r\nconnection: *close")
BODILESS = (204, 304)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    head: bytes
    body: bytes

    def header(self, name: str) -> str:
        """A header's value, "" where it is missing."""
        found = re.search(rb"(?i)\r\n" + name.encode() + rb": *([^\r]*)", self.head)
        return found[1].decode() if found else ""


@dataclass(frozen=True, slots=True)
class Server:
    """A server to ask, and the process it runs in."""

    address: str
    pid: int

    def worked(self) -> float:
        """Seconds of a processor it has used so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Rate:
    """Answers a second, and milliseconds of a processor that each took the server."""

    answers: float
    work: float


def request(method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    given = {"Host": "127.0.0.1", "Accept-Encoding": "gzip", **headers}
    if body:
        given["Content-Length"] = str(len(body))
    lines = "".join(f"{name}: {value}\r\n" for name, value in given.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


class Line:
    """A connection, kept for as long as the server keeps it."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._place = (parts.hostname, parts.port)
        self._socket: socket.socket | None = None

    def ask(self, asked: bytes) -> Answer:
        """Send a request, and wait for the whole answer."""
        connection = self._socket = self._socket or self._connected()
        connection.sendall(asked)
        got = b""
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more(connection)
        head, body = got[: end + 2], got[end + 4 :]
        status, length = int(head[9:12]), _LENGTH.search(head)
        missing = 0 if status in BODILESS else int(length[1]) if length else None
        while missing is None or len(body) < missing:
            some = connection.recv(262_144)
            if not some:
                break
            body += some
        if missing is None or head.startswith(b"HTTP/1.0") or _ENDS.search(head):
            self.close()
        return Answer(status, head, body)

    def close(self) -> None:
        """Let go of it; the next request opens another."""
        if self._socket:
            self._socket.close()
        self._socket = None

    def _connected(self) -> socket.socket:
        connection = socket.create_connection(self._place, timeout=60)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    @staticmethod
    def _more(connection: socket.socket) -> bytes:
        some = connection.recv(262_144)
        if not some:
            raise SystemExit("a server ended a connection in the middle of an answer")
        return some


def rate(server: Server, request_of: Callable[[int], bytes], seconds: float, status: int = 200) -> Rate:
    """How READERS are answered who ask as soon as they are. Another status than `status` ends it all."""
    numbers = itertools.count()
    before, until = server.worked(), time.perf_counter() + seconds

    def read(line: Line) -> int:
        count = 0
        with closing(line):
            while time.perf_counter() < until:
                answered = line.ask(request_of(next(numbers)))
                if answered.status != status:
                    raise SystemExit(f"{server.address} answered {answered.status}: {answered.body[:300]!r}")
                count += 1
        return count

    began = time.perf_counter()
    with ThreadPoolExecutor(READERS) as pool:
        count = sum(pool.map(read, [Line(server.address) for _ in range(READERS)]))
    return Rate(count / (time.perf_counter() - began), (server.worked() - before) / count * 1_000)


def paced(doers: Sequence[Callable[[int], object]], rate: int, seconds: float) -> list[float]:
    """Milliseconds each of `rate` deeds a second took, from the moment it was due: whoever is late counts as slow."""
    numbers = itertools.count()
    began = time.perf_counter() + 0.05

    def act(do: Callable[[int], object]) -> list[float]:
        times = []
        while (number := next(numbers)) < rate * seconds:
            due = began + number / rate
            time.sleep(max(0.0, due - time.perf_counter()))
            do(number)
            times.append((time.perf_counter() - due) * 1_000)
        return times

    with ThreadPoolExecutor(len(doers)) as pool:
        return [one for times in pool.map(act, doers) for one in times]


def limit(size: int, seconds: float) -> float:
    """Answers a second from a server that does nothing but give `size` bytes."""
    with _nothing(size) as server:
        asked = request("GET", "/", {})
        return rate(server, lambda _number: asked, seconds).answers


@contextmanager
def _nothing(size: int) -> Iterator[Server]:
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        process = multiprocessing.get_context("fork").Process(target=_give, args=(listening, size), daemon=True)
        process.start()
        assert process.pid
        yield Server(f"http://127.0.0.1:{listening.getsockname()[1]}/", process.pid)
        process.kill()
        process.join()


def _give(listening: socket.socket, size: int) -> None:
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % size + b"x" * size

    def serve(connection: socket.socket) -> None:
        while connection.recv(65_536):  # a request comes in one piece here
            connection.sendall(answer)

    while True:
        connection, _ = listening.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()
