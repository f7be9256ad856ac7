"""Taking in the log: what each line brings about, and how far it was read, are one transaction. So nothing is lost.

Of several servers on one database each may take in what is there: a transaction is one writer's, and moves the cursor.
It is short, for whoever wants to say something waits for it.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kb_server.activity.storage import Event, events_after
from kb_server.db import Database
from kb_server.notifications import outbox, storage
from kb_server.notifications.models import NEVER, NOW, Effects, Source, Subject, Told, Wiki
from kb_server.people import storage as people
from kb_server.people.secret import stamp
from kb_server.writing.text import TEAM

log = logging.getLogger("kb.mail")

AT_ONCE = 20  # lines of the log that tell somebody of something, in one transaction
BEHIND = 100  # lines that wait: from then on it is taken in that many at once, whoever is being answered
MANY = 500  # people told; after that many a transaction takes in no further line
LOOKED_AT = 500  # lines, of which most may tell nobody
_OF_THE_STORE = (OperationalError, PoolTimeout)
"""Trouble of the store, and none of any line's."""


@dataclass(frozen=True, slots=True)
class Taking:
    """What it takes to take in the log: who there is, who says what, and whether mail can be sent."""

    wiki: Wiki
    sources: Sequence[Source]
    has_mail: bool
    is_busy: Callable[[], bool] = lambda: False
    """Whether somebody is being answered just now, who had better not wait for this."""


def take_in(database: Database, taking: Taking, now: datetime) -> int:
    """Take in some of what the log has new; gives how many lines that were."""
    with database.transaction() as connection:
        return take_in_some(connection, taking, now)


def take_in_some(connection: sa.Connection, taking: Taking, now: datetime) -> int:
    """The same within a transaction."""
    new = events_after(connection, storage.read_until(connection), LOOKED_AT)
    try:
        with connection.begin_nested():
            taken = _taken(new, taking, lambda event, sources: _told(connection, taking, sources, event, now))
    except _OF_THE_STORE:
        raise
    except Exception:  # noqa: BLE001  -- one of them cannot be taken in: taken in alone, it says so itself
        taken = _taken(new, taking, lambda event, sources: _told_alone(connection, taking, sources, event, now))
    if taken:
        storage.set_read(connection, taken[-1].seq)
    return len(taken)


def _taken(new: Sequence[Event], taking: Taking, told: Callable[[Event, list[Source]], int]) -> Sequence[Event]:
    """Take in lines until they are enough for one transaction; gives those. `told` gives how many people one tells."""
    people = lines = 0
    for place, event in enumerate(new, 1):
        if sources := [source for source in taking.sources if event.verb in source.verbs]:
            people, lines = people + told(event, sources), lines + 1
        if people >= MANY or lines >= AT_ONCE or (lines and len(new) < BEHIND and taking.is_busy()):
            return new[:place]
    return new


def _told_alone(
    connection: sa.Connection, taking: Taking, sources: Sequence[Source], event: Event, now: datetime
) -> int:
    """Take in one line; gives how many people it tells. One that cannot be taken in holds up none that follow."""
    try:
        with connection.begin_nested():
            return _told(connection, taking, sources, event, now)
    except _OF_THE_STORE:
        raise
    except Exception:
        log.exception("Line %d of the log (%s) was passed over: nobody is told of it.", event.seq, event.verb)
        return 0


def _told(connection: sa.Connection, taking: Taking, sources: Sequence[Source], event: Event, now: datetime) -> int:
    return sum(_bring_about(connection, taking, source, event, now) for source in sources)


def _ever(about: Sequence[str], wiki: Wiki) -> list[str]:
    """What people may watch of it: a team also by what it was called when somebody began to."""
    teams = [one.removeprefix(TEAM) for one in about if one.startswith(TEAM)]
    return [*about, *(TEAM + one for one in sorted(wiki.roster.ever(teams) - set(teams)))]


def _bring_about(connection: sa.Connection, taking: Taking, source: Source, event: Event, now: datetime) -> int:
    effects = source.effects(connection, taking.wiki, event)
    if isinstance(effects.subject, Subject):
        storage.add_subject(connection, effects.subject)
    for ended in effects.ended:
        storage.end(connection, ended)
    if effects.due:
        storage.put_off(connection, effects.subject_id, effects.due)
    watched = storage.watched(connection, _ever(effects.about, taking.wiki))
    told = _each_once(connection, event, [*effects.told, *_watchers(effects, watched)])
    storage.let_wait(connection, [_row(source, effects, event, one) for one in told if one.key])
    if taking.has_mail:
        mailed = [one for one in told if not one.quiet and (one.direct or watched.get(one.person, True))]
        _queue(connection, mailed, source, effects, event, now)
    for person in effects.watch:
        storage.took_part(connection, person, effects.about[0], stamp(now))
    return len(told)


def _watchers(effects: Effects, watched: dict[str, bool]) -> list[Told]:
    return [Told(person, effects.why, effects.news) for person, does in watched.items() if does and effects.news]


def _each_once(connection: sa.Connection, event: Event, told: Iterable[Told]) -> list[Told]:
    """Everybody by the first that names them, without whoever did it and those who are gone."""
    first: dict[str, Told] = {}
    for one in told:
        first.setdefault(one.person, one)
    first.pop(event.actor, None)
    there = people.people_by_id(connection, first) if first else {}
    return [one for person, one in first.items() if person in there and not there[person].erased]


def _row(source: Source, effects: Effects, event: Event, one: Told) -> dict[str, object]:
    return {
        "person_id": one.person,
        "key": one.key,
        "source": source.name,
        "subject": effects.subject_id,
        "reason": one.reason,
        "ref": one.ref,
        "actor": one.by or event.actor,
        "at": event.at,
        "seq": event.seq,
        "due": one.due,
    }


def _queue(  # noqa: PLR0913, PLR0917  -- an event, what it brings about, and for whom
    connection: sa.Connection,
    told: Sequence[Told],
    source: Source,
    effects: Effects,
    event: Event,
    now: datetime,
) -> None:
    how = storage.how_mailed(connection, [one.person for one in told]) if told else {}
    rows = []
    for one in told:
        wanted = how.get(one.person, NOW)
        if wanted != NEVER:
            row = _row(source, effects, event, one)
            del row["key"], row["due"]
            rows.append(outbox.queued(row | {"id": _id(event, one.person)}, wanted, now))
    outbox.add(connection, rows)


def _id(event: Event, person: str) -> str:
    """The same for the same event and receiver, however often it is made, and for no other."""
    return hashlib.sha256(f"{event.verb}\0{event.subject}\0{event.seq}\0{person}".encode()).hexdigest()[:32]
