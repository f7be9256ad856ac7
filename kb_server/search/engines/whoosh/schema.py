"""What stands in the index: its fields, all of ready-made stems and words, and its columns.

A field's value is never a text to be taken apart: the words come from the table of documents, where
`documents.analysis` has put them for every engine.
"""

from __future__ import annotations

import hashlib
from array import array
from typing import Any, NamedTuple

from whoosh.columns import FixedBytesColumn, NumericColumn
from whoosh.fields import FieldType, Schema
from whoosh.formats import Existence, Positions

VERSION = 1
"""To be raised whenever what an index holds changes: one of another version is made anew."""

LONGEST_BEGINNING = 32  # letters; a longer word is indexed by its first so many, and whole
PRINT = 16  # bytes


class Postings(NamedTuple):
    """The documents with a term, ascending, by their numbers in a segment.

    How often and where they have it (as bytes) are empty in fields of marks, where once is always.
    """

    numbers: array[int]
    weights: array[float]
    places: list[bytes]


def no_postings() -> Postings:
    """A list to be filled."""
    return Postings(array("I"), array("f"), [])


def places_in(value: bytes) -> memoryview[int]:
    """The places of a stem in one document, in order."""
    return memoryview(value).cast("I")


class Places(Positions):  # type: ignore[misc]  # Whoosh has no types
    """Posting values that hold the places of a stem as plain numbers: a third of the size of Whoosh's pickled ones."""

    def encode(self, poslist: list[int]) -> bytes:
        """The places as bytes."""
        return array("I", poslist).tobytes()

    def decode_positions(self, valuestring: bytes) -> list[int]:
        """The places, in order."""
        return list(places_in(valuestring))

    def decode_frequency(self, valuestring: bytes) -> int:
        """How many places there are."""
        return len(valuestring) // array("I").itemsize


def _field(form: Any, *, scorable: bool = False) -> Any:  # noqa: ANN401  -- Whoosh has no types
    return FieldType(form, None, scorable=scorable)


STEMS = ("title_stems", "stems")
"""Stems with their places."""
MARKS = ("beginnings", "title_beginnings", "long_words", "kind", "teams", "place", "watermark")
"""What a document has or has not."""
WATERMARK = "here"
"""The term of the one document that is none: its number says how far the index goes."""

SCHEMA = Schema(
    **{name: _field(Places(), scorable=True) for name in STEMS}, **{name: _field(Existence()) for name in MARKS}
)
FORMATS = {name: SCHEMA[name].format for name in SCHEMA.names()}

COLUMNS = {
    "id": NumericColumn("q", default=-1),
    "seq": NumericColumn("q", default=-1),
    "fingerprint": FixedBytesColumn(PRINT),
}
"""Of every document its id, the number of its last change, and what tells whether it is what stands in the table."""


def fingerprint(seq: int, version: str) -> bytes:
    """What two states of a document have in common only if they are the same."""
    return hashlib.blake2b(f"{seq}:{version}".encode(), digest_size=PRINT).digest()
