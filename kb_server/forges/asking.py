"""One question to a forge, over HTTP, and what is said to people where the answer is of no use.

It waits a while and no longer, reads so much and no more, and follows no redirect: with it the token would go wherever
somebody else points. The token is in a header alone; no message, log line or traceback of ours has it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit

import requests

from kb_server.forges.models import ForgeError, Missing, Taken
from kb_server.words import t

PATIENCE = 10
"""Seconds until a forge must begin to answer, and go on."""
LONGEST_WAIT = 30
"""Seconds for a whole answer."""
LARGEST = 8_000_000
"""Bytes of an answer; a file of a megabyte is one and a half of them."""


@dataclass(frozen=True, slots=True)
class Api:
    """A forge's interface at an address; ``name`` is what people call it, ``headers`` have the token."""

    name: str
    url: str
    repository: str
    headers: Mapping[str, str] = field(repr=False)

    def get(self, path: str, **parameters: str) -> Any:  # noqa: ANN401  -- JSON
        """What is at a path below the interface. Raises ForgeError."""
        return self._ask("GET", path, parameters, None)

    def post(self, path: str, body: Mapping[str, object]) -> Any:  # noqa: ANN401
        """What the forge says to this. Raises ForgeError."""
        return self._ask("POST", path, {}, body)

    def _ask(self, method: str, path: str, parameters: Mapping[str, str], body: Mapping[str, object] | None) -> Any:  # noqa: ANN401
        try:
            with requests.request(
                method,
                self.url + path,
                params=parameters,
                json=body,
                auth=self._signed,  # else a .netrc of the user who runs the wiki would come before the token
                timeout=PATIENCE,
                allow_redirects=False,
                stream=True,
            ) as answer:
                text = self._read(answer)
        except requests.Timeout:
            raise ForgeError(t("forge.slow", forge=self.name)) from None
        except requests.exceptions.SSLError:
            raise ForgeError(t("forge.certificate", forge=self.name, host=self._host)) from None
        except requests.RequestException:
            raise ForgeError(t("forge.away", forge=self.name, host=self._host)) from None
        self._refuse(answer)
        return self._understood(text)

    @property
    def _host(self) -> str:
        return urlsplit(self.url).netloc.rpartition("@")[2]

    def _signed(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.update(self.headers)
        return request

    def _read(self, answer: requests.Response) -> bytes:
        """The answer, as much of it and as long as is reasonable."""
        until, parts, size = time.monotonic() + LONGEST_WAIT, [], 0
        for part in answer.iter_content(65_536):
            parts.append(part)
            size += len(part)
            if size > LARGEST:
                raise ForgeError(t("forge.large", forge=self.name))
            if time.monotonic() > until:
                raise ForgeError(t("forge.slow", forge=self.name))
        return b"".join(parts)

    def _understood(self, text: bytes) -> Any:  # noqa: ANN401
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise ForgeError(t("forge.no_interface", forge=self.name, host=self._host)) from None

    def _refuse(self, answer: requests.Response) -> None:
        """Raise what a status other than those of success means."""
        status, forge, repository = answer.status_code, self.name, self.repository
        if status < HTTPStatus.MULTIPLE_CHOICES:
            return
        if status < HTTPStatus.BAD_REQUEST:
            raise ForgeError(t("forge.moved", forge=forge, repository=repository))
        if status == HTTPStatus.TOO_MANY_REQUESTS or (status == HTTPStatus.FORBIDDEN and _is_too_often(answer)):
            raise ForgeError(t("forge.too_often", forge=forge))
        if status in (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.BAD_REQUEST):
            raise Taken(t("forge.refused", forge=forge, status=str(status)))
        if status == HTTPStatus.NOT_FOUND:
            raise Missing(t("forge.missing", forge=forge, repository=repository))
        if status == HTTPStatus.UNAUTHORIZED:
            raise ForgeError(t("forge.token", forge=forge))
        if status == HTTPStatus.FORBIDDEN:
            raise ForgeError(t("forge.forbidden", forge=forge, repository=repository))
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise ForgeError(t("forge.broken", forge=forge, status=str(status)))
        raise ForgeError(t("forge.refused", forge=forge, status=str(status)))


def _is_too_often(answer: requests.Response) -> bool:
    """Whether a refusal is for having asked too often (docs.github.com/rest, "Rate limits")."""
    return "Retry-After" in answer.headers or answer.headers.get("X-RateLimit-Remaining") == "0"


def told(answer: object, *names: str) -> str:
    """A text in an answer, by the names on the way to it; "" where there is none."""
    for name in names:
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer if isinstance(answer, str) else ""


def required(forge: str, answer: object, *names: str) -> str:
    """A text that has to be in an answer. Raises ForgeError."""
    if found := told(answer, *names):
        return found
    raise ForgeError(t("forge.odd", forge=forge, what=".".join(names)))


def address(forge: str, answer: object, name: str) -> str:
    """An address for people in an answer: it becomes a link. Raises ForgeError."""
    found = required(forge, answer, name)
    if urlsplit(found).scheme not in ("http", "https"):
        raise ForgeError(t("forge.odd", forge=forge, what=name))
    return found


def part(text: str) -> str:
    """A text as one part of a path."""
    return quote(text, safe="")


def path(text: str) -> str:
    """A path as a path."""
    return quote(text, safe="/")
