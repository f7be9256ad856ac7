"""The table `documents`. Whoever owns a text puts it here in the transaction that changes it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from kb_server.db import counters
from kb_server.db.prepared import Prepared
from kb_server.db.schema import Number, Text, metadata
from kb_server.documents import postings
from kb_server.documents.analysis import Analyser, normalise
from kb_server.documents.models import Document, Draft

REMOVED = "removed"
"""The kind of what is no longer there: the row stays, empty, so that whoever follows by number learns of it."""

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("id", Number, primary_key=True),
    sa.Column("seq", Number, nullable=False),
    *(sa.Column(name, Text, nullable=False) for name in ("ref", "kind", "page_id", "title", "url")),
    *(sa.Column(name, Text, nullable=False) for name in ("teams", "facts", "version")),
    sa.Column("hidden", Number, nullable=False),
    *(sa.Column(name, Text, nullable=False) for name in ("text", "title_stems", "stems", "words")),
)
LANGUAGE = "documents.language"
COUNTER = "documents"
"""The counter of their changes."""
Row = dict[str, Any]
_ENCODED = json.JSONEncoder(sort_keys=True).encode
_WRITTEN: dict[str, Any] = {column.name: sa.bindparam(column.name) for column in documents.c if column.name != "id"}
_UPDATE = sa.update(documents).where(documents.c.ref == sa.bindparam("of_ref")).values(_WRITTEN)
_VERSIONS = sa.select(documents.c.ref, documents.c.version).where(
    documents.c.ref.in_(sa.bindparam("refs", expanding=True))
)
_ADD = sa.insert(documents)
_ADD_ONE = Prepared(_ADD.values(_WRITTEN).returning(documents.c.id))
_KEEP_LANGUAGE = sa.text(
    "INSERT INTO meta (key, value) VALUES (:key, :language) "
    "ON CONFLICT (key) DO UPDATE SET value = excluded.value WHERE meta.value <> excluded.value"
)
SHOWN = ("id", "seq", "ref", "kind", "page_id", "title", "url", "text", "teams", "facts")
PARTS = tuple(part.name for part in fields(Draft))
SCHEME = "1"  # of versions. A test holds what it stands for: another way to work them out needs another number
_OLDER = re.compile(r"[0-9a-f]{32}")
SELECT = f"SELECT {', '.join(SHOWN)} FROM documents"  # noqa: S608  -- names of columns


def prepare(connection: sa.Connection, drafts: Iterable[Draft], analyser: Analyser) -> dict[str, Row]:
    """Work out, by version and outside any transaction, the rows `put` would write for these drafts now."""
    wanted = _versioned(drafts, analyser)
    return {row["version"]: row for row in _changed(wanted, _versions(connection, list(wanted)), analyser, {})}


def put(
    connection: sa.Connection, drafts: Iterable[Draft], analyser: Analyser, ready: Mapping[str, Row] | None = None
) -> int:
    """Write what is new or changed; gives how many that were. A ref may stand in `drafts` only once.

    `ready` is what `prepare` worked out; whatever is missing there is worked out here.
    """
    wanted = _versioned(drafts, analyser)
    present = _versions(connection, list(wanted))
    changed = _changed(wanted, present, analyser, ready or {})
    connection.execute(_KEEP_LANGUAGE, {"key": LANGUAGE, "language": analyser.language})
    _number(connection, changed)
    new = [row for row in changed if row["ref"] not in present]
    old = [row | {"of_ref": row["ref"]} for row in changed if row["ref"] in present]
    postings.unindex(connection, [row["ref"] for row in old])
    if new:
        connection.execute(_ADD, new)
    if old:
        connection.execute(_UPDATE, old)
    postings.index(connection, [row["ref"] for row in changed])
    return len(changed)


def add(connection: sa.Connection, draft: Draft, analyser: Analyser, number: int) -> None:
    """Write a text that was never here before, and is made with the analyser of those that are.

    `number` was taken of `COUNTER` in this transaction. So nothing has to be looked up. It is the way of what people
    say: most of what is ever written, one by one.
    """
    (row,) = (_with_words(one, analyser) for one in _versioned([draft], analyser).values())
    row["seq"] = number
    postings.add(connection, row | {"id": _ADD_ONE.value(connection, **row)})


def remove(connection: sa.Connection, refs: Sequence[str], analyser: Analyser) -> int:
    """Take texts away, leaving an empty row each; gives how many were there."""
    gone = [Draft(ref, REMOVED, "", "", "", "", hidden=True) for ref in refs]
    return put(connection, gone, analyser)


def refs_starting_with(connection: sa.Connection, prefix: str) -> list[str]:
    """The refs of all present documents that begin with `prefix`."""
    here = begins(documents.c.ref, prefix)
    return list(connection.scalars(sa.select(documents.c.ref).where(here, documents.c.kind != REMOVED)))


def documents_by_id(connection: sa.Connection, ids: Sequence[int]) -> dict[int, Document]:
    """The documents with these ids that may be shown; whoever was hidden meanwhile is left out."""
    rows = connection.exec_driver_sql(f"{SELECT} WHERE hidden = 0 AND id IN {listed(ids)}").all()
    return {row[0]: _document(row) for row in rows}


def documents_by_ref(connection: sa.Connection, refs: Sequence[str]) -> dict[str, Document]:
    """The shown documents with these refs."""
    query = sa.select(*(documents.c[name] for name in SHOWN))
    rows = connection.execute(query.where(documents.c.ref.in_(sorted(set(refs))), documents.c.hidden == 0))
    return {row.ref: _document(row) for row in rows}


def titles(connection: sa.Connection, refs: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Title and URL of the shown documents with these refs."""
    query = sa.select(documents.c.ref, documents.c.title, documents.c.url)
    rows = connection.execute(query.where(documents.c.ref.in_(refs), documents.c.hidden == 0))
    return {row.ref: (row.title, row.url) for row in rows}


