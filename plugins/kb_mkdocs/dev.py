"""The development server: `mkdocs serve --livereload` with the sidecar inside, on one port.

After each build MkDocs makes, the site is sealed and published into a store that lasts as long as the server, by the
same code as in earnest; so live pages, search, permanent links and the policy are what they will be. MkDocs watches,
builds and tells the browser to reload, as ever. A build that stops shows its reason in the browser until it is mended.

This needs things of MkDocs' server that are private to it: `_epoch_cond` with the two numbers it guards, by which a
request waits for the build under way; `_inject_js_into_html`; `_watched_paths`. A test pins them.
"""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask
from watchdog.observers.polling import PollingObserver
from werkzeug.datastructures import Headers
from werkzeug.test import run_wsgi_app

from kb_server import app as sidecar
from kb_server.builds import sealing, service
from kb_server.config import Settings
from kb_server.db import Database, migrate
from kb_server.words import t

from . import assets, outfit, reading

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer

Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

RELOADING = "/livereload/"
LOOK_EVERY = 0.2  # seconds
# A page kept from the build before would ask for a reload for ever, so nothing is answered with "you have it already".
CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_ACCEPT_ENCODING")
STOPPED = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<body><h1>{title}</h1><pre>{reason}</pre>
<p>{lead}</p></body></html>"""
_INJECTED = re.compile(rb"<script>((?:(?!<script>).)*livereload\(.*?)</script>", re.DOTALL)


class Preview:
    """A server of one wiki for whoever writes it: a store in a temporary folder and the app that reads it."""

    def __init__(self, config_file: Path) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="kb-dev-")
        data = Path(self._folder.name)
        self.settings = Settings(config_file, data, f"sqlite:///{data / 'kb.sqlite3'}")
        self._database = Database(self.settings.database_url)
        migrate(self._database, data / "backups")
        self.app: Flask = sidecar.create_app(self.settings, self._database)
        self.app.jinja_env.auto_reload = True
        self.problem = ""
        self.wake: Callable[[], None] = lambda: None

    def take_up(self, site: Path) -> None:
        """Publish the site MkDocs has just built. Raises KbError."""
        builds = self.settings.data_dir / "builds"
        aside = builds / ".new"
        shutil.rmtree(aside, ignore_errors=True)
        shutil.copytree(site, aside)
        build = sealing.seal(aside)
        if (builds / build).exists():  # nothing has changed, or it was changed back
            shutil.rmtree(aside)
        else:
            aside.rename(builds / build)
        service.publish(self._database, self.settings, build)
        self.app.extensions["kb"].site.look()

    def begin(self) -> None:
        """A build begins: whoever asks for a page waits for it."""
        self.problem = ""

    def stop(self, reason: str) -> None:
        """A build has stopped: whoever waits for a page is told why."""
        self.problem = reason
        self.wake()

    def close(self) -> None:
        """Let go of the store and its folder."""
        self._database.close()
        self._folder.cleanup()


def mount(server: LiveReloadServer, *, config: MkDocsConfig, teams: str) -> tuple[LiveReloadServer, Preview]:
    """The server with the sidecar inside. Raises KbError when the first build cannot be published."""
    preview = Preview(Path(config.config_file_path))
    preview.take_up(Path(config.site_dir))
    preview.wake = lambda: _wake(server)
    server.set_app(mounted(server, preview))
    look_often(server)
    for folder in watched(config, teams):
        server.watch(str(folder))
    return server, preview


def look_often(server: LiveReloadServer) -> None:
    """Let what the server watches be looked at more often than MkDocs would."""
    paths = list(server._watched_paths)  # noqa: SLF001  -- see the module's docstring
    for path in paths:
        while path in server._watched_paths:  # noqa: SLF001
            server.unwatch(path)
    server.observer = PollingObserver(timeout=LOOK_EVERY)
    for path in paths:
        server.watch(path)


def mounted(server: LiveReloadServer, preview: Preview) -> Wsgi:
    """All below the site's path answered by the sidecar; reloading, and what lies elsewhere, by MkDocs."""
    prefix = server.mount_path.rstrip("/")

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401  -- WSGI's own
        path = environ["PATH_INFO"]
        if path.startswith(RELOADING) or not path.startswith(f"{prefix}/"):
            return server.serve_request(environ, start_response)
        epoch = _wait(server, preview)
        asked = {key: value for key, value in environ.items() if key not in CONDITIONS}
        status, headers, content = _asked(preview, asked | {"SCRIPT_NAME": prefix, "PATH_INFO": path[len(prefix) :]})
        if headers.get("Content-Type", "").startswith("text/html"):
            content = _reloading(server, epoch, headers, content)
        headers["Content-Length"] = str(len(content))
        start_response(status, list(headers))
        return [content]

    return answer


def _asked(preview: Preview, environ: dict[str, Any]) -> tuple[str, Headers, bytes]:
    if preview.problem and not environ["PATH_INFO"].startswith("/assets/"):
        words = {"title": t("error.not_built"), "lead": t("error.not_built.lead")}
        page = STOPPED.format(reason=escape(preview.problem), **words)
        return "500 Internal Server Error", Headers({"Content-Type": "text/html; charset=utf-8"}), page.encode()
    body, status, headers = run_wsgi_app(preview.app.wsgi_app, environ)
    return status, headers, b"".join(body)


def _reloading(server: Any, epoch: int, headers: Headers, content: bytes) -> bytes:  # noqa: ANN401  -- partly untyped
    """The page with MkDocs' script in it, and a policy that allows this one script: it refuses any other, as ever."""
    content = server._inject_js_into_html(content, epoch)  # noqa: SLF001  -- see the module's docstring
    headers.remove("ETag")
    headers["Cache-Control"] = "no-store"
    policy, script = headers.get("Content-Security-Policy"), _INJECTED.search(content)
    if policy and script:
        digest = base64.b64encode(hashlib.sha256(script[1]).digest()).decode()
        headers["Content-Security-Policy"] = policy.replace("script-src", f"script-src 'sha256-{digest}'", 1)
    return content


def _wait(server: LiveReloadServer, preview: Preview) -> int:
    """Wait for the build under way, and give the number of the one that is shown."""
    with server._epoch_cond:  # noqa: SLF001
        server._epoch_cond.wait_for(  # noqa: SLF001
            lambda: server._visible_epoch == server._wanted_epoch or preview.problem  # noqa: SLF001
        )
        return server._visible_epoch  # noqa: SLF001


def _wake(server: LiveReloadServer) -> None:
    with server._epoch_cond:  # noqa: SLF001
        server._epoch_cond.notify_all()  # noqa: SLF001


def watched(config: MkDocsConfig, teams: str) -> list[Path]:
    """What besides the docs folder changes what is seen: templates, styles, modules, teams."""
    templates = (Path(sidecar.__file__).parent).glob("*/templates")
    places = [assets.HOME, Path(outfit.TEMPLATES), reading.home(config) / teams, *templates]
    if config.theme.custom_dir:
        places.append(Path(config.theme.custom_dir))
    return [place for place in places if place.exists()]
