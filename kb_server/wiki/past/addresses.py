"""The answer: every address the wiki ever had, each with what became of it."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from kb_server.pages.history import Address, Removed, Target
from kb_server.wiki.past.walk import is_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kb_server.wiki.past.evidence import Place
    from kb_server.wiki.past.following import Fate, Following
    from kb_server.wiki.past.ledger import File, Ledger
    from kb_server.wiki.past.today import Standing


@dataclass(frozen=True, slots=True)
class Wiki:
    """What the answer is made of: the past, today's pages, the way between, and how a path becomes an address."""

    ledger: Ledger
    pages: Mapping[str, Standing]
    following: Following
    roots: tuple[str, ...]
    url_of: Callable[[str], str]

    def urls(self) -> dict[str, list[str]]:
        """Every address with the paths it ever stood for, the last one first."""
        found: dict[str, list[str]] = defaultdict(list)
        for path in {**self.ledger.files, **dict.fromkeys(self.pages)}:
            inside = below(path, self.roots)
            if inside is not None:
                found[self.url_of(inside)].append(path)
        for paths in found.values():
            paths.sort(key=lambda path: (path not in self.pages, -self._seen(path), path))
        return found

    def _seen(self, path: str) -> int:
        return self.ledger.files[path].seen if path in self.ledger.files else 0


def below(path: str, roots: Iterable[str]) -> str | None:
    """The path below the first of these folders that has it, or None."""
    for root in roots:
        if not root or path.startswith(f"{root}/"):
            return path[len(root) + 1 :] if root else path
    return None


def addresses(wiki: Wiki) -> dict[str, Address]:
    """What became of each address."""
    found = {url: _address(wiki, paths) for url, paths in wiki.urls().items()}
    for page in wiki.pages.values():
        for said in page.moved_from:
            url = _said(wiki, said)
            before = found.get(url)
            if before is None or before.now is None or before.now.page != page.id:
                found[url] = replace(before, now=Target(page.id), removed=None) if before else Address(Target(page.id))
    live = {page.url: page for page in wiki.pages.values()}
    return {url: _alive(address, live.get(url)) for url, address in sorted(found.items())}


def ids(wiki: Wiki) -> dict[str, str]:
    """The ids that pages had in their front matter, and none has today, each with the last address of its page.

    Where several had one (copied with the page), it is that of the page that kept it, else of the older page. A removed
    page's own last id stands in `Removed`.
    """
    today = {page.id for page in wiki.pages.values()}
    had: list[tuple[str, bool, int, str]] = []
    for url, paths in wiki.urls().items():
        for path, file in ((path, wiki.ledger.files[path]) for path in paths if path in wiki.ledger.files):
            leads_on = bool(wiki.following.page(path).path)
            former = (one for one in file.ids if one not in today and (leads_on or one != file.id))
            had += [(one, one == file.id, -file.born, url) for one in former]
    return {one: url for one, _, _, url in sorted(had)}  # of the rows of one id the last stays


def _alive(address: Address, page: Standing | None) -> Address:
    """Where a page stands today, nothing else can be: a link to it ends there."""
    if page is None or (address.now and address.now.page == page.id):
        return address
    return replace(address, now=Target(page.id), removed=None)


def _said(wiki: Wiki, said: str) -> str:
    """The address an author wrote, as a path in the docs folder or as an address."""
    plain = unquote(re.sub(r"^https?://[^/]+", "", said).split("#")[0].lstrip("/"))
    if is_page(plain):
        return wiki.url_of(plain)
    url = quote(plain.split("?")[0])
    return url if not url or "." in url.rsplit("/", 1)[-1] or url.endswith("/") else f"{url}/"


def _address(wiki: Wiki, paths: list[str]) -> Address:
    fates = [(path, wiki.following.page(path)) for path in paths]
    path, fate = next(((path, fate) for path, fate in fates if fate.path), fates[0])
    sections, others = _sections(wiki, paths, fate), _others(wiki, paths)
    if fate.path:
        return Address(_target(wiki, (fate.path, fate.anchor)), sections, others=others)
    return Address(None, sections, _removed(wiki, path, fate), others)


def _removed(wiki: Wiki, path: str, fate: Fate) -> Removed:
    path = fate.last or path
    file = wiki.ledger.files[path]
    instead = tuple(dict.fromkeys(_target(wiki, place) for place in fate.instead))
    # Without an end it was left out of the build on purpose, or a merge dropped it without a word.
    commit, day, subject = wiki.ledger.commits[file.ends[-1].at] if file.ends else ("", "", "")
    return Removed(file.title, day, subject, commit, file.id, instead, path)


def _sections(wiki: Wiki, paths: list[str], fate: Fate) -> dict[str, Target | None]:
    """Each anchor that was ever below the address and does not lead to its text by itself."""
    found: dict[str, Place | None] = {}
    for path in paths:
        for anchor, place in _of_file(wiki, path):
            if found.get(anchor) is None:
                found[anchor] = place
        for top in wiki.ledger.files[path].tops if path in wiki.ledger.files else ():
            found.setdefault(top, (fate.path, "") if fate.path else None)
    now = wiki.pages.get(fate.path)
    if now is None:
        return {anchor: _target(wiki, place) for anchor, place in sorted(found.items()) if place}
    by_itself = _finder(now, fate.path)
    return {
        anchor: _target(wiki, place) if place else None
        for anchor, place in sorted(found.items())
        if not by_itself(anchor, place)
    }


def _finder(now: Standing, path: str) -> Callable[[str, Place | None], bool]:
    """Tells whether a browser finds a place on the page without our help."""
    shown = {*now.anchors.values(), *now.tops}

    def found(anchor: str, place: Place | None) -> bool:
        if anchor not in shown or place is None:
            return anchor in shown
        return place[0] == path and now.anchors.get(place[1], "") in {anchor, ""}

    return found


def _others(wiki: Wiki, paths: list[str]) -> dict[str, tuple[Target, ...]]:
    """The anchors that different sections had over the years, with where else they may lead."""
    found: dict[str, tuple[Target, ...]] = {}
    for path in paths:
        for anchor in wiki.ledger.files[path].steps if path in wiki.ledger.files else ():
            others = wiki.following.others(path, anchor) if anchor else None
            if others is not None:
                found.setdefault(anchor, tuple(dict.fromkeys(_target(wiki, place) for place in others)))
    return dict(sorted(found.items()))


def _of_file(wiki: Wiki, path: str) -> Iterator[tuple[str, Place | None]]:
    """The anchors of a path, those of the files it led to as a symbolic link as well."""
    waiting, seen = [path], set[str]()
    while waiting:
        path = waiting.pop()
        file: File | None = wiki.ledger.files.get(path)
        if file and path not in seen:
            seen.add(path)
            yield from ((anchor, wiki.following.section(path, anchor)) for anchor in file.anchors if anchor)
            waiting += reversed(file.links)


def _target(wiki: Wiki, place: Place) -> Target:
    page = wiki.pages[place[0]]
    return Target(page.id, page.anchors.get(place[1], ""))
