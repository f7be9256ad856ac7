"""The front matter of pages: what may stand in it, and what to tell an author whose front matter is wrong.

Only keys that mean something to us are looked at; ``template``, ``tags``, ``hide`` … are the theme's business. MkDocs
prints front matter that is no YAML as text on the page, so this is also where such a page is noticed.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from kb_server.wiki.ids import derived_id, slug, unique
from kb_server.wiki.lines import BrokenYaml, Lines, read
from kb_server.wiki.problems import Problem, meant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from kb_server.wiki.teams import Teams

__all__ = ["KEYS", "KINDS", "Problem", "check", "check_sections", "derived_id", "doubts", "duplicates", "unique"]

KEYS = (
    *("id", "kind", "teams", "owner", "review", "aliases", "date", "unit", "moved_from", "merged_into"),
    *("cases", "verdicts", "avoid", "terms"),
)
"""The keys that mean something to us; ``title`` means to everybody what it means to us."""

KINDS = ("page", "role", "definition", "practice", "metric", "webinar", "path", "note")
NEEDS = {
    "webinar": ("date", "Add 'date: 2026-11-03', the day it takes place."),
    "metric": ("unit", "Add 'unit: …', what it counts: leads, euros, % …"),
}
"""What a kind of page cannot do without, and how to mend it."""

_ID = re.compile(r"[a-z0-9-]+")
LONGEST_ID = 100  # it becomes the name of a folder
_LONGEST_ALIAS = 100
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\d)?)?")
# As MkDocs reads it (mkdocs.utils.meta), so that we judge what it will see.
_BLOCK = re.compile(r"\A\ufeff?-{3}[ \t]*\n(.*?\n)(?:\.{3}|-{3})[ \t]*\n", re.DOTALL)
_OPENED = re.compile(r"\A\ufeff?-{3}[ \t]*\n[ ]*[\w-]+[ ]*:")


def check(meta: Mapping[str, Any], *, file: str, source: str, teams: Teams | None) -> list[Problem]:
    """All that is wrong with a page's front matter. `meta` is what MkDocs made of it, `source` the whole file.

    Team ids are looked up in `teams`; where there are none (no teams.yml), any will do.
    """
    try:
        where = lines_of(source)
    except BrokenYaml as error:
        return [Problem(file, error.line, str(error), error.fix)]
    page = _Page(meta, file, where, teams)
    return [problem for rule in _RULES for problem in rule(page)]


def doubts(meta: Mapping[str, Any], *, file: str, source: str, teams: Teams | None) -> list[Problem]:
    """What is likely a slip and stops nothing: an owner written like a handle, which nobody in `teams` has.

    An owner may be any text. One of small letters alone would be shown as such, so it must be somebody's handle.
    """
    owner = meta.get("owner")
    if not teams or not teams.people or not isinstance(owner, str) or not _ID.fullmatch(owner) or owner in teams.people:
        return []
    fix = f"{meant(owner, teams.people)} Or write a name as people shall read it."
    return [Problem(file, line_of(("owner",), source), f"there is nobody '{owner}' in teams.yml", fix)]


def check_sections(kind: str, anchors: Iterable[str], file: str) -> list[Problem]:
    """What is wrong with the sections of a page: a definition needs one that defines, and just one of each binding."""
    if kind != "definition":
        return []
    present = list(anchors)
    problems = []
    if "definition" not in present:
        problems.append(Problem(file, 1, "this definition does not define", "Add a section '## Definition'."))
    for part in ("definition", "criteria"):
        if f"{part}_1" in present or present.count(part) > 1:
            message = f"there are two sections '{part.capitalize()}', and it is not clear which one holds"
            problems.append(Problem(file, 1, message, "Join them."))
    return problems


def duplicates(pages: Iterable[tuple[Mapping[str, Any], str] | tuple[Mapping[str, Any], str, str]]) -> list[Problem]:
    """A problem for each page that has another page's id, and each definition that claims another's alias.

    A page is its checked front matter and its file; with its source as the third, problems have a line.
    """
    owners: dict[tuple[str, str], str] = {}
    problems = []
    for meta, file, *source in pages:
        for what, name, key in _claims(meta):
            first = owners.setdefault((what, " ".join(name.split()).casefold()), file)
            if first != file:
                line = line_of(key, source[0]) if source else None
                problems.append(Problem(file, line, f"the {what} '{name}' is taken by {first}", _TAKEN[what]))
    return problems


_TAKEN = {
    "id": "Give the newer page another id: links to the older one must go on working.",
    "alias": "Leave it to one of the two definitions.",
}


def _claims(meta: Mapping[str, Any]) -> Iterator[tuple[str, str, tuple[str | int, ...]]]:
    if isinstance(meta.get("id"), str):
        yield "id", meta["id"], ("id",)
    aliases = meta.get("aliases")
    if meta.get("kind") == "definition" and isinstance(aliases, list | tuple):
        for at, alias in enumerate(aliases):
            yield "alias", str(alias), ("aliases", at)


def line_of(key: tuple[str | int, ...], source: str) -> int | None:
    """The line of a key of the front matter; None where it is not there."""
    try:
        return lines_of(source).of(*key)
    except BrokenYaml as error:  # `check` has told more of it
        return error.line


def lines_of(source: str) -> Lines:
    """Where the keys of the front matter stand. Raises BrokenYaml."""
    source = source.replace("\r\n", "\n")
    found = _BLOCK.match(source)
    if not found:
        if _OPENED.match(source):
            raise BrokenYaml("the front matter does not end", 1, "End it with a line '---'.")
        return Lines()
    data, where = read(found[1], first=2)
    if data is not None and not isinstance(data, dict):
        raise BrokenYaml("the front matter must be keys with values", 2, "Write each as 'key: value'.")
    for key, line in where.twice:
        raise BrokenYaml(f"'{key}' stands here a second time", line, "Keep one of them.")
    return where


class _Page:
    """One page's front matter being checked."""

    def __init__(self, meta: Mapping[str, Any], file: str, where: Lines, teams: Teams | None) -> None:
        self.meta, self.teams = meta, teams
        self._file, self._where = file, where

    def problem(self, path: tuple[str | int, ...], message: str, fix: str) -> Problem:
        return Problem(self._file, self._where.of(*path), message, fix)

    @property
    def kind(self) -> str:
        kind = self.meta.get("kind")
        return kind if isinstance(kind, str) else "page"


