"""Looking at a wiki, or at what a change touched of it; and mending what a program can mend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kb_server.proofreading import changes, configuration, mending, silencing
from kb_server.proofreading import wiki as sources
from kb_server.proofreading.changes import Changes
from kb_server.proofreading.mending import Mend
from kb_server.proofreading.models import Finding
from kb_server.proofreading.page import Page
from kb_server.proofreading.rules import LOOKS, NAMES, Look, matter, navigation, targets, typing_errors
from kb_server.proofreading.wiki import Wiki
from kb_server.wiki import git
from kb_server.wiki.git import GitError

ASKED_FOR = frozenset({"spelling"})
"""What `kb fix` mends only when told to: a program may mend a word to another than was meant."""
_OF_DEFINITIONS = frozenset({"id", "link"})
"""What it mends in a definition. Anything else there might be another text than teams agreed to."""
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in how many pages; `home` is the wiki's folder and `prefix` where that lies in its repository.

    `base` is the commit that was compared with, "" where all was looked at, and `branch` what that was called.
    `mendable` are those that `kb fix` mends, and `removed` counts pages that are not there any more.
    """

    findings: tuple[Finding, ...]
    looked_at: int
    base: str
    home: Path
    prefix: str = ""
    branch: str = ""
    removed: int = 0
    mendable: tuple[Finding, ...] = ()

    def count(self, level: str) -> int:
        """How many findings are of this level."""
        return sum(finding.level == level for finding in self.findings)


def check(file: Path, *, since: str | None = None, everything: bool = False, only: Sequence[str] = ()) -> Report:
    """What is wrong with the wiki of this ``mkdocs.yml``, as far as the change touched it.

    With `only`, paths told from the wiki's folder, these files are looked at whole. Raises Invalid.
    """
    wiki, touched = _read(file, since, everything=everything, only=only)
    home = wiki.configuration.home
    found = _findings(wiki, touched)
    return Report(
        tuple(found),
        len(_touched(wiki, touched)),
        touched.base if touched else "",
        home,
        _prefix(home),
        branch=touched.branch if touched else "",
        removed=sum(path.endswith(sources.PAGES) for path in wiki.gone),
        mendable=tuple(one for one in found if _is_to_be_mended(one, wiki, spelling=True)),
    )


def fix(  # noqa: PLR0913  -- one parameter per option
    file: Path,
    *,
    since: str | None = None,
    everything: bool = False,
    spelling: bool = False,
    dry_run: bool = False,
    only: Sequence[str] = (),
) -> list[Mend]:
    """Mend what can be mended without a doubt, and tell each mend. Raises Invalid."""
    wiki, touched = _read(file, since, everything=everything, only=only)
    was = dict(wiki.pages)
    looks = LOOKS if spelling else tuple(look for look in LOOKS if look not in typing_errors.LOOKS)
    done: list[Mend] = []
    for _ in range(_ROUNDS):
        found = [one for one in _findings(wiki, touched, looks) if _is_to_be_mended(one, wiki, spelling=spelling)]
        mended = mending.mend(wiki, found)
        if not mended:
            break
        touched = replace(touched, lines=mending.moved_on(touched.lines, mended)) if touched else None
        done += mended
    entries, nav = mending.mend_navigation(wiki.configuration, list(navigation.entries((), wiki)) if wiki.moved else [])
    done += entries
    if not dry_run:
        if entries:
            mending.write(wiki.configuration.file, wiki.configuration.text, nav)
        for path, page in wiki.pages.items():
            if page is not was[path]:
                mending.write(wiki.configuration.docs / path, was[path].text, page.text)
    return done


