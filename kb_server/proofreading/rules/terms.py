"""Terms at work: words a definition asks to avoid, a term used before its page is linked to, a name claimed twice.

An alias is a name one may use; a word under ``avoid`` is one that people use and should not. Neither is looked for in
quotations: what somebody said stays as they said it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import unquote

from kb_server.pages.terms import Names
from kb_server.proofreading.models import Finding, Rule
from kb_server.proofreading.page import Page
from kb_server.proofreading.wiki import Term, Wiki

_QUOTED = re.compile(r"^[ ]{0,3}>.*$|“[^“”\n]{0,400}”|„[^„“”\n]{0,400}[“”]|\"[^\"\n]{0,400}\"", re.MULTILINE)
_HEADING = re.compile(r"^[ ]{0,3}#.*$", re.MULTILINE)


def _avoided(pages: Sequence[Page], wiki: Wiki) -> Iterator[Finding]:
    by_page = {term.page.path: term for term in wiki.terms}
    names = Names((word, term.page.path) for term in wiki.terms for word in term.avoided)
    for page in pages if names else ():
        for found in names.found_in(_without(page.prose, _QUOTED)):
            term = by_page[found.of]
            if term.page is not page:
                message = f"'{page.prose[found.start : found.end]}' is not what we say"
                hint, about = f"Write '{term.title}', as {term.page.shown} asks.", (term.page.shown,)
                yield page.found("avoided-word", "warning", found.start, message, hint, about=about)


def _used_before(pages: Sequence[Page], wiki: Wiki) -> Iterator[Finding]:
    """A term that stands in a paragraph above the one in which its definition is first linked to."""
    terms = {term.page.path: term for term in wiki.terms}
    teams = [(team.name, "a team") for team in wiki.teams.teams.values()] if wiki.teams else []
    names = Names([*((name, term.page.path) for term in wiki.terms for name in (term.title, *term.aliases)), *teams])
    for page in (page for page in pages if page.kind != "definition"):  # what binds stays as it was agreed to
        for path, at in _first_links(page, terms).items():
            before = _without(page.prose[:at], _QUOTED, _HEADING)
            found = next((use for use in names.found_in(before) if use.of == path), None)
            if found and re.search(r"\n[ \t]*\n", page.text[found.start : at]):
                word = before[found.start : found.end]
                message = f"'{word}' stands here, and its definition is linked to further down only"
                hint = "Put the link where it is first used."
                yield page.found("term-before", "warning", found.start, message, hint)


def _first_links(page: Page, terms: Iterable[str]) -> dict[str, int]:
    """Where the page first links to each of the terms it links to."""
    found: dict[str, int] = {}
    known = set(terms) - {page.path}
    for link in page.links:
        url = unquote(link.url.partition("#")[0])
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page.path), url)) if url else ""
        if path in known:
            found.setdefault(path, link.at)
    return found


def _claimed(pages: Sequence[Page], wiki: Wiki) -> Iterator[Finding]:
    """An alias that is the title of another definition, so that neither can be found by it."""
    asked = {page.path for page in pages}
    titles = {_key(term.title): term for term in wiki.terms}
    for term in wiki.terms:
        for alias in term.aliases:
            other = titles.get(_key(alias))
            if other and other is not term and asked & {term.page.path, other.page.path}:
                at = max(term.page.text.find(alias), 0)
                message = f"the alias '{alias}' is the title of {other.page.shown}"
                about = (other.page.shown,)
                hint = "Leave it to one of the two definitions."
                yield term.page.found("alias", "error", at, message, hint, about=about)


def _without(text: str, *patterns: re.Pattern[str]) -> str:
    for pattern in patterns:
        text = pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    return text


def _key(word: str) -> str:
    return " ".join(word.split()).casefold()


def names_of(terms: Iterable[Term]) -> Iterator[str]:
    """All names of terms, those to avoid too."""
    for term in terms:
        yield from (term.title, *term.aliases, *term.avoided)


RULES = (
    Rule("avoided-word", "warning", "a word that a definition lists under `avoid`"),
    Rule("term-before", "warning", "a term used in a paragraph above the first link to its definition"),
    Rule("alias", "error", "an alias that is the title of another definition"),
)
LOOKS = (_avoided, _used_before, _claimed)
