"""The server process: waitress, one per database file, below whatever path the wiki lies."""

from __future__ import annotations

import fcntl
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import waitress

from kb_server.config import Settings
from kb_server.errors import Conflict, KbError

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

# A slow client must not cost a thread, and three hundred of them not the service: see FINDINGS in the decision records.
LIMITS = {
    "asyncore_use_poll": True,
    "connection_limit": 2000,
    "channel_timeout": 20,
    "max_request_body_size": 1024 * 1024,
    "max_request_header_size": 32 * 1024,
    "clear_untrusted_proxy_headers": True,
    "ident": None,
}


def below(base_path: str, app: Wsgi) -> Wsgi:
    """`app` below `base_path`, whether the proxy in front takes the path away or leaves it on."""
    prefix = base_path.rstrip("/")
    if not prefix:
        return app

    def mounted(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401  -- WSGI's own
        path = environ["PATH_INFO"]
        if path == prefix or path.startswith(prefix + "/"):
            path = path[len(prefix) :] or "/"
        return app(environ | {"SCRIPT_NAME": prefix, "PATH_INFO": path}, start_response)

    return mounted


def serve(app: Wsgi, settings: Settings) -> None:
    """Answer requests until told to stop. Raises KbError when the address cannot be had."""
    try:
        server = waitress.create_server(
            below(settings.base_path, app), host=settings.host, port=settings.port, threads=settings.threads, **LIMITS
        )
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise KbError(f"Cannot listen on {where} ({error.strerror}). Stop what uses it, or set KB_PORT.") from error
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(f"Serving on {address(settings, server)}", flush=True)  # noqa: T201  -- the operator is to see it, and scripts wait for it
    server.run()


def address(settings: Settings, server: Any) -> str:  # noqa: ANN401  -- waitress has no types
    """The address to open in a browser on this machine."""
    return f"http://{settings.host}:{server.effective_port}{settings.base_path}"


@contextmanager
def only_server(data_dir: Path) -> Iterator[None]:
    """Hold the right to serve from `data_dir`. Raises Conflict when another process holds it."""
    handle = _lock(data_dir)
    if handle is None:
        raise Conflict(
            f"Another kb server already serves from {data_dir}. Stop it, or set KB_DATA_DIR to another folder."
        )
    try:
        yield
    finally:
        os.close(handle)


def is_served(data_dir: Path) -> bool:
    """Whether a server runs on `data_dir` now."""
    if not data_dir.is_dir():
        return False
    handle = _lock(data_dir)
    if handle is None:
        return True
    os.close(handle)
    return False


def _lock(data_dir: Path) -> int | None:
    handle = os.open(data_dir / "server.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle
