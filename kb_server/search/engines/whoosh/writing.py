"""Writing to the index: the changes since its watermark, or all of it anew. Every commit says how far it goes.

Segments are not merged posting by posting, as Whoosh does, which takes ten times as long as indexing: their documents
are taken from the table again, and the segments go (`folding` says which).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from kb_server.documents import following
from kb_server.documents import storage as documents
from kb_server.documents.following import Entry
from kb_server.search.engines.whoosh import bits
from kb_server.search.engines.whoosh.folding import FULL
from kb_server.search.engines.whoosh.segments import Writer
from kb_server.search.engines.whoosh.storage import Storage
from kb_server.search.engines.whoosh.view import View

LOOK_EVERY = 50  # documents

Stop = Callable[[], bool]


class StoppedError(Exception):
    """Told to stop before the work was done; nothing has changed."""


def build(connection: sa.Connection, storage: Storage, stop: Stop) -> View:
    """Write all shown documents into an empty folder. Raises StoppedError."""
    # Read first: what changes meanwhile has a greater number, and will be taken in again.
    seq = documents.latest_seq(connection)
    storage.begin()
    last = 0
    while entries := following.shown_entries(connection, last, FULL):
        with _commit(storage) as writer:
            _add(writer, entries, stop)
        last = entries[-1].id
    with _commit(storage) as writer:
        writer.mark(seq)
    storage.tidy()
    return View(storage)


def update(
    connection: sa.Connection, view: View, changes: Collection[Entry], folded: Collection[str], stop: Stop
) -> View:
    """Write what has changed since `view`, and anew, in one segment with it, the documents of the segments `folded`.

    Raises StoppedError.
    """
    changed = {entry.id for entry in changes}
    again = _ids(view, folded) - changed
    entries = [entry for entry in changes if not entry.hidden] + following.shown_entries_of(connection, again)
    with _commit(view.storage, folded) as writer:
        writer.delete(list(_places(view, changed, folded)))
        _add(writer, entries, stop)
        writer.mark(max((entry.seq for entry in changes), default=view.seq))
    view.storage.tidy()
    return View(view.storage, view)


def _ids(view: View, names: Collection[str]) -> set[int]:
    parts = [(shard, live) for shard, live in view.parts if shard.name in names]
    return {shard.ids[number] for shard, live in parts for number in bits.numbers_in(live)}


def _places(view: View, changed: Collection[int], folded: Collection[str]) -> Iterator[tuple[str, int]]:
    """Where in the segments that stay lies what must go: what has changed, and the watermark."""
    for shard, _ in view.parts:
        if shard.name not in folded:
            yield from ((shard.name, shard.numbers[key]) for key in changed if key in shard.numbers)
    yield from ((shard.name, number) for shard, number in view.watermarks if shard.name not in folded)


def _add(writer: Writer, entries: Collection[Entry], stop: Stop) -> None:
    for place, entry in enumerate(entries):
        if not place % LOOK_EVERY and stop():
            raise StoppedError
        writer.add(entry)


@contextmanager
def _commit(storage: Storage, folded: Collection[str] = ()) -> Iterator[Writer]:
    writer = Writer(storage.index())
    try:
        yield writer
        writer.commit_without(folded)
    except BaseException:
        if not writer.is_closed:
            writer.cancel()
        raise
