"""Secrets: made here, handed out once, and kept as a digest."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime


def new() -> str:
    """A secret nobody can guess: 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is stored of a secret. It has 256 random bits, so no salt is needed."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def derived(secret: str, purpose: str, *more: str) -> str:
    """Another secret that only whoever holds this one can make, of 256 bits, for one purpose.

    What hangs on a guessable text, such as a code of six digits, is stored in this form: without the secret, which is
    stored nowhere, nobody can try them all.
    """
    text = "\0".join((purpose, *more)).encode(errors="surrogatepass")
    return hmac.new(secret.encode(errors="surrogatepass"), text, hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Whether two secrets are the same, found out in the same time whatever they are."""
    return hmac.compare_digest(one.encode(errors="surrogatepass"), other.encode(errors="surrogatepass"))


def stamp(moment: datetime) -> str:
    """A moment as it is stored: UTC, ISO 8601, to the second; earlier ones sort first."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='seconds')}Z"
