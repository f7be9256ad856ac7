"""Live pages in the site's own look: a finished page, made into a template the server fills.

A page with `kb_shell: search` in its front matter is rendered twice. The first time as any page; that is what a reader
without the server sees. The second time with a mark in place of whatever depends on the request: the title, the
content, the site's base path. The marks become Jinja blocks and variables, and everything between them text that Jinja
leaves alone. So header, navigation and footer are the theme's own, whatever templates the site overrides.
"""

from __future__ import annotations

import re
import secrets
from contextlib import contextmanager
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from jinja2 import pass_context

from kb_server.pages import slots

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from jinja2 import Environment
    from jinja2.runtime import Context

TOKEN = "kbm" + secrets.token_hex(8)  # nothing an author wrote can collide with it
BASE = f"/{TOKEN}base/"
EMPTY = ("head", "scripts")  # parts in which the theme shows nothing of its own
MESSAGE, NOT_FOUND = "message", "404.html"  # the server's message shell, and the theme's page it is made of

_HOME = frozenset({"", ".", "./"})
_ABOVE = slots.slot(slots.ABOVE, "")
_MARK = re.compile(f"({TOKEN}_[a-z]+_{TOKEN}|{re.escape(BASE)}|{re.escape(_ABOVE)})")
_URL = re.compile(
    r"""(?P<before>\s(?:href|src|action|poster|data|formaction)\s*=\s*)(?P<quote>["'])(?P<url>.*?)(?P=quote)"""
)
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|/|#|$", re.IGNORECASE)


class ShellError(ValueError):
    """The page cannot be made into a shell: the message says which, why, and what to do."""


def mark(name: str) -> str:
    """What the second render shows in place of this part."""
    return f"{TOKEN}_{name}_{TOKEN}"


@contextmanager
def second_render(env: Environment, absolute: Callable[[str], str]) -> Iterator[None]:
    """Let the theme's `url` and `script_tag` filters start at the base path's mark while a page is rendered again.

    `absolute` resolves an address given relative to the site's root as MkDocs does, leaving foreign ones alone.
    """
    usual = {name: env.filters[name] for name in ("url", "script_tag")}

    # Compiled templates hand a context to these two, as MkDocs' own filters want it.
    @pass_context
    def url(_context: Context, value: object) -> str:
        return BASE if str(value) in _HOME else absolute(str(value))

    @pass_context
    def script_tag(_context: Context, script: object) -> str:
        return str(usual["script_tag"]({"page": None, "base_url": BASE}, script))

    env.filters |= {"url": url, "script_tag": script_tag}
    try:
        yield
    finally:
        env.filters |= usual


def context_of(context: Mapping[str, Any], *, name: str, parent: str) -> dict[str, Any]:
    """The context of a page's first render, made into that of its second, below the template `parent`."""
    return {**context, "kb_shell": name, "kb_parent": parent, "kb_mark": mark, "base_url": BASE}


def rooted(html: str, page_url: str) -> str:
    """The page's own content with each relative URL made to start at the base path's mark."""

    def move(found: re.Match[str]) -> str:
        if _ELSEWHERE.match(found["url"]):
            return found[0]
        return f"{found['before']}{found['quote']}{urljoin(BASE + page_url, found['url'])}{found['quote']}"

    return _URL.sub(move, html)


def template(html: str, *, name: str, title: str, url: str, intro: str = "") -> str:
    """The Jinja template made of a second render. Raises ShellError where the theme's markup does not allow it.

    Blocks: `title`, `canonical`, `head`, `content` (as it stands, what is shown without a server), `scripts`; and
    `intro`, shown nowhere by itself, with the page's own text for templates that want to say it.
    """
    _require_parts(html, name)
    known = _known(title, url)
    aside = "{% if false %}{% block intro %}" + _jinja(intro, known) + "{% endblock %}{% endif %}"
    shell = _jinja(html, known) + aside
    _refuse_leftovers(html, shell, name)
    return shell


def _known(title: str, url: str) -> dict[str, str]:
    return {
        BASE: "{{ kb_base }}",
        _ABOVE: "{{ kb_above() }}",
        mark("title"): "{% block title %}" + literal(escape(title, quote=False)) + "{% endblock %}",
        mark("topic"): "{{ self.title() }}",
        mark("canonical"): "{% block canonical %}{{ kb_origin }}{{ kb_base }}" + literal(url) + "{% endblock %}",
        mark("content"): "{% block content %}",
        mark("end"): "{% endblock %}",
        **{mark(part): "{% block " + part + " %}{% endblock %}" for part in EMPTY},
    }


def _jinja(html: str, known: Mapping[str, str]) -> str:
    return "".join(known.get(piece) or literal(piece) for piece in _MARK.split(html))


def literal(text: str) -> str:
    """The text as Jinja source that gives the text back, whatever braces are in it."""
    if not text:
        return ""
    # Inside `raw` only an `{% endraw %}`, in any of its spellings, has a meaning: so no `{%` stays whole. The plus sign
    # keeps the space before it where the server's templates are trimmed.
    return "{% raw %}" + text.replace("{%", "{%+ endraw %}{{ '{%' }}{% raw %}") + "{%+ endraw %}"


def _require_parts(html: str, name: str) -> None:
    for part in ("title", "content", *EMPTY):
        if (found := html.count(mark(part))) != 1:
            raise ShellError(
                f"The live page '{name}' shows the part '{part}' {found} times instead of once. Does its template, or "
                "the site's own main.html, leave out the block that holds it, or {{ super() }} in that block?"
            )


def _refuse_leftovers(html: str, shell: str, name: str) -> None:
    if TOKEN in shell:
        raise ShellError(f"The live page '{name}' shows a URL in a form that kb does not know: {_around(shell)}")
    for found in _URL.finditer(html):
        if TOKEN not in found["url"] and not _ELSEWHERE.match(found["url"]):
            raise ShellError(
                f"The live page '{name}' has the relative address \"{found['url']}\", which is wrong wherever the "
                "server shows it. In a template of your own write {{ 'the/address' | url }}."
            )


def _around(text: str) -> str:
    at = text.index(TOKEN)
    return text[max(0, at - 60) : at + 90].replace(TOKEN, "…")
