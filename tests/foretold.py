"""A wiki whose commits are published one after the other for real, beside what `kb impact` foretold of each.

What came about is read as anybody could read it: in the log, in the rows of conversations, and by following links.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pasts import Past
from reading_links import follow, headings
from suggesting import House

from kb_server.activity.storage import activity
from kb_server.app import create_app
from kb_server.builds import service as building
from kb_server.config import Settings
from kb_server.db import Database, migrate
from kb_server.definitions import checking, storage
from kb_server.definitions import service as defining
from kb_server.definitions.models import AGREE
from kb_server.definitions.pages import facts_in
from kb_server.impact import service as foreseeing
from kb_server.impact.models import Impact
from kb_server.links import service as linking
from kb_server.threads import service as talking
from kb_server.threads.models import Topic
from kb_server.web.build import Build
from kb_server.writing import places
from kb_server.writing.models import Marked, Said

CONFIG = "site_name: A wiki\ntheme: {name: material, font: false}\nplugins: [search, kb]\nvalidation: {}\n"
TEAMS = """\
teams:
  sales: {name: Sales, hue: blue, speakers: [sam]}
  marketing: {name: Marketing, hue: plum, speakers: [mia]}
people:
  sam: {name: Sam, email: sam@example.com, teams: [sales]}
  mia: {name: Mia, email: mia@example.com, teams: [marketing]}
  tom: {name: Tom, email: tom@example.com, teams: [marketing]}