def latest_seq(connection: sa.Connection) -> int:
    """The number of the last change of any document."""
    return counters.latest(connection, COUNTER)


def begins(column: sa.ColumnElement[str], prefix: str) -> sa.ColumnElement[bool]:
    """Whether a column begins with `prefix`, letter by letter: to LIKE, small and capital letters are one in SQLite."""
    return sa.func.substr(column, 1, len(prefix)) == prefix


def listed(ids: Iterable[int]) -> str:
    """Ids for an IN. SQLAlchemy takes longer over a list of parameters than the database does."""
    return f"({','.join(str(int(key)) for key in ids) or 'NULL'})"


def _versioned(drafts: Iterable[Draft], analyser: Analyser) -> dict[str, Row]:
    rows = ((draft.ref, _stored(draft)) for draft in drafts)
    return {ref: row | {"version": version_of(row, analyser)} for ref, row in rows}


def _changed(
    wanted: Mapping[str, Row], present: Mapping[str, str], analyser: Analyser, ready: Mapping[str, Row]
) -> list[Row]:
    changed = (row for ref, row in wanted.items() if present.get(ref) != row["version"])
    return [ready.get(row["version"]) or _with_words(row, analyser) for row in changed]


def _versions(connection: sa.Connection, refs: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in range(0, len(refs), 500):  # both databases bound the number of parameters
        some = refs[start : start + 500]
        found.update({row.ref: row.version for row in connection.execute(_VERSIONS, {"refs": some})})
    return found


def version_of(row: Mapping[str, Any], analyser: Analyser) -> str:
    """What a stored text is, and by whom it was taken apart: it tells a changed text from the one before."""
    return f"{SCHEME}:{analyser.id}:{_digest(row)}"


def is_as_written(row: Mapping[str, Any]) -> bool:
    """Whether a row still holds what its version stands for; one with a version of an older scheme cannot be judged."""
    version = str(row["version"])
    if version.startswith(f"{SCHEME}:"):
        return version.rpartition(":")[2] == _digest(row)
    return _OLDER.fullmatch(version) is not None


def word_forms(title: str, text: str, analyser: Analyser, *, hidden: bool) -> dict[str, str]:
    """What the index holds of a stored text. A hidden one has no words: what is not there, no mistake can bring out."""
    title_words, text_words = ([], []) if hidden else (analyser.words(title), analyser.words(text))
    return {
        "title_stems": " ".join(analyser.stems_of(title_words)),
        "stems": " ".join(analyser.stems_of(text_words)),
        "words": " ".join(sorted({*title_words, *text_words})),
    }


def _digest(row: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps([row[name] for name in PARTS]).encode()).hexdigest()[:32]


def _stored(draft: Draft) -> Row:
    return {
        "ref": draft.ref,
        "kind": normalise(draft.kind),
        "page_id": normalise(draft.page_id),
        "title": normalise(draft.title),
        "url": normalise(draft.url),
        "text": normalise(draft.text),
        "teams": normalise(f" {' '.join(draft.teams)} ") if draft.teams else "",
        "facts": _ENCODED(draft.facts),  # in ASCII: no letter in it can be refused by a database
        "hidden": int(draft.hidden),
    }


def _with_words(row: Row, analyser: Analyser) -> Row:
    return row | word_forms(row["title"], row["text"], analyser, hidden=bool(row["hidden"]))


def _number(connection: sa.Connection, rows: list[dict[str, Any]]) -> None:
    if rows:
        first = counters.take(connection, COUNTER, len(rows))
        for seq, row in enumerate(rows, first):
            row["seq"] = seq


def _document(row: Sequence[Any]) -> Document:
    teams, facts = row[-2:]
    return Document(*(*row[:-2], tuple(teams.split()), json.loads(facts)))
