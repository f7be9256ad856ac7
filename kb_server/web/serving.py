"""The server process: waitress, one per folder and database file, below whatever path the wiki lies."""

from __future__ import annotations

import fcntl
import gc
import logging
import os
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import waitress.channel
import waitress.server
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer
from waitress.task import WSGITask

from kb_server.config import Settings
from kb_server.db.frozen import open_lock
from kb_server.errors import Conflict, KbError
from kb_server.web.parsing import Parser

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

# A slow client must not cost a thread, and three hundred of them not the service. A higher limit than select() can
# watch needs poll().
LIMITS = {
    "asyncore_use_poll": True,
    "channel_timeout": 20,
    "max_request_body_size": 1024 * 1024,
    "max_request_header_size": 32 * 1024,
    "clear_untrusted_proxy_headers": True,
    "ident": None,
}
CONNECTIONS, OTHER_FILES = 2000, 200  # open at the same time
AT_A_TIME = 100  # connections taken in one go
PIECE = 128 * 1024  # bytes of an answer on their way to one reader
SHARE = 0.0005  # seconds that a thread may go on with its work while another waits to do some
PATIENCE = 1.0  # seconds to wait for those who only ask whether a server runs


class Task(WSGITask):  # type: ignore[misc]  # waitress has no types
    """Answers a request. An answer without a body ends with its head, and is no reason to part with whoever asked."""

    def set_close_on_finish(self) -> None:
        """End the connection after this answer; waitress would, too, where there is just no length to be told."""
        is_asked = self.request.headers.get("CONNECTION", "").lower() == "close"
        if self.has_body or self.wrote_header or self.version != "1.1" or is_asked:
            super().set_close_on_finish()


class Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection that holds no more of an answer than its reader is about to take.

    Left to themselves the system's buffers grow to megabytes for each of those who read slowly, and for every piece it
    sends waitress reads as much as they could ever hold.
    """

    sendbuf_len: int
    parser_class = Parser
    task_class = Task

    def __init__(self, server: Any, sock: socket.socket, *rest: Any, **named: Any) -> None:  # noqa: ANN401  -- waitress's own
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, PIECE)
        super().__init__(server, sock, *rest, **named)
        self.sendbuf_len = min(self.sendbuf_len, PIECE)


def room_for_connections() -> int:
    """How many connections there can be. Each is an open file, of which systems allow too few unless they are asked."""
    soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + AT_A_TIME + OTHER_FILES
    if 0 <= soft < wanted:
        soft = wanted if most < 0 else min(wanted, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, most))
    return CONNECTIONS if soft < 0 else min(CONNECTIONS, max(soft // 2, soft - AT_A_TIME - OTHER_FILES))


def take_many(server: Any) -> None:  # noqa: ANN401  -- waitress's own
    """Take all connections that wait. Waitress takes one, and then asks every one there is how it does."""
    for _ in range(AT_A_TIME):
        before = len(server._map)  # noqa: SLF001  -- there is no other way to see it
        BaseWSGIServer.handle_accept(server)
        if len(server._map) == before:  # noqa: SLF001
            return


def below(base_url: str, app: Wsgi) -> Wsgi:
    """`app` at the address people use: its path, whether the proxy takes it away or leaves it on, and its host.

    Without a base URL the host is what the asker says it is; nothing that is stored or sent may rely on it.
    """
    parts = urlsplit(base_url)
    prefix = parts.path.rstrip("/")
    known = {"HTTP_HOST": parts.netloc, "wsgi.url_scheme": parts.scheme} if parts.netloc else {}

    def mounted(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401  -- WSGI's own
        path = environ["PATH_INFO"]
        if prefix and path == prefix:
            start_response("308 Permanent Redirect", [("Location", f"{prefix}/"), ("Content-Length", "0")])
            return []
        if prefix and path.startswith(f"{prefix}/"):
            path = path[len(prefix) :]
        return app(environ | known | {"SCRIPT_NAME": prefix, "PATH_INFO": path}, start_response)

    return mounted


class Listener:
    """An address that is ours: taken at once, so that a port in use is learnt before any work is done."""

    def __init__(self, settings: Settings, app: Wsgi) -> None:
        """Take the address. Raises KbError when it cannot be had."""
        # Who is idle is told by a clock that nobody sets back: otherwise they would stay until it has caught up.
        waitress.server.time = waitress.channel.time = SimpleNamespace(time=lambda: time.monotonic())  # noqa: PLW0108  -- looked up when asked
        # A line for every request that finds all threads busy says nothing, and takes time just when there is none.
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        self._path = settings.base_path
        try:
            self._server: Any = waitress.create_server(
                below(settings.base_url, app),
                host=settings.host,
                port=settings.port,
                threads=settings.threads,
                connection_limit=room_for_connections(),
                **LIMITS,
            )
        except OSError as error:
            raise _taken(settings.host, settings.port, error) from error
        for one in self._server._map.values():  # noqa: SLF001  -- one for each address a name stands for
            if isinstance(one, BaseWSGIServer):
                one.channel_class, one.handle_accept = Channel, partial(take_many, one)

    def run(self) -> None:
        """Answer requests until told to stop."""
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        _share_well()
        # Whoever started it is to see where it is, and scripts wait for this line.
        print(f"Serving on {self.address}", flush=True)  # noqa: T201
        self._server.run()

    def is_busy(self) -> bool:
        """Whether somebody is being answered just now."""
        return bool(self._server.task_dispatcher.active_count)

    @property
    def address(self) -> str:
        """The address to open in a browser on this machine."""
        return f"http://{self._server.effective_host}:{self._server.effective_port}{self._path}"


def require_free(host: str, port: int) -> None:
    """Raise KbError when the address is in use."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise _taken(host, port, error) from error


