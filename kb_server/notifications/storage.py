"""The tables of what waits, who watches, and how people want their mail; how far the log has been read."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa

from kb_server.db import counters
from kb_server.db.lists import among
from kb_server.db.prepared import Prepared
from kb_server.db.schema import Number, Text, metadata
from kb_server.documents.storage import documents
from kb_server.notifications import naming
from kb_server.notifications.models import NEVER_DUE, NOW, Ended, Entry, Subject
from kb_server.people.samples import is_sample

READER = "notifications"
AUTO, CHOSEN, OFF = "auto", "chosen", "off"
"""How somebody watches something: they took part, they want to, they do not want to."""

readers = sa.Table(
    "readers", metadata, sa.Column("name", Text, primary_key=True), sa.Column("seq", Number, nullable=False)
)
subjects = sa.Table(
    "subjects",
    metadata,
    sa.Column("id", Text, primary_key=True),
    *(sa.Column(name, Text, nullable=False) for name in ("author", "ref")),
)
OF_AN_EVENT = ("source", "subject", "reason", "ref", "actor", "at")
waiting = sa.Table(
    "waiting",
    metadata,
    sa.Column("person_id", Text, primary_key=True),
    sa.Column("key", Text, primary_key=True),
    *(sa.Column(name, Text, nullable=False) for name in (*OF_AN_EVENT, "due")),
    sa.Column("seq", Number, nullable=False),
)
watching = sa.Table(
    "watching",
    metadata,
    sa.Column("person_id", Text, primary_key=True),
    sa.Column("what", Text, primary_key=True),
    *(sa.Column(name, Text, nullable=False) for name in ("how", "at")),
)
mailing = sa.Table(
    "mailing", metadata, sa.Column("person_id", Text, primary_key=True), sa.Column("how", Text, nullable=False)
)
# What may be shown to everybody: a text that was hidden or taken back has no row here, at the same moment.
_SHOWN = (documents.c.ref == waiting.c.ref) & (documents.c.hidden == 0)
_OF_DOCUMENT = (
    documents.c.page_id.label("page"),
    *(documents.c[name] for name in ("title", "url", "text", "facts")),
    is_sample(waiting.c.subject).label("sample"),
)


# ── The log ───────────────────────────────────────────────────────────────


def read_until(connection: sa.Connection) -> int:
    """The number of the last line of the log that was taken in."""
    return _READ_UNTIL.value(connection, name=READER) or 0


def is_behind(connection: sa.Connection) -> bool:
    """Whether the log has lines that were not taken in yet."""
    return counters.latest(connection, "activity") > read_until(connection)


def set_read(connection: sa.Connection, seq: int) -> None:
    """Remember how far the log has been taken in."""
    _READ.run(connection, name=READER, seq=seq)


def add_subject(connection: sa.Connection, new: Subject) -> None:
    """Remember what began."""
    connection.execute(_BEGUN, {"id": new.id, "author": new.author, "ref": new.ref})


def subject(connection: sa.Connection, subject_id: str) -> Subject | None:
    """What began under this id."""
    row = _SUBJECT.row(connection, id=subject_id)
    return Subject(*row) if row else None


def subjects_by_id(connection: sa.Connection, ids: Collection[str]) -> dict[str, Subject]:
    """What began under these ids."""
    rows = connection.execute(sa.select(subjects).where(subjects.c.id.in_(sorted(ids))))
    return {row.id: Subject(*row) for row in rows}


# ── What waits ────────────────────────────────────────────────────────────


def let_wait(connection: sa.Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Write what waits for whom; what waited under the same key makes way."""
    _WAITS.run_each(connection, rows)


def end(connection: sa.Connection, ended: Ended) -> None:
    """Forget what stops waiting."""
    which = {"subject": ended.subject, "person": ended.person, "key": ended.key, "ref": ended.ref}
    for reason in ended.reasons or ("",):
        _ENDS.run(connection, **which, reason=reason)


