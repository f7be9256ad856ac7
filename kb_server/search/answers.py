"""The answer as others read it: over the interface for programs, and from ``kb search --json``."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kb_server.search.models import Results
from kb_server.web.api import Answered
from kb_server.web.api.cursors import Next

Address = Annotated[str, Field(description="Its address, relative to the wiki's home.")]
PageId = Annotated[str, Field(description="The permanent id of the page: `p/<id>/` always leads there.")]


class Hit(Answered):
    """A section that was found."""

    title: str = Field(description="Its heading, or the title of the page if it is the beginning of one.")
    url: Address
    page_id: PageId
    page_title: str = Field(description="The title of its page.")
    kind: str = Field(description="The kind of page: page, definition, practice, role, metric, webinar, note, path.")
    teams: list[str] = Field(description="The ids of the teams it concerns.")
    excerpt: str = Field(description="The part of its text that answers best.")
    score: float = Field(description="How well it fits; comparable within one answer only.")


class Card(Answered):
    """The definition that the query names."""

    title: str = Field(description="The term.")
    url: Address
    page_id: PageId
    text: str = Field(description="The definition itself: the text in force, or that of its page while none is.")
    aliases: list[str] = Field(description="What else it is called.")
    criteria: int = Field(description="How many criteria it has.")
    examples: int = Field(description="How many examples it has.")
    teams: list[str] = Field(description="The ids of the teams it concerns.")
    used_on: int = Field(description="How many pages link to it.")
    state: str = Field(description="Whether the teams have agreed to it.")
    version: int = Field(description="The version in force, 0 while none is.")


class Facets(Answered):
    """How many there would be of another kind, or of another team, all else being the same."""

    kind: dict[str, int] = Field(description="By kind of page.")
    team: dict[str, int] = Field(description="By the id of the team.")


class Found(Answered):
    """What a search has found."""

    query: str = Field(description="The query as it was understood to be typed.")
    corrected: str | None = Field(description="The query that was answered, if a spelling was put right.")
    total: int = Field(description="How many sections match.")
    took_ms: float = Field(description="Milliseconds the search took.")
    complete: bool = Field(description="False if time ran out; then there may be more and better hits.")
    hits: list[Hit] = Field(description="Best first.")
    facets: Facets = Field(description="What it could be narrowed to.")
    card: Card | None = Field(description="The definition, if the query names one.")
    next: Next = None


def found(results: Results, following: str | None = None) -> Found:
    """The answer as others read it; `following` is the cursor behind it."""
    return Found.model_validate(results).model_copy(update={"next": following})
