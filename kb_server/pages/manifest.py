"""The manifest: everything the server may know of a build's content.

The plugin writes it, the server reads it, and neither knows the other (``docs/about/architecture.md``). It is the whole
interface between them, so it carries a schema version, and the version before stays readable.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SCHEMA = 2
READABLE = frozenset({1, SCHEMA})


class ManifestError(ValueError):
    """The manifest cannot be used: the message names the file and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the text below it, down to the next heading of any level.

    The text before a page's first heading, with that of its ``<h1>``, is the section with the empty anchor; every page
    has it, and it comes first. ``lines`` is the 1-based, inclusive range in the source file, or None where the heading
    does not stand in the source (a snippet, a plugin's output). ``digest`` is that of the meaning (`pages.meaning`).
    """

    anchor: str
    title: str
    level: int
    text: str
    source: str
    lines: tuple[int, int] | None
    digest: str


@dataclass(frozen=True, slots=True)
class Term:
    """What binds of a definition, as it was built: Markdown, HTML, and a line for each block of it.

    In the HTML a link into the wiki is the lasting one, behind ``{base}`` for wherever the site lies; so it can be
    shown on any page, and in years. ``examples`` are the digests of the examples and counter-examples, in order.
    ``lines`` go from the first line of the source file that binds to the last.
    ``rendered`` is the content as it was when its digest was taken, with
    what its ``links`` and ``images`` stood for: that is enough to take it again.
    """

    source: str
    html: str
    text: str
    examples: tuple[str, ...] = ()
    lines: tuple[int, int] | None = None
    rendered: str = ""
    links: dict[str, str] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """Something that is what a definition defines, or is not: the teams sort it, and see where they differ.

    ``id`` is unique on its page. ``title`` is "" where the text says all.
    """

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the wiki as it was built.

    ``url`` is relative to the site's root ("" is home). ``permanent`` tells whether ``id`` stands in the front matter
    or was derived from the path. ``formers`` are, by team, the ids of those that have become it. ``links`` are the ids
    of the pages it links to, in order of first appearance.
    ``binding`` is the digest of a definition's binding parts, or "", and ``term`` what they say (None in builds of an
    older schema). ``cases`` are what teams sort by a definition. ``shell`` names its live page, or "".
    """

    id: str
    kind: str
    url: str
    title: str
    source_path: str
    permanent: bool = True
    teams: tuple[str, ...] = ()
    formers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    meta: dict[str, Any] = field(default_factory=dict)
    edit_url: str = ""
    digest: str = ""
    binding: str = ""
    term: Term | None = None
    cases: tuple[Case, ...] = ()
    shell: str = ""
    links: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """A build's content. ``build`` is "" until `builds.sealing.seal` has given the finished build its id."""

    site_name: str
    language: str
    commit: str = ""
    build: str = ""
    schema: int = SCHEMA
    teams: dict[str, dict[str, Any]] = field(default_factory=dict)
    pages: tuple[Page, ...] = ()

    def page(self, page_id: str) -> Page | None:
        """The page with this id, or None."""
        return next((page for page in self.pages if page.id == page_id), None)


def dumps(manifest: Manifest) -> str:
    """The manifest as JSON text; the same manifest always gives the same bytes."""
    # Not `dataclasses.asdict`: it copies every text first, which takes as long as the writing.
    return json.dumps(manifest, default=_fields, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


def _fields(part: Any) -> dict[str, Any]:  # noqa: ANN401  -- whatever JSON does not know: one of the above
    return {name: getattr(part, name) for name in part.__slots__}


def write(manifest: Manifest, path: Path) -> None:
    """Write the manifest to `path`, whole or not at all."""
    partial = path.with_name(path.name + ".partial")
    partial.write_text(dumps(manifest), encoding="utf-8")
    partial.replace(path)


def read(path: Path) -> Manifest:
    """The manifest at `path`. Raises ManifestError when it is missing, damaged, or of a schema we cannot read."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ManifestError(f"{path.name} of this build cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise ManifestError(f"{path.name} of this build is not whole: {error}.") from error
    return from_data(data)


def from_data(data: Any) -> Manifest:  # noqa: ANN401  -- whatever JSON gave us
    """The manifest in parsed JSON. Raises ManifestError."""
    schema = data.get("schema") if isinstance(data, dict) else None
    if not isinstance(schema, int) or schema not in READABLE:
        readable = ", ".join(str(version) for version in sorted(READABLE))
        raise ManifestError(f"The build has manifest schema {schema!r}; this version of kb reads schema {readable}.")
    try:
        pages = tuple(_page(page) for page in data.pop("pages"))
        return Manifest(**data, pages=pages)
    except (TypeError, KeyError, AttributeError) as error:
        raise ManifestError(f"The build's manifest does not have the shape of schema {schema}: {error}.") from error


def _page(data: dict[str, Any]) -> Page:
    sections = tuple(_section(section) for section in data.pop("sections"))
    for name in ("teams", "aliases", "links"):
        data[name] = tuple(data[name])
    data["formers"] = {team: tuple(was) for team, was in data.get("formers", {}).items()}
    data["term"] = _term(data["term"]) if data.get("term") else None
    data["cases"] = tuple(Case(**case) for case in data.get("cases", ()))
    return Page(**data, sections=sections)


def _term(data: dict[str, Any]) -> Term:
    lines = data.pop("lines")
    return Term(**data | {"examples": tuple(data["examples"])}, lines=tuple(lines) if lines else None)


def _section(data: dict[str, Any]) -> Section:
    lines = data.pop("lines")
    return Section(**data, lines=tuple(lines) if lines else None)
