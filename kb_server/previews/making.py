"""Making one preview: texts of a branch, all else of the trusted commit, built in a process of its own."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kb_server.builds import taking
from kb_server.builds.taking import Most, Taken
from kb_server.errors import Invalid, KbError
from kb_server.following import building
from kb_server.pages import layout, manifest
from kb_server.previews.repository import Repository
from kb_server.previews.shelf import Shelf, megabytes
from kb_server.proofreading.configuration import Configuration
from kb_server.web.build import load
from kb_server.wiki import git
from kb_server.wiki.git import GitError

MOST = Most(files=20_000, megabytes=200)
"""How much of a branch is taken."""
MOST_PAGES = 20
LARGEST, MOST_TEXT = 500, 100
"""Megabytes of a preview as it is built, and of its manifest: that a server holds in its memory, whole."""
RUNS, READS, ASKS = "runs what a page says", "shows files that a page names", "fetches addresses that a page names"
RUNNING = {
    "macros": RUNS,
    "markdown-exec": RUNS,
    "mkdocs-jupyter": RUNS,
    "mknotebooks": RUNS,
    "monorepo": RUNS,
    "projects": RUNS,
    "codeinclude": READS,
    "include-markdown": READS,
    "mkdocstrings": READS,
    "table-reader": READS,
    "external-markdown": ASKS,
    "privacy": ASKS,
}
"""Plugins that give a text more power than whoever may push to any branch should have."""
RUNNING_EXTENSIONS = {
    "mkdocs-click": RUNS,
    "mkdocs-typer": RUNS,
    "markdown_include.include": READS,
    "mdx_include": READS,
    "plantuml_markdown": READS,
    "pymdownx.b64": READS,
}
OPEN_SNIPPETS = ("restrict_base_path", False), ("url_download", True)
REFUSED = "{name} {why}. So there are no previews of this wiki: KB_PREVIEWS=0 says so for good."


@dataclass(frozen=True, slots=True)
class Trusted:
    """A trusted commit, what is taken of others beside it, and the ``digest`` of what is used of it for these.

    ``refusal`` tells why no other one can be built by its configuration; "" where it can.
    """

    commit: str
    taken: Taken
    digest: str
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """A preview's build, and the pages that its branch changes, by address and title: not all of many."""

    build: str
    pages: tuple[tuple[str, str], ...]


def trusted(repository: Repository, commit: str) -> Trusted:
    """The trusted commit. Raises Invalid, GitError."""
    repository.require(commit)
    tree = repository.work_tree(commit)
    try:
        found = taking.lay_out(tree, repository.remote.config, commit, git.plain)
        taken = taking.of(tree, found, teams=False)
        entries = taking.entries(tree, commit)
        refusal = _refusal(found, tree.resolve())
    finally:
        repository.clear_trees()
    used = sorted((path, one.name) for path, one in entries.items() if not taken.has(path))
    digest = hashlib.sha256(repr((layout.SEAL_SCHEMA, manifest.SCHEMA, used)).encode()).hexdigest()[:16]
    return Trusted(commit, taken, digest, refusal)


def make(repository: Repository, shelf: Shelf, by: Trusted, commit: str, ends: Callable[[], bool]) -> Made:
    """Build the preview of a commit. Raises building.Broken, building.Ended, OSError.

    Whatever else goes wrong is said of the branch: one that git cannot read must not be in the way of the others.
    """
    if by.refusal:
        raise building.Broken((by.refusal,))
    try:
        tree = repository.work_tree(commit)
        taking.lay_over(tree, by.taken, by.commit, commit, git.plain, most=MOST)
        built = building.build(tree / repository.remote.config, shelf.work, ends, strict=False, preview=True)
        _take_in(shelf.work / "builds" / built, shelf)
        return Made(built, _changed(repository, shelf, by, commit, built))
    except (building.Broken, building.Ended):
        raise
    except (KbError, GitError) as error:
        raise building.Broken((str(error).replace(f"{repository.home}/", ""),)) from error
    finally:
        repository.clear_trees()


def _changed(repository: Repository, shelf: Shelf, by: Trusted, commit: str, built: str) -> tuple[tuple[str, str], ...]:
    home = repository.remote.config.parent
    files = {Path(path) for path in repository.changed(by.commit, commit, by.taken.docs)}
    pages = load(shelf.builds / built).manifest.pages
    there = [(one.url, one.title) for one in pages if home / one.source_path in files]
    return tuple(there[:MOST_PAGES])


def _refusal(found: Configuration, tree: Path) -> str:
    extensions = RUNNING_EXTENSIONS | ({"pymdownx.snippets": READS} if _has_open_snippets(found, tree) else {})
    named = {name: why for name, why in RUNNING.items() if name in found.plugins}
    named |= {name: why for name, why in extensions.items() if name in found.extensions}
    return next((REFUSED.format(name=name, why=why) for name, why in named.items()), "")


def _has_open_snippets(found: Configuration, tree: Path) -> bool:
    """Whether snippets may come from anywhere, or from a folder outside of the repository."""
    snippets = found.extensions.get("pymdownx.snippets", {})
    named = snippets.get("base_path")
    places = [one for one in (named if isinstance(named, list) else [named]) if isinstance(one, str)]
    leads_out = any(not (found.home / place).resolve().is_relative_to(tree) for place in places)
    return leads_out or any(snippets.get(key) is value for key, value in OPEN_SNIPPETS)


def _take_in(made: Path, shelf: Shelf) -> None:
    """Put a finished build where previews are seen. Raises Invalid where it is too large, OSError."""
    try:
        _require_not_too_large(made)
    except Invalid:
        shutil.rmtree(made, ignore_errors=True)
        raise
    target, before = shelf.builds / made.name, made.with_name(f"{made.name}-before")
    shutil.rmtree(before, ignore_errors=True)
    if target.exists():  # another branch that says the same is read there: it is to find all of it, or nothing
        target.rename(before)
    made.rename(target)
    shutil.rmtree(before, ignore_errors=True)


def _require_not_too_large(made: Path) -> None:
    text = (made / layout.MANIFEST).stat().st_size >> 20
    for size, most, what in ((megabytes(made), LARGEST, "it has"), (text, MOST_TEXT, "its texts have")):
        if size > most:
            raise Invalid(f"Built, {what} {size:,} MB; at most {most:,} are kept.")
