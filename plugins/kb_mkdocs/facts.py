"""The line of facts below a page's title: whose page it is, whom to ask, when to look at it again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kb_server.words import day, t

from .blocks import blocks
from .text import quoted

if TYPE_CHECKING:
    from datetime import date

    from .blocks import Block


@dataclass(frozen=True, slots=True)
class Team:
    """A team as a page shows it; `speakers` are the names of those who agree to definitions for it."""

    name: str
    hue: str
    speakers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a page's front matter says about it; `held` is the day of a webinar."""

    teams: tuple[Team, ...] = ()
    owner: str = ""
    held: date | None = None
    review: date | None = None

    def __bool__(self) -> bool:
        return bool(self.teams or self.owner or self.held or self.review)


def with_facts(html: str, shown: Facts, more: str = "") -> str:
    """The page with its facts below the title, and whatever else stands among them."""
    heading, rest = split_title(html)
    return f"{heading}\n{_line(shown, more)}\n{rest}"


def with_line(html: str, line: str) -> str:
    """The page with something below its title."""
    heading, rest = split_title(html)
    return f"{heading}{line}{rest}"


def with_title(html: str, title: str) -> str:
    """The page with a title; where the text has none it comes in front, as the theme would do."""
    return html if "<h1" in html else f"<h1>{quoted(title)}</h1>{html}"


def split_title(html: str) -> tuple[str, str]:
    """The page's first-level heading with what stands before it, and what follows; "" where it stands in something."""
    found = blocks(html)
    at = next((number for number, block in enumerate(found) if block.tag == "h1"), -1)
    return _html(found[: at + 1]), _html(found[at + 1 :])


def _html(row: list[Block]) -> str:
    return "".join(block.html for block in row)


def _line(shown: Facts, more: str) -> str:
    chips = [f'<span class="kb-team kb-hue-{quoted(team.hue)}">{quoted(team.name)}</span>' for team in shown.teams]
    if shown.held:
        chips.append(f"<span>{day(shown.held)}</span>")
    said = [t("page.owner", name=shown.owner)] if shown.owner else []
    said += [t("page.due", day=day(shown.review))] if shown.review else []
    chips += [f"<span>{quoted(line)}</span>" for line in said]
    return f'<div class="kb-facts">{"".join(chips)}{more}</div>'
