"""Pages nobody finds: without a place in the navigation, or without a link to them either."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from kb_server.proofreading.configuration import Entry
from kb_server.proofreading.models import Edit, Finding, Rule
from kb_server.proofreading.page import Page
from kb_server.proofreading.wiki import PAGES, Wiki
from kb_server.wiki import nowhere

_NO_NAVIGATION = frozenset({"awesome-pages", "awesome-nav", "literate-nav", "section-index"})
"""Plugins that make the navigation from other files."""
_PLAIN = re.compile(r"[\w./-]+")
"""What YAML takes for nothing but a text."""


def omitted(pages: Sequence[Page], wiki: Wiki) -> Iterator[Finding]:
    """A page that is in no place, or in none that `not_in_nav` says is on purpose."""
    configuration = wiki.configuration
    if configuration.nav is None or configuration.plugins & _NO_NAVIGATION:
        return
    listed = {posixpath.normpath(entry.path) for entry in configuration.nav}
    folders = tuple(f"{path}/" for path in listed if path not in wiki.files)  # some plugins list whole folders
    for page in pages:
        if page.path in listed or page.path.startswith(folders) or _is_live(page):
            continue
        if any(wiki.moved.get(path) == page.path for path in listed):
            continue  # the entry is told of
        level = configuration.level("omitted_files", "nav")
        about = (configuration.file.name,)
        if level == "error" and not configuration.apart.match_file(page.path):
            yield page.found("navigation", level, None, *nowhere.no_place([page.shown]), about=about)
        elif not _is_linked(page, wiki):
            message = "no page links here and it has no place in the navigation: only search finds it"
            yield page.found("orphan", "warning", None, message, "Link to it where readers would look.", about=about)


def _is_live(page: Page) -> bool:
    return "kb_shell" in page.meta or posixpath.basename(page.path) in {"index.md", "README.md"}


def _is_linked(page: Page, wiki: Wiki) -> bool:
    name = posixpath.basename(page.path)
    for other in wiki.pages.values():
        if other is page or (name not in other.text and name.replace(" ", "%20") not in other.text):
            continue
        for link in other.links:
            url = unquote(link.url.partition("#")[0])
            if posixpath.normpath(posixpath.join(posixpath.dirname(other.path), url.lstrip("/"))) == page.path:
                return True
    return False


def entries(_pages: Sequence[Page], wiki: Wiki) -> Iterator[Finding]:
    """Entries of the navigation without a page."""
    configuration = wiki.configuration
    for entry in configuration.nav or ():
        path = posixpath.normpath(entry.path)
        level = configuration.level("not_found", "nav")
        if path in wiki.files or level is None or not path.endswith(PAGES) or configuration.left_out.match_file(path):
            continue
        message, hint = nowhere.no_page_in_navigation(entry.path, nowhere.most_alike(path, wiki.pages))
        edit = _moved(entry, wiki.moved.get(path, ""))
        if path in wiki.moved:
            hint = f"It is '{wiki.moved[path]}' now{': `kb fix` writes that' if edit else ''}."
        elif path in wiki.gone:
            hint = "This change removes it. Take the entry out."
        about = (configuration.shown(path),)
        level = "warning" if configuration.may_make_pages else level
        yield Finding(configuration.file.name, entry.line, "navigation", level, message, hint, edit=edit, about=about)


def _moved(entry: Entry, path: str) -> Edit | None:
    """The edit that lets an entry name the page that was moved; None where it is written in a way that is not ours."""
    if entry.at is None or not _PLAIN.fullmatch(path):
        return None
    return Edit(entry.at, entry.at + len(entry.path), path)


RULES = (
    Rule(
        "navigation",
        "as the build",
        "a page without a place in the navigation, an entry of it without a page",
        mends=True,
    ),
    Rule("orphan", "warning", "a page that neither the navigation nor any page leads to"),
)
LOOKS = (omitted, entries)
