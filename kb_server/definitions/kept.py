"""What a kept text binds to: its digest, worked out anew from nothing but the HTML that was kept of it.

A page's own digest is taken while the wiki is built, where links are still relative. In a kept text they lead to
permanent addresses below a base, so the same pages and sections are found in them.
"""

from __future__ import annotations

import re
from itertools import count

from kb_server.pages import meaning, sections

BASE = "{base}"
_HEADING = re.compile(r"<h([1-6])>")


def digest_of(html: str) -> str:
    """The digest of a kept text. One with a picture of the wiki's own has another: that is not kept."""
    numbers = count()
    named = _HEADING.sub(lambda found: f'<h{found[1]} id="part-{next(numbers)}">', html)
    parts = [part for part in sections.sections_of(named, link=_target) if part.anchor]
    return meaning.combine(meaning.digest(part.meaning) for part in parts)


def _target(href: str) -> str | None:
    """The page, or section of one, to which an address below the base leads; None for one elsewhere."""
    if not href.startswith(BASE):
        return None
    address = href.removeprefix(BASE)
    if not address.startswith("p/"):
        return f"/{address}"
    page, _, section = address.removeprefix("p/").strip("/").partition("/")
    return f"{page}#{section}" if section else page
