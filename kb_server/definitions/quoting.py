"""A definition as it is quoted where another text names its term: the text in force, and how it stands.

By what was last told of it, so that search, which knows no build, quotes it as every page does.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

import sqlalchemy as sa

from kb_server.definitions import storage
from kb_server.definitions.models import State, Version, Wording
from kb_server.pages import binding
from kb_server.words import day_of, each


@dataclass(frozen=True, slots=True)
class Quote:
    """How a definition stands. ``version`` is the one in force, 0 where none is, and ``fact`` says so in words.

    ``text`` is what it says a term is, where that is not what the served page says; else "".
    """

    state: State = "notyet"
    version: int = 0
    fact: str = ""
    text: str = ""


def quote(connection: sa.Connection, page: str) -> Quote:
    """A definition as it is quoted at this moment."""
    told = storage.announced_states(connection, [page]).get(page)
    versions = storage.past(connection, page).versions if told and told.version else ()
    if told is None or not versions:
        return Quote(told.state if told else "notyet")
    last = versions[-1]
    is_current = told.digest in {one.digest for one in versions if one.version == last.version}
    kept = None if is_current else storage.wording(connection, page, last.digest)
    return Quote(told.state, last.version, fact(told.state, last, is_current=is_current), _said(kept) if kept else "")


def fact(state: State, version: Version, *, is_current: bool) -> str:
    """What there is to say of the version in force; `is_current` tells whether it is the text of now."""
    how = "since" if state == "agreed" else "was" if is_current else "stays"
    return each("definition.fact", version=version.version, day=day_of(version.at))[how]


def _said(kept: Wording) -> str:
    """What a kept wording says a term is. One that was kept without its content still has its first line."""
    leads = json.loads(kept.leads) if kept.leads else {"links": {}, "images": {}}
    return binding.definition_in(binding.again(kept.rendered, **leads)) or kept.text.partition("\n")[0]
