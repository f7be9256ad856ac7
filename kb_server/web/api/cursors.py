"""Where a list goes on: a text that means nothing to whoever carries it, and a place in one list to us.

It says what was shown last, not how much was shown, so that nothing is shown twice or left out when the list grows
meanwhile. It is sealed against typing mistakes and against use with another list, not against forgery: what it holds
is checked like anything else that is sent.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Annotated, TypeVar

from pydantic import Field, TypeAdapter
from pydantic_core import to_json

from kb_server.web.api.faults import Unusable
from kb_server.web.api.models import Fault

SEAL = 6  # bytes
LONGEST = 512

Cursor = Annotated[
    str,
    Field(max_length=LONGEST, description="Where to go on: the `next` of the answer before. Empty: at the beginning."),
]
"""The parameter of a list that goes on. The field of its answer is `Next`."""

Next = Annotated[
    str | None, Field(description="The `cursor` to go on with, with all else as it was; null at the end of the list.")
]

T = TypeVar("T")
Row = TypeVar("Row")


def written(place: object, *of: object) -> str:
    """The cursor of a place in the list that `of` tells from others: its name, and whatever narrows or orders it."""
    held = to_json(place)
    return _text(_seal(held, of) + held)


def read(cursor: str, shape: TypeAdapter[T], *of: object) -> T | None:
    """The place a cursor stands for, in the list `of`; None for an empty one. Raises Unusable."""
    if not cursor:
        return None
    try:
        packed = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        if _text(packed) == cursor and packed[:SEAL] == _seal(packed[SEAL:], of):
            return shape.validate_json(packed[SEAL:], strict=True)
    except ValueError:  # no base64, or not of this shape
        pass
    raise Unusable(
        Fault(
            detail="cursor is not from an answer to this question. Send the last answer's `next` with all else "
            "unchanged, or leave it out to begin anew.",
            parameter="cursor",
        )
    )


def cut(
    rows: Sequence[Row], limit: int, place: Callable[[Row], object], *of: object
) -> tuple[Sequence[Row], str | None]:
    """The first `limit` of rows, of which one more was fetched, and the cursor behind them if that one came."""
    shown = rows[:limit]
    return shown, written(place(shown[-1]), *of) if len(rows) > limit else None


def _text(packed: bytes) -> str:
    return urlsafe_b64encode(packed).rstrip(b"=").decode()


def _seal(held: bytes, of: Sequence[object]) -> bytes:
    return blake2b(to_json(of) + b"\n" + held, digest_size=SEAL).digest()
