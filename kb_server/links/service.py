"""All links of a build, how much each is used, and which of them another build would break."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import unquote

import sqlalchemy as sa

from kb_server.links import storage
from kb_server.links.counting import Uses, counting
from kb_server.links.models import Broken, Link, Move
from kb_server.pages.leading import Lead
from kb_server.web.build import Build

__all__ = ["Uses", "broken", "counting", "links", "listed", "moved"]


def links(connection: sa.Connection, build: Build) -> list[Link]:
    """Every link into the build but the pages' own addresses, the most used first; used ones that end, too."""
    return listed(build, storage.used(connection))


def listed(build: Build, used: Mapping[str, tuple[int, str]]) -> list[Link]:
    """The same by what is known of their use: how often, and the month of the last time."""
    leads = dict(build.leads.every(build.short_names))
    found = [_link(address, leads.get(address), *used.get(address, (0, ""))) for address in {*leads, *used}]
    return sorted(found, key=lambda link: (-link.uses, link.address))


def broken(known: list[Link], before: Build, after: Build) -> list[Broken]:
    """What leads somewhere in the one build and would not in the other, the most used first.

    `known` are the links of the build before; the addresses of its pages and of their sections are looked at besides.
    That a link leads to another address is no break: that is what it is for.
    """
    leads = dict(after.leads.every(after.short_names))
    ids = {page.url: page.id for page in after.manifest.pages}
    found = [
        Broken(link, _ended(leads.get(link.address) or _lasting(after, link.address)))
        for link in known
        if not link.ended
    ]
    found += [Broken(_link(address, lead), _ended(_now(after, ids, address))) for address, lead in _own(before)]
    return [one for one in found if one.ended]


def moved(before: Build, after: Build) -> list[Move]:
    """The pages and sections of the one build that have another address in the other, by that of before."""
    ids = {page.url: page.id for page in after.manifest.pages}
    found = ((address, lead, _now(after, ids, address)) for address, lead in _own(before))
    return [
        Move(address, now.url, lead.title)
        for address, lead, now in found
        if now and not _ended(now) and unquote(now.url) != unquote(address)
    ]


def _own(build: Build) -> Iterator[tuple[str, Lead]]:
    for page in build.manifest.pages:
        for section in page.sections:
            address = f"{page.url}#{section.anchor}" if section.anchor else page.url
            yield address, Lead(address, page.title)


def _now(build: Build, ids: Mapping[str, str], address: str) -> Lead | None:
    """Where the address of a page or section leads in a build. `ids` are those of its pages by address."""
    url, _, section = address.partition("#")
    return build.leads.permanent(ids[url], section) if url in ids else build.leads.former(url, section)


def _lasting(build: Build, address: str) -> Lead | None:
    """Where the link to a section leads whose page is removed or has become another: the list has the page's alone."""
    prefix, _, place = address.partition("/")
    page, _, section = place.removesuffix("/").partition("/")
    return build.leads.permanent(page, unquote(section)) if prefix == "p" and section else None


def _link(address: str, lead: Lead | None, uses: int = 0, last: str = "") -> Link:
    title = (lead.removed.title if lead.removed else lead.title) if lead else ""
    return Link(address, lead.url if lead else "", title, _ended(lead), uses, last)


def _ended(lead: Lead | None) -> str:
    if lead is None:
        return "unknown"
    return "removed" if lead.removed else "section gone" if lead.is_gone else ""
