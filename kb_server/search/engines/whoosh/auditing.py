"""Whether the index holds what the table of documents holds, no more and no less."""

from __future__ import annotations

import sqlalchemy as sa

from kb_server.documents import following
from kb_server.documents.plural import all_counted
from kb_server.search.engines.whoosh import bits
from kb_server.search.engines.whoosh.schema import fingerprint
from kb_server.search.engines.whoosh.storage import DamagedError
from kb_server.search.engines.whoosh.view import View


def verify(connection: sa.Connection, view: View) -> None:
    """Raises DamagedError when anything is wrong."""
    if wrong := findings(connection, view):
        raise DamagedError(" ".join(wrong).rstrip("."))


def findings(connection: sa.Connection, view: View) -> list[str]:
    """What is wrong, in sentences; what has changed since the index was last written is left out of it."""
    changed = following.changed_after(connection, view.seq)
    right = {key: fingerprint(*state) for key, state in following.versions(connection, view.seq).items()}
    held = _held(view)
    counts = {
        "{} [text is|texts are] not in the index.": len(right.keys() - held.keys() - changed),
        "The index holds {} [text that is not there, or is|texts that are not there, or are] hidden.": len(
            held.keys() - right.keys() - changed
        ),
        "The index holds {} [text as it was|texts as they were] before.": sum(
            held[key] != right[key] for key in held.keys() & right.keys()
        ),
        "The index holds {} [text|texts] twice.": view.count - len(held),
    }
    return all_counted(counts)


def _held(view: View) -> dict[int, bytes]:
    held: dict[int, bytes] = {}
    for shard, live in view.parts:
        prints = shard.lists.fingerprints()
        held |= {shard.ids[number]: prints[number] for number in bits.numbers_in(live)}
    return held
