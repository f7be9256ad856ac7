"""Ends a question to a server that goes on answering.

A timeout of a socket begins anew with each byte, so a server that sends one now and then would be read for days: here
the connection itself is shut when the time is over.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import requests
from requests.adapters import HTTPAdapter

AGAIN = 0.2
"""Seconds until the sockets are shut once more: one may only have been on its way."""


class Watched(HTTPAdapter):
    """Knows its sockets, so that they can be shut while somebody waits for them."""

    def __init__(self) -> None:
        """Have none yet."""
        self.ended = False
        self._sockets: list[socket.socket] = []
        super().__init__()

    def get_connection_with_tls_context(self, *arguments: Any, **more: Any) -> Any:  # noqa: ANN401  -- as it is there
        """A pool whose sockets are known here."""
        pool: Any = super().get_connection_with_tls_context(*arguments, **more)
        make = pool.ConnectionCls

        def made(*options: Any, **named: Any) -> Any:  # noqa: ANN401
            connection = make(*options, **named)
            connect = connection.connect

            def connected() -> None:
                connect()
                self._sockets.append(connection.sock)  # a connection forgets it where the answer ends with it

            connection.connect = connected
            return connection

        pool.ConnectionCls = made
        return pool

    def end(self) -> None:
        """Let whoever waits for an answer go on without it."""
        self.ended = True
        for one in list(self._sockets):
            with suppress(OSError):  # closed just now
                socket.socket.shutdown(one, socket.SHUT_RDWR)  # TLS has nothing to say to it


@contextmanager
def session(seconds: float) -> Iterator[tuple[requests.Session, Watched]]:
    """A session that is over after so many seconds, whatever the other side does."""
    done, watched = threading.Event(), Watched()

    def watch() -> None:
        pause = seconds
        while not done.wait(pause):
            watched.end()
            pause = AGAIN

    watching = threading.Thread(target=watch, daemon=True)
    with requests.Session() as made:
        made.mount("https://", watched)
        made.mount("http://", watched)
        watching.start()
        try:
            yield made, watched
        finally:
            done.set()
            watching.join()
