"""One build as the server sees it: loaded once, never changed, served whole."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, Template
from markupsafe import Markup

from kb_server.errors import KbError
from kb_server.pages import history, layout
from kb_server.pages import manifest as manifests
from kb_server.pages.history import History
from kb_server.pages.leading import Leads
from kb_server.pages.manifest import Manifest, Page
from kb_server.people import roster as rosters
from kb_server.people.roster import Roster
from kb_server.wiki.shortnames import short_names

_DRESS = re.compile(r"\{\{ kb_base \}\}(?:\{% raw %\})?([\w./-]+\.(?:css|js|svg|png|ico|webp|woff2?))\b")
_PROGRAM = re.compile(r"assets/(?:kb-[0-9a-f]{8}|javascripts|stylesheets)/.+\.(?:js|css)")
_INDEX = "search/search_index.json"


class BuildError(KbError):
    """The build cannot be served: the message says which and why."""


@dataclass(frozen=True, slots=True)
class File:
    """A file of a build. ``digest`` is of its content and makes its ETag."""

    path: Path
    digest: str
    size: int
    gzip: Path | None


class Build:
    """A sealed build. Its list of files is complete: what does not stand there is not there, whatever the path says."""

    def __init__(self, root: Path, seal: dict[str, Any], manifest: Manifest) -> None:
        self.root = root
        self.id: str = seal["id"]
        self.manifest = manifest
        packed = _packed(root / layout.GZIP)
        self.files = _files(root, seal["files"], packed)
        self.inner = _files(root, seal["inner"], packed)
        self.policy = (root / layout.POLICY).read_text(encoding="utf-8").strip()
        self.roster = self._roster()
        self._shells: dict[str, Template] = {}

    @cached_property
    def urls(self) -> dict[str, str]:
        """The address of each page id, relative to the site's root."""
        return {page.id: page.url for page in self.manifest.pages}

    @cached_property
    def page_of(self) -> dict[str, Page]:
        """The page in each file that holds one, by the file's name."""
        pages = self.manifest.pages
        return {f"{page.url}index.html" if not page.url or page.url.endswith("/") else page.url: page for page in pages}

    @cached_property
    def pages(self) -> dict[str, Page]:
        """Each page by its id."""
        return {page.id: page for page in self.manifest.pages}

    @cached_property
    def leads(self) -> Leads:
        """Where every link leads, those among them that pages once had."""
        return Leads(self.manifest.pages, self.history())

    def history(self) -> History:
        """What became of every address the wiki ever had, as it was known at this build."""
        known = layout.HISTORY in self.inner
        return history.read(self.root / layout.HISTORY) if known else History(complete=False)

    @cached_property
    def short_names(self) -> dict[str, str]:
        """The id of the page that people call so."""
        return short_names(self.manifest.pages)

    @cached_property
    def bare(self) -> frozenset[str]:
        """What may be had without signing in: all that the page that asks people in is made of, no word of the wiki.

        Styles, scripts and pictures it refers to, what those load in turn, and the empty index that Material fetches.
        """
        text = (self.root / f"{layout.SHELLS}/message.html").read_text(encoding="utf-8")
        named = {name for name in self.files if _PROGRAM.fullmatch(name)} | set(_DRESS.findall(text))
        if _INDEX in self.files and (self.root / _INDEX).read_bytes().endswith(b'"docs":[]}'):
            named.add(_INDEX)
        return frozenset(named & set(self.files))

    def shell(self, name: str, environment: Environment) -> Template:
        """The shell of a live page, to be extended by a template; that of messages where the wiki has no such page."""
        if name not in self._shells:
            own, plain = (f"{layout.SHELLS}/{shell}.html" for shell in (name, "message"))
            source = (self.root / (own if own in self.inner else plain)).read_text(encoding="utf-8")
            self._shells[name] = environment.from_string(source)
        return self._shells[name]

    def icon(self, name: str) -> Markup:
        """An icon of the theme as inline SVG; nothing where the build did not bring it along."""
        return Markup(self._icons.get(name, ""))  # noqa: S704  -- written by our own plugin, sealed with the build

    def damage(self) -> Iterator[str]:
        """The names of files that are missing or have another size than was sealed. Contents are not read."""
        for name, file in (self.files | self.inner).items():
            if not file.path.is_file() or file.path.stat().st_size != file.size:
                yield name

    def _roster(self) -> Roster:
        if layout.ROSTER not in self.inner:
            return Roster()
        return rosters.from_data(json.loads((self.root / layout.ROSTER).read_text(encoding="utf-8")))

    @cached_property
    def _icons(self) -> dict[str, str]:
        path = self.root / layout.ICONS
        icons: dict[str, str] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        return icons


def load(root: Path) -> Build:
    """The build in the folder `root`. Raises BuildError when it is not whole or of an unknown schema."""
    try:
        build = Build(root, _seal(root), manifests.read(root / layout.MANIFEST))
    except manifests.ManifestError as error:
        raise BuildError(f"Build {root.name}: {error}") from error
    except OSError as error:
        raise BuildError(f"Build {root.name} is not whole: {error.strerror}.") from error
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise BuildError(f"Build {root.name} was not made by this version of kb.") from error
    missing = next(build.damage(), None) if build.policy else layout.POLICY
    if missing:
        raise BuildError(f"Build {root.name} is damaged: {missing} is not what was built.")
    return build


def _seal(root: Path) -> dict[str, Any]:
    seal: dict[str, Any] = json.loads((root / layout.SEAL).read_text(encoding="utf-8"))
    if seal["schema"] != layout.SEAL_SCHEMA or seal["id"] != root.name:
        raise BuildError(f"Build {root.name} was not made by this version of kb, or its folder was renamed.")
    return seal


def _packed(folder: Path) -> dict[str, Path]:
    """The compressed files of a build, by the names of what they hold."""
    start = len(f"{folder}/")
    return {f"{at}/{name}"[start:]: Path(at, name) for at, _, names in os.walk(folder) for name in names}


def _files(root: Path, listed: dict[str, dict[str, Any]], packed: dict[str, Path]) -> dict[str, File]:
    return {name: File(root / name, entry["digest"], entry["size"], packed.get(name)) for name, entry in listed.items()}
