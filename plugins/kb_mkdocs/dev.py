"""The development server: `mkdocs serve` with the sidecar inside, on one port."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer

    from .plugin import KbPlugin


def mount(server: LiveReloadServer, *, config: MkDocsConfig, plugin: KbPlugin) -> LiveReloadServer:  # noqa: ARG001
    """The server as it came; the sidecar is not in it yet."""
    return server
