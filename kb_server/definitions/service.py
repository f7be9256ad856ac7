"""The rules of definitions: who may speak for a team, what comes into force, and that each change is told once.

What each of these changes and its lines in the log are one transaction: the caller's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from kb_server.definitions import declaring, owing, quoting, settling, storage
from kb_server.definitions.models import (
    AGREE,
    BACK,
    LONGEST_OWN,
    NOT_YET,
    Answer,
    Facts,
    Past,
    Says,
    Standing,
    State,
)
from kb_server.definitions.settling import Moment, log
from kb_server.definitions.standing import standing
from kb_server.errors import Invalid
from kb_server.people.permissions import Thing, require
from kb_server.people.secret import stamp
from kb_server.words import t
from kb_server.writing import text
from kb_server.writing.models import By


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody says for a team of the wording with this digest."""

    team: str
    digest: str
    says: Says
    reason: str = ""
    own: str = ""


# ── What people say ───────────────────────────────────────────────────────


def say(connection: sa.Connection, by: By, facts: Facts, said: Said) -> Standing:
    """Speak for a team. Raises Forbidden, Invalid, Reworded."""
    require(by.actor, "definition.say", Thing(teams=(said.team,)))
    if said.team not in facts.teams:
        raise Invalid(t("definition.other_team"))
    if said.digest != facts.digest:
        raise settling.Reworded(facts.digest)
    settling.require_latest(connection, facts)
    settling.settle(connection, facts, by.now)
    moment, number = Moment(by.actor.id, by.now), storage.next_number(connection)
    before = storage.past(connection, facts.page)
    answer = _answer(by, facts, said, number)
    if _repeats(facts, before, answer, by.now):
        return standing(facts, before, by.now)
    storage.add(connection, answer)
    log(connection, moment, f"definition.{_VERBS[said.says]}", facts, team=said.team)
    if answer.says != AGREE:
        _object(connection, by, facts, before, answer)
    return settling.settle(connection, facts, by.now, by.actor.id)


def _answer(by: By, facts: Facts, said: Said, number: int) -> Answer:
    if said.says not in _VERBS:
        raise Invalid(t("definition.no_answer"))
    reason = text.reason(said.reason, needed=said.says == NOT_YET and not said.own.strip())
    own = text.checked(said.own) if said.own.strip() else ""
    if len(own) > LONGEST_OWN or (own and said.says != NOT_YET):
        raise Invalid(t("definition.own_too_long", most=LONGEST_OWN))
    who, at = by.actor.id, stamp(by.now)
    return Answer(number, facts.page, said.team, facts.digest, who, at, said.says, reason, own)


def _repeats(facts: Facts, before: Past, answer: Answer, now: datetime) -> bool:
    """Whether the team says that already.

    Agreeing once more says something where it is due for a fresh look, or where only who proposed it has said so; "not
    yet", where somebody has declared since that the text says the same.
    """
    stands = standing(facts, before, now)
    said = next(one for one in stands.teams if one.team == answer.team)
    if answer.says == BACK and said.says != AGREE:
        raise Invalid(t("definition.not_agreed"))
    same = (said.says, said.reason, said.own) == (answer.says, answer.reason, answer.own)
    another = said.person != answer.person and said.person == before.proposers.get(facts.digest)
    objects = answer.says == NOT_YET and stands.pending is not None
    is_news = another or objects or settling.has_new_examples(facts, stands)
    return same and not (is_news or (stands.is_due and answer.team in owing.open_to(facts, stands)))


def _object(connection: sa.Connection, by: By, facts: Facts, before: Past, answer: Answer) -> None:
    """Whoever says "not yet" of a wording that was declared to say the same objects to that."""
    pending = standing(facts, before, by.now).pending
    if pending and storage.object_to(connection, pending.number, by=answer.person, at=answer.at):
        log(connection, Moment(answer.person, by.now), "definition.objected", facts, team=answer.team)


# ── What comes of it ──────────────────────────────────────────────────────

Reworded, settle, settle_all = settling.Reworded, settling.settle, settling.settle_all
announcement = settling.announcement
declare, declare_by_commit = declaring.declare, declaring.by_commit
quote = quoting.quote


# ── How they stand ────────────────────────────────────────────────────────


def standings(connection: sa.Connection, facts: Iterable[Facts], now: datetime) -> dict[str, Standing]:
    """How all of these stand; the number of queries does not grow with them."""
    listed = {one.page: one for one in facts}
    pasts = storage.pasts(connection, list(listed))
    return {page: standing(one, pasts[page], now) for page, one in listed.items()}


def states(connection: sa.Connection, pages: Sequence[str]) -> dict[str, State]:
    """The state of each of these definitions, as it was last told; one query however many they are."""
    told = storage.announced_states(connection, pages)
    return {page: told[page].state if page in told else "notyet" for page in pages}


_VERBS: Mapping[Says, str] = {AGREE: "agreed", NOT_YET: "not_yet", BACK: "taken_back"}