def _id(page: _Page) -> Iterator[Problem]:
    value = page.meta.get("id")
    if "id" not in page.meta or (isinstance(value, str) and _ID.fullmatch(value) and len(value) <= LONGEST_ID):
        return
    if isinstance(value, str) and len(value) > LONGEST_ID:
        yield page.problem(("id",), f"the id '{value[:20]}…' is longer than {LONGEST_ID} signs", "Write a shorter one.")
        return
    better = slug(str(value)) if value is not None else ""
    fix = f"Write 'id: {better}'." if _ID.fullmatch(better) and isinstance(value, str) else "Put it in quotes."
    yield page.problem(("id",), f"the id '{value}' is not made of a-z, 0-9 and hyphens", fix)


def _kind(page: _Page) -> Iterator[Problem]:
    kind = page.meta.get("kind", "page")
    if kind not in KINDS:
        yield page.problem(("kind",), f"there is no kind '{kind}'", meant(str(kind), KINDS))


def _teams(page: _Page) -> Iterator[Problem]:
    named = page.meta.get("teams")
    if not _is_list_of_text(named):
        yield page.problem(("teams",), "'teams' must be a list of team ids", "Write teams: [one, other].")
    elif named and page.teams is not None:
        for at, team in enumerate(named):
            if page.teams.now([team])[0] not in page.teams.teams:
                fix = meant(team, page.teams.teams)
                yield page.problem(("teams", at), f"there is no team '{team}' in teams.yml", fix)