def put_off(connection: sa.Connection, subject: str, due: str) -> None:
    """Let what waits by some time wait by another."""
    which = (waiting.c.subject == subject) & (waiting.c.due != NEVER_DUE)
    connection.execute(sa.update(waiting).where(which).values(due=due))


def end_one(connection: sa.Connection, person_id: str, key: str) -> bool:
    """Forget that something waits for somebody; gives whether it did."""
    which = (waiting.c.person_id == person_id) & (waiting.c.key == key)
    return bool(connection.execute(sa.delete(waiting).where(which)).rowcount)


def end_all_before(connection: sa.Connection, at: str) -> None:
    """Forget what has waited since before a moment, for whomever."""
    connection.execute(sa.delete(waiting).where(waiting.c.at < at))


def forget_subjects(connection: sa.Connection, ids: Collection[str]) -> int:
    """Forget what there was about these subjects: what waits, who watches; gives how much of the former there was."""
    there = sorted(ids)
    connection.execute(sa.delete(subjects).where(subjects.c.id.in_(there)))
    watched = [f"suggestion:{one[2:]}" if one.startswith("S-") else f"thread:{one}" for one in there]
    connection.execute(sa.delete(watching).where(watching.c.what.in_(watched)))
    return connection.execute(sa.delete(waiting).where(waiting.c.subject.in_(there))).rowcount


def waiting_for(
    connection: sa.Connection, person_id: str, most: int, after: tuple[str, int] | None = None
) -> list[Entry]:
    """What waits for somebody and may be shown, first due first, then in the order it came; from a place on."""
    columns = [waiting.c[name] for name in ("key", *OF_AN_EVENT, "seq", "due")]
    query = sa.select(*columns, *_OF_DOCUMENT).join(documents, _SHOWN).where(waiting.c.person_id == person_id)
    if after:
        query = query.where(sa.tuple_(waiting.c.due, waiting.c.seq) > sa.tuple_(*map(sa.literal, after)))
    query = query.order_by(waiting.c.due, waiting.c.seq).limit(most)
    return [_entry(row) for row in connection.execute(query).mappings()]


def _entry(row: sa.RowMapping) -> Entry:
    facts = json.loads(row["facts"])
    title, text = naming.told(facts, row["title"], row["text"])
    return Entry(**{**row, "facts": facts, "sample": bool(row["sample"]), "title": title, "text": text})


def subjects_waiting(connection: sa.Connection, person_id: str, reasons: Collection[str], most: int) -> list[str]:
    """What waits for somebody for one of these reasons and may be shown, first due first."""
    which = (waiting.c.person_id == person_id) & waiting.c.reason.in_(reasons)
    query = sa.select(waiting.c.subject).join(documents, _SHOWN).where(which).order_by(waiting.c.due, waiting.c.seq)
    return list(connection.scalars(query.limit(most)))


def people_waiting(connection: sa.Connection, subject: str, key: str) -> list[str]:
    """For whom this waits."""
    return list(connection.scalars(_FOR_WHOM, {"about": subject, "named": key}))


def count_waiting(connection: sa.Connection, person_id: str) -> int:
    """How much of it there is."""
    counted = sa.select(sa.func.count()).select_from(waiting.join(documents, _SHOWN))
    return connection.scalar(counted.where(waiting.c.person_id == person_id)) or 0


# ── Watching and mail ─────────────────────────────────────────────────────


def took_part(connection: sa.Connection, person_id: str, what: str, at: str) -> None:
    """Let somebody watch what they took part in, unless they have said anything about that."""
    _TAKES_PART.run(connection, person_id=person_id, what=what, how=AUTO, at=at)


def set_watching(connection: sa.Connection, person_id: str, what: str, how: str, at: str) -> None:
    """Write whether somebody wants to watch something."""
    connection.execute(_WATCHES, {"person_id": person_id, "what": what, "how": how, "at": at})


