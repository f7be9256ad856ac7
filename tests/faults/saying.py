"""Somebody who says one thing after another over HTTP, and remembers what was acknowledged.

What was on its way when the server went is sent again, under the same key, to the one that comes next.
"""

from __future__ import annotations

import itertools
import threading
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode, urlsplit

from processes import PATIENCE

BOARD = "board"
"""The page they talk about."""
BUSY = 503
AT_ONCE = 5  # remarks in a conversation, then they begin another
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
Sending = tuple[str, dict[str, str]]


@dataclass
class Speaker:
    """Somebody by their handle. ``acknowledged`` has every text by the id it was given."""

    handle: str
    acknowledged: dict[str, str] = field(default_factory=dict)
    pending: Sending | None = None
    _numbers: itertools.count[int] = field(default_factory=itertools.count)
    _thread: str = ""

    def speak(self, address: str, heard: threading.Event) -> None:
        """Go on until the server is gone; `heard` is set with the first acknowledgement."""
        connection = HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
        try:
            _, cookie, _ = _posted(connection, "/sign-in/", {"handle": self.handle}, "")
            while True:
                self.pending = self.pending or self._next()
                if self._say(connection, cookie.partition(";")[0], *self.pending):
                    self.pending = None
                    heard.set()
        except (OSError, HTTPException):
            return
        finally:
            connection.close()

    def _say(self, connection: HTTPConnection, cookie: str, path: str, form: dict[str, str]) -> bool:
        """Whether it was taken. A server with too much to do asks for it once more, and then it must be said once."""
        status, _, location = _posted(connection, path, form, cookie)
        assert status in {303, BUSY}, (path, status)
        if status == BUSY:
            return False
        self._thread, _, comment = location.partition("#")
        self.acknowledged[comment] = form["body"]
        return True

    def _next(self) -> Sending:
        number = next(self._numbers)
        body = f"Remark {number} of {self.handle}."
        begins = not self._thread or number % AT_ONCE == 0
        path, more = (f"/talk/{BOARD}/", {"kind": "wrong"}) if begins else (self._thread, {})
        return path, {"body": body, "key": body} | more


def _posted(connection: HTTPConnection, path: str, form: dict[str, str], cookie: str) -> tuple[int, str, str]:
    """Status, cookie and location of the answer."""
    connection.request("POST", path, urlencode(form), FORM | ({"Cookie": cookie} if cookie else {}))
    answer = connection.getresponse()
    answer.read()
    return answer.status, answer.getheader("Set-Cookie") or "", answer.getheader("Location") or ""