def _share_well() -> None:
    """Let no thread hold up the others for long."""
    sys.setswitchinterval(SHARE)
    # What is there now stays: to look through it for what nobody needs any more takes a tenth of a second each time.
    gc.freeze()


def _taken(host: str, port: int, error: OSError) -> KbError:
    reason = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
    return KbError(f"Cannot listen on {host}:{port} ({reason}). Stop what uses it, or set KB_PORT.")


@contextmanager
def only_server(data_dir: Path, database: Path | None = None) -> Iterator[None]:
    """Hold the right to serve from `data_dir`, and from the `database` file wherever that lies.

    Raises Conflict when another process holds either.
    """
    with ExitStack() as held:
        for name in _locks(data_dir, database):
            handle = _lock(name, fcntl.LOCK_EX, patience=PATIENCE)
            if handle is None:
                raise Conflict(f"Another kb server already serves from {name.parent}. Stop it, or set KB_DATA_DIR.")
            held.callback(os.close, handle)
        yield


def is_served(data_dir: Path, database: Path | None = None) -> bool:
    """Whether a server runs on `data_dir`, or on the `database` file, now."""
    for name in _locks(data_dir, database):
        if name.exists():  # a lock that nobody ever took is held by nobody, and asking leaves nothing behind
            handle = _lock(name, fcntl.LOCK_SH)
            if handle is None:
                return True
            os.close(handle)
    return False


def _locks(data_dir: Path, database: Path | None) -> list[Path]:
    # The file has a lock of its own wherever it lies: another folder of data may name it too.
    beside = [] if database is None else [database.parent / f"{database.name}.lock"]
    return [data_dir / "server.lock", *beside]


def _lock(name: Path, kind: int, patience: float = 0) -> int | None:
    handle = open_lock(name)
    until = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(handle, kind | fcntl.LOCK_NB)
        except OSError:
            if time.monotonic() >= until:
                os.close(handle)
                return None
            time.sleep(0.05)
        else:
            return handle
