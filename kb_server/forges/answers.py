"""What an answer of a forge means: the sentence that is said where it is a no, and what is taken out of a yes.

Nothing a forge says is shown to anybody: it may repeat what was sent to it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from http import HTTPStatus

from kb_server.forges.models import ForgeError, Missing, Taken
from kb_server.words import t

HOUR, MINUTE = 3600, 60


def refuse(status: int, headers: Mapping[str, str], text: bytes, forge: str, repository: str) -> None:
    """Raise what a status other than those of success means."""
    if status < HTTPStatus.MULTIPLE_CHOICES:
        return
    if status < HTTPStatus.BAD_REQUEST:
        raise ForgeError(t("forge.moved", forge=forge, repository=repository))
    if _is_too_often(status, headers, text):
        raise ForgeError(t("forge.too_often", forge=forge, count=minutes(headers, time.time())))
    if status in (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.BAD_REQUEST):
        raise Taken(t("forge.refused", forge=forge, status=str(status)))
    if status == HTTPStatus.NOT_FOUND:
        raise Missing(t("forge.missing", forge=forge, repository=repository))
    if status == HTTPStatus.UNAUTHORIZED:
        raise ForgeError(t("forge.token", forge=forge))
    if status in (HTTPStatus.FORBIDDEN, HTTPStatus.LOCKED):  # Gitea says the second of what is archived
        raise ForgeError(t("forge.forbidden", forge=forge, repository=repository))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ForgeError(t("forge.broken", forge=forge, status=str(status)))
    raise ForgeError(t("forge.refused", forge=forge, status=str(status)))


def minutes(headers: Mapping[str, str], now: float) -> int:
    """After how many minutes a forge that was asked too often may be asked again, an hour at most."""
    after = _number(headers.get("Retry-After", ""))
    until = _number(headers.get("X-RateLimit-Reset", "")) or _number(headers.get("RateLimit-Reset", ""))
    seconds = after or max(until - now, 0) or MINUTE
    return int(-(-min(seconds, HOUR) // MINUTE))


def _number(text: str) -> int:
    """What a header counts, 0 where it does not."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0  # noqa: PLR2004  -- digits


def _is_too_often(status: int, headers: Mapping[str, str], text: bytes) -> bool:
    """Whether a refusal is for having asked too often: GitHub also says so with 403, at times in words alone."""
    if status != HTTPStatus.FORBIDDEN:
        return status == HTTPStatus.TOO_MANY_REQUESTS
    is_used_up = "Retry-After" in headers or headers.get("X-RateLimit-Remaining") == "0"
    return is_used_up or b"rate limit" in text[:10_000].lower()


def part_of(answer: object, *names: str) -> object:
    """What stands in an answer by the names on the way to it; None for nothing."""
    for name in names:
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer


def told(answer: object, *names: str) -> str:
    """A text in an answer; "" where there is none."""
    found = part_of(answer, *names)
    return found if isinstance(found, str) else ""


def required(forge: str, answer: object, *names: str) -> str:
    """A text that has to be in an answer. Raises ForgeError."""
    if found := told(answer, *names):
        return found
    raise ForgeError(t("forge.odd", forge=forge, what=".".join(names)))


def number(forge: str, answer: object, name: str) -> int:
    """A number that has to be in an answer. Raises ForgeError."""
    found = part_of(answer, name)
    if isinstance(found, int) and not isinstance(found, bool) and found > 0:
        return found
    raise ForgeError(t("forge.odd", forge=forge, what=name))


def listed(forge: str, answer: object, *names: str) -> list[object]:
    """A list that has to be in an answer, or be it. Raises ForgeError."""
    found = part_of(answer, *names)
    if isinstance(found, list):
        return found
    raise ForgeError(t("forge.odd", forge=forge, what=".".join(names) or "list"))
