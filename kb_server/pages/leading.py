"""Where every link into the wiki leads now: permanent ones, short names, and addresses that pages once had.

What follows the ``#`` stays in the browser. So whoever answers for an address has to make sure that the right thing
happens with any fragment that was ever below it: by itself, because the page it leads to knows that fragment (`below`),
or because the answer tells the fragments apart (`Lead.sections`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import quote

from markupsafe import Markup

from kb_server.pages.history import Address, History, Removed, Target
from kb_server.words import day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kb_server.pages.manifest import Page

Fragments = dict[str, Target | None]
"""By their anchors, where sections are now; None where their text is gone."""


@dataclass(frozen=True, slots=True)
class Lead:
    """Where a link leads: to the page `url`, relative to the site's root, or to what is said of a `removed` page.

    ``sections`` are the fragments that would lead to something else there, each with the address to go to instead; they
    are empty where the page itself knows every one of them; of a removed page they are those that stand elsewhere.
    ``is_gone`` tells that the section it named is gone.
    """

    url: str = ""
    title: str = ""
    removed: Removed | None = None
    sections: Mapping[str, str] = field(default_factory=dict)
    is_gone: bool = False


def permanent_address(page_id: str, section: str = "") -> str:
    """The address that lasts, relative to the site's root."""
    return f"p/{page_id}/{quote(section, safe='')}/" if section else f"p/{page_id}/"


