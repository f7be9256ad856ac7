"""Writing one segment and one commit of the index, with Whoosh's own files and Whoosh's own order of things.

Whoosh hands over posting by posting, each through five calls; here a term's postings are handed over whole. That needs
a few names that are private to Whoosh 2.7.4, which has not changed since 2016; the tests of the engine pin them.
"""

from __future__ import annotations

from array import array
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3TermInfo
from whoosh.index import FileIndex
from whoosh.system import pack_ushort
from whoosh.writing import SegmentWriter

from kb_server.documents.following import Entry
from kb_server.search.engines.whoosh.gathering import Field, Gathering
from kb_server.search.engines.whoosh.schema import COLUMNS, SCHEMA, WATERMARK, Postings, fingerprint

BLOCK = 1_024  # postings that are read at once
SHORT = 16  # postings of a list that needs no block


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
        super().__init__(index, codec=Codec(), _lk=False)  # whoever writes holds the lock of `home`
        self.pool = Gathering()

    def add(self, entry: Entry) -> None:
        """Take in a document."""
        with self._document(entry.id, entry.seq, entry.version) as number:
            for field, length in self.pool.add(number, entry).items():
                self.perdocwriter.add_field(field, SCHEMA[field], None, length)

    def mark(self, seq: int) -> None:
        """Note that the index then holds all changes up to `seq`: in a document that no search finds."""
        with self._document(0, seq, "") as number:
            self.pool.mark("watermark", number, [WATERMARK])

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

    @contextmanager
    def _document(self, key: int, seq: int, version: str) -> Iterator[int]:
        self.perdocwriter.start_doc(self.docnum)
        for name, value in (("id", key), ("seq", seq), ("fingerprint", fingerprint(seq, version))):
            self.perdocwriter.add_column_value(name, COLUMNS[name], value)
        yield self.docnum
        self.perdocwriter.finish_doc()
        self._added = True
        self.docnum += 1


class _FieldWriter(W3FieldWriter):  # type: ignore[misc]
    def add_postings(self, schema: Any, _: Any, fields: Iterable[Field]) -> None:  # noqa: ANN401
        """Write fields, given whole."""
        for field, terms in fields:
            self.start_field(field, schema[field])
            for term, postings in terms:
                if len(postings.numbers) <= SHORT:
                    self._add_inline(term, postings)
                else:
                    self.start_term(term)
                    self._add_blocks(postings)
                    self.finish_term()
            self.finish_field()

    def _add_inline(self, term: bytes, postings: Postings) -> None:
        """Write a short list beside its term, which saves most of the work: most lists are short."""
        numbers = postings.numbers
        weights = postings.weights or array("f", (1.0,)) * len(numbers)
        info = W3TermInfo(sum(weights), len(numbers), None, 0, max(weights), numbers[0], numbers[-1])
        info.set_inlined(numbers, weights, postings.places)
        self._tindex.add(pack_ushort(self._fieldid) + term, info.to_bytes())

    def _add_blocks(self, postings: Postings) -> None:
        numbers, weights, places = postings
        out = self._postwriter
        for start in range(0, len(numbers), BLOCK):
            end = start + BLOCK
            out._ids = numbers[start:end]  # noqa: SLF001  -- see the module's docstring
            out._weights = weights[start:end] or array("f", (1.0,)) * len(out._ids)  # noqa: SLF001
            out._maxweight = max(out._weights) if weights else 1.0  # noqa: SLF001
            out._values = places[start:end]  # noqa: SLF001
            if end < len(numbers):
                out._write_block()  # noqa: SLF001
