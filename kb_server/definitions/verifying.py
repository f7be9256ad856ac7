"""Proof that the kept texts are the ones people agreed to: every digest is worked out again from what was kept.

The digest is taken of the rendered content by the function that took it when the wiki was built (`pages.binding`). The
plain text must come out of that content, too, and the HTML that people are shown must have the same words in the same
order. The Markdown beside them is kept to be read: only MkDocs could render it again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from kb_server.definitions import storage
from kb_server.definitions.models import Past, Wording
from kb_server.pages import binding

Wrong = Literal["digest", "text", "html", "missing"]
"""Another digest; a plain text, or a shown one, that is another; a text somebody relied on that is not kept."""

AT_ONCE = 100
"""Definitions whose texts are in memory at a time."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A wording that is not what its digest says. ``version`` is 0 for one that was never in force."""

    page: str
    version: int
    digest: str
    wrong: Wrong


@dataclass(frozen=True, slots=True)
class Verified:
    """What was looked at. ``unproven`` wordings were kept without what their digests were taken of."""

    wordings: int
    definitions: int
    unproven: int
    mismatches: tuple[Mismatch, ...] = ()


def verify(connection: sa.Connection, served: Mapping[str, str]) -> Verified:
    """Look at every wording that is kept, a part at a time; `served` gives the served build's digests by page."""
    pages = sorted(storage.pages_with_a_wording(connection) | set(served) | storage.pages_with_a_past(connection))
    parts = [
        _verified(connection, {page: served.get(page, "") for page in pages[start : start + AT_ONCE]})
        for start in range(0, len(pages), AT_ONCE)
    ]
    return Verified(
        wordings=sum(one.wordings for one in parts),
        definitions=sum(one.definitions for one in parts),
        unproven=sum(one.unproven for one in parts),
        mismatches=tuple(wrong for one in parts for wrong in one.mismatches),
    )


def _verified(connection: sa.Connection, served: Mapping[str, str]) -> Verified:
    """The same of these pages; "" where the served build says nothing of one."""
    pages = list(served)
    kept, pasts = storage.wordings_of(connection, pages), storage.pasts(connection, pages)
    known = {(one.page, one.digest) for one in kept}
    found = [(one.page, one.digest, wrong) for one in kept if one.rendered for wrong in wrongs(one)]
    for page in pages:
        relied_on = (digests_in(pasts[page]) | {served[page]}) - {""}
        found += [(page, digest, "missing") for digest in relied_on if (page, digest) not in known]
    return Verified(
        wordings=len(kept),
        definitions=len({one.page for one in kept}),
        unproven=sum(not one.rendered for one in kept),
        mismatches=tuple(
            Mismatch(page, _version(pasts[page], digest), digest, wrong) for page, digest, wrong in sorted(found)
        ),
    )


def wrongs(kept: Wording) -> list[Wrong]:
    """What of a kept wording is not what its digest says."""
    try:
        leads = json.loads(kept.leads)
        bound = binding.again(kept.rendered, leads["links"], leads["images"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return ["digest"]
    if binding.digest_of(bound) != kept.digest:
        return ["digest"]
    wrong: list[Wrong] = []
    if "\n".join(section.text for section in bound if section.text) != kept.text:
        wrong.append("text")
    if not binding.shows(kept.html, bound):
        wrong.append("html")
    return wrong


def digests_in(past: Past) -> set[str]:
    """The digests of all wordings that somebody said something of, or that were in force."""
    said = {one.digest for one in past.answers} | {one.digest for one in past.versions}
    return said | {digest for one in past.declarations for digest in (one.old, one.new)}


def _version(past: Past, digest: str) -> int:
    return next((one.version for one in reversed(past.versions) if one.digest == digest), 0)