def _read(file: Path, since: str | None, *, everything: bool, only: Sequence[str]) -> tuple[Wiki, Changes | None]:
    wiki = sources.read(configuration.read(file))
    home = wiki.configuration.home
    if only:
        return wiki, Changes("", dict.fromkeys(only, changes.WHOLE))
    touched = None if everything else changes.since(home, since)
    if touched:
        folder = wiki.configuration.shown("")
        wiki.moved = {
            old.removeprefix(folder): new.removeprefix(folder)
            for old, new in touched.renamed.items()
            if old.startswith(folder) and new.startswith(folder) and old.removeprefix(folder) not in wiki.files
        }
        taken = {path.removeprefix(folder) for path in touched.gone if path.startswith(folder)}
        wiki.gone = frozenset(taken - wiki.files.keys() - wiki.moved.keys())
    return wiki, touched


def _prefix(home: Path) -> str:
    try:
        return git.ask(home, "rev-parse", "--show-prefix")
    except GitError:
        return ""


def _touched(wiki: Wiki, touched: Changes | None) -> list[Page]:
    return [page for page in wiki.pages.values() if not touched or touched.touches(page.shown)]


def _is_to_be_mended(found: Finding, wiki: Wiki, *, spelling: bool) -> bool:
    if not found.edit or (found.rule in ASKED_FOR and not spelling):
        return False
    pages = {page.shown: page for page in wiki.pages.values()}
    kind = pages[found.path].kind if found.path in pages else ""
    return kind != "definition" or found.rule in _OF_DEFINITIONS


def _findings(wiki: Wiki, touched: Changes | None, looks: Sequence[Look] = LOOKS) -> list[Finding]:
    pages = _touched(wiki, touched)
    found = [*wiki.troubles, *(one for look in looks for one in look(pages, wiki))]
    if touched:
        lost = frozenset(_lost_anchors(wiki, touched))
        found = [one for one in found if _concerns(one, touched, lost)]
        found += _consequences(wiki, touched, lost)
    return sorted(set(_heard(wiki, found, touched)), key=lambda one: (one.path, one.line, one.column, one.rule))


def _concerns(one: Finding, touched: Changes, lost: frozenset[str]) -> bool:
    if touched.touches(one.path, one.line) or (one.rule == "link" and touched.moved(one.path)):
        return True
    return any(path in touched.gone or path in lost for path in one.about)


def _consequences(wiki: Wiki, touched: Changes, lost: frozenset[str]) -> Iterator[Finding]:
    """What the change does to pages that it did not touch."""
    names = {Path(path).name for path in touched.gone} | {anchor.partition("#")[2] for anchor in lost}
    others = [page for page in wiki.pages.values() if any(name in page.text for name in names)]
    for one in targets.broken_links(others, wiki):
        if any(path in touched.gone or path in lost for path in one.about):
            yield one
    untouched = [page for page in wiki.pages.values() if not touched.touches(page.shown)]
    if touched.touches(wiki.configuration.file.name):
        yield from (one for one in navigation.omitted(untouched, wiki) if one.level == "error")
    if touched.touches(wiki.configuration.teams_file.name):
        yield from (one for one in matter.front_matter(untouched, wiki) if one.level == "error")


def _lost_anchors(wiki: Wiki, touched: Changes) -> Iterator[str]:
    """The headings that pages had before the change and no longer have, as ``file#anchor``."""
    now = {page.shown: page for page in wiki.pages.values()}
    for path, text in touched.before().items():
        if path in now:
            before = Page("", path, text)
            yield from (f"{path}#{anchor}" for anchor in before.anchors - now[path].anchors if anchor)


def _heard(wiki: Wiki, found: list[Finding], touched: Changes | None) -> Iterator[Finding]:
    """The findings that no comment allows, with what is wrong with such comments."""
    by_path: dict[str, list[Finding]] = defaultdict(list)
    for one in found:
        by_path[one.path].append(one)
    pages = {page.shown: page for page in wiki.pages.values()}
    for path in by_path.keys() - pages.keys():
        yield from by_path[path]
    for page in pages.values():
        if page.shown in by_path or not touched or touched.touches(page.shown):
            for one in silencing.heard(page, by_path[page.shown], NAMES):
                if one.rule != silencing.RULE or not touched or touched.touches(one.path, one.line):
                    yield one
