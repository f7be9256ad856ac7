"""Every word the plugin puts on a page, in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

NOT_CHECKED = "Agreement not checked"
COPY_LINK = "Copy link"
USED_ON = "Used on"
LEADS_TO = "This link leads to"
TEXT = "Definition and criteria"

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day(value: date) -> str:
    """`14 March 2027`: written out, and the same on every day the site is built."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def due(value: date) -> str:
    """When the page wants to be looked at again."""
    return f"Due for a fresh look on {day(value)}"


def owner(name: str) -> str:
    """Whom to ask about the page."""
    return f"Owner: {name}"


def also(aliases: Sequence[str]) -> str:
    """The other names of a term."""
    return f"Also: {', '.join(aliases)}"


def used_on(count: int) -> str:
    """How many pages use a term."""
    return f"{USED_ON} {count} {'page' if count == 1 else 'pages'}"


def speaks(names: Sequence[str]) -> str:
    """Who agrees to definitions for the team named just before."""
    if not names:
        return "Nobody speaks for it yet"
    together = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"{together} {'speaks' if len(names) == 1 else 'speak'} for it"
