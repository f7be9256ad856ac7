"""What a suggestion would have the text say, for programs: of now, or of any version of it before."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from kb_server.errors import NotFound
from kb_server.suggestions import acts
from kb_server.suggestions.edits import storage, view
from kb_server.suggestions.edits.models import KeptEdit, Past
from kb_server.suggestions.outcomes import TAG
from kb_server.suggestions.routes import shapes
from kb_server.web.api import Answered, Parameters, operation
from kb_server.web.context import build, kb
from kb_server.web.gate import actor
from kb_server.words import t


class Wanted(Parameters):
    """Which version."""

    version: Annotated[
        int, Field(ge=0, le=1_000_000_000, description="One of `versions`; 0 for what is suggested now.")
    ] = 0


class Edit(Answered):
    """A section as it should read, or a page that should be there."""

    page: str = Field(description="The permanent id of the page, or of the one that should be there.")
    section: str = Field(description="The heading's anchor; empty for what stands first on the page, and a new page.")
    title: str = Field(description="The heading of the section, or the title of the new page.")
    path: str = Field(description="The file, below the wiki's folder, when it was suggested.")
    line: int = Field(description="Where the section began there, from 1; 0 for a new page.")
    new_page: bool = Field(description="Whether it is a page that should be there.")
    front: str = Field(description="The front matter of a new page, with what holds it off from the text.")
    before: str = Field(description="The section as it was read, in Markdown; empty for a new page.")
    after: str = Field(description="As it should read, in Markdown. Never let it run or stand as HTML unseen.")
    stands: bool = Field(description="Whether the section reads today as it was read.")
    applied: str = Field(description="The pull request, or the branch, in which it is proposed; empty for none.")


class Version(Answered):
    """A version of a suggestion from which on other texts were suggested."""

    version: int = Field(description="That version.")
    at: str = Field(description="Since when, in UTC.")


class Edits(Answered):
    """The texts that go with a suggestion, and what there was of them."""

    edits: list[Edit] = Field(description="In the order in which they were put together; none where it asks in words.")
    versions: list[Version] = Field(description="All there were, the latest first.")


@operation(TAG, answers={200: "The texts, as they are and as they should be."})
def edits(path: shapes.One, query: Wanted) -> Edits:
    """What a suggestion would have the text say."""
    with kb().database.read() as connection:
        past = storage.all_of(connection, acts.numbered(connection, actor().id, path.number).number)
    versions = [Version(version=one.version, at=one.at) for one in past]
    return Edits(edits=[_edit(one) for one in _chosen(past, query.version)], versions=versions)


def _chosen(past: list[Past], version: int) -> tuple[KeptEdit, ...]:
    """The edits of that version. Raises NotFound where there is none."""
    if not past and not version:
        return ()
    chosen = past[0] if past and not version else next((one for one in past if one.version == version), None)
    if chosen is None:
        raise NotFound(t("suggestions.none"))
    return chosen.edits


def _edit(one: KeptEdit) -> Edit:
    return Edit(
        page=one.page,
        section=one.section,
        title=one.title,
        path=one.path,
        line=one.line,
        new_page=one.is_new_page,
        front=one.front,
        before=one.before,
        after=one.after,
        stands=view.stands(one, build().pages),
        applied=one.applied,
    )
