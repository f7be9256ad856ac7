"""Every word of the interface by its key, for templates, parts of pages, modules in the browser, and mail.

What a reader sees stands in the files beside this one, by area. What is said to those who write or run a wiki, in a
terminal or a log, is no part of it. How to add a word: docs/about/decisions/0010-words.md.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from markupsafe import escape

from kb_server.words import (
    accounts,
    api,
    applying,
    dates,
    definitions,
    editing,
    errors,
    following,
    forges,
    guide,
    helpful,
    home,
    notifications,
    pages,
    previews,
    search,
    sorting,
    suggestions,
    threads,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Text = str | tuple[str, str]
"""A text with its {values}; of two, the first is for one, the other for any other `count`."""

AREAS: tuple[Mapping[str, Text], ...] = (
    pages.WORDS,
    search.WORDS,
    definitions.WORDS,
    sorting.WORDS,
    accounts.WORDS,
    threads.WORDS,
    suggestions.WORDS,
    editing.WORDS,
    forges.WORDS,
    applying.WORDS,
    helpful.WORDS,
    notifications.WORDS,
    home.WORDS,
    following.WORDS,
    previews.WORDS,
    guide.WORDS,
    api.WORDS,
    dates.WORDS,
    errors.WORDS,
)
ENGLISH: Mapping[str, Text] = MappingProxyType({key: text for area in AREAS for key, text in area.items()})

_CALL = re.compile(r"""\b(?:kb_)?(?P<name>t|each)\(\s*["'](?P<key>[a-z0-9_.-]+)["']""")


def t(key: str, /, **values: object) -> str:
    """The text of this key with its values; `count` chooses the form. As markup where a value is markup.

    Raises KeyError for a key or a value that is missing.
    """
    if not values:
        return _fixed(key)
    text = ENGLISH[key]
    form = text if isinstance(text, str) else text[values["count"] != 1]
    shown = {name: f"{value:,}" if isinstance(value, int) else value for name, value in values.items()}
    marked = any(hasattr(value, "__html__") for value in values.values())
    return (escape(form) if marked else form).format(**shown)


def each(family: str, /, **values: object) -> Mapping[str, str]:
    """The texts of all keys `family.…`, by what stands behind the point: ``each("state")["agreed"]``."""
    return {name: t(key, **values) for name, key in _members(family)} if values else _fixed_family(family)


@cache
def _fixed(key: str) -> str:
    """A text that is always the same: a page has hundreds."""
    text = ENGLISH[key]
    if not isinstance(text, str):
        raise KeyError("count")
    return text.format()


@cache
def _fixed_family(family: str) -> Mapping[str, str]:
    return MappingProxyType({name: _fixed(key) for name, key in _members(family)})


@cache
def _members(family: str) -> tuple[tuple[str, str], ...]:
    """The keys of a family, each with its own name in front."""
    return tuple((key[len(family) + 1 :], key) for key in ENGLISH if key.startswith(f"{family}."))


def listed(names: Iterable[str]) -> str:
    """`Sam`, `Sam and Nia`, `Sam, Nia and Lee`; nothing for nobody."""
    *others, last = list(names) or [""]
    return t("list.and", others=", ".join(others), last=last) if others else last


def day(value: date) -> str:
    """`14 March 2027`: written out, and the same on whatever day it is said."""
    return t("date.day", day=value.day, month=each("month")[str(value.month)], year=str(value.year))


def day_of(stamp: str) -> str:
    """The day of a moment (UTC, ISO 8601)."""
    return day(date.fromisoformat(stamp[:10]))


def used_in(source: str) -> set[str]:
    """The keys that a template, a module of Python's or one of the browser's names; of a family, all."""
    keys: set[str] = set()
    for call in _CALL.finditer(source):
        family = f"{call['key']}."
        keys |= {call["key"]} if call["name"] == "t" else {key for key in ENGLISH if key.startswith(family)}
    return keys
