"""Whether a call comes from the forge: it has the secret, or has signed what it sends with it.

GitHub sends ``X-Hub-Signature-256`` (https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries),
Gitea and Forgejo ``X-Gitea-Signature``, both HMAC-SHA256 of the body; GitLab sends the secret itself in
``X-Gitlab-Token``, and so does whoever calls by hand. Nothing of the body is read: a call says that there may be
something new and no more, so that sending one again does no harm.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Protocol

SIGNED = {"X-Hub-Signature-256": "sha256=", "X-Gitea-Signature": "", "X-Forgejo-Signature": ""}
"""Headers with a signature of the body, and what stands before it."""
SENT = "X-Gitlab-Token"
"""The header with the secret itself."""


class Headers(Protocol):
    """The headers of a request."""

    def get(self, name: str, default: str, /) -> str:
        """What stands in one, or `default`."""


def is_genuine(headers: Headers, body: bytes, secret: str) -> bool:
    """Whether who sends this knows the secret; how long that takes tells nothing about it."""
    if not secret:
        return False
    key = secret.encode()
    signature = hmac.new(key, body, hashlib.sha256).hexdigest()
    found = [_same(headers.get(name, ""), f"{before}{signature}") for name, before in SIGNED.items()]
    return any([*found, _same(headers.get(SENT, ""), secret)])


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())