def _aliases(page: _Page) -> Iterator[Problem]:
    aliases = page.meta.get("aliases")
    if not _is_list_of_text(aliases) or any(not alias.strip() for alias in aliases or ()):
        fix = "Write aliases: [MQL, qualified lead]; put numbers in quotes."
        yield page.problem(("aliases",), "'aliases' must be a list of words", fix)
    elif any(len(alias) > _LONGEST_ALIAS for alias in aliases or ()):
        fix = "An alias is a short name, by which people call it."
        yield page.problem(("aliases",), f"an alias is longer than {_LONGEST_ALIAS} characters", fix)


def _avoided(page: _Page) -> Iterator[Problem]:
    avoided = page.meta.get("avoid")
    if not _is_list_of_text(avoided) or any(not word.strip() for word in avoided or ()):
        yield page.problem(("avoid",), "'avoid' must be a list of words", "Write avoid: [hot lead, real lead].")
    elif avoided and page.kind != "definition":
        yield page.problem(("avoid",), f"a {page.kind} cannot say which words to avoid", "Say it in a definition.")


def _moves(page: _Page) -> Iterator[Problem]:
    moved = page.meta.get("moved_from")
    if not isinstance(moved, str) and not _is_list_of_text(moved):
        yield page.problem(("moved_from",), "'moved_from' must be a list of files", "Write moved_from: [old/leads.md].")
    if not isinstance(page.meta.get("merged_into"), str | None):
        yield page.problem(("merged_into",), "'merged_into' must be one page", "Write merged_into: the-id-of-the-page.")


def _dates(page: _Page) -> Iterator[Problem]:
    for key in ("review", *(("date",) if page.kind == "webinar" else ())):
        value = page.meta.get(key)
        if value is not None and not _is_date(value):
            yield page.problem((key,), f"'{value}' is no date", f"Write it as {key}: 2027-03-31.")


def _texts(page: _Page) -> Iterator[Problem]:
    for key in ("title", "owner", "unit", "kb_shell"):
        value = page.meta.get(key)
        if value is not None and not isinstance(value, str):
            yield page.problem((key,), f"'{key}' must be text", "Put it in quotes.")
    shell = page.meta.get("kb_shell")
    if isinstance(shell, str) and not _ID.fullmatch(shell):
        message = f"the name '{shell}' of this live page is not made of a-z, 0-9 and hyphens"
        yield page.problem(("kb_shell",), message, "Choose another name.")


def _cases(page: _Page) -> Iterator[Problem]:
    file, verdicts = page.meta.get("cases"), page.meta.get("verdicts")
    if file is not None and (not isinstance(file, str) or not file.endswith(".csv")):
        yield page.problem(("cases",), "'cases' must be the name of a CSV file", "Write cases: sample-leads.csv.")
    if verdicts is not None and not _is_pair(verdicts):
        yield page.problem(("verdicts",), "'verdicts' must be two answers", "Write verdicts: [Ready, Not ready].")


def _terms(page: _Page) -> Iterator[Problem]:
    if not isinstance(page.meta.get("terms"), bool | None):
        yield page.problem(("terms",), "'terms' must be true or false", "Write terms: false to mark no terms here.")


def _needs(page: _Page) -> Iterator[Problem]:
    key, fix = NEEDS.get(page.kind, ("", ""))
    if key and not page.meta.get(key):
        yield page.problem(("kind",), f"a {page.kind} needs '{key}'", fix)


_RULES: tuple[Callable[[_Page], Iterator[Problem]], ...] = (
    _id,
    _kind,
    _teams,
    _aliases,
    _avoided,
    _moves,
    _dates,
    _texts,
    _cases,
    _terms,
    _needs,
)


def _is_pair(value: object) -> bool:
    """Whether these are two texts, and not the same."""
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        return False
    return len(value) == len({one.strip() for one in value} - {""}) == len(("yes", "no"))


def _is_list_of_text(value: object) -> bool:
    return value is None or (isinstance(value, list | tuple) and all(isinstance(item, str) for item in value))


def _is_date(value: object) -> bool:
    if isinstance(value, dt.date):
        return True
    if not (isinstance(value, str) and _DATE.fullmatch(value)):
        return False
    try:
        dt.datetime.fromisoformat(value)
    except ValueError:
        return False
    return True
