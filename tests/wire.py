"""A real server in a thread, for what only a real connection shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from kb_server.config import Settings
from kb_server.web.serving import Listener, Wsgi


@contextmanager
def serving(settings: Settings, app: Wsgi) -> Iterator[int]:
    """The port of a server that answers by `app`."""
    server: Any = Listener(settings, app)._server
    thread = Thread(target=server.run)
    thread.start()
    try:
        yield server.effective_port
    finally:
        server.task_dispatcher.shutdown(timeout=60)
        server.trigger.pull_trigger(server.close)
        thread.join(120)
