"""The way in: from a folder in git and today's pages to what became of every address."""

from __future__ import annotations

import gc
import posixpath
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

from kb_server.pages.history import History
from kb_server.wiki.git import GitError
from kb_server.wiki.past import cache as kept
from kb_server.wiki.past.addresses import Wiki, addresses, below, ids
from kb_server.wiki.past.following import Following
from kb_server.wiki.past.ledger import Ledger
from kb_server.wiki.past.reading import Change, Repository
from kb_server.wiki.past.today import Present, blob_of, standing
from kb_server.wiki.past.versions import Versions
from kb_server.wiki.past.walk import is_page, record, walk
from kb_server.wiki.past.written import filled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

_TOGETHER = 3  # files that moved alike make a folder that moved


def history(
    folder: Path, docs_dir: str, pages: Sequence[Present], url_of: Callable[[str], str], cache: Path
) -> History:
    """What became of every address of the wiki in `folder`, its pages being in `docs_dir` below it.

    `pages` are today's, as they lie in the working tree; `url_of` makes an address of a path in the docs folder.
    `cache` is a folder of ours. Without git, only today's addresses are known.
    """
    try:
        with _uncollected():
            return _from_git(Repository(folder), docs_dir, pages, url_of, cache)
    except GitError:
        return _without_git(pages, url_of)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without Python's search for circles: there are none among these million small things, and it takes a third."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def with_written(found: History, written: History, folder: Path, pages: Sequence[Present]) -> History:
    """What `history` found in `folder`, with what a history kept in a file knows besides."""
    try:
        whole = bool(found.commit) and Repository(folder).has(written.commit)
    except GitError:
        whole = False
    return filled(found, written, ids=[page.id for page in pages], whole=whole)


def _from_git(
    repository: Repository, docs_dir: str, pages: Sequence[Present], url_of: Callable[[str], str], cache: Path
) -> History:
    inside = posixpath.normpath(posixpath.join(repository.prefix, docs_dir))
    prefix = "" if inside == "." else inside
    ledger = up_to_date(repository, cache)
    kept_of_today = kept.read_today(cache)
    standing_now, digested = standing(pages, prefix, kept_of_today)
    if digested != kept_of_today:
        kept.write_today(cache, digested)
    _add_uncommitted(repository, ledger, prefix, pages)
    wiki = Wiki(ledger, standing_now, Following(ledger, standing_now), roots(ledger, prefix), url_of)
    known = not repository.shallow, ledger.since
    return History(repository.head, *known, addresses=addresses(wiki), ids=ids(wiki))


def _without_git(pages: Sequence[Present], url_of: Callable[[str], str]) -> History:
    found, _ = standing(pages, "", {})
    wiki = Wiki(Ledger(), found, Following(Ledger(), found), ("",), url_of)
    return History(complete=False, addresses=addresses(wiki), ids=ids(wiki))


def up_to_date(repository: Repository, cache: Path) -> Ledger:
    """The ledger up to HEAD: the one kept, with the commits since; or all read anew."""
    ledger = kept.read(cache, repository)
    if ledger.commit == repository.head:
        return ledger
    ledger = kept.read_bodies(cache, repository, ledger)
    commits = repository.commits(is_page, since=ledger.commit)
    if commits and not ledger.commit:
        ledger.since = commits[0].day if repository.shallow else ""
    with repository.texts() as texts:
        walk(ledger, commits, Versions(texts))
    kept.write(cache, repository, ledger)
    return ledger


def _add_uncommitted(repository: Repository, ledger: Ledger, prefix: str, pages: Sequence[Present]) -> None:
    """Read what lies in the working tree as if it had been committed; nothing of it is kept."""
    tree = {
        path: blob for path, blob in repository.tree().items() if is_page(path) and below(path, (prefix,)) is not None
    }
    now = {f"{prefix}/{page.source_path}".lstrip("/"): page.source for page in pages}
    new = {path: blob_of(source) for path, source in now.items()}
    changed = [path for path in sorted({*tree, *new}) if tree.get(path) != new.get(path)]
    present = [path for path in changed if path in new]
    if not present:  # a page git has and the build leaves out is no change: it may be left out on purpose
        return
    with repository.texts() as texts:
        versions = Versions(texts)
        for path in present:
            versions.put(new[path], now[path])
        ledger.commits[ledger.count] = ["", "", ""]
        record(ledger, [Change(path, (tree.get(path, ""),), new.get(path, "")) for path in changed], versions)


def roots(ledger: Ledger, prefix: str) -> tuple[str, ...]:
    """The docs folder, and the folders it was before: from where many files moved, keeping their path below it."""
    found = [prefix]
    for root in found:
        moved: Counter[str] = Counter()
        for path, file in ledger.files.items():
            for end in file.ends:
                inside = below(end.path, (root,))
                if inside is not None and (path == inside or path.endswith(f"/{inside}")):
                    moved[path[: -len(inside)].rstrip("/")] += 1
        found += [old for old, count in moved.most_common() if count >= _TOGETHER and old not in found]
    return tuple(found)