class Leads:
    """Every link of a build."""

    def __init__(self, pages: Iterable[Page], history: History) -> None:
        self._history = history
        self._pages = {page.id: page for page in pages}
        self._anchors = {page.id: frozenset(one.anchor for one in page.sections) for page in self._pages.values()}
        self._below: dict[str, Fragments] = {}
        self._unsure: dict[str, dict[str, list[Target]]] = {}
        ended = {one.removed.page: url for url, one in history.addresses.items() if one.removed and one.removed.page}
        self._ids = ended | history.ids
        self._addresses_of: dict[str, list[str]] = defaultdict(list)
        for url, address in sorted(history.addresses.items()):
            if address.now and address.now.page in self._pages:
                self._addresses_of[address.now.page].append(url)

    def below(self, page_id: str) -> Fragments:
        """The anchors that were sections and are none today: of the page itself, or below an address that leads there.

        Where two would have the same, the page's own comes first, and the others are told apart on the way (`Lead`).
        """
        if page_id not in self._below:
            here, own, found = self._anchors[page_id], self._pages[page_id].url, Fragments()
            for url in sorted(self._addresses_of[page_id], key=lambda url: url != own):
                for anchor, target in self._history.addresses[url].sections.items():
                    if anchor not in here:
                        found.setdefault(anchor, self._still(target))
            self._below[page_id] = found
        return self._below[page_id]

    def doubtful(self, page_id: str) -> dict[str, list[Target]]:
        """The anchors of the page today that other sections had before, with where those are now, if they are.

        Such a one may have stood below any address that leads to the page, and takes it along.
        """
        here, found = self._anchors[page_id], defaultdict[str, list[Target]](list)
        for address in (self._history.addresses[url] for url in self._addresses_of[page_id]):
            for anchor, targets in address.others.items():
                if anchor in here and anchor not in address.sections:
                    known = (one for one in map(self._still, targets) if one and one != Target(page_id, anchor))
                    found[anchor] += [one for one in known if one not in found[anchor]]
        return dict(found)

    def unsure(self, page_id: str) -> dict[str, list[Target]]:
        """The anchors `below` the page of which nobody knows where they lead: all they may be, the likeliest first."""
        if page_id not in self._unsure:
            below, found = self.below(page_id), defaultdict[str, list[Target]](list)
            for address in (self._history.addresses[url] for url in self._addresses_of[page_id]):
                for anchor, targets in address.others.items():
                    if anchor in below:
                        known = filter(None, map(self._still, (below[anchor], *targets)))
                        found[anchor] += [one for one in known if one not in found[anchor]]
            self._unsure[page_id] = {anchor: targets for anchor, targets in found.items() if targets}
        return self._unsure[page_id]

    def permanent(self, page_id: str, section: str = "") -> Lead | None:
        """Where ``/p/<id>/`` and ``/p/<id>/<section>/`` lead. None where there never was such a page."""
        page = self._pages.get(page_id)
        if page is None:
            return self.former(self._ids.get(page_id, "\0"), section)
        gone = bool(section) and section not in self._anchors[page_id] and self.below(page_id).get(section) is None
        return Lead(self._into(page, section), page.title, is_gone=gone)

    def short(self, name: str, names: Mapping[str, str]) -> Lead | None:
        """Where ``/go/<name>/`` leads: to the page that is called so today, or was by its id. None where none was."""
        page_id = names.get(name, name if name in self._ids else "")
        return self.permanent(page_id) if page_id else None

    def knows(self, page_id: str, section: str) -> bool:
        """Whether a page has a section of this name, or ever had."""
        return page_id in self._pages and (section in self._anchors[page_id] or section in self.below(page_id))

    def former(self, url: str, section: str = "") -> Lead | None:
        """Where an address leads that a page once had. None where there never was such a page."""
        address = self._history.addresses.get(url)
        if address is None:
            return None
        page = self._pages.get(address.now.page) if address.now else None
        if page is None or address.now is None:
            parts = self._parts(address)
            return parts.get(section) or Lead(
                removed=address.removed or Removed("", "", ""),
                sections={anchor: lead.url for anchor, lead in parts.items()},
            )
        if section in address.others and section in self.below(page.id):
            return Lead(self._into(page, section), page.title)
        if section:
            here = Target(page.id, section) if section in self._anchors[page.id] else self.below(page.id).get(section)
            known = self._still(address.sections.get(section, here))
            return Lead(self.url_of(known) if known else self._into(page, section), page.title, is_gone=known is None)
        return Lead(self.url_of(address.now), page.title, sections=self._apart(address, page))

    def every(self, names: Mapping[str, str]) -> Iterator[tuple[str, Lead]]:
        """All addresses that lead somewhere, but for pages' own; `names` are short ones, each with its page's id."""
        wanted = [(address, self.permanent(*parts)) for address, parts in self._permanent_ones()]
        wanted += [(f"go/{name}/", self.short(name, names)) for name in {**self._ids, **names}]
        wanted += [(url, self.former(url)) for url in self.former_addresses()]
        yield from ((address, lead) for address, lead in wanted if lead)

    def address_of(self, removed: Removed) -> str:
        """The address a removed page had; "" where nothing but its id is known."""
        known = self._history.addresses.items()
        return next((url for url, one in known if one.now is None and one.removed == removed), "")

    def former_addresses(self) -> list[str]:
        """The addresses that are no page's today, and were."""
        here = {page.url for page in self._pages.values()}
        return [url for url in self._history.addresses if url not in here]

    def ending(self, lead: Lead) -> dict[str, object]:
        """What the template `pages/removed.html` says of a removed page."""
        removed = lead.removed or Removed("", "", "")
        on = day(date.fromisoformat(removed.on)) if removed.on else ""
        title = Markup("<bdi><b>{}</b></bdi>").format(removed.title)
        instead = self.replacing(removed)
        return {"removed": removed, "title": title, "on": on, "instead": instead, "sections": lead.sections}

    def replacing(self, removed: Removed) -> list[tuple[str, str]]:
        """Title and address of each page that has taken the place of a removed one."""
        there = [target for target in removed.instead if target.page in self._pages]
        return [(self._pages[target.page].title, self.url_of(target)) for target in there]

    def url_of(self, target: Target) -> str:
        """The address of a place today, relative to the site's root."""
        return self._into(self._pages[target.page], target.section)

    def title_of(self, target: Target) -> str:
        """The heading of a section, or the title of a page."""
        page = self._pages[target.page]
        return next((one.title for one in page.sections if target.section and one.anchor == target.section), page.title)

    def _permanent_ones(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        for page in self._pages.values():
            if page.permanent:
                yield permanent_address(page.id), (page.id,)
                sections = (one.anchor for one in page.sections if one.anchor)
                for section in dict.fromkeys((*sections, *self.below(page.id))):
                    yield permanent_address(page.id, section), (page.id, section)
        for page_id in self._ids:
            if page_id not in self._pages:
                yield permanent_address(page_id), (page_id,)

    def _into(self, page: Page, section: str) -> str:
        """A section's address. Of one that has moved or gone the page itself tells more, if it ever had it."""
        here, moved = section in self._anchors[page.id], self.below(page.id)
        if not section or not (here or section in moved):
            return page.url
        target = None if here or section in self.unsure(page.id) else moved[section]
        return self.url_of(target) if target else f"{page.url}#{quote(section)}"

    def _parts(self, address: Address) -> dict[str, Lead]:
        """The sections of a removed page that stand elsewhere for sure."""
        known = {anchor: self._still(target) for anchor, target in address.sections.items()}
        sure = {anchor: target for anchor, target in known.items() if target and anchor not in address.others}
        return {anchor: Lead(self.url_of(target), self.title_of(target)) for anchor, target in sure.items()}

    def _still(self, target: Target | None) -> Target | None:
        """A place, if it is there: a history that was written down may know of one that has gone since."""
        page = self._pages.get(target.page) if target else None
        if target is None or page is None:
            return None
        return target if not target.section or target.section in self._anchors[page.id] else Target(page.id)

    def _apart(self, address: Address, page: Page) -> dict[str, str]:
        """The fragments that the browser would take along to something else."""
        itself = {anchor: Target(page.id, anchor) for anchor in self._anchors[page.id]}
        known = self.below(page.id) | itself
        now = {anchor: self._still(target) for anchor, target in address.sections.items()}
        wrong = {anchor: target for anchor, target in now.items() if known[anchor] != target}
        wrong |= {anchor: None for anchor in wrong if anchor in address.others}
        return {anchor: self.url_of(target) if target else page.url for anchor, target in wrong.items()}
