"""What programs send and get of suggestions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from kb_server.web.api import Answered, Body, Parameters, cursors, shared
from kb_server.web.api.matching import Match
from kb_server.web.api.shared import Keyed, Passage, Person, Quote
from kb_server.writing.models import MOST_BYTES

State = Literal["waiting", "more", "planned", "done", "notnow", "asked", "back"]
Act = Literal["plan", "decline", "ask", "join", "part", "tell", "finish", "reopen", "back"]
Number = Annotated[int, Field(ge=1, lt=1 << 63, examples=[1], description="The suggestion's number: 12 for S-12.")]
Said = Annotated[str, Field(max_length=MOST_BYTES, examples=["Say by when you call back"], description="In Markdown.")]
Title = Annotated[str, Field(max_length=120, description="Left empty, the first line is one.")]
Team = Annotated[str, Field(max_length=100, examples=["marketing"], description="The id of a team.")]
Limit = Annotated[int, Field(ge=1, le=100, description="How many at most.")]
STATES = (
    "`waiting` for an answer · `more`: the team that was asked needs to know more · `planned` · `done` · `notnow` · "
    "`asked`: was asked already, and has joined another · `back`: taken back by the author"
)


class One(Parameters):
    """Which suggestion."""

    number: Number


class Listed(Parameters):
    """Which suggestions. What is left empty does not matter."""

    to: str = Field(default="", max_length=100, description="The id of the team that was asked.")
    of: str = Field(default="", alias="from", max_length=100, description="The id of the team that asks.")
    state: State | Literal["", "open"] = Field(
        default="", description=f"{STATES}; `open` is the first two, those without an answer."
    )
    page: str = Field(default="", max_length=200, description="The permanent id of the page they are about.")
    label: str = Field(default="", max_length=100, description="A label they have.")
    author: str = Field(default="", max_length=100, description="The id of who asks.")
    owner: str = Field(default="", max_length=100, description="The id of who does it.")
    late: bool = Field(default=False, description="Only those whose answer was due and has not come.")
    in_time: Literal["", "yes", "no"] = Field(default="", description="Whether they were answered in time.")
    since: str = Field(
        default="",
        pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$",
        description="The day on which they were asked at the earliest.",
    )
    text: str = Field(default="", alias="query", max_length=200, description="Words in the title, as they stand there.")


class Wanted(Listed):
    """Which suggestions, in which order, and which part of them."""

    order: Literal["new", "due", "votes", "age"] = Field(
        default="new", description="Latest first, first due first, most agreed with first, oldest first."
    )
    limit: Limit = 20
    cursor: cursors.Cursor = ""


class Part(Parameters):
    """Which part of what was said."""

    limit: Limit = 50
    cursor: cursors.Cursor = ""


class Doing(Keyed):
    """What tells a repeated act from a second one, and an act on what is there from one on what was."""

    match: Match = ""


class Asked(Body):
    """Something to ask of a team."""

    body: Said
    to_team: Team
    from_team: Annotated[str, Field(max_length=100, description="The id of one of your teams, or empty.")] = ""
    title: Title = ""
    page: Annotated[str, Field(max_length=200, description="The permanent id of the page it is about.")] = ""
    section: Annotated[str, Field(max_length=200, description="The heading's anchor, if it is about one.")] = ""
    quote: Annotated[Passage | None, Field(description="The passage it is about.")] = None


class Reworded(Body):
    """What it shall say instead."""

    body: Said
    title: Title = ""


class Given(Body):
    """What is to become of it, and what goes with that."""

    act: Annotated[
        Act,
        Field(
            description="`plan` (needs `owner` and `by_when`) · `decline` (needs `words`) · `ask` for more (needs "
            "`words`) · `join` another (needs `into`) · `part` from it · `tell` what was asked for (needs `words`) · "
            "`finish` · `reopen` (needs `words`) · take `back`. Which are open to you, `may` of the suggestion says."
        ),
    ]
    words: Annotated[str, Field(max_length=MOST_BYTES, description="Why, what, or what for, in Markdown.")] = ""
    owner: Annotated[str, Field(max_length=100, description="The handle or the id of who does it.")] = ""
    by_when: Annotated[str, Field(max_length=10, description="The day by which it is done: 2027-03-31.")] = ""
    into: Annotated[int, Field(ge=0, lt=1 << 63, description="The number of the one that it joins.")] = 0


class Remarked(Body):
    """Something to say about it."""

    body: Said


class Addressed(Body):
    """Which team shall be asked instead."""

    to_team: Team


class Labelled(Body):
    """All labels that it shall have."""

    labels: Annotated[list[Annotated[str, Field(max_length=100)]], Field(max_length=20, description="In words.")]


class Suggestion(Answered):
    """What a team asks of another."""

    number: int = Field(description="Its number, for good.")
    name: str = Field(description="What people call it: S-12.")
    title: str = Field(description="In a line.")
    body: str = Field(description="As it was written.")
    html: str = Field(description="As it is shown.")
    author: Person = Field(description="Who asks.")
    from_team: str = Field(description="The id of the team that asks; empty for somebody in none.")
    to_team: str = Field(description="The id of the team that is asked.")
    state: str = Field(description=STATES)
    since: str = Field(description="Since when it is in that state, in UTC.")
    page: str = Field(description="The permanent id of the page it is about; empty for none.")
    section: str = Field(description="The heading's anchor; empty for the page as a whole.")
    quote: Quote | None = Field(description="The passage it is about.")
    owner: Person | None = Field(description="Who does it.")
    by_when: str = Field(description="The day by which it is to be done; empty for none.")
    due: str = Field(description="When an answer is due, in UTC; empty while the clock stands still.")
    left: int = Field(description="The seconds of working time that are left while it stands still.")
    passed: str = Field(description="To whom it was passed when it was late: `liaison`, `head`, or empty.")
    answered_at: str = Field(description="When it was answered, in UTC; empty until then.")
    in_time: str = Field(description="Whether that was in time: `yes`, `no`, or empty until then.")
    into: int | None = Field(description="The number of the one that it joined.")
    votes: int = Field(description="How many agree, also with those that joined it.")
    agreed: bool = Field(description="Whether you do.")
    labels: list[str] = Field(description="What liaisons call it, to bring order into what waits.")
    created_at: str = Field(description="When it was asked, in UTC.")
    edited_at: str = Field(description="Empty if it never was.")
    version: int = Field(description="Grows with what is said and with what becomes of it.")
    sample: bool = Field(description="Whether it is made up, for a first visitor.")
    edits: int = Field(description="How many texts it would change: its `edits` have them. 0 where it asks in words.")
    may: list[str] = Field(description="What you may do with it now, by `acts`.")
    url: str = Field(description="Where it stands, below the wiki's root.")


class Suggestions(Answered):
    """Some of the suggestions that were looked for."""

    suggestions: list[Suggestion] = Field(description="The suggestions, in order.")
    next: cursors.Next = None


class Remark(shared.Said):
    """Something said about a suggestion."""

    suggestion: int = Field(description="The suggestion's number.")
    act: str = Field(description="The act that it was said with; empty for none.")


class Remarks(Answered):
    """Some of what was said, in the order it was."""

    remarks: list[Remark] = Field(description="The remarks.")
    next: cursors.Next = None


class Happened(Answered):
    """A thing that happened to a suggestion."""

    at: str = Field(description="When, in UTC.")
    what: str = Field(description="`asked`, `planned`, `declined`, `asked_more`, `late` and the like.")
    who: Person | None = Field(description="Who did it; null for what time brought about.")
    state: str = Field(description="The state it was in then.")
    remark: str = Field(description="The id of what was said with it; empty for nothing.")
    said: str = Field(description="What was said with it, in Markdown.")


class History(Answered):
    """What happened to a suggestion, oldest first."""

    history: list[Happened] = Field(description="At most the last two hundred things.")
