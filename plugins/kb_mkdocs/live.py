"""The second render of live pages, with the theme and the context MkDocs used for the first."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mkdocs.structure.nav import Navigation
from mkdocs.utils import normalize_url

from kb_server.pages import layout

from . import shells
from .reading import title_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment
    from mkdocs.structure.pages import Page

    from .finish import Finish


@dataclass(slots=True)
class Live:
    """The live pages of one build: `contexts` while they wait for their second render, `shells` once they are done."""

    finish: Finish
    contexts: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    shells: dict[str, str] = field(default_factory=dict)

    def remember(self, name: str, context: Mapping[str, Any]) -> None:
        """Keep the context of the live page of this name."""
        self.contexts[name] = context

    def add(self, page: Page, env: Environment) -> None:
        """Render a live page a second time and keep it as the server's template. Raises ShellError."""
        name, second = name_of(page), _second(page)
        context = {**self.contexts.pop(name), "page": second}
        parent = str(page.meta.get("template") or "main.html")
        html = self._render(env, "kb_shell_page.html", shells.context_of(context, name=name, parent=parent))
        title = title_of(page)
        self.shells[name] = shells.template(html, name=name, title=title, url=page.url, intro=second.content or "")

    def add_message(self, env: Environment) -> None:
        """Render the theme's 404 page again and keep it for what the server has to say. Raises ShellError.

        Twice: as it is, and for those who may not read, without a menu to tell what the pages are called.
        """
        plain = self.contexts.pop(shells.MESSAGE)
        empty = Navigation([], [])
        empty.homepage = plain["nav"].homepage
        for name, nav in ((shells.MESSAGE, plain["nav"]), (layout.DOOR, empty)):
            context = shells.context_of({**plain, "nav": nav}, name=name, parent=shells.NOT_FOUND)
            html = self._render(env, "kb_shell_message.html", context)
            self.shells[name] = shells.template(html, name=name, title="", url="")

    def _render(self, env: Environment, template: str, context: dict[str, Any]) -> str:
        with shells.second_render(env, lambda value: normalize_url(value, None, shells.BASE)):
            return self.finish(env.get_template(template).render(context))


def _second(page: Page) -> Page:
    """A page for its second render: itself, but for what the server will say.

    It keeps the page's real title, which stands in the navigation at the same time, and by which the theme knows which
    entry there is this page.
    """
    second = copy(page)
    second.title = page.title
    second.meta = {**page.meta, "title": shells.mark("topic")}
    second.canonical_url = shells.mark("canonical")
    second.content = shells.rooted(page.content or "", page.url)
    return second


def name_of(page: Page) -> str:
    """The name of the live page this page belongs to, or ""."""
    return str(page.meta.get("kb_shell") or "")
