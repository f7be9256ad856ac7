"""The MkDocs plugin `kb`. One line in mkdocs.yml is enough; each hook below is a sentence, the work is in the modules.

Order matters twice. Pages are collected in `on_env`: all text is rendered then, whatever other plugins had to say is in
it (lists of tags too, which come at priority 100), every page's id is known, and our own layout is not there yet. Pages
are laid out in `on_page_context` after the search plugin's, so that the index used without a server holds the author's
words only.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from mkdocs.config import base
from mkdocs.config import config_options as c
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.utils import get_relative_url

from kb_server.errors import KbError
from kb_server.pages import layout as parts
from kb_server.pages.history import HistoryError
from kb_server.words import t

from . import (
    account,
    assets,
    bounds,
    diagrams,
    live,
    mends,
    outfit,
    policy,
    reading,
    search_switch,
    settings,
)
from .build import Build, write
from .checks import Refused, refuse
from .compiled import Compiled
from .diagrams import Diagrams
from .finish import Finish
from .forwarding import Forwarding
from .icons import icon
from .live import Live
from .plainer import Plainer
from .policy import Hashes
from .shells import MESSAGE, NOT_FOUND, ShellError
from .text import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page
    from mkdocs.utils.templates import TemplateContext

    from .dev import Preview

log = get_plugin_logger("kb")


class KbConfig(base.Config):  # type: ignore[no-untyped-call]  # MkDocs leaves __init_subclass__ untyped
    """What a site may set for the plugin; nothing needs to be set."""

    teams = c.Type(str, default="teams.yml")
    look = c.Type(bool, default=True)
    front_matter = c.Type(bool, default=True)


class KbPlugin(BasePlugin[KbConfig]):  # type: ignore[no-untyped-call]
    """Hooks, in the order MkDocs calls them."""

    build: Build
    live: Live
    finish: Finish
    plainer: Plainer
    env: Environment
    before: tuple[Build, Hashes] | None = None
    dirty = False
    compiled: Compiled | None = None
    preview: Preview | None = None

    def on_startup(self, *, command: str, dirty: bool) -> None:
        """Learn whether many builds are to come; having this hook also keeps one instance across them."""
        self.dirty = dirty
        self.compiled = Compiled() if command == "serve" else None

    @property
    def is_for_server(self) -> bool:
        """Whether our server will serve the site, and not a static host."""
        return bool(self.compiled) or parts.FOR_SERVER in os.environ

    @event_priority(-50)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Begin a build: settings settled, styles and templates in their places, teams read."""
        if self.preview:
            self.preview.begin()
        self.diagrams = Diagrams(diagrams.cache_folder(reading.home(config)))
        for notice in settings.settle(config, self.diagrams.fence):
            log.info(notice)
        self.bundle = assets.bundle(look=self.config.look)
        outfit.put_on(config, self.bundle)
        with _stopping():
            refuse(bounds.endless(config))
            outfit.require_material(config)
            teams = outfit.read_teams(config, self.config.teams)
            self.build = Build(config, teams, ours=self.config.front_matter, talks=self.is_for_server)
        self.finish = Finish(self.bundle.url(assets.WORKER) if outfit.has_dialog(config) else "")
        if self.before:
            self.build.known, self.build.entries = dict(self.before[0].known), dict(self.before[0].entries)
            self.finish.hashes = self.before[1]
        self.live = Live(self.finish)
        self.plainer = Plainer(config, lambda path: self.build.known.get(path))  # noqa: PLW0108  -- made anew later
        self.plainer.begin()
        return config

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Leave out what is no part of the wiki; bring the plugin's own styles and modules, and the page of results."""
        for warning in bounds.leave_out(files, config):
            log.warning(warning)
        bounds.keep_back(files, config)
        with _stopping():
            refuse(bounds.problems(files, config))
        outfit.publish(files, self.bundle, config)
        outfit.publish_results_page(files, config)
        self.plainer.files = files
        return files

    @event_priority(25)  # after Material's `meta` plugin has added what holds for a folder, before others add their own
    def on_page_markdown(self, _markdown: str, *, page: Page, **_: object) -> None:
        """Check the page's front matter."""
        self.build.check(page)

    @event_priority(100)  # other plugins shall see pictures as they are
    def on_page_content(self, html: str, *, page: Page, **_: object) -> str:
        """Give the page's diagrams their addresses; take note of those that could not be drawn."""
        self.build.note_failures(page, self.diagrams.take_failures())
        return diagrams.placed(html, get_relative_url(diagrams.FOLDER, page.url))

    @event_priority(75)
    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Collect all pages for the manifest, and stop here if any has a problem; then prepare the theme."""
        outfit.publish_pictures(files, self.diagrams, config)
        with _stopping():
            self.build.collect(files, self.diagrams.source_at)
        env.bytecode_cache = self.compiled
        account.put_in(env, config, outfit.TEMPLATES, for_server=self.is_for_server)
        env.globals |= {"kb_icon": icon, "kb_t": t, "kb_teams": self.build.manifest_teams()}
        names = {"search": "search.placeholder", "post": "blog.meta"}
        words = {name: quoted(outfit.translated(env, config, key)) for name, key in names.items()}
        self.finish.rules = mends.mends(**words) + ((mends.ABOVE,) if self.is_for_server else ())
        self.finish.skip = quoted(outfit.translated(env, config, "action.skip"))
        self.env = env
        return env

    @event_priority(-75)
    def on_page_context(self, context: TemplateContext, *, page: Page, **_: object) -> TemplateContext:
        """Lay the page out, and remember a live page's context for its second render."""
        context["kb_talk"] = self.build.lay_out(page)  # type: ignore[typeddict-unknown-key]  # a template may know more
        if name := live.name_of(page):
            self.live.remember(name, context)
        return context

    @event_priority(-100)
    def on_template_context(self, context: TemplateContext, *, template_name: str, **_: object) -> TemplateContext:
        """Remember the context of the theme's 404 page."""
        if template_name == NOT_FOUND:
            self.live.remember(MESSAGE, context)
        return context

    @event_priority(-100)
    def on_post_template(self, output: str, *, template_name: str, **_: object) -> str:
        """Finish a page of the theme's own, and make the server's message shell of the 404 page."""
        if template_name == NOT_FOUND:
            with _stopping():
                self.live.add_message(self.env)
        return self.finish(output) if template_name.endswith(".html") else output

    @event_priority(-100)
    def on_post_page(self, output: str, *, page: Page, **_: object) -> str:
        """Finish a page, and make a shell of it if it is a live one."""
        if live.name_of(page):
            with _stopping():
                self.live.add(page, self.env)
        return self.finish(output, page.content or "")

    @event_priority(-100)
    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Say what an author should know, and write what the server needs."""
        for warning in [*self.build.warnings, *self.finish.all_warnings()]:
            log.warning(warning)
        for line in [*self.build.notices, *self.build.remarks.lines()]:
            log.info(line)
        site = Path(config.site_dir)
        csp = policy.policy(self.finish.hashes)
        content = self.build.manifest()
        if self.finish.worker:
            search_switch.set_index_aside(site / "search", content.pages)
        if not self.is_for_server and parts.FOR_PREVIEW not in os.environ:
            script = self.bundle.url(assets.LED)
            forwarding = Forwarding(content, self.build.leads, self.live.shells[MESSAGE], script, config.site_url or "")
            forwarding.write(site)
        inner = self.build.inner() if self.is_for_server else {}
        write(site, shells=self.live.shells, csp=csp, content=content, inner=inner)
        if self.dirty:
            self.before = self.build, self.finish.hashes
        if self.preview:
            with _stopping():
                self.preview.take_up(site)

    def on_serve(self, server: LiveReloadServer, *, config: MkDocsConfig, **_: object) -> LiveReloadServer:
        """Put the sidecar into the development server, so that live pages and search work there too."""
        from . import dev  # noqa: PLC0415  -- it imports the server, which a plain build must not need

        with _stopping():
            server, self.preview = dev.mount(server, config=config, teams=self.config.teams)
        return server

    def on_build_error(self, error: Exception, **_: object) -> None:
        """Let the development server show why the build stopped."""
        if self.preview:
            self.preview.stop(str(error))

    def on_shutdown(self) -> None:
        """Close the development server's store."""
        if self.preview:
            self.preview.close()


@contextmanager
def _stopping() -> Iterator[None]:
    """MkDocs shows a PluginError as one message, without a trace."""
    try:
        yield
    except (Refused, ShellError, HistoryError, KbError) as error:
        raise PluginError(str(error)) from error
