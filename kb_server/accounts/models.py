"""What there is between asking to sign in and being so."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody who asks to be signed in, in one browser; `browser` is the digest of the secret it was given.

    By mail, `code` and `link` are what was sent to `email`, each in a form that only this browser can make. `asked` is
    how often it has asked in a row, `tries` how many codes were wrong. `leads_to` is where they wanted to be.
    """

    browser: str
    way: str
    email: str
    code: str
    link: str
    leads_to: str
    expires_at: str
    asked: int = 1
    tries: int = 0
