"""``kb init``: a wiki of one's own, a folder that holds only a wiki and nothing of this program.

The files come from the templates in ``starter/``. Pages go to ``docs/``, what stands in `_BESIDE` goes beside it, and
the page of a role is written once for each team.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from kb_server.errors import Conflict, Invalid
from kb_server.wiki import lines
from kb_server.wiki.ids import slug, unique
from kb_server.wiki.teams import HUES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

_BESIDE = frozenset({"README.md.j2", "gitignore.j2", "mkdocs.yml.j2", "teams.yml.j2"})
_PER_TEAM = "roles/role.md.j2"
_AT_LEAST = 2
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_MARKDOWN = re.compile(r"([\\`*_\[\]{}])")


@dataclass(frozen=True, slots=True)
class TeamAnswer:
    """A team, and who speaks for it."""

    name: str
    speaker: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What ``kb init`` asks. ``liaison`` and ``forge`` (the repository's address) may be ""."""

    company: str
    teams: list[TeamAnswer]
    liaison: str = ""
    forge: str = ""


def answers(company: str, teams: Sequence[str], speakers: Sequence[str], liaison: str = "", forge: str = "") -> Answers:
    """The answers as they were typed. Raises Invalid if not every team has its speaker."""
    if len(teams) != len(speakers):
        raise Invalid(
            f"{len(teams)} teams and {len(speakers)} speakers: name one speaker for each team, in their order."
        )
    pairs = [TeamAnswer(team, speaker) for team, speaker in zip(teams, speakers, strict=True)]
    return Answers(company, pairs, liaison, forge)


def create(folder: Path, answers: Answers) -> list[Path]:
    """Write a new wiki into `folder`; gives the files written.

    Raises Conflict if something stands there already (a fresh clone's ``.git`` may), Invalid if an answer cannot be
    used or the folder cannot be written.
    """
    variables = _variables(answers)
    try:
        if folder.exists() and (not folder.is_dir() or any(entry.name != ".git" for entry in folder.iterdir())):
            raise Conflict(f"{folder} is not empty. Name a folder that does not exist yet.")
        return [_write(folder / name, text) for name, text in _rendered(variables)]
    except OSError as error:
        raise Invalid(f"{folder} cannot be written ({error.strerror}). Name another folder.") from error


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _rendered(variables: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Path and text of each file of the new wiki."""
    beside, pages = _environment(_as_it_is), _environment(_in_markdown)
    for template in pages.list_templates(extensions=["j2"]):
        if template == _PER_TEAM:
            for team in variables["teams"]:
                text = pages.get_template(template).render(variables, team=team)
                yield f"docs/roles/what-{team['id']}-does.md", text
        elif template in _BESIDE:
            name = template.removesuffix(".j2").replace("gitignore", ".gitignore")
            yield name, beside.get_template(template).render(variables)
        else:
            yield f"docs/{template.removesuffix('.j2')}", pages.get_template(template).render(variables)


def _environment(finalize: Callable[[object], object]) -> Environment:
    environment = Environment(  # noqa: S701  -- Markdown and YAML, no HTML
        loader=PackageLoader("kb_server.wiki", "starter"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=finalize,
    )
    environment.filters |= {"yaml": _yaml, "slug": _handle}
    return environment


class _Yaml(str):
    """A YAML scalar: nothing in it is to be escaped again."""

    __slots__ = ()


def _yaml(value: object) -> _Yaml:
    """`value` as a YAML scalar on one line that may stand anywhere, inside brackets too."""
    return _Yaml(lines.scalar(value))


@pass_context
def _handle(variables: Context, name: str) -> str:
    """What a person is known by."""
    return variables["handles"].get(name) or slug(name)


def _as_it_is(value: object) -> object:
    return value


def _in_markdown(value: object) -> object:
    """A name as text in Markdown, whatever signs are in it."""
    if type(value) is not str:  # a number, or YAML in the front matter
        return value
    return _MARKDOWN.sub(r"\\\1", value).replace("&", "&amp;").replace("<", "&lt;")


def _variables(answers: Answers) -> dict[str, Any]:
    """The templates' variables. Raises Invalid."""
    company, liaison, forge = (_line(text) for text in (answers.company, answers.liaison, answers.forge))
    named = [TeamAnswer(_line(team.name), _line(team.speaker)) for team in answers.teams]
    _check(company, named, forge)
    handles = _ids([*(team.speaker for team in named), liaison], "person")
    team_ids = _ids([team.name for team in named], "team")
    teams = [
        {"id": team_ids[team.name], "name": team.name, "hue": HUES[at % len(HUES)], "liaison": liaison}
        | {"head": team.speaker, "speakers": [team.speaker]}
        for at, team in enumerate(named)
    ]
    variables = {"company": company, "teams": teams, "first": teams[0], "second": teams[1], "liaison": liaison}
    return variables | {
        "forge": forge,
        "handles": handles,
        "year": dt.datetime.now(dt.UTC).year,
    }


def _check(company: str, teams: Sequence[TeamAnswer], forge: str) -> None:
    if not company:
        raise Invalid("The company needs a name.")
    if len(teams) < _AT_LEAST:
        raise Invalid("Name at least two teams: this is about what they need from each other.")
    if not all(team.name and team.speaker for team in teams):
        raise Invalid("Every team needs a name and somebody who speaks for it.")
    if len({team.name.casefold() for team in teams}) < len(teams):
        raise Invalid("Two teams have the same name. Give each its own.")
    if forge and not re.match(r"https?://[^\s/]", forge):
        raise Invalid(f"The address '{forge}' of the repository must begin with https://.")


def _line(text: str) -> str:
    """`text` on one line, without characters that YAML cannot hold."""
    return " ".join(_CONTROLS.sub(" ", text).split())


def _ids(names: Sequence[str], otherwise: str) -> dict[str, str]:
    """An id for each name, each its own; no id is one that YAML reads as a number, a date or a yes."""
    ids: dict[str, str] = {}
    for name in names:
        if name not in ids:
            wanted = slug(name)
            if not wanted or not isinstance(yaml.safe_load(wanted), str) or wanted in {"y", "n"}:
                wanted = f"{otherwise}-{wanted}".rstrip("-")
            ids[name] = unique(wanted, set(ids.values()))
    return ids
