"""Where the plugin's templates, styles and modules go in a site's configuration."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Template
from markupsafe import Markup
from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.structure.files import File, InclusionLevel

from kb_server.errors import KbError
from kb_server.wiki import teams
from kb_server.words import t

from . import assets, diagrams
from .reading import home

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

    from .assets import Bundle
    from .diagrams import Diagrams

TEMPLATES = str(Path(__file__).parent / "templates")
SEARCH = "material/search"
LANGUAGE = "partials/language.html"
RESULTS = ("search.md", "search/index.md")


class WrongTheme(KbError):  # noqa: N818  -- it says what is wrong
    """The site's theme is not the one the plugin works with."""


def require_material(config: MkDocsConfig) -> None:
    """Raise WrongTheme where the theme is neither Material nor made of it."""
    if not any((Path(folder) / LANGUAGE).is_file() for folder in config.theme.dirs):
        raise WrongTheme(
            f"kb needs Material for MkDocs, and this site has the theme {config.theme.name}: theme: material."
        )


def put_on(config: MkDocsConfig, bundle: Bundle) -> None:
    """Name the plugin's templates and styles to the theme; what the site brings itself comes after and counts more."""
    if TEMPLATES not in config.theme.dirs:
        config.theme.dirs.insert(1 if config.theme.custom_dir else 0, TEMPLATES)
    if (styles := bundle.url(assets.STYLES)) not in config.extra_css:
        config.extra_css.insert(0, styles)
    if (entry := bundle.url(assets.ENTRY)) and entry not in map(str, config.extra_javascript):
        script = ExtraScriptValue(entry)
        script.type = "module"
        config.extra_javascript.insert(0, script)


def publish(files: Files, bundle: Bundle, config: MkDocsConfig) -> None:
    """Add the bundle's files to those of the site."""
    for name, content in bundle.files.items():
        files.append(File.generated(config, f"{bundle.folder}/{name}", content=content))


def publish_results_page(files: Files, config: MkDocsConfig) -> None:
    """Bring the page of search results, at the address the dialog leads to, where the site has none of its own."""
    if not any(files.get_file_from_path(name) for name in RESULTS):
        text = Template(Path(__file__).with_name("search.md").read_text(encoding="utf-8"))
        content = text.render(t=t, key=lambda name: Markup("<kbd>{}</kbd>").format(name))
        page = File.generated(config, RESULTS[0], content=content, inclusion=InclusionLevel.NOT_IN_NAV)
        files.append(page)


def publish_pictures(files: Files, drawn: Diagrams, config: MkDocsConfig) -> None:
    """Add the drawn diagrams to the files of the site."""
    for name, content in drawn.files.items():
        files.append(File.generated(config, f"{diagrams.FOLDER}/{name}", content=content))


def has_dialog(config: MkDocsConfig) -> bool:
    """Whether the site has Material's search dialog and a server may answer: a site to be read from disk has none."""
    search, offline = config.plugins.get(SEARCH), config.plugins.get("material/offline")
    return bool(search and search.config.get("enabled")) and not (offline and offline.config.get("enabled"))


def read_teams(config: MkDocsConfig, name: str) -> teams.Teams | None:
    """The site's teams; None where the file does not exist."""
    path = home(config) / name
    return teams.load(path) if path.is_file() else None


def translated(env: Environment, config: MkDocsConfig, key: str) -> str:
    """A text of the theme's in the site's language."""
    words: Any = env.get_template(LANGUAGE, None, {"config": config}).module
    return str(words.t(key)).strip()
