"""From one commit to the next: what it did to pages and their sections, written into the ledger."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from kb_server.wiki.outline import NONE, linked_path
from kb_server.wiki.past import copies, moves, renames, sections
from kb_server.wiki.past.ledger import End, Step
from kb_server.wiki.past.likeness import sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kb_server.wiki.outline import Section, Text
    from kb_server.wiki.past.ledger import Ledger
    from kb_server.wiki.past.moves import Gain, Lost, Place
    from kb_server.wiki.past.reading import Change, Commit
    from kb_server.wiki.past.versions import Versions

_WINDOW = 100  # commits whose texts are fetched in one go
_PRINTS = 10  # sentences kept of a text that has lost its anchor
_STUB = 60  # words: a page of so few that leads to one other page says that it moved there
_BLANKED = 0.2  # of the words before
PAGE = re.compile(r"\.(?:md|markdown|mdown|mkdn|mkd)$", re.IGNORECASE)


def is_page(path: str) -> bool:
    """Whether MkDocs would make a page of the file."""
    return bool(PAGE.search(path))


def walk(ledger: Ledger, commits: Sequence[Commit], versions: Versions) -> None:
    """Write these commits, oldest first, into the ledger."""
    rest = iter(commits)
    while window := list(islice(rest, _WINDOW)):
        versions.fetch(
            blob
            for commit in window
            for change in commit.changes
            if not change.link
            for blob in (*change.old, change.new)
        )
        for commit in window:
            if commit.changes:
                ledger.commits[ledger.count] = [commit.id, commit.day, commit.subject]
                record(ledger, commit.changes, versions)
            ledger.count += 1
            ledger.commit = commit.id


@dataclass(slots=True)
class _Pair:
    """A page before and after: `path` is where it was, `now` where it is; ``became`` as `sections.became_of` has it."""

    path: str
    now: str
    old: Text
    new: Text
    became: dict[str, str | None]


@dataclass(slots=True)
class _Day:
    """What one commit did."""

    pairs: list[_Pair] = field(default_factory=list)
    gone: dict[str, Text] = field(default_factory=dict)
    come: dict[str, Text] = field(default_factory=dict)


def record(ledger: Ledger, changes: Iterable[Change], versions: Versions) -> None:
    """Write one commit's changes into the ledger, as its commit number `count`."""
    changes = list(changes)
    for change in changes:
        if change.link or not (change.new or any(change.old)):
            _link(ledger, change, versions)
    day = _sorted_out(ledger, [change for change in changes if not change.link], versions)
    places = moves.found(_lost(ledger, day), _gains(day))
    for pair in day.pairs:
        _write(ledger, pair, places)
    for path, text in day.gone.items():
        _write(ledger, _Pair(path, "", text, NONE, dict.fromkeys(text.anchors())), places)
        ledger.file(path).ends.append(End(ledger.count, *_said(ledger, path, text)))
    for path, text in day.come.items():
        _know(ledger, path, text)
    copies.note(ledger, [(pair.now, pair.old, pair.new, pair.path != pair.now) for pair in day.pairs])
    copies.note(ledger, [(path, NONE, text, True) for path, text in day.come.items()])


def _sorted_out(ledger: Ledger, changes: Sequence[Change], versions: Versions) -> _Day:
    gone, come = {}, {}
    day = _Day()
    for change in changes:
        olds = [blob for blob in change.old if blob]
        if olds and change.new:
            day.pairs += [
                _pair(change.path, change.path, versions[old], versions[change.new]) for old in dict.fromkeys(olds)
            ]
        elif olds:
            gone[change.path] = _page(ledger, olds[0], versions)
        elif change.new:
            come[change.path] = _page(ledger, change.new, versions)
    moved = renames.renamed(gone, come)
    day.pairs += [_pair(old, new, gone[old].text, come[new].text) for old, new in moved.items()]
    day.gone = {path: page.text for path, page in gone.items() if path not in moved}
    day.come = {path: page.text for path, page in come.items() if path not in moved.values()}
    return day


def _page(ledger: Ledger, blob: str, versions: Versions) -> renames.Page:
    text = versions[blob]
    own = [one for one in text.sections if not copies.is_template(ledger, one.body)]
    return renames.Page(blob, text, "\n\n".join(f"{one.title}\n{one.body}" for one in own))


def _pair(path: str, now: str, old: Text, new: Text) -> _Pair:
    return _Pair(path, now, old, new, sections.became_of(old, new) if old is not new else {})


