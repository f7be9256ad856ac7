"""What is said of a link or an entry that leads nowhere: what is wrong, and what was probably meant.

The build (`kb_mkdocs.plainer`) and `kb check` say it in the same words, because they are said by the same functions.
"""

from __future__ import annotations

import difflib
import posixpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Said = tuple[str, str]
"""What is wrong, and what to do about it, as a `Problem` has them."""


def no_page(url: str, near: str) -> Said:
    """A link that leads to nothing of the wiki; `near` is what was probably meant, or ""."""
    fix = f"Did you mean '{near}'?" if near else "Correct the link, or take it out."
    return f"the link '{url}' leads to no page or file of this wiki", fix


def no_heading(url: str, shown: str, anchors: Iterable[str]) -> Said:
    """A link to a heading that the page `shown` does not have; it has `anchors`."""
    anchor = url.partition("#")[2]
    near = difflib.get_close_matches(anchor, list(filter(None, anchors)), n=1, cutoff=0.6)
    fix = f"Did you mean '#{near[0]}'?" if near else f"Write it without '#{anchor}', or name another heading."
    return f"the link '{url}' leads to no heading of {shown}", fix


def no_place(pages: Sequence[str]) -> Said:
    """Pages that no reader finds in the navigation."""
    if len(pages) == 1:
        fix = "Add it to `nav` in mkdocs.yml, or to `not_in_nav` if readers shall reach it by links alone."
        return f"{pages[0]} has no place in the navigation", fix
    fix = "Add each to `nav`, or to `not_in_nav` if readers shall reach it by links alone."
    return f"{len(pages)} pages have no place in the navigation: {', '.join(pages)}", fix


def no_page_in_navigation(url: str, near: str) -> Said:
    """An entry of the navigation without a page; `near` is what was probably meant, or ""."""
    fix = f"Did you mean '{near}'?" if near else "Write that page, or take the entry out."
    return f"the navigation names '{url}', and there is no such page", fix


def near_to(page: str, url: str, paths: Iterable[str]) -> str:
    """The path, as `page` would write it, of the page most like the one that `url` should lead to; "" if none is."""
    folder = posixpath.dirname(page)
    wanted = posixpath.normpath(posixpath.join(folder, url.partition("#")[0].lstrip("/")))
    near = most_alike(wanted, paths)
    return posixpath.relpath(near, folder or ".") if near else ""


def most_alike(path: str, paths: Iterable[str]) -> str:
    """Of the pages with a name like that of `path` the one that lies nearest to it; "" where none has one."""
    named: dict[str, list[str]] = {}
    for one in paths:
        named.setdefault(_name(one), []).append(one)
    near = difflib.get_close_matches(_name(path), named, n=1, cutoff=0.75)
    return max(named[near[0]], key=lambda one: len(posixpath.commonprefix([one, path]))) if near else ""


def _name(path: str) -> str:
    """What a page is called: its file, or where that is called like many others, its folder."""
    folder, file = posixpath.split(path)
    own = file.removesuffix(".md")
    return posixpath.basename(folder) or own if own.lower() in {"index", "readme"} else own
