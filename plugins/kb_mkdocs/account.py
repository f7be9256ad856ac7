"""The account in the header, where a server can say who somebody is.

Material shows nothing at the right end of its header unless the site has a repository, so one is pretended where there
is none, at a moment when links for editing are made already. Material's own link to a repository stays.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig

SOURCE, MATERIAL = "partials/source.html", "kb-material"
PRETENDED = "./"


def put_in(env: Environment, config: MkDocsConfig, templates: str, *, for_server: bool) -> None:
    """Let the header show the account; `templates` is the plugin's own folder of templates."""
    env.globals["kb_account"] = for_server
    env.globals["kb_repository"] = ""
    if config.repo_url:
        env.globals["kb_repository"] = _materials_own(env, config, templates)
    elif for_server:
        config.repo_url = PRETENDED


def _materials_own(env: Environment, config: MkDocsConfig, templates: str) -> str:
    """A name for the partial that ours hides: the theme's."""
    behind = [folder for folder in config.theme.dirs[config.theme.dirs.index(templates) + 1 :] if _has_it(folder)]
    if not behind or env.loader is None:
        return ""
    env.loader = ChoiceLoader([env.loader, PrefixLoader({MATERIAL: FileSystemLoader(behind[:1])})])
    return f"{MATERIAL}/{SOURCE}"


def _has_it(folder: str) -> bool:
    return (Path(folder) / SOURCE).is_file()
