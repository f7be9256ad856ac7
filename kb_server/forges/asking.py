"""One question to a forge, over HTTP, and what is said to people where it cannot be asked.

It waits a while and no longer, reads so much and no more, and follows no redirect: with it the token would go wherever
somebody else points. The token is in a header alone; no message, log line or traceback of ours has it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

import requests

from kb_server.forges import answers, ending
from kb_server.forges.models import ForgeError
from kb_server.words import t

PATIENCE = 10
"""Seconds until a forge must begin to answer, and go on."""
LONGEST_WAIT = 60
"""Seconds for all that is asked for one click."""
LARGEST = 8_000_000
"""Bytes of an answer; a file of a megabyte is one and a half of them."""


def _end() -> float:
    return time.monotonic() + LONGEST_WAIT


@dataclass(frozen=True, slots=True)
class Api:
    """A forge's interface at an address; ``name`` is what people call it, ``headers`` have the token.

    It is made for one click, and asked until ``until`` (`time.monotonic`).
    """

    name: str
    url: str
    repository: str
    headers: Mapping[str, str] = field(repr=False)
    until: float = field(default_factory=_end)

    def get(self, path: str, **parameters: str) -> Any:  # noqa: ANN401  -- JSON
        """What is at a path below the interface. Raises ForgeError."""
        return self._ask("GET", path, parameters, None)

    def post(self, path: str, body: Mapping[str, object]) -> Any:  # noqa: ANN401
        """What the forge says to this. Raises ForgeError."""
        return self._ask("POST", path, {}, body)

    def _ask(self, method: str, path: str, parameters: Mapping[str, str], body: Mapping[str, object] | None) -> Any:  # noqa: ANN401
        left = self.until - time.monotonic()
        if left <= 0:
            raise ForgeError(t("forge.slow", forge=self.name))
        with ending.session(left) as (session, watched):
            try:
                with session.request(
                    method,
                    self.url + path,
                    params=parameters,
                    json=body,
                    headers={"Accept-Encoding": "identity"},  # what is packed may be of any size
                    auth=self._signed,  # else a .netrc of the user who runs the wiki would come before the token
                    timeout=PATIENCE,
                    allow_redirects=False,
                    stream=True,
                ) as answer:
                    text = self._read(answer)
            except requests.RequestException as problem:
                raise self._trouble(problem, is_over=watched.ended) from None
        if watched.ended:
            raise ForgeError(t("forge.slow", forge=self.name))
        answers.refuse(answer.status_code, answer.headers, text, self.name, self.repository)
        return self._understood(text)

    @property
    def _host(self) -> str:
        return urlsplit(self.url).netloc.rpartition("@")[2]

    def _signed(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.update(self.headers)
        return request

    def _trouble(self, problem: requests.RequestException, *, is_over: bool) -> ForgeError:
        if is_over or isinstance(problem, requests.Timeout):
            return ForgeError(t("forge.slow", forge=self.name))
        if isinstance(problem, requests.exceptions.SSLError):
            return ForgeError(t("forge.certificate", forge=self.name, host=self._host))
        return ForgeError(t("forge.away", forge=self.name, host=self._host))

    def _read(self, answer: requests.Response) -> bytes:
        """The answer, as much of it as is reasonable."""
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            raise ForgeError(t("forge.no_interface", forge=self.name, host=self._host))
        parts, size = [], 0
        for part in answer.iter_content(65_536):
            parts.append(part)
            size += len(part)
            if size > LARGEST:
                raise ForgeError(t("forge.large", forge=self.name))
        return b"".join(parts)

    def _understood(self, text: bytes) -> Any:  # noqa: ANN401
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise ForgeError(t("forge.no_interface", forge=self.name, host=self._host)) from None


def part(text: str) -> str:
    """A text as one part of a path."""
    return quote(text, safe="")


def path(text: str) -> str:
    """A path as a path."""
    return quote(text, safe="/")
