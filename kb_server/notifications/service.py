"""The rules of what waits, watching and mail, for the routes: what one sees and changes is always one's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from kb_server.activity.storage import record
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.errors import Invalid, NotFound
from kb_server.notifications import outbox, storage
from kb_server.notifications.delivering import Teller, telling
from kb_server.notifications.following import Taking, take_in_some
from kb_server.notifications.models import MAILED, NEVER, Entry, Source, Wiki
from kb_server.people import memberships
from kb_server.people.models import Actor, Person
from kb_server.people.permissions import require
from kb_server.people.privacy import Holding
from kb_server.people.roster import Roster
from kb_server.people.secret import stamp
from kb_server.words import t

__all__ = [
    "HOLDING",
    "Teller",
    "Watched",
    "count",
    "count_all",
    "listed",
    "queued",
    "retry",
    "seen",
    "telling",
    "troubles",
]

SEEN_WITHIN = timedelta(days=6)
"""After that long people of the sample have seen to what waited for them: four working days, and a weekend."""
PATIENCE = timedelta(minutes=15)
"""How long what is due may wait before somebody should look."""

SUBJECTS = {"thread": "{}", "suggestion": "S-{}"}
"""The subject that is watched, of what begins and goes on: by the id it is watched under."""

Place = tuple[str, int]
"""Where in the list something stands: when it is due, and the number of its event."""


@dataclass(frozen=True, slots=True)
class Watched:
    """Something one watches, or does not want to: "page", "team", "thread" or "suggestion", and its id."""

    kind: str
    id: str
    how: str

    @property
    def what(self) -> str:
        """As it is stored."""
        return f"{self.kind}:{self.id}"

    @property
    def does(self) -> bool:
        """Whether one hears of it."""
        return self.how != storage.OFF


# ── What waits ────────────────────────────────────────────────────────────


def listed(connection: sa.Connection, actor: Actor, most: int, after: Place | None = None) -> list[Entry]:
    """What waits for `actor`, first due first, from a place on."""
    require(actor, "waiting.see")
    return storage.waiting_for(connection, actor.id, most, after)


def count(connection: sa.Connection, actor: Actor) -> int:
    """How much waits for `actor`; nothing for somebody who is not signed in."""
    return storage.count_waiting(connection, actor.id) if actor.id else 0


def joining(connection: sa.Connection, actor: Actor, roster: Roster) -> int:
    """How many wait for `actor` to let them into a team; the list does not name them."""
    return memberships.count_waiting(connection, actor, roster)


def count_all(connection: sa.Connection, actor: Actor, roster: Roster) -> int:
    """How much and how many."""
    return count(connection, actor) + joining(connection, actor, roster)


def seen(connection: sa.Connection, actor: Actor, key: str) -> bool:
    """It does not wait for `actor` any more; gives whether it did."""
    require(actor, "waiting.change")
    if not storage.end_one(connection, actor.id, key):
        return False
    record(connection, actor=actor.id, verb="waiting.seen", subject=actor.id, data={"key": key})
    return True


# ── Watching and mail ─────────────────────────────────────────────────────


def watches(connection: sa.Connection, actor: Actor, wiki: Wiki, what: str) -> Watched:
    """Whether `actor` watches a page, a team, a conversation or a suggestion. Raises NotFound."""
    require(actor, "waiting.see")
    kind, _, one = what.partition(":")
    _require_known(connection, wiki, kind, one)
    how = _watched_by(connection, actor, wiki).get(what)
    usual = storage.AUTO if kind == "page" and _owns(actor, wiki, one) else storage.OFF
    return Watched(kind, one, how or usual)


def watched(connection: sa.Connection, actor: Actor, wiki: Wiki) -> list[Watched]:
    """What `actor` watches or does not want to, and the pages that are theirs, which they watch by themselves."""
    require(actor, "waiting.see")
    said = _watched_by(connection, actor, wiki)
    owned = {f"page:{page}": storage.AUTO for page in wiki.pages if _owns(actor, wiki, page)}
    found = [(*what.partition(":"), how) for what, how in (owned | said).items()]
    return [Watched(kind, one, how) for kind, _, one, how in found]


def _watched_by(connection: sa.Connection, actor: Actor, wiki: Wiki) -> dict[str, str]:
    """The same as storage knows it, teams by what they are called today."""
    said: dict[str, str] = {}
    for what, how in storage.watched_by(connection, actor.id).items():
        kind, _, one = what.partition(":")
        said.setdefault(f"team:{wiki.roster.now(one)}" if kind == "team" else what, how)
    return said


def watch(connection: sa.Connection, actor: Actor, wiki: Wiki, what: str, now: datetime, *, does: bool) -> None:  # noqa: PLR0913
    """Watch something, or no longer: that stays so, whatever one takes part in later. Raises NotFound."""
    require(actor, "waiting.change")
    kind, _, one = what.partition(":")
    _require_known(connection, wiki, kind, one)
    storage.set_watching(connection, actor.id, what, storage.CHOSEN if does else storage.OFF, stamp(now))
    record(connection, actor=actor.id, verb="watching.changed", subject=actor.id, data={"what": what, "does": does})


def mailed(connection: sa.Connection, actor: Actor) -> str:
    """How `actor` wants their mail."""
    require(actor, "waiting.see")
    return storage.mailed_to(connection, actor.id)


def set_mailed(connection: sa.Connection, actor: Actor, how: str) -> None:
    """Change how `actor` wants their mail. Raises Invalid."""
    require(actor, "waiting.change")
    if how not in MAILED:
        raise Invalid(t("waiting.bad_how"))
    storage.set_mailed(connection, actor.id, how)
    record(connection, actor=actor.id, verb="mail.changed", subject=actor.id, data={"how": how})
    if how == NEVER:
        outbox.forget(connection, actor.id)


def _require_known(connection: sa.Connection, wiki: Wiki, kind: str, one: str) -> None:
    known = {"page": wiki.pages, "team": wiki.roster.teams}.get(kind)
    subject = SUBJECTS[kind].format(one) if kind in SUBJECTS and one.isprintable() else ""
    began = bool(subject) and storage.subject(connection, subject) is not None
    if not began and (known is None or one not in known):
        raise NotFound(t("waiting.bad_watch"))


def _owns(actor: Actor, wiki: Wiki, page: str) -> bool:
    return bool(actor.handle) and wiki.pages[page].meta.get("owner") == actor.handle


# ── For operators ─────────────────────────────────────────────────────────


def troubles(database: Database, settings: Settings) -> list[str]:
    """What is the matter with the mail, each in a sentence; nothing where all is well, or none is sent."""
    if settings.mail_url and not settings.base_url:
        return ["No mail about what is said is sent: KB_MAIL_URL is set, and KB_BASE_URL is not."]
    now = datetime.now(UTC)
    with database.read() as connection:
        found = outbox.standing(connection)
    said = [f"{_messages(found.dead)} could not be sent."] if found.dead else []
    if found.waiting and found.due < stamp(now - PATIENCE):
        said.append(f"{_messages(found.waiting)} should have been sent, the first at {found.due}.")
    return said


def _messages(count: int) -> str:
    return "1 message" if count == 1 else f"{count} messages"


def queued(database: Database, most: int = 1_000) -> list[dict[str, Any]]:
    """What is in the queue of mail, by ids."""
    with database.read() as connection:
        return [dict(row) for row in outbox.listed(connection, most)]


def retry(database: Database) -> int:
    """Try once more, now, whatever could not be sent; gives how many that are."""
    with database.transaction() as connection:
        return outbox.revive(connection, datetime.now(UTC))


# ── Sample activity ───────────────────────────────────────────────────────


def take_in_samples(connection: sa.Connection, wiki: Wiki, sources: Sequence[Source], now: datetime) -> None:
    """Let sample activity wait for whom it concerns. Nobody gets mail of it, and what is old was seen to long ago."""
    quietly = Taking(wiki, sources, has_mail=False)
    while take_in_some(connection, quietly, now):
        pass
    storage.end_all_before(connection, stamp(now - SEEN_WITHIN))


def forget_samples(connection: sa.Connection, subjects: Sequence[str]) -> int:
    """Forget what there was about samples that are gone; gives how much of it waited for somebody."""
    outbox.forget_subjects(connection, subjects)
    return storage.forget_subjects(connection, subjects)


# ── What is held about a person ───────────────────────────────────────────


def _export(connection: sa.Connection, person: Person, _now: datetime) -> dict[str, Any]:
    entries = storage.waiting_for(connection, person.id, 1_000)
    return {
        "mail": storage.mailed_to(connection, person.id),
        "watching": storage.watched_by(connection, person.id),
        "waiting": [{"reason": one.reason, "at": one.at, "url": one.url} for one in entries],
    }


def _forget(connection: sa.Connection, person: Person) -> None:
    storage.forget(connection, person.id)
    outbox.forget(connection, person.id)


HOLDING = Holding("notifications", _export, _forget)
