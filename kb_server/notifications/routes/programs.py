"""What waits, for programs."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kb_server.notifications import service, view
from kb_server.notifications.routes import listing
from kb_server.notifications.service import Teller
from kb_server.web.api import Answer, Answered, Body, Parameters, cursors
from kb_server.web.context import kb
from kb_server.web.gate import actor


class Wanted(Parameters):
    """Which part of the list."""

    limit: int = Field(default=20, ge=1, le=100, description="How many at most.", examples=[5])
    cursor: cursors.Cursor = ""


class Thing(Answered):
    """Something that waits."""

    key: str = Field(description="What tells it from the others of this list.")
    reason: str = Field(description="Why it waits: `question`, `answer`, `mention` and others.")
    at: str = Field(description="When it came, in UTC.")
    due: str | None = Field(description="When it is due; null where nothing says so.")
    person: str = Field(description="The permanent id of whoever did it.")
    name: str = Field(description="What they are called.")
    page: str = Field(description="The permanent id of the page it belongs to.")
    page_title: str = Field(description="What that is called.")
    title: str = Field(description="What it is about, in a line.")
    text: str = Field(description="What was said, without its formatting.")
    url: str = Field(description="Where it stands, below the wiki's root.")


class Waiting(Answered):
    """What waits for you, first due first."""

    count: int = Field(description="How much there is altogether.")
    waiting: list[Thing] = Field(description="Some of it.")
    next: cursors.Next = None


class Seen(Body):
    """What one has seen to."""

    key: Annotated[
        str,
        Field(
            min_length=1,
            max_length=200,
            examples=["comment:c_0123456789abcdef"],
            description="What tells it from the others of the list.",
        ),
    ]


class ForPrograms:
    """The routes, with what tells people at hand."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller

    def entries(self, query: Wanted) -> Waiting:
        """What waits for you.

        First due first, then in the order it came. What is hidden or taken back leaves the list at once.
        """
        found = listing.part(self._teller, query.cursor, query.limit)
        return Waiting(count=found.count, waiting=list(map(_thing, found.cards)), next=found.following)

    def seen(self, body: Seen) -> Answer[None]:
        """Say that you have seen to something.

        It leaves your list and nobody else's.
        """
        with kb().database.transaction() as connection:
            service.seen(connection, actor(), body.key)
        return Answer(None, 204)


def _thing(card: view.Card) -> Thing:
    entry = card.entry
    return Thing(
        key=entry.key,
        reason=entry.reason,
        at=entry.at,
        due=None if entry.due.startswith("9999") else entry.due,
        person=entry.actor,
        name=card.name,
        page=entry.page,
        page_title=card.page_title,
        title=entry.title,
        text=entry.text,
        url=entry.url,
    )
