"""What programs send and get of whatever feature: who somebody is, words of a page, a key against saying it twice."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kb_server.web.api.models import Answered, Body, Parameters
from kb_server.writing.models import LONGEST_QUOTE
from kb_server.writing.names import Names


class Keyed(Parameters):
    """What tells a repeated sending from a second remark."""

    key: str = Field(
        default="",
        alias="Idempotency-Key",
        max_length=200,
        description="Sent again under the same key, it is said once.",
    )


class Passage(Body):
    """Words of the section, with some of what stands around them (a TextQuoteSelector)."""

    exact: Annotated[str, Field(min_length=1, max_length=LONGEST_QUOTE, description="The words.")]
    prefix: Annotated[str, Field(max_length=200, description="What stands before them.")] = ""
    suffix: Annotated[str, Field(max_length=200, description="What stands behind them.")] = ""


class Person(Answered):
    """Somebody."""

    id: str = Field(description="Their permanent id.")
    name: str = Field(description="What they are called.")
    teams: list[str] = Field(description="The ids of their teams.")


class Quote(Answered):
    """A passage, as the section had it."""

    exact: str = Field(description="The words.")
    prefix: str = Field(description="What stands before them.")
    suffix: str = Field(description="What stands behind them.")
    position: int = Field(description="Where it begins in the section's plain text.")


class Said(Answered):
    """What somebody said to others, about whatever it is."""

    id: str = Field(description="Its permanent id.")
    author: Person = Field(description="Who said it.")
    body: str = Field(description="As it was written; empty once it was taken back.")
    html: str = Field(description="As it is shown.")
    state: str = Field(description="`shown`, or `deleted` once it was taken back.")
    version: int = Field(description="Grows with each edit.")
    created_at: str = Field(description="When it was said, in UTC.")
    edited_at: str = Field(description="Empty if it never was.")
    url: str = Field(description="Where it stands, below the wiki's root.")


def person(person_id: str, called: Names) -> Person:
    """Somebody, by what they are called now."""
    who = called.who(person_id)
    return Person(id=person_id, name=who.name, teams=[team.id for team in who.teams])
