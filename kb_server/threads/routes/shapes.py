"""What programs send and get of conversations."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from kb_server.web.api import Answered, Body, Parameters, cursors, shared
from kb_server.web.api.shared import Passage, Person, Quote
from kb_server.writing.models import LONGEST_REASON, MOST_BYTES


def _no_idea(kind: object) -> object:
    """Say where an idea goes, rather than that there is no such kind: once there was, and programs remember it."""
    if kind == "idea":
        raise ValueError("must be wrong or question: an idea is a suggestion, and goes to /api/v1/suggestions")
    return kind


Kind = Annotated[Literal["wrong", "question"], BeforeValidator(_no_idea)]
Said = Annotated[
    str, Field(max_length=MOST_BYTES, examples=["Does a call-back count?"], description="What to say, in Markdown.")
]
Why = Annotated[str, Field(max_length=LONGEST_REASON, examples=["The text was changed"], description="In a few words.")]
ThreadId = Annotated[
    str, Field(pattern="^th_[0-9a-f]{1,32}$", examples=["th_0123456789abcdef"], description="The conversation's id.")
]
CommentId = Annotated[
    str, Field(pattern="^c_[0-9a-f]{1,32}$", examples=["c_0123456789abcdef"], description="The comment's id.")
]
PageId = Annotated[str, Field(max_length=200, examples=["home"], description="The permanent id of the page.")]
Anchor = Annotated[str, Field(max_length=200, description="The heading's anchor; empty for the page as a whole.")]


class OneThread(Parameters):
    """Which conversation."""

    thread_id: ThreadId


class OneComment(Parameters):
    """Which comment."""

    comment_id: CommentId


class Listed(Parameters):
    """Which conversations."""

    page: PageId
    state: Literal["open", "settled"] = Field(default="open", description="Those that go on, or those that do not.")
    limit: int = Field(default=20, ge=1, le=50, description="How many at most.")
    cursor: cursors.Cursor = ""


class Part(Parameters):
    """Which part of a conversation."""

    limit: int = Field(default=50, ge=1, le=100, description="How many comments at most.")
    cursor: cursors.Cursor = ""


class Matching(Parameters):
    """What tells an edit of what is there from one of what was."""

    match: str = Field(
        alias="If-Match", max_length=40, examples=['"1"'], description="The `ETag` of the comment that was changed."
    )


class Start(Body):
    """A new conversation."""

    page: PageId
    section: Anchor = ""
    kind: Annotated[Kind, Field(description="What it is. An idea is a suggestion.")]
    body: Said
    quote: Annotated[Passage | None, Field(description="The passage it is about.")] = None


class Words(Body):
    """What somebody says."""

    body: Said


class Reason(Body):
    """How something was settled."""

    reason: Why


class Objection(Body):
    """Why something should not stand there."""

    reason: Why = ""


class Where(Body):
    """Where a conversation shall hang."""

    page: PageId
    section: Anchor = ""


class Attached(Where):
    """The passage a conversation shall be about."""

    quote: Annotated[Passage, Field(description="The passage.")]


class Thread(Answered):
    """A conversation."""

    id: str = Field(description="Its permanent id.")
    page: str = Field(description="The permanent id of its page.")
    section: str = Field(description="The anchor of its section; empty for the page as a whole.")
    kind: str = Field(description="`wrong` or `question`; of those that are older, `idea`.")
    title: str = Field(description="The first line of what it began with.")
    state: str = Field(description="`open` or `settled`.")
    reason: str = Field(description="How it was settled.")
    author: Person = Field(description="Who began it.")
    created_at: str = Field(description="When it began, in UTC.")
    comments: int = Field(description="How many comments can be read.")
    quote: Quote | None = Field(description="The passage it is about.")
    fate: str = Field(description="What became of the passage: `here`, `moved`, `changed` or `gone`.")
    url: str = Field(description="Where it stands, below the wiki's root.")


class Threads(Answered):
    """Some of a page's conversations, the latest first."""

    threads: list[Thread] = Field(description="The conversations.")
    next: cursors.Next = None


class Comment(shared.Said):
    """Something said."""

    thread: str = Field(description="The id of the conversation.")
    agrees: int = Field(description="How many agree.")
    agreed: bool = Field(description="Whether you do.")


class Comments(Answered):
    """Some of a conversation, in the order it was said."""

    comments: list[Comment] = Field(description="The comments.")
    next: cursors.Next = None
