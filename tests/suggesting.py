"""People who ask one another for something, by the rules alone: what a browser would send is said in Python here."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from by_hand import ROSTER

from kb_server.activity.storage import activity
from kb_server.db import Database
from kb_server.documents.storage import documents
from kb_server.people import service as people
from kb_server.people.models import NOBODY, Actor
from kb_server.people.roster import Roster, from_data
from kb_server.suggestions import reading, service
from kb_server.suggestions.models import Asking, Given, Remark, Suggestion
from kb_server.writing.models import By, Said

Done = TypeVar("Done")
Rest = ParamSpec("Rest")

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
"""The beginning of a week in which everybody works."""


def roster() -> Roster:
    """Sam and Nia of Sales, Mia and Tom of Marketing, Lee in both and their liaison, Vera, Otto in no team, Ada."""
    data: dict[str, Any] = deepcopy(ROSTER)
    for handle, team in (("nia", "sales"), ("tom", "marketing")):
        data["people"][handle] = dict(data["people"]["sam"], name=handle.title(), email="", teams=[team])
    return from_data(data)


class Undone(Exception):  # noqa: N818  -- it is no error
    """What was done is to be forgotten."""


@dataclass
class House:
    """A store, who is in it, and what time it is. Each act is a transaction of its own, as with a server."""

    database: Database
    now: datetime = MONDAY
    posts: int = 100_000
    roster: Roster = field(default_factory=roster)
    actors: dict[str, Actor] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Let everybody have been here."""
        with self.database.transaction() as connection:
            found = people.people_for(connection, self.roster.people, self.roster, self.now)
            self.actors = {handle: people.actor_of(connection, person, self.roster) for handle, person in found.items()}

    def id(self, handle: str) -> str:
        """The id of somebody."""
        return self.actors[handle].id

    def by(self, who: str | Actor) -> By:
        """Somebody, now; nobody for ""."""
        actor = who if isinstance(who, Actor) else self.actors[who] if who else NOBODY
        return By(actor, self.roster, self.now, self.posts)

    def do(
        self,
        act: Callable[Concatenate[sa.Connection, By, Rest], Done],
        who: str | Actor,
        *given: Rest.args,
        **more: Rest.kwargs,
    ) -> Done:
        """Do something in a transaction."""
        with self.database.transaction() as connection:
            return act(connection, self.by(who), *given, **more)

    def read(
        self, question: Callable[Concatenate[sa.Connection, Rest], Done], *given: Rest.args, **more: Rest.kwargs
    ) -> Done:
        """Ask something."""
        with self.database.read() as connection:
            return question(connection, *given, **more)

    def ask(
        self,
        who: str = "sam",
        body: str = "Say by when you call back",
        key: str = "",
        **fields: Any,  # noqa: ANN401  -- fields of Asking
    ) -> Suggestion:
        """Ask Marketing for something, for Sales where one is in it."""
        fields.setdefault("from_team", "sales" if who in {"sam", "nia", "lee"} else "")
        asking = Asking(Said(body, key), **{"to_team": "marketing"} | fields)
        return self.do(service.ask, who, asking)

    def act(
        self,
        who: str,
        suggestion: Suggestion | int,
        act: str,
        **given: Any,  # noqa: ANN401  -- fields of Given
    ) -> Suggestion:
        """Do an act on a suggestion as it is now."""
        one = self.one(suggestion)
        return self.do(service.act, who, one, Given(act, **{"version": one.version} | given))

    def plan(self, who: str, suggestion: Suggestion | int) -> Suggestion:
        """Answer that Tom does it within a week."""
        return self.act(who, suggestion, "plan", owner="tom", by_when=(self.now + timedelta(7)).date().isoformat())

    def vote(self, who: str, suggestion: Suggestion | int, *, does: bool = True) -> Suggestion:
        """Agree."""
        return self.do(service.vote, who, self.one(suggestion), does=does)

    def say(self, who: str, suggestion: Suggestion | int, body: str, key: str = "") -> Remark:
        """Make a remark."""
        return self.do(service.remark, who, self.one(suggestion), Said(body, key))

    def one(self, suggestion: Suggestion | int, viewer: str = "") -> Suggestion:
        """A suggestion as it is now."""
        number = suggestion if isinstance(suggestion, int) else suggestion.number
        found = self.read(reading.suggestion, number, self.id(viewer) if viewer else "")
        assert found is not None
        return found

    def later(self, **by: float) -> None:
        """Let some time pass."""
        self.now += timedelta(**by)

    def log(self, *verbs: str) -> list[dict[str, Any]]:
        """What the log tells of suggestions, or of these verbs alone, oldest first; who did it by their handles."""
        names = {actor.id: handle for handle, actor in self.actors.items()}
        with self.database.read() as connection:
            rows = connection.execute(sa.select(activity).order_by(activity.c.seq)).mappings().all()
        lines = [
            json.loads(row["data"])
            | {"verb": row["verb"].removeprefix("suggestion."), "subject": row["subject"]}
            | {"who": names.get(row["actor"], row["actor"]), "at": row["at"]}
            for row in rows
            if row["verb"].startswith("suggestion.")
        ]
        return [line for line in lines if not verbs or line["verb"] in verbs]

    def findable(self) -> dict[str, str]:
        """What can be found of suggestions and remarks: their texts, by their refs."""
        shown = (documents.c.kind == "suggestion") & (documents.c.hidden == 0)
        with self.database.read() as connection:
            return {row.ref: row.text for row in connection.execute(sa.select(documents).where(shown))}

    def written(self) -> dict[str, list[tuple[Any, ...]]]:
        """All that is stored of suggestions, and how long the log is: the same means that nothing was written."""
        tables = ("suggestions", "remarks", "suggestion_votes", "suggestion_labels", "suggestion_versions")
        tables = (*tables, "remark_versions", "sendings")
        with self.database.read() as connection:
            rows = {
                name: [tuple(row) for row in connection.execute(sa.text(f"SELECT * FROM {name}"))] for name in tables
            }
            rows["log"] = [tuple(row) for row in connection.execute(sa.text("SELECT count(*) FROM activity"))]
        return {name: sorted(found, key=repr) for name, found in rows.items()}

    def would(self, attempt: Callable[[sa.Connection], object]) -> str:
        """What comes of trying something, which is then forgotten: "done", or the name of what was in the way."""

        def and_forget() -> None:
            with self.database.transaction() as connection:
                attempt(connection)
                raise Undone

        try:
            and_forget()
        except Exception as problem:  # noqa: BLE001  -- it is what is asked for
            return "done" if isinstance(problem, Undone) else type(problem).__name__

    def with_token(self, handle: str, *scopes: str) -> Actor:
        """A program that acts for somebody."""
        return replace(self.actors[handle], scopes=frozenset(scopes))
