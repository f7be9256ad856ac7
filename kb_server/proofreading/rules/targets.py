"""Links and pictures that lead nowhere. They are as bad as the build finds them, by `validation` in mkdocs.yml."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from urllib.parse import unquote, urlsplit

from kb_server.proofreading.markdown import Link
from kb_server.proofreading.models import Edit, Finding, Rule
from kb_server.proofreading.page import Page
from kb_server.proofreading.wiki import PAGES, Wiki
from kb_server.wiki import nowhere

_MADE = re.compile(r"[{}$]|^/?(?:p|go|d|api)/")
_LETTERS = re.compile(r"[\W_]+")


def broken_links(pages: Sequence[Page], wiki: Wiki) -> Iterator[Finding]:
    """Of each page the links that lead nowhere."""
    for page in pages:
        for link in page.links:
            if found := _looked_at(page, link, wiki):
                yield found


def _looked_at(page: Page, link: Link, wiki: Wiki) -> Finding | None:
    """What is wrong with where this link leads, if anything is."""
    try:
        parts = urlsplit(link.url)
    except ValueError:  # such as `http://[x`
        return page.found("link", "warning", link.at, f"the link '{link.url}' is no address", "Correct it.")
    if parts.scheme or parts.netloc or _MADE.search(link.url) or not link.url:
        return None
    if not parts.path:
        return _anchor(page, link, page, parts.fragment, wiki)
    absolute = parts.path.startswith("/")
    if absolute and wiki.configuration.validation.get("links.absolute_links") != "relative_to_docs":
        return None
    folder = "" if absolute else posixpath.dirname(page.path)
    path = posixpath.normpath(posixpath.join(folder, unquote(parts.path).lstrip("/")))
    if path not in wiki.files:
        return _missing(page, link, path, wiki)
    other = wiki.pages.get(path)
    return _anchor(page, link, other, parts.fragment, wiki) if other and parts.fragment else None


def _missing(page: Page, link: Link, path: str, wiki: Wiki) -> Finding | None:
    configuration = wiki.configuration
    is_file = bool(posixpath.splitext(path)[1]) and not link.url.endswith("/")
    level = configuration.level("not_found" if is_file else "unrecognized_links")
    if level is None or configuration.left_out.match_file(path):
        return None
    if path in {"search.md", "."} or (configuration.may_make_pages and path.endswith((*PAGES, "/"))):
        level = "warning"
    message, hint = nowhere.no_page(link.url, nowhere.near_to(page.path, link.url, wiki.pages))
    meant = _where_it_went(page, link, path, wiki)
    edit = leading_to(page, link, meant) if meant else None
    if edit:
        hint = f"It is '{edit.text}' now: `kb fix` writes that."
    elif path in wiki.gone:
        hint = "This change removes that page. Lead to the one that replaces it, or take the link out."
    return page.found("link", level, link.at, message, hint, edit=edit, about=(configuration.shown(path),))


def _where_it_went(page: Page, link: Link, path: str, wiki: Wiki) -> str:
    """The file that is meant beyond doubt: moved by this very change, or spelt with other capitals; else ""."""
    if path in wiki.moved:
        return wiki.moved[path]
    was = next((old for old, new in wiki.moved.items() if new == page.path), "")
    if was:  # this page moved, and the link is as it was
        before = posixpath.normpath(posixpath.join(posixpath.dirname(was), unquote(link.url.partition("#")[0])))
        before = wiki.moved.get(before, before)
        if before in wiki.files:
            return before
    return wiki.by_name.get(path.casefold(), "")


def leading_to(page: Page, link: Link, path: str) -> Edit | None:
    """The edit that lets a link lead to this file; None where its address is written in a way that is not ours."""
    old, _, anchor = link.url.partition("#")
    if "%" in old or "?" in old or old.startswith("/") or " " in path or "(" in path:
        return None
    new = posixpath.relpath(path, posixpath.dirname(page.path) or ".")
    return Edit(link.url_at, link.url_at + len(link.url), f"{new}#{anchor}" if anchor else new)


def _anchor(page: Page, link: Link, other: Page, fragment: str, wiki: Wiki) -> Finding | None:
    level = wiki.configuration.level("anchors")
    anchor = unquote(fragment)
    if level is None or not anchor or anchor in other.anchors or fragment in other.anchors:
        return None
    if other.is_partly_made or anchor.startswith((":~:", "__", "fnref")):
        return None  # there is more on it than stands in its file
    message, hint = nowhere.no_heading(link.url, other.shown, sorted(other.anchors))
    same = [one for one in other.anchors if one and _LETTERS.sub("", one) == _LETTERS.sub("", anchor.lower())]
    at = link.url_at + link.url.index("#") + 1
    edit = Edit(at, at + len(fragment), same[0]) if len(same) == 1 else None
    return page.found("anchor", level, link.at, message, hint, edit=edit, about=(f"{other.shown}#{anchor}",))


RULES = (
    Rule("link", "as the build", "a link or a picture that leads to no page or file", mends=True),
    Rule("anchor", "as the build", "a link to a heading that is not there", mends=True),
)
LOOKS = (broken_links,)
