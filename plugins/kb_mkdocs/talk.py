"""The ways to say something about a page: a button at each of its headings, and the place where conversations appear.

Each is a link to the page of the server's where no script is needed. So they stand only in a site that is built for a
server, and a script, where one runs, opens a dialog in place of the link.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from mkdocs.utils import get_relative_url

from kb_server.words import t

from .blocks import blocks
from .icons import icon
from .text import plain, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .blocks import Block

_HEADING = re.compile(r"""<h[23]\b[^>]*\sid=["'](?P<id>[^"']+)["']""")
_COMMENTS = re.compile(r"(?:\s*<!--.*?-->)*\s*", re.DOTALL)
_PERMALINK = re.compile(r'<a class="headerlink".*?</a>', re.DOTALL)
NONE_ON = ("home.html",)
"""Templates whose pages are a way to others."""


def address(page_id: str, url: str, meta: Mapping[str, Any]) -> str:
    """Where people talk about a page, as seen from the page; "" for a page that is nothing to talk about."""
    is_live = meta.get("kb_shell") or meta.get("template") in NONE_ON
    return "" if is_live or meta.get("comments") is False else str(get_relative_url(f"talk/{page_id}/", url))


def with_feedback(html: str, talk: str) -> str:
    """The page with a button at each heading that stands by itself: inside of a fold or a box there is no room."""
    return "".join(_with_button(block, talk) for block in blocks(html))


def button(talk: str, anchor: str = "", title: str = "") -> str:
    """The button that says "Feedback", and to those who hear it on what."""
    where = f"{talk}?section={anchor}" if anchor else talk
    on = f'<span class="kb-hidden"> {quoted(t("talk.feedback.on", section=title))}</span>' if title else ""
    words = f"{icon('material/comment-plus-outline')}{t('talk.feedback')}{on}"
    return f'<a class="kb-ask" href="{quoted(where)}#say" data-kb-ask="{anchor}" rel="nofollow">{words}</a>'


def _with_button(block: Block, talk: str) -> str:
    before, html = _after_comments(block.html)
    found = _HEADING.match(html) if block.tag in {"h2", "h3"} else None
    if not found:
        return block.html
    title = plain(_PERMALINK.sub("", html))
    return f'{before}\n<div class="kb-heading">{html.strip()}{button(talk, found["id"], title)}</div>\n'


def _after_comments(html: str) -> tuple[str, str]:
    """What is left out of sight before an element, as a place for what the server knows, and the element."""
    found = _COMMENTS.match(html)
    end = found.end() if found else 0
    return html[:end].strip(), html[end:]