def _lost(ledger: Ledger, day: _Day) -> list[Lost]:
    """The sections that are looked for elsewhere; those of a template are anywhere, and are not."""
    found = []
    for pair in day.pairs:
        lost = {anchor for anchor, new in pair.became.items() if new is None} | ({""} if _blanked(pair) else set())
        common = sections.common_to(pair.old) if lost else frozenset()
        found += [moves.Lost(pair.path, one, common) for one in pair.old.sections if one.anchor in lost]
    found += [moves.Lost(path, section) for path, text in day.gone.items() for section in text.sections]
    return [lost for lost in found if not copies.is_template(ledger, lost.section.body)]


def _blanked(pair: _Pair) -> bool:
    """Whether what stood before the first heading has been taken away; its anchor, being none, cannot tell."""
    return len(pair.new.sections[0].body) < _BLANKED * len(pair.old.sections[0].body)


def _gains(day: _Day) -> list[Gain]:
    gains: list[Gain] = []
    for pair in day.pairs:
        source = {new: old for old, new in pair.became.items() if new is not None}
        gains += moves.gained(pair.now, pair.old, pair.new, source)
    for path, text in day.come.items():
        gains += moves.gained(path, NONE, text, {})
    return gains


def _write(ledger: Ledger, pair: _Pair, places: dict[Place, Place]) -> None:
    """Write down a page's new state and, for each section that is elsewhere now, its step."""
    _know(ledger, pair.path, pair.old)
    if pair.now:
        _know(ledger, pair.now, pair.new)
    if pair.now and pair.now != pair.path:
        ledger.file(pair.path).ends.append(End(ledger.count, pair.now))
    for section in pair.old.sections:
        place = places.get((pair.path, section.anchor))
        to = pair.became.get(section.anchor, section.anchor)
        if place and (to is None or _blanked(pair)):
            _step(ledger, pair.path, section, *place)
        elif to is None:
            _step(ledger, pair.path, section, "", "")
        elif pair.now != pair.path or to != section.anchor:
            _step(ledger, pair.path, section, pair.now, to)


def _step(ledger: Ledger, path: str, section: Section, to: str, anchor: str) -> None:
    prints = () if to and anchor == section.anchor else tuple(sorted(sentences(section.body))[:_PRINTS])
    steps = ledger.file(path).steps.setdefault(section.anchor, [])
    step = Step(ledger.count, to, anchor, len(section.body.split()), prints)
    if step not in steps:
        steps.append(step)


def _know(ledger: Ledger, path: str, text: Text) -> None:
    """Write down what a page says of itself and which anchors it has."""
    file = ledger.file(path)
    file.seen, file.words = ledger.count, text.words
    file.id = text.facts.get("id", "")
    if file.id and file.id not in file.ids:
        file.ids.append(file.id)
    file.title = text.title or file.title
    for section in text.sections:
        file.anchors[section.anchor] = len(section.body.split())
    if text.top and text.top not in file.tops:
        file.tops.append(text.top)


def _said(ledger: Ledger, path: str, text: Text) -> tuple[str, str]:
    """Where a page that went says its text is: in ``merged_into``, or by its only link where it says little else."""
    merged, _, anchor = text.facts.get("merged_into", "").partition("#")
    if merged:
        return _above(ledger, path, merged), anchor
    stub = linked_path(path, "\n".join(section.body for section in text.sections)) if text.words <= _STUB else ""
    return _known(ledger, stub), ""


def _above(ledger: Ledger, path: str, target: str) -> str:
    """The file an author names from its own folder or one above, such as the docs folder; else it is an id."""
    folder = path
    while folder:
        folder = posixpath.dirname(folder)
        if known := _known(ledger, posixpath.join(folder, target).removesuffix(".md")):
            return known
    return target


def _known(ledger: Ledger, target: str) -> str:
    names = [f"{target}{ending}" for ending in (".md", "/index.md", "/README.md", "/_index.md")] if target else []
    return next((name for name in names if name in ledger.files), "")


def _link(ledger: Ledger, change: Change, versions: Versions) -> None:
    """Write down that a page is a symbolic link now: its text is that of the file it leads to. Or that one went."""
    file = ledger.file(change.path)
    if not change.link:
        file.ends.append(End(ledger.count, file.links[-1] if file.links else ""))
        return
    ((_, target),) = versions.raw(change.new)
    path = posixpath.normpath(posixpath.join(posixpath.dirname(change.path), target))
    file.links.append(path)
    file.ends.append(End(ledger.count, path))
    for old in filter(None, change.old):
        for section in versions[old].sections:
            _step(ledger, change.path, section, path, section.anchor)
