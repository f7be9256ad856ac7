"""What the forms and addresses of suggestions hold, read into what services take."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlencode

from kb_server.people.secret import stamp
from kb_server.suggestions import models
from kb_server.suggestions.models import (
    DONE,
    DUE,
    NEW,
    NO,
    NOT_NOW,
    ORDERS,
    OWED,
    PLANNED,
    STATES,
    WAITING,
    YES,
    Filter,
    Given,
)
from kb_server.writing.forms import QUOTE, Form, number
from kb_server.writing.models import By

_ASKED = ("body", "title", "to_team", "from_team", "page", "section", "thread", *QUOTE)
KEPT = (*_ASKED, "act", "owner", "by_when", "into", "labels", "version", "key", "back", "draft")

OPEN, ALL = "open", "all"
TABS = {OPEN: models.OPEN, PLANNED: (PLANNED,), DONE: (DONE,), NOT_NOW: (NOT_NOW,)}
"""What the tabs of board and list show: those that wait, and what became of the others."""
SHOWN = {**TABS, WAITING: (WAITING,), ALL: STATES}
"""What an address can ask for besides: figures lead to just what they count."""
AGES = (7, 30, 90)
"""Days, of which one is chosen: asked since then."""
VIEWS = ("board", "list")
LONGEST = 200
NOBODY = "-"
"""The author of nothing at all: what whoever is not signed in has asked."""
_SINCE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", re.ASCII)


def form_of(fields: Mapping[str, str]) -> Form:
    """What was sent."""
    return Form(fields, KEPT)


def given(form: Form) -> Given:
    """An act, and what goes with it."""
    return Given(
        act=form["act"],
        words=form["body"],
        owner=form["owner"],
        by_when=form["by_when"],
        into=named(form["into"]),
        version=number(form["version"]),
        key=form["key"],
    )


def named(text: str) -> int:
    """The number of a suggestion as people write it: "S-12", "12", its address, its name with the title behind it."""
    found = re.search(r"(?:\bs-|/s/|^)\s*(\d{1,15})\b", text.strip(), re.ASCII | re.IGNORECASE)
    return number(found[1]) if found else 0


def labels(text: str) -> list[str]:
    """Labels as they are typed, with commas between them."""
    return [one for one in (" ".join(part.split()) for part in text.split(",")) if one]


@dataclass(frozen=True, slots=True)
class Query:
    """What an address of the board or the list asks for; what it does not name is "".

    ``team`` is whose board it is, ``with_team`` the one on the other side. ``to`` and ``of`` narrow the list, and
    ``mine`` to what whoever looks has asked.
    """

    view: str = ""
    tab: str = OPEN
    team: str = ""
    with_team: str = ""
    to: str = ""
    of: str = ""
    page: str = ""
    label: str = ""
    mine: bool = False
    age: int = 0
    late: bool = False
    in_time: str = ""
    since: str = ""
    order: str = ""
    text: str = ""
    after: int = 0

    @property
    def is_list(self) -> bool:
        """Whether rows are asked for, and not the board."""
        return self.view == "list" or (not self.view and any((self.to, self.of, self.in_time)))

    @property
    def states(self) -> tuple[str, ...]:
        """The states that are looked for."""
        return SHOWN[self.tab]

    @property
    def is_narrowed(self) -> bool:
        """Whether some are left out that would stand there."""
        chosen = (self.to, self.of, self.page, self.label, self.mine, self.age, self.late, self.in_time, self.since)
        return any((*chosen, self.text))

    @property
    def in_order(self) -> str:
        """First due first where answers are due; elsewhere the latest first."""
        return self.order or (DUE if self.tab in (OPEN, WAITING) else NEW)

    def narrowed(self, by: By) -> Filter:
        """The filter for all of its states, as whoever looks has it now."""
        return Filter(
            to_team=(self.to,) if self.to else (),
            from_team=(self.of,) if self.of else (),
            page=self.page,
            label=self.label,
            author=(by.actor.id or NOBODY) if self.mine else "",
            late=stamp(by.now) if self.late else "",
            owed=stamp(by.now) if self.in_time == OWED else "",
            in_time="" if self.in_time == OWED else self.in_time,
            since=stamp(by.now - timedelta(days=self.age)) if self.age else self.since,
            text=self.text,
        )

    def at(self, **changes: object) -> str:
        """The address with other values, behind `suggestions/`; it begins at the first of what is found."""
        changed = replace(self, **{"after": 0, **changes})  # type: ignore[arg-type]  # the caller names our fields
        values = {name: value for name, value in changed.named().items() if value}
        return f"?{urlencode(values)}" if values else ""

    def named(self) -> dict[str, str]:
        """Its values by their names in the address."""
        named = {
            "view": self.view,
            "state": "" if self.tab == OPEN else self.tab,
            "team": self.team,
            "with": self.with_team,
            "to": self.to,
            "from": self.of,
            "page": self.page,
            "label": self.label,
            "mine": "1" if self.mine else "",
            "age": str(self.age or ""),
            "late": "1" if self.late else "",
            "in_time": self.in_time,
            "since": self.since,
            "order": self.order,
            "query": self.text,
        }
        return named | ({"after": str(self.after)} if self.after else {})


def query_of(args: Mapping[str, str], teams: Mapping[str, object]) -> Query:
    """What an address asks for. Whatever makes no sense in it is as if it were not there."""
    age, order = number(args.get("age", "")), args.get("order", "")
    in_time = args.get("in_time", "") if args.get("in_time") in (YES, NO, OWED) else ""
    tab = args.get("state", "") or (ALL if in_time else OPEN)
    known = {name: args.get(name, "") if args.get(name) in teams else "" for name in ("team", "with", "to", "from")}
    return Query(
        view=args.get("view", "") if args.get("view") in VIEWS else "",
        tab=tab if tab in SHOWN else OPEN,
        team=known["team"],
        with_team=known["with"],
        to=known["to"],
        of=known["from"],
        page=_short(args, "page"),
        label=_short(args, "label"),
        mine=bool(args.get("mine")),
        age=age if age in AGES else 0,
        late=bool(args.get("late")),
        in_time=in_time,
        since=since if _SINCE.fullmatch(since := args.get("since", "")) else "",
        order=order if order in ORDERS else "",
        text=_short(args, "query"),
        after=number(args.get("after", "")),
    )


def _short(args: Mapping[str, str], name: str) -> str:
    """A text in an address, without signs that no database could hold."""
    return "".join(sign for sign in args.get(name, "")[:LONGEST] if sign.isprintable()).strip()
