"""``kb new``: a page to begin with, in the place where others of its kind lie. Nothing is ever written over."""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kb_server.errors import Conflict, Invalid
from kb_server.proofreading import configuration
from kb_server.proofreading import wiki as sources
from kb_server.proofreading.wiki import Wiki
from kb_server.wiki import git, kinds
from kb_server.wiki.git import GitError
from kb_server.wiki.ids import slug, unique
from kb_server.wiki.kinds import Beginning
from kb_server.wiki.problems import meant

_SECONDS = 3
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Begun:
    """The page written: its file, its id, and its path as `nav` wants it; `has_place` where it needs none there."""

    file: Path
    id: str
    path: str
    has_place: bool


class Draft:
    """A page about to be begun in a wiki. Knows what it may be asked for: whose it is, and which teams there are."""

    def __init__(self, file: Path) -> None:
        """Read the wiki of this ``mkdocs.yml``. Raises Invalid."""
        self._wiki = sources.read(configuration.read(file))

    @property
    def people(self) -> list[str]:
        """Handles of those who may own it."""
        return list(self._wiki.teams.people) if self._wiki.teams else []

    def myself(self) -> str:
        """The handle of whoever git says is at work, or ""."""
        try:
            address = git.ask(self._wiki.configuration.home, "config", "user.email").casefold()
        except GitError:
            return ""
        people = self._wiki.teams.people.values() if self._wiki.teams else ()
        return next((one.handle for one in people if one.email.casefold() == address), "")

    def teams_of(self, owner: str) -> list[str]:
        """The teams somebody is in."""
        if not self._wiki.teams:
            return []
        own = self._wiki.teams.people[owner].teams if owner in self._wiki.teams.people else ()
        named = [one.id for one in self._wiki.teams.teams.values() if owner in (one.head, *one.speakers, *one.liaisons)]
        return list(dict.fromkeys([*own, *named]))

    def begin(self, kind: str, title: str, owner: str, teams: Sequence[str], today: date) -> Begun:
        """Write the page. Raises Invalid for a kind, a team or a title that cannot be, Conflict where a file is."""
        title = " ".join(_CONTROLS.sub(" ", title).split())
        name = slug(title)
        if not name:
            raise Invalid("A page needs a title with a letter in it.")
        self._check_teams(teams)
        home = self._wiki.configuration.home
        beginning = Beginning(kind, self._id(name), title, tuple(teams), _CONTROLS.sub(" ", owner).strip(), today)
        text = kinds.page(beginning, home)
        path = posixpath.join(_folder(self._wiki, kind), f"{name}.md")
        file = self._wiki.configuration.docs / path
        _write(file, text, self._wiki.configuration.docs)
        return Begun(file, beginning.id, path, self._wiki.configuration.nav is None)

    def _check_teams(self, teams: Sequence[str]) -> None:
        known = self._wiki.teams.teams if self._wiki.teams else dict.fromkeys(teams)
        for team in teams:
            if team not in known:
                raise Invalid(f"There is no team '{team}' in teams.yml. {meant(team, known)}")

    def _id(self, name: str) -> str:
        """The id made of the title: one that no page has, and none had before as far as git tells soon enough."""
        taken = {str(page.meta.get("id")) for page in self._wiki.pages.values()}
        wanted = unique(name, taken)
        while wanted not in taken and self._was_there(wanted):
            taken.add(wanted)
            wanted = unique(name, taken)
        return wanted

    def _was_there(self, wanted: str) -> bool:
        asked = ("log", "-1", "--format=%H", f"-Sid: {wanted}\n", "HEAD", "--", str(self._wiki.configuration.docs))
        try:
            return bool(git.ask(self._wiki.configuration.home, *asked, seconds=_SECONDS))
        except GitError:
            return False


def _folder(wiki: Wiki, kind: str) -> str:
    """Where most pages of this kind lie."""
    pages = [page.path for page in wiki.pages.values() if page.kind == kind and "kb_shell" not in page.meta]
    if kind == "page" or not pages:
        return kinds.FOLDERS.get(kind, "")
    return Counter(posixpath.dirname(path) for path in pages).most_common(1)[0][0]


def _write(file: Path, text: str, docs: Path) -> None:
    """Write a file that is not there yet, within the docs folder."""
    if not file.parent.resolve().is_relative_to(docs):
        raise Invalid(f"{file.parent.name} is a link that leads out of the docs folder. Nothing is written there.")
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        with file.open("x", encoding="utf-8", newline="\n") as new:
            new.write(text)
    except FileExistsError:
        raise Conflict(f"{file.name} is there already. Choose another title, or write on in that page.") from None