"""
SPEAKERS = {"sales": "sam", "marketing": "mia"}
ENDS = {"finished": "closes", "reopened": "reopens", "referred": "asks"}
_SENTENCE = re.compile(r"[^.!?\n]{25,200}[.!?]")
At = tuple[str, str, str, str]
"""Fate, page, section and words of what a conversation is about."""
_AT = sa.text("SELECT id, fate, page, section, exact FROM threads")


@dataclass
class Kinds:
    """What was said of a change, by kind: each as plain facts that can be laid beside others."""

    suggestions: set[tuple[int, str]] = field(default_factory=set)
    standings: set[tuple[str, str]] = field(default_factory=set)
    declared: set[tuple[str, bool]] = field(default_factory=set)
    broken: set[tuple[str, str]] = field(default_factory=set)
    moved: set[tuple[str, str]] = field(default_factory=set)
    talks: set[tuple[str, str, str]] = field(default_factory=set)
    uses: set[tuple[str, str]] = field(default_factory=set)


class Replay:
    """A wiki, its store, and the people in it."""

    def __init__(self, past: Past, data: Path, seed: int = 1) -> None:
        self.past, self.random = past, random.Random(seed)
        file = past.folder / "mkdocs.yml"
        self.settings = Settings(config_file=file, data_dir=data, database_url=f"sqlite:///{data / 'kb.sqlite3'}")
        data.mkdir(parents=True, exist_ok=True)
        self.database = Database(self.settings.database_url)
        migrate(self.database, data / "backups")
        self.house: House | None = None

    @property
    def build(self) -> Build:
        """What is published."""
        return building.current(self.database, self.settings)

    def publish(self, commit: str) -> None:
        """Let the main branch be at this commit, build and publish it."""
        self.past.git("checkout", "-q", "-B", "main", commit)
        building.publish(self.database, self.settings, building.build(self.settings, strict=False))

    def people(self) -> House:
        """Everybody who is in the list of teams."""
        if self.house is None:
            self.house = House(self.database, now=datetime.now(UTC), roster=self.build.roster)
        return self.house

    def talk(self, many: int, touched: Iterable[str] = ()) -> None:
        """Begin conversations, every other one on a page that was `touched` if there is any.

        Of four two are about a sentence, one is about its section, and one about its page.
        """
        house, build = self.people(), self.build
        known = [(page, part, one) for page, part, one in _sentences(build)]
        near = [one for one in known if one[0].source_path.endswith(tuple(touched))] if touched else []
        for number in range(many if known else 0):
            page, section, exact = self.random.choice(near if near and number % 2 == 0 else known)
            anchor, mark = ("" if number % 4 == 3 else section.anchor), (None if number % 4 > 1 else Marked(exact))
            topic = Topic(places.place(page, build.id, anchor), "idea", mark)
            house.do(talking.start, "sam", topic, Said(f"What of this? {exact[:20]}"))

    def agree(self, share: float = 1.0, only: Iterable[str] | None = None) -> set[str]:
        """Let all teams agree to this share of the definitions; gives which."""
        chosen = [one for one in facts_in(self.build.manifest.pages) if only is None or one.page in set(only)]
        chosen = [one for one in chosen if self.random.random() < share]
        for facts in chosen:
            for team in facts.teams:
                said = defining.Said(team, facts.digest, AGREE)
                self.people().do(defining.say, SPEAKERS[team], facts, said)
        return {one.page for one in chosen}

    def foretold(self, head: str, *, title: str = "", with_store: bool = True) -> Impact:
        """What is said of the change from what is published to this commit, proposed under this title."""
        wanted = f"{self.build.manifest.commit}..{head}"
        return foreseeing.impact(self.settings, wanted, self.database if with_store else None, title=title)

    def came(self, head: str, share: float = 1.0) -> tuple[Kinds, set[str]]:
        """Publish this commit; gives what came of it, and the definitions that were agreed to afterwards."""
        before, links = self.build, [one.address for one in linking.listed(self.build, {}) if not one.ended]
        own = [address for page in before.manifest.pages for address in _addresses(before, page.url)]
        logged, at, versions = self._logged(0), self._at(), self._versions()
        self.publish(head)
        found = self._read(self._logged(len(logged)))
        found.talks = {
            (name, _fate(at[name], row, self.build), row[3])
            for name, row in self._at().items()
            if at[name] != row or _is_gone(at[name], before) != _is_gone(row, self.build)
        }
        client = create_app(self.settings, self.database).test_client()
        ends = {address: follow(client, address) for address in dict.fromkeys([*own, *links])}
        found.broken = {(address, ended) for address, (ended, _) in ends.items() if ended}
        found.moved = {(one, ends[one][1]) for one in own if not ends[one][0] and ends[one][1] != one}
        reworded = {page for page, _ in found.standings} - {page for page, may in found.declared if may}
        agreed = self.agree(share, only=reworded)
        found.uses = self._to_check(self._versions() - versions)
        return found, agreed

    def close(self) -> None:
        """Let go of the store."""
        self.database.close()

    def _read(self, lines: list[dict[str, Any]]) -> Kinds:
        found = Kinds()
        for line in lines:
            kind, _, verb = line["verb"].partition(".")
            if kind == "suggestion" and verb in ENDS and line["actor"] == "build":
                found.suggestions.add((line["number"], ENDS[verb]))
            elif line["verb"] == "definition.stands":
                found.standings.add((line["page"], line["state"]))
            elif verb in {"declared", "not_wording"}:
                found.declared.add((line["page"], verb == "declared"))
        return found

    def _to_check(self, versions: set[tuple[str, int]]) -> set[tuple[str, str]]:
        """The pages that are to be checked because of these versions of definitions."""
        linked = checking.links_in(self.build.manifest.pages)
        with self.database.read() as connection:
            return {
                (page, moved.term)
                for page, terms in linked.items()
                for moved in checking.moved_under(connection, page, terms)
                if (moved.term, moved.number) in versions
            }

    def _versions(self) -> set[tuple[str, int]]:
        """Every definition with the number of the last version that came into force."""
        with self.database.read() as connection:
            pages = sorted(storage.pages_with_a_past(connection))
            return {
                (page, past.versions[-1].number)
                for page, past in storage.pasts(connection, pages).items()
                if past.versions
            }

    def _logged(self, after: int) -> list[dict[str, Any]]:
        with self.database.read() as connection:
            rows = connection.execute(sa.select(activity).order_by(activity.c.seq)).mappings().all()[after:]
        return [json.loads(row["data"]) | {"verb": row["verb"], "actor": row["actor"]} for row in rows]

    def _at(self) -> dict[str, At]:
        with self.database.read() as connection:
            return {row[0]: tuple(row[1:]) for row in connection.execute(_AT)}


def said(found: Impact, agreed: set[str]) -> Kinds:
    """What was foretold, as facts; of pages to check those that these definitions ask for."""
    terms = {one.title: one.page for one in found.terms}
    return Kinds(
        {(one.number, one.what) for one in found.closings if one.what != "unknown"},
        {(one.page, one.after) for one in found.terms if one.what != "removed"},
        {(one.page, not one.against) for one in found.terms if one.declared},
        {(one.link.address, one.ended) for one in found.broken},
        {(one.address, one.leads_to) for one in found.moved},
        {(one.thread, one.fate, one.now) for one in found.talks},
        {(one.page, terms[term]) for one in found.uses for term in one.terms if terms[term] in agreed},
    )


def _fate(was: At, now: At, build: Build) -> str:
    """What became of what a conversation is about; the store only tells of passages, pages tell of the rest."""
    if now[3]:
        return now[0]
    return "gone" if _is_gone(now, build) else "moved" if was != now else "here"


def _is_gone(one: At, build: Build) -> bool:
    """Whether a section or a page is not there, as who comes by a link would find."""
    page = build.pages.get(one[1])
    if one[3] or page is None:
        return not one[3]
    return bool(one[2]) and f"{page.url}#{one[2]}" not in set(_addresses(build, page.url))


def _addresses(build: Build, url: str) -> Iterator[str]:
    yield url
    name = f"{url}index.html" if not url or url.endswith("/") else url
    yield from (f"{url}#{one}" for one in headings((build.root / name).read_text(encoding="utf-8")))


def _sentences(build: Build) -> Iterator[tuple[Any, Any, str]]:
    for page in build.manifest.pages:
        for section in page.sections if not page.shell else ():
            for found in _SENTENCE.finditer(section.text):
                if section.anchor:
                    yield page, section, found[0].strip()
