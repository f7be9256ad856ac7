"""A link into the wiki."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A link by its address, and where it leads; ``leads_to`` is "" where that is nowhere any more.

    ``ended`` tells why it leads nowhere, or not to what it named: "removed", "section gone", "unknown". ``uses`` counts
    how often it was followed from elsewhere, ``last`` is the month (``2026-11``) it was last.
    """

    address: str
    leads_to: str
    title: str
    ended: str = ""
    uses: int = 0
    last: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """A link that a change would break: it leads somewhere now. ``ended`` as in `Link`."""

    link: Link
    ended: str


@dataclass(frozen=True, slots=True)
class Move:
    """A page or section whose address a change makes another; the one of before leads there."""

    address: str
    leads_to: str
    title: str
