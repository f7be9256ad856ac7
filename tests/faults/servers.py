"""A server that can also write, as a test sees it from outside."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from processes import PATIENCE

WRITING = [sys.executable, str(Path(__file__).parent / "writing.py")]
# A namespace of one's own: what is mounted there is seen by nobody else, and gone with the last process.
OWN_DISKS = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--user", "--map-root-user"])]
UNLIMITED = resource.RLIM_INFINITY


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    retry_after: str | None


@dataclass(frozen=True)
class Server:
    """A running server."""

    process: subprocess.Popen[str]
    address: str
    data: Path

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def write(self, subject: str) -> Answer:
        return self._ask("POST", f"notes/{subject}")

    def reads(self) -> set[int]:
        """The statuses of everything a reader asks for."""
        return {self.get(path).status for path in ("p1/", "search/?query=lantern", "api/v1/search?query=lantern")}

    def problems(self) -> list[str]:
        found: list[str] = json.loads(self.get("readyz").text)["problems"]
        return found

    def limit_files_to(self, size: int) -> None:
        """Let no file of the server grow beyond `size` bytes, as a full disk would."""
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (size, UNLIMITED))

    def _ask(self, method: str, path: str) -> Answer:
        connection = HTTPConnection(urlsplit(self.address).netloc, timeout=PATIENCE)
        try:
            connection.request(method, f"/{path}", headers={"Sec-Fetch-Site": "same-origin"})
            response = connection.getresponse()
            return Answer(response.status, response.read().decode(), response.headers["Retry-After"])
        finally:
            connection.close()


Serve = Callable[..., Server]