def watched(connection: sa.Connection, about: Sequence[str]) -> dict[str, bool]:
    """Who watches any of these, and who does not want to: by the narrowest of them about which they said anything."""
    rows = _WATCHING.run(connection, about=about)
    rows.sort(key=lambda row: -about.index(row[1]))  # the narrowest comes last, and counts
    return {person: how != OFF for person, _what, how in rows}


def watched_by(connection: sa.Connection, person_id: str) -> dict[str, str]:
    """What somebody watches or does not want to, and how; the latest first."""
    latest = (
        sa.select(watching).where(watching.c.person_id == person_id).order_by(watching.c.at.desc(), watching.c.what)
    )
    return {row.what: row.how for row in connection.execute(latest)}


def how_mailed(connection: sa.Connection, ids: Collection[str]) -> dict[str, str]:
    """How people want their mail; whoever has not said is not in it."""
    return dict(_MAILING.run(connection, ids=ids))


def mailed_to(connection: sa.Connection, person_id: str) -> str:
    """How somebody wants their mail."""
    return how_mailed(connection, [person_id]).get(person_id, NOW)


def set_mailed(connection: sa.Connection, person_id: str, how: str) -> None:
    """Write how somebody wants their mail."""
    connection.execute(_MAILED, {"person_id": person_id, "how": how})


def forget(connection: sa.Connection, person_id: str) -> None:
    """Forget what waits for somebody, what they watch, and how they want their mail."""
    for table in (waiting, watching, mailing):
        connection.execute(sa.delete(table).where(table.c.person_id == person_id))


_READ_UNTIL = Prepared(sa.select(readers.c.seq).where(readers.c.name == sa.bindparam("name")))
_READ = Prepared(
    sa.text("INSERT INTO readers (name, seq) VALUES (:name, :seq) ON CONFLICT (name) DO UPDATE SET seq = excluded.seq")
)
_SUBJECT = Prepared(sa.select(subjects).where(subjects.c.id == sa.bindparam("id")))
_BEGUN = sa.text("INSERT INTO subjects (id, author, ref) VALUES (:id, :author, :ref) ON CONFLICT DO NOTHING")
_WAITS = Prepared(
    sa.text(
        "INSERT INTO waiting (person_id, key, source, subject, reason, ref, actor, at, seq, due) "
        "VALUES (:person_id, :key, :source, :subject, :reason, :ref, :actor, :at, :seq, :due) "
        "ON CONFLICT (person_id, key) DO UPDATE SET reason = excluded.reason, ref = excluded.ref, "
        "actor = excluded.actor, at = excluded.at, seq = excluded.seq, due = excluded.due"
    )
)
_ENDS = Prepared(
    sa.delete(waiting).where(
        waiting.c.subject == sa.bindparam("subject"),
        *(
            (sa.bindparam(name, type_=Text) == sa.literal_column("''")) | (column == sa.bindparam(name, type_=Text))
            for name, column in {
                "person": waiting.c.person_id,
                **{n: waiting.c[n] for n in ("key", "ref", "reason")},
            }.items()
        ),
    )
)
_FOR_WHOM = sa.select(waiting.c.person_id).where(
    waiting.c.subject == sa.bindparam("about"), waiting.c.key == sa.bindparam("named")
)
_WATCHING = Prepared(
    sa.select(watching.c.person_id, watching.c.what, watching.c.how).where(among(watching.c.what, "about"))
)
_MAILING = Prepared(sa.select(mailing).where(among(mailing.c.person_id, "ids")))
_TAKES_PART = Prepared(
    sa.text(
        "INSERT INTO watching (person_id, what, how, at) VALUES (:person_id, :what, :how, :at) ON CONFLICT DO NOTHING"
    )
)
_WATCHES = sa.text(
    "INSERT INTO watching (person_id, what, how, at) VALUES (:person_id, :what, :how, :at) "
    "ON CONFLICT (person_id, what) DO UPDATE SET how = excluded.how, at = excluded.at"
)
_MAILED = sa.text(
    "INSERT INTO mailing (person_id, how) VALUES (:person_id, :how) "
    "ON CONFLICT (person_id) DO UPDATE SET how = excluded.how"
)
