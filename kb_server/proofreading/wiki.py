"""All of a wiki that rules ask about: its pages, its other files, its teams, its terms.

Whatever lies in the docs folder was put there by somebody; a file is opened only after it was looked at.
"""

from __future__ import annotations

import os
import posixpath
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from kb_server.proofreading.configuration import Configuration
from kb_server.proofreading.models import Finding
from kb_server.proofreading.page import Page
from kb_server.wiki import bounds, frontmatter
from kb_server.wiki.problems import Problem
from kb_server.wiki.teams import Teams, TeamsError, load

LARGEST = 2_000_000
"""Bytes of a page. The longest book of the Bible has a tenth of it."""
MOST_FILES = 200_000
_BLOCK = re.compile(r"\A-{3}[ \t]*\n(.*?\n)(?:\.{3}|-{3})[ \t]*\n", re.DOTALL)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
PAGES = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")


@dataclass(frozen=True, slots=True)
class Term:
    """What a definition defines: its title and its other names, and the words to avoid for it."""

    page: Page
    title: str
    aliases: tuple[str, ...]
    avoided: tuple[str, ...]


@dataclass
class Wiki:
    """A wiki as it lies there. ``files`` are all paths in the docs folder, with their bytes; ``pages`` go by path."""

    configuration: Configuration
    pages: dict[str, Page] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    teams: Teams | None = None
    troubles: list[Finding] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    """Where files went by the change that is looked at: the new path by the old one."""
    gone: frozenset[str] = frozenset()
    """The files that this change takes away, and that went nowhere."""

    @cached_property
    def terms(self) -> list[Term]:
        """What is defined, in the order of paths."""
        return [_term(page) for page in self.pages.values() if page.kind == "definition"]

    @cached_property
    def by_name(self) -> dict[str, str]:
        """The path of each file by its path in small letters."""
        return {path.casefold(): path for path in self.files}

    def text(self, path: str) -> bytes | None:
        """The content of a file that is no page, where it is a file of a bearable size."""
        if path not in self.files or self.files[path] > LARGEST:
            return None
        try:
            return (self.configuration.docs / path).read_bytes()
        except OSError:
            return None


def read(configuration: Configuration) -> Wiki:
    """The wiki that this configuration is of."""
    wiki = Wiki(configuration)
    _read_teams(wiki)
    defaults = _Defaults(configuration)
    for path, place in _walk(wiki):
        if path.endswith(PAGES) and (text := _read(wiki, path, place)) is not None:
            shown = configuration.shown(path)
            meta = meta_of(text)
            wiki.pages[path] = Page(path, shown, text, defaults.of(path) | meta)
    return wiki


def _read_teams(wiki: Wiki) -> None:
    file = wiki.configuration.teams_file
    if not file.is_file():
        return
    try:
        wiki.teams = load(file)
    except TeamsError as error:
        wiki.troubles += [_of_problem("teams", problem) for problem in error.problems]


def _of_problem(rule: str, problem: Problem) -> Finding:
    return Finding(problem.file, problem.line or 0, rule, "error", problem.message, problem.fix)


def _walk(wiki: Wiki) -> Iterator[tuple[str, Path]]:
    """All files that are part of the site, in the order of their paths; what is not is said."""
    docs = wiki.configuration.docs
    for folder, folders, names in os.walk(docs):
        folders.sort()
        linked = [name for name in folders if Path(folder, name).is_symlink()]
        for place in sorted(Path(folder, name) for name in [*names, *linked]):
            path = place.relative_to(docs).as_posix()
            if wiki.configuration.left_out.match_file(path) or len(wiki.files) >= MOST_FILES:
                continue
            if found := _unfit(wiki, path, place):
                wiki.troubles.append(found)
            elif place.is_file():
                wiki.files[path] = place.stat().st_size
                yield path, place


def _unfit(wiki: Wiki, path: str, place: Path) -> Finding | None:
    """What keeps a file out of the site, if anything does."""
    shown = wiki.configuration.shown(path)
    if problem := bounds.of_name(shown, path):
        return _of_problem("file", problem)
    if place.is_symlink() and not bounds.is_within(place, wiki.configuration.docs, wiki.configuration.home):
        return _of_problem("file", bounds.outside(shown))
    try:
        mode = place.stat().st_mode
    except OSError as error:  # a link that leads to itself
        return _of_problem("file", Problem(shown, None, f"this cannot be read ({error.strerror})", "Take it out."))
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        return _of_problem("file", Problem(shown, None, "this is neither a file nor a folder", "Take it out."))
    return None


def _read(wiki: Wiki, path: str, place: Path) -> str | None:
    """The text of a page; None where it has none that could be read, and why is said."""
    problem = None
    shown = wiki.configuration.shown(path)
    try:
        if wiki.files[path] > LARGEST:
            size = f"{wiki.files[path] / 1_000_000:.0f} MB"
            problem = Problem(shown, None, f"this page has {size}, and nobody can read that", "Cut it into pages.")
        else:
            content = place.read_bytes()
            text = content.decode("utf-8-sig")
            if "\0" not in text:
                return text.replace("\r\n", "\n").replace("\r", "\n")
            problem = Problem(shown, text.count("\n", 0, text.index("\0")) + 1, "there is a NUL in it", "Take it out.")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = Problem(shown, line, "this is not UTF-8", "Save the page as UTF-8.")
    except OSError as error:
        problem = Problem(shown, None, f"this cannot be read ({error.strerror})", "Make it readable.")
    wiki.troubles.append(_of_problem("file", problem))
    return None


def meta_of(text: str) -> dict[str, Any]:
    """The front matter; nothing where it is broken, which is another's to tell (`frontmatter.check`)."""
    found = _BLOCK.match(text) if text.startswith("---") else None
    if not found:
        return {}
    try:
        if "&" in found[1] and "*" in found[1]:  # aliases of aliases: let it be looked at before it is made
            frontmatter.lines_of(text)
        data = yaml.load(found[1], Loader=_Loader)  # noqa: S506  -- a safe loader, under another name
    except (yaml.YAMLError, ValueError, RecursionError, AttributeError):
        return {}
    return {str(key): value for key, value in data.items()} if isinstance(data, dict) else {}


class _Defaults:
    """What ``.meta.yml`` files say for all pages of a folder, where Material's plugin ``meta`` reads them."""

    def __init__(self, configuration: Configuration) -> None:
        self._docs = configuration.docs
        self._known: dict[str, dict[str, Any]] = {}
        self._used = "meta" in configuration.plugins

    def of(self, path: str) -> dict[str, Any]:
        return self._in(posixpath.dirname(path)) if self._used else {}

    def _in(self, folder: str) -> dict[str, Any]:
        if folder not in self._known:
            above = self._in(posixpath.dirname(folder)) if folder else {}
            self._known[folder] = above | self._said(self._docs / folder / ".meta.yml")
        return self._known[folder]

    @staticmethod
    def _said(file: Path) -> dict[str, Any]:
        if not file.is_file() or file.is_symlink() or file.stat().st_size > LARGEST:
            return {}
        return meta_of(f"---\n{file.read_text(encoding='utf-8', errors='replace').rstrip()}\n---\n")


def _term(page: Page) -> Term:
    title = page.meta.get("title")
    name = title if isinstance(title, str) else page.sections.title
    return Term(page, name, _texts(page.meta.get("aliases")), _texts(page.meta.get("avoid")))


def _texts(value: object) -> tuple[str, ...]:
    return tuple(one for one in value if isinstance(one, str) and one.strip()) if isinstance(value, list) else ()
