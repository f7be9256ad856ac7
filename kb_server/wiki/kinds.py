"""A page to begin with, of each kind: the wiki's own template where it has one, else one of ours, made of questions.

A wiki's own lie in ``templates/`` beside ``mkdocs.yml``: ``templates/practice.md`` is how that wiki begins a practice.
What stands in a template's front matter is kept; what every page needs comes in front of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from kb_server.errors import Invalid
from kb_server.wiki.frontmatter import KINDS
from kb_server.wiki.lines import scalar
from kb_server.wiki.problems import meant

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

FOLDER = "templates"
LARGEST = 200_000
FOLDERS = {
    "role": "roles",
    "definition": "definitions",
    "practice": "practices",
    "metric": "metrics",
    "webinar": "webinars",
    "path": "start",
    "note": "notes",
}
"""Where pages of a kind lie in a wiki that has none of them yet."""
_BLOCK = re.compile(r"\A\ufeff?-{3}[ \t]*\n(?P<own>.*?\n)?-{3}[ \t]*\n+", re.DOTALL)
_SET = re.compile(r"^(?:id|kind|title|teams|owner|review|date):[^\n]*\n(?:[ \t-][^\n]*\n)*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is known of a page before it is written."""

    kind: str
    id: str
    title: str
    teams: tuple[str, ...]
    owner: str
    today: dt.date


def page(beginning: Beginning, home: Path) -> str:
    """The text of a new page, its front matter first. Raises Invalid where there is no such kind."""
    body = template(beginning.kind, home)
    found = _BLOCK.match(body)
    own = _SET.sub("", found["own"] or "") if found else ""
    return f"---\n{''.join(_needed(beginning))}{own}---\n\n{body[found.end() :] if found else body}"


def template(kind: str, home: Path) -> str:
    """The template of a kind, as its file has it. Raises Invalid."""
    if kind not in KINDS:
        raise Invalid(f"There is no kind '{kind}'. {meant(kind, KINDS)}")
    own = home / FOLDER / f"{kind}.md"
    if not own.is_file():
        return resources.files("kb_server.wiki").joinpath("kinds", f"{kind}.md").read_text(encoding="utf-8")
    if own.is_symlink() or own.stat().st_size > LARGEST:
        raise Invalid(f"{FOLDER}/{kind}.md is a link, or larger than any template. Put the template itself there.")
    try:
        return own.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(f"{FOLDER}/{kind}.md is not UTF-8. Save it as UTF-8.") from error


def _needed(one: Beginning) -> list[str]:
    """The lines of front matter that every page of this kind needs."""
    values = {
        "id": scalar(one.id),
        "kind": one.kind,
        "title": scalar(one.title),
        "teams": f"[{', '.join(map(scalar, one.teams))}]",
        "owner": scalar(one.owner) if one.owner else "",
        "date": one.today.isoformat() if one.kind == "webinar" else "",
        "review": f"{one.today.year + 1}-{one.today:%m}-{min(one.today.day, 28):02}",
    }
    return [f"{key}: {value}\n" for key, value in values.items() if value]
