"""One build of the site: what is known of it so far, from its front matter to the files the server needs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from mkdocs.utils import get_relative_url

from kb_server.pages import history as histories
from kb_server.pages import layout as parts
from kb_server.pages import manifest
from kb_server.pages.history import History
from kb_server.pages.icons import NAMES
from kb_server.pages.leading import Leads
from kb_server.wiki import frontmatter, history
from kb_server.wiki.past import written
from kb_server.wiki.problems import Problem

from . import cases, checks, layout, past, reading, talk, who
from .collect import collected
from .icons import icon
from .lasting import Lasting
from .links import Addresses
from .terms import Terms
from .text import line_of

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable
    from pathlib import Path

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

    from kb_server.wiki.teams import Teams

    from .collect import Collected
    from .diagrams import CannotDraw
    from .reading import Known


@dataclass(slots=True)
class Build:
    """State of one build. `known` and `entries` go by a page's path in the docs folder.

    With `--dirty` MkDocs renders only what has changed; then both start with what the build before knew.
    """

    config: MkDocsConfig
    teams: Teams | None
    ours: bool = True
    """Whether the front matter's keys mean what they mean to us."""
    talks: bool = False
    """Whether people can talk about a page: a static host has no server to tell it to."""
    known: dict[str, Known] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    entries: dict[str, Collected] = field(default_factory=dict)
    users: layout.Users = field(default_factory=dict)
    remarks: checks.Remarks = field(default_factory=checks.Remarks)
    history: History = field(default_factory=History)
    leads: Leads = field(default_factory=lambda: Leads((), History()))
    addresses: Addresses = field(default_factory=lambda: Addresses({}, lambda _: None))
    terms: Terms = field(default_factory=lambda: Terms((), for_server=False))

    def check(self, page: Page) -> None:
        """Check the page's front matter, as its file and the site's meta files say it."""
        known = reading.known(page, self.config)
        self.known[page.file.src_uri] = known
        if not self.ours:
            for key in frontmatter.KEYS:
                known.meta.pop(key, None)
            return
        self.problems += frontmatter.check(known.meta, file=known.file, source=known.text, teams=self.teams)
        doubts = frontmatter.doubts(known.meta, file=known.file, source=known.text, teams=self.teams)
        self.warnings += map(str, doubts)

    def note_failures(self, page: Page, failed: Iterable[tuple[str, CannotDraw]]) -> None:
        """Take note of the page's diagrams that could not be drawn."""
        known = self.known[page.file.src_uri]
        for fence, why in failed:
            line = line_of(known.text, fence.strip().partition("\n")[0])
            problem = Problem(known.file, line, str(why), why.fix)
            if why.stops:
                self.problems.append(problem)
            else:
                self.warnings.append(str(problem))

    def collect(self, files: Files, drawn_of: Callable[[str], bytes | None]) -> None:
        """Take every page's entry for the manifest. Raises `checks.Refused` with every problem of every page.

        A drawn diagram means what it was made of, which `drawn_of` gives: another version of the drawing program must
        not change what people agreed to.
        """
        pages = {page.file.src_uri: page for page in reading.rendered_pages(files)}
        self._forget_what_is_gone(files, pages)
        self.problems += checks.clashes(self.known.values())
        ids = reading.ids_of(self.known)
        urls = {entry.page.url: entry.page.id for entry in self.entries.values()}
        urls |= {page.url: ids[path] for path, page in pages.items()}
        content = lambda address: drawn_of(address) or reading.content_at(files, address)  # noqa: E731
        self.addresses = addresses = Addresses(urls, content, self.config.site_url or "")
        self.entries |= {path: self._collected(page, ids[path], addresses, files) for path, page in pages.items()}
        checks.refuse(self.problems)
        made = [entry.page for entry in self.entries.values()]
        called = [team.name for team in self.teams.teams.values()] if self.teams else []
        self.users, self.terms = layout.users(made), Terms(made, called, for_server=self.talks)
        self.history = past.history(self.config, self.entries, self.known)
        self.notices += filter(None, [written.missing(self.history)])
        self.leads = Leads(made, self.history)

    def _forget_what_is_gone(self, files: Files, rendered: Container[str]) -> None:
        there = {path for path in self.entries if files.get_file_from_path(path)}
        self.known = {path: known for path, known in sorted(self.known.items()) if path in rendered or path in there}
        self.entries = {path: entry for path, entry in self.entries.items() if path in there}

    def _collected(self, page: Page, page_id: str, addresses: Addresses, files: Files) -> Collected:
        known, html = self.known[page.file.src_uri], page.content or ""
        entry = collected(reading.read(page, page_id, known), addresses)
        sorted_by_it, wrong = cases.of(page.file, known, html, files)
        entry = replace(entry, page=who.of_teams(replace(entry.page, cases=sorted_by_it), self.teams))
        self.problems += wrong
        self.problems += checks.of_content(entry, html, known.text)
        checks.remarks_on(self.remarks, entry, html)
        return entry

    def lay_out(self, page: Page) -> dict[str, str]:
        """Give the page's content its shape: terms marked, facts below the title, a definition its frame, buttons.

        Gives the page's id and where people talk about it; nothing where they cannot.
        """
        if not (entry := self.entries.get(page.file.src_uri)):
            return {}
        where = talk.address(entry.page.id, page.url, page.meta) if self.talks else ""
        used = [(other.title, get_relative_url(other.url, page.url)) for other in self.users.get(entry.page.id, [])]
        shown = who.facts(self.known[page.file.src_uri].meta, self.teams)
        content = self.terms.marked(page.content or "", entry.page, partial(self.addresses.link, page.url))
        page.content = layout.laid_out(content, Lasting(entry.page, self.leads), shown, used, where)
        return {"page": entry.page.id, "url": where} if where else {}

    def manifest(self) -> manifest.Manifest:
        """Everything the server may know of this build."""
        return manifest.Manifest(
            site_name=self.config.site_name,
            language=str(self.config.theme.get("language") or "en"),
            commit=history.head_commit(reading.home(self.config)) or "",
            teams=self.manifest_teams(),
            pages=tuple(sorted((entry.page for entry in self.entries.values()), key=lambda page: page.url)),
        )

    def inner(self) -> dict[str, str]:
        """What a server must know besides, by file: every link there ever was, and who may do what.

        That holds mail addresses, so a site for a static host has none of it.
        """
        roster = self.teams.for_roster() if self.teams else {}
        named = {parts.ROSTER: json.dumps(roster, ensure_ascii=False, indent=0)} if roster else {}
        return named | {parts.HISTORY: histories.dumps(self.history)}

    def manifest_teams(self) -> dict[str, dict[str, Any]]:
        """What the server and the templates may know of the teams, by team id."""
        return self.teams.for_manifest() if self.teams else {}


def write(site: Path, *, shells: dict[str, str], csp: str, content: manifest.Manifest, inner: dict[str, str]) -> None:
    """Write the server's files into the `site`, the manifest last: where it is, the others are."""
    shelf = site / parts.SHELLS
    shelf.mkdir(parents=True, exist_ok=True)
    for name, text in shells.items():
        (shelf / f"{name}.html").write_text(text, encoding="utf-8")
    icons = json.dumps({name: icon(name) for name in NAMES}, indent=0)
    for name, text in {parts.ICONS: icons, parts.POLICY: csp + "\n", **inner}.items():
        (site / name).write_text(text, encoding="utf-8")
    manifest.write(content, site / parts.MANIFEST)
