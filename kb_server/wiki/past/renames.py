"""Which of the files a commit brought are those it took away, under another name.

The id in the front matter says it surest, then the same content, then how much of the text they share. Text that
several of the files have (a template) says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb_server.wiki.past.likeness import Index, alike, groups, same_title, sentences, share

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence

    from kb_server.wiki.outline import Text

ENOUGH = 0.5  # of the text in common, as git has it
WITH_NAME = 0.25  # is enough where file or title have kept their name
_PART = 0.75  # of the shorter text in the longer: a page that grew, or was cut
_AS_MUCH = 0.5  # of what one part of a divided page has, for another to be a part of it as well
_ALL_PAIRS = 400
_NEAR = 3
_TELLING = 30  # groups of words: shorter pages are in others by chance
_NAMES_OF_FOLDERS = frozenset({"readme", "index", "_index"})


@dataclass(frozen=True, slots=True)
class Page:
    """A page that came or went: its blob, what it says, and of that what no other page says."""

    blob: str
    text: Text
    own: str


def renamed(gone: Mapping[str, Page], come: Mapping[str, Page]) -> dict[str, str]:
    """For each path that is gone the new one, where there is one."""
    left, free, found = dict(gone), dict(come), {}
    for pairs in (_by_id, _by_content, _by_likeness):
        for old, new in pairs(left, free):
            if old in left and new in free:
                found[old] = new
                del left[old], free[new]
    return found


def _by_id(gone: Mapping[str, Page], come: Mapping[str, Page]) -> list[tuple[str, str]]:
    return _same(gone, come, lambda page: page.text.facts.get("id", ""))


def _by_content(gone: Mapping[str, Page], come: Mapping[str, Page]) -> list[tuple[str, str]]:
    return _same(gone, come, lambda page: page.blob if page.text.words else "")


def _same(gone: Mapping[str, Page], come: Mapping[str, Page], key: Callable[[Page], str]) -> list[tuple[str, str]]:
    """Pairs that have the same key; of several, those whose paths are most alike."""
    left, there = _grouped(gone, key), _grouped(come, key)
    pairs = [
        (_names_alike(old, new), old, new)
        for said, olds in left.items()
        for old, new in _paths_to_compare(olds, there.get(said, []))
    ]
    return [(old, new) for _, old, new in sorted(pairs, key=lambda pair: (-pair[0], pair[1:]))]


def _grouped(pages: Mapping[str, Page], key: Callable[[Page], str]) -> dict[str, list[str]]:
    """The paths of pages by what they say, of those that say something."""
    found: dict[str, list[str]] = defaultdict(list)
    for path, page in sorted(pages.items()):
        if said := key(page):
            found[said].append(path)
    return found


def _paths_to_compare(olds: Sequence[str], news: Sequence[str]) -> Iterator[tuple[str, str]]:
    """All with all; of thousands those that end alike, and the rest in their order: they say the same anyway."""
    if len(olds) * len(news) <= _ALL_PAIRS:
        yield from ((old, new) for old in olds for new in news)
        return
    ending: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for new in news:
        for tail in _tails(new):
            ending[tail].append(new)
    yield from {(old, new): None for old in olds for tail in _tails(old) for new in ending[tail][:_NEAR]}
    yield from zip(olds, news, strict=False)


def _tails(path: str) -> Iterator[tuple[str, ...]]:
    """The last names of a path: file, folder, the folder above."""
    parts = tuple(path.lower().split("/"))
    yield from (parts[-count:] for count in (1, 2, 3) if count <= len(parts))


def _by_likeness(gone: Mapping[str, Page], come: Mapping[str, Page]) -> list[tuple[str, str]]:
    scored: list[tuple[float, str, str]] = []
    for old, some in _worth_comparing(gone, come).items():
        page, near = gone[old], {new: come[new] for new in some}
        found = [(_score(old, page, new, other), old, new) for new, other in near.items()]
        scored += [row for row in found if row[0] and not _is_divided(old, row[2], page, near)]
    return [(old, new) for _, old, new in sorted(scored, key=lambda pair: (-pair[0], pair[1:]))]


def _is_divided(old: str, new: str, one: Page, come: Mapping[str, Page]) -> bool:
    """Whether the new page is one part of the old one among others: without its name and without most of its text."""
    here = groups(one.own)
    part = here & groups(come[new].own)
    if len(part) >= ENOUGH * len(here) or _has_name(old, one, new, come[new]):
        return False
    rest = here - part
    return any(len(rest & groups(page.own)) >= _AS_MUCH * len(part) for page in come.values())


def _worth_comparing(gone: Mapping[str, Page], come: Mapping[str, Page]) -> dict[str, list[str]]:
    """For each page that is gone those it may have become."""
    if len(gone) * len(come) <= _ALL_PAIRS:
        return {old: list(come) for old in gone}
    texts: dict[Hashable, frozenset[int]] = {new: sentences(page.own) for new, page in come.items()}
    index = Index(texts)
    return {old: [str(near.key) for near in index.near(sentences(page.own))] for old, page in gone.items()}


def _score(old: str, one: Page, new: str, other: Page) -> float:
    """How sure it is that they are the same page; 0 if they are not."""
    here, there = groups(one.own), groups(other.own)
    both = alike(here, there)
    name, named = _names_alike(old, new), _has_name(old, one, new, other)
    stays, is_of = share(here, there), share(there, here)
    # All of the old in the new is a page that grew. The other way round it was cut, or divided: not too much then.
    within = max(stays, is_of if stays >= WITH_NAME else 0.0) if min(len(here), len(there)) > _TELLING else 0.0
    enough = both >= ENOUGH or within >= _PART or (named and max(both, within / 2) >= WITH_NAME)
    return max(both, within * 0.8) + name / 10 + named / 10 if enough else 0.0


def _has_name(old: str, one: Page, new: str, other: Page) -> bool:
    """Whether the new page has kept the name of its file, or its title."""
    title = one.text.title
    return _names_alike(old, new) >= 1 or (bool(title) and same_title(title) == same_title(other.text.title))


def _names_alike(old: str, new: str) -> float:
    """1 and more where the file has kept its name; less by how much of the folders is the same."""
    one, other = (path.lower().rsplit(".", 1)[0].split("/") for path in (old, new))
    while one and one[-1] in _NAMES_OF_FOLDERS:
        one.pop()
    while other and other[-1] in _NAMES_OF_FOLDERS:
        other.pop()
    same = bool(one) and one[-1:] == other[-1:]
    return float(same) + alike(one[:-1], other[:-1]) / 2
