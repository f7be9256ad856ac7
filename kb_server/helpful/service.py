"""Saying whether a page was helpful, and learning how it was found."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from kb_server.activity.storage import record
from kb_server.errors import Invalid
from kb_server.helpful import storage
from kb_server.helpful.models import LONGEST_REASON, Page, Said, Tally
from kb_server.people import limits
from kb_server.people.limits import Limit
from kb_server.people.models import Actor, Person
from kb_server.people.permissions import may, require
from kb_server.people.privacy import Holding
from kb_server.people.secret import stamp
from kb_server.words import t

OFTEN = Limit("helpful", 60, timedelta(minutes=1))
VERSIONS, REASONS = 6, 50
"""How many of each are shown."""
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Found:
    """How a page was found, as somebody may see it: ``mine`` is their own answer, ``tally`` all to this version.

    ``trend`` and ``reasons`` are for whoever sees to the page.
    """

    page: Page
    mine: Said | None
    tally: Tally
    trend: tuple[Tally, ...] = ()
    reasons: tuple[Said, ...] = ()


def say(  # noqa: PLR0913  -- who says what of what, and when
    connection: sa.Connection, actor: Actor, page: Page, *, yes: bool, reason: str | None, now: datetime
) -> None:
    """Say whether a page was helpful, and why. Without a word on that, one given before stays. Raises Invalid."""
    require(actor, "helpful.say")
    if reason is None:
        before = storage.answer_of(connection, page.id, page.version, actor.id)
        reason = before.reason if before and before.yes == yes else ""
    reason = reason.replace("\r\n", "\n").strip()
    if len(reason) > LONGEST_REASON or _FORBIDDEN.search(reason):
        raise Invalid(t("helpful.bad_reason", most=LONGEST_REASON))
    limits.spend(connection, OFTEN, actor.id, now)
    storage.put(connection, page.id, actor.id, Said(yes, reason, stamp(now), page.version))
    data = {"page": page.id, "version": page.version, "yes": yes}
    record(connection, actor=actor.id, verb="helpful.said", subject=page.id, data=data)


def found(connection: sa.Connection, actor: Actor, page: Page) -> Found:
    """How a page was found."""
    mine = storage.answer_of(connection, page.id, page.version, actor.id) if actor.id else None
    tallies = storage.tallies(connection, page.id, VERSIONS)
    tally = next((one for one in tallies if one.version == page.version), Tally(page.version, 0, 0, ""))
    if not may(actor, "helpful.see", page.thing):
        return Found(page, mine, tally)
    return Found(page, mine, tally, tuple(tallies), tuple(storage.reasons(connection, page.id, REASONS)))


def _export(connection: sa.Connection, person: Person, _now: datetime) -> list[dict[str, Any]]:
    return [asdict(said) | {"page": page} for page, said in storage.answers_of(connection, person.id)]


def _forget(connection: sa.Connection, person: Person) -> None:
    storage.forget(connection, person.id)


HOLDING = Holding("helpful", _export, _forget)
