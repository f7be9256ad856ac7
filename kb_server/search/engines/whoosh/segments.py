"""Writing one segment and one commit of the index, with Whoosh's own files and Whoosh's own order of things.

Whoosh hands over posting by posting, each through five calls; here a term's postings are handed over whole. That needs
a few names that are private to Whoosh 2.7.4, which has not changed since 2016; the tests of the engine pin them.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter
from whoosh.index import FileIndex
from whoosh.writing import SegmentWriter

from kb_server.documents.following import Entry
from kb_server.search.engines.whoosh.gathering import Gathering, Postings
from kb_server.search.engines.whoosh.schema import COLUMNS, SCHEMA, STEMS

BLOCK = 1_024  # postings that are read at once
WATERMARK = "here"


class Codec(W3Codec):  # type: ignore[misc]  # Whoosh has no types
    """Whoosh's codec with larger blocks. It is stored with every segment, by its name."""

    length_stats = False

    def __init__(self) -> None:
        super().__init__(blocklimit=BLOCK)

    def field_writer(self, storage: Any, segment: Any) -> Any:  # noqa: ANN401  -- Whoosh has no types
        """What writes the terms and postings of a segment."""
        return _FieldWriter(self, storage, segment)


class Writer(SegmentWriter):  # type: ignore[misc]
    """Writes one commit: a segment of the entries added, instead of all that is dropped or deleted."""

    def __init__(self, index: FileIndex) -> None:
        super().__init__(index, codec=Codec())
        self._gathering = Gathering()
        self.pool = self

    def add(self, entry: Entry) -> None:
        """Take in a document."""
        with self._document(entry.id, entry.seq, entry.version) as number:
            for field, length in self._gathering.add(number, entry).items():
                self.perdocwriter.add_field(field, SCHEMA[field], None, length)

    def mark(self, seq: int) -> None:
        """Note that the index then holds all changes up to `seq`: in a document that no search finds."""
        with self._document(0, seq, "") as number:
            self._gathering.mark("watermark", number, [WATERMARK])

    def delete(self, gone: Collection[tuple[str, int]]) -> None:
        """Forget documents, each given by its segment and its number there."""
        segments = {segment.segment_id(): segment for segment in self.segments}
        for name, number in gone:
            segments[name].delete_document(number)

    def commit_without(self, dropped: Collection[str]) -> None:
        """Write it all; of the segments there were, those `dropped` and those now empty are left out."""
        self.commit(
            mergetype=lambda _, segments: [
                segment for segment in segments if segment.segment_id() not in dropped and segment.doc_count()
            ]
        )

    def iter_postings(self) -> Iterator[tuple[str, list[tuple[bytes, Postings]]]]:
        """What Whoosh asks its pool of postings for when it writes a segment."""
        return self._gathering.fields()

    def cleanup(self) -> None:
        """What Whoosh asks its pool of postings for when a segment is written: there are no files."""

    @contextmanager
    def _document(self, key: int, seq: int, version: str) -> Iterator[int]:
        self.perdocwriter.start_doc(self.docnum)
        for name, value in (("id", key), ("seq", seq), ("version", version.encode())):
            self.perdocwriter.add_column_value(name, COLUMNS[name], value)
        yield self.docnum
        self.perdocwriter.finish_doc()
        self._added = True
        self.docnum += 1


class _FieldWriter(W3FieldWriter):  # type: ignore[misc]
    def add_postings(self, schema: Any, _: Any, fields: Iterable[tuple[str, list[tuple[bytes, Postings]]]]) -> None:  # noqa: ANN401
        """Write fields, given whole."""
        for field, terms in fields:
            self.start_field(field, schema[field])
            for term, postings in terms:
                self.start_term(term)
                self._add_postings(postings, plain=field not in STEMS)
                self.finish_term()
            self.finish_field()

    def _add_postings(self, postings: Postings, *, plain: bool) -> None:
        out = self._postwriter
        documents, weights, values = postings
        for start in range(0, len(documents), BLOCK):
            end = start + BLOCK
            out._ids = documents[start:end]  # noqa: SLF001  -- see the module's docstring
            out._weights = array("f", (1.0,)) * len(out._ids) if plain else weights[start:end]  # noqa: SLF001
            out._maxweight = 1.0 if plain else max(out._weights)  # noqa: SLF001
            out._values = [] if plain else values[start:end]  # noqa: SLF001
            if end < len(documents):
                out._write_block()  # noqa: SLF001
