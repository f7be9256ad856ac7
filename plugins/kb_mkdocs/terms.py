"""The first use of each defined term on a page, as a link to its definition that knows what the definition says.

Only the build's own wording is known here, and never whether anybody has agreed to it: a script asks the server for
that, and says "Agreement not checked" where nobody answers. Without a script it is a link like any other.
"""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from mkdocs.utils import get_relative_url

from kb_server.pages.binding import definition_in, sentence
from kb_server.pages.terms import Names

from .blocks import TAG, VOID
from .text import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kb_server.pages.manifest import Page

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "th", "dt", "title", "caption", "figcaption")
LINKS = ("a", "abbr", "button", "label", "nav", "option", "select", "summary", "textarea")
QUOTES = ("blockquote", "cite", "del", "dfn", "q", "s", "strike")
NO_PROSE = (
    *("code", "kbd", "math", "pre", "samp", "script", "style", "svg", "template", "var"),
    *("audio", "iframe", "noscript", "object", "video"),
)
QUIET = frozenset((*HEADINGS, *LINKS, *QUOTES, *NO_PROSE))
"""Elements in which nothing is marked."""
_QUIET_CLASS = re.compile(r"""\sclass=["'][^"']*\b(?:admonition-title|arithmatex|tabbed-labels|toc)\b""")
_HREF = re.compile(r"""\shref=(["'])(?P<href>.*?)\1""")
_TEAM = "a team"  # no page has such an id


class Terms:
    """The definitions of a build, by what they are called."""

    def __init__(self, pages: Iterable[Page], teams: Iterable[str] = (), *, for_server: bool) -> None:
        """`teams` are names of teams: "Customer Success" is no customer.

        `for_server` tells whether there is a server that can be asked how they stand.
        """
        self._for_server = for_server
        self._said = {page.id: (page, said) for page in pages if (said := _says(page))}
        defined = [page for page, _ in self._said.values()]
        names = [(page.title, page.id) for page in defined]
        names += [(alias, page.id) for page in defined for alias in page.aliases]
        self._names = Names([*names, *((team, _TEAM) for team in teams)] if names else ())

    def marked(self, html: str, page: Page, target: Callable[[str], str | None]) -> str:
        """A page's content with the first use of each term marked, in its text or by a link of its author's.

        `target` gives where a link leads: the id of a page, with its anchor if it names one (`links.Addresses.link`).
        """
        if not self._names or page.shell or page.meta.get("terms") is False:
            return html
        leads = target if any(one in self._said for one in page.links) else None
        return "".join(_Marking(self, page, leads).parts(html))

    def knows(self, term: str | None) -> bool:
        """Whether this is the id of a definition that says something."""
        return term in self._said

    def uses(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Where terms stand in a text between two tags."""
        return (use for use in self._names.found_in(text) if use.of != _TEAM)

    def about(self, term: str) -> str:
        """The attributes by which a link knows its term: whom to ask for, what it is called, what the build says."""
        page, said = self._said[term]
        asked = term if self._for_server else ""
        return f' data-kb-term="{asked}" data-kb-name="{quoted(page.title)}" data-kb-says="{quoted(said)}"'

    def address(self, term: str, seen_from: str) -> str:
        """The address of a term's definition, as seen from a page."""
        return quoted(get_relative_url(self._said[term][0].url, seen_from))


def _says(page: Page) -> str:
    """What a page says a term is; "" where it defines none."""
    return sentence(definition_in(page.sections)) if page.kind == "definition" else ""


class _Marking:
    """The marking of one page: which terms have been met so far."""

    def __init__(self, terms: Terms, page: Page, target: Callable[[str], str | None] | None) -> None:
        self._terms, self._page, self._target = terms, page, target
        self._met = {page.id}

    def parts(self, html: str) -> Iterator[str]:
        """The content piece by piece: tags as they are, text with its terms marked."""
        at, within, depth = 0, "", 0
        for tag in TAG.finditer(html):
            text, name, ends = html[at : tag.start()], (tag["tag"] or "").lower(), bool(tag["end"])
            yield text if within else self._text(text)
            yield self._link(tag[0]) if name == "a" and not (within or ends) else tag[0]
            at = tag.end()
            if within:
                depth += (-1 if ends else 1) if name == within else 0
                within = within if depth else ""
            elif not ends and _is_quiet(name, tag["rest"] or ""):
                within, depth = name, 1
        yield html[at:] if within else self._text(html[at:])

    def _text(self, text: str) -> str:
        pieces, at = list[str](), 0
        for start, end, term in self._terms.uses(text):
            if term not in self._met:
                self._met.add(term)
                opening = f'<a class="kb-term" href="{self._terms.address(term, self._page.url)}"'
                pieces += [text[at:start], f"{opening}{self._terms.about(term)}>", text[start:end], "</a>"]
                at = end
        return "".join([*pieces, text[at:]]) if pieces else text

    def _link(self, tag: str) -> str:
        """A link of the author's, which is the first use of a term if it leads to a definition not met before."""
        href = _HREF.search(tag) if self._target else None
        term = self._target(unescape(href["href"])) if href and self._target else None
        if term is None or term in self._met or not self._terms.knows(term):
            return tag
        self._met.add(term)
        return f"{tag[:-1]}{self._terms.about(term)}>"


def _is_quiet(name: str, attributes: str) -> bool:
    if not name or name in VOID or attributes.endswith("/"):
        return False
    return name in QUIET or bool("class=" in attributes and _QUIET_CLASS.search(attributes))
