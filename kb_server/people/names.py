"""Names as others see them: one line, of a sensible length, and without signs that turn the text around them."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 80
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Kinds of characters that are not there to be seen: controls, directions of writing, halves, line ends."""


def clean(name: str) -> str:
    """A name as it is shown: composed, unseen characters gone, single spaces, cut at `LONGEST`; may come out empty."""
    seen = (
        " " if sign.isspace() else sign
        for sign in unicodedata.normalize("NFC", name)
        if sign.isspace() or unicodedata.category(sign) not in _UNSEEN
    )
    return " ".join("".join(seen).split())[:LONGEST].strip()


def of_address(email: str) -> str:
    """A name for somebody of whom only an address is known: "Nia Berg" for nia.berg@example.com."""
    words = re.split(r"[._+-]+", email.partition("@")[0].partition("+")[0])
    return clean(" ".join(word[:1].upper() + word[1:] for word in words if word)) or email[:1].upper()
