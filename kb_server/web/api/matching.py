"""Whether what is to be changed is still what somebody has read (RFC 9110, 13.1.1; RFC 6585, 3)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from pydantic import Field
from werkzeug.exceptions import PreconditionFailed, PreconditionRequired

from kb_server.web.api.models import Parameters

ANY = "*"
NEEDED = {412: "It was changed since you read it.", 428: "Send `If-Match`."}
"""What may be in the way of a change, for the description of a route."""
_TAG = re.compile(r'(?:W/)?"?([0-9]{1,9})(?:-[0-9a-f]*)?"?')

Match = Annotated[
    str,
    Field(
        alias="If-Match",
        max_length=60,
        examples=['"1-0123456789ab"'],
        description="The `ETag` of what you have read, or `*` to change it whatever it is by now. What others do "
        "meanwhile without changing what is said, such as to agree, does no harm.",
    ),
]


class Matching(Parameters):
    """What tells a change of what is there from one of what was."""

    match: Match = ""


def tag(version: int, rest: str) -> str:
    """An ETag of which only the version has to match for a change; `rest` is a digest of all that is shown."""
    return f"{version}-{rest}"


def version(match: str, now: int) -> int:
    """The version that somebody has read: `now` for any, 0 for what is none. Raises PreconditionRequired."""
    if not match:
        raise PreconditionRequired("Send the ETag of what you have read as If-Match, so that nobody's change is lost.")
    found = _TAG.fullmatch(match.strip())
    return now if match.strip() == ANY else int(found[1]) if found else 0


@contextmanager
def failing(*stale: type[Exception]) -> Iterator[None]:
    """Answer that the precondition has failed where one of these is raised."""
    try:
        yield
    except stale as error:
        raise PreconditionFailed(f"{error} Read it again, and send its ETag as If-Match.") from error
