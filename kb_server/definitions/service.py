"""The rules of definitions: who may speak for a team, what comes into force, and that each change is told once.

What each of these changes and its lines in the log are one transaction: the caller's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from kb_server.activity.storage import THE_BUILD, record
from kb_server.definitions import rewording, storage
from kb_server.definitions.models import (
    AGREE,
    AGREED,
    BACK,
    LONGEST_OWN,
    NOT_YET,
    RENEWED,
    WORDING_ONLY,
    Announced,
    Answer,
    Declaration,
    Facts,
    Past,
    Says,
    Standing,
    State,
    Version,
)
from kb_server.definitions.standing import standing
from kb_server.errors import Conflict, Invalid
from kb_server.people.permissions import Thing, require
from kb_server.people.secret import stamp
from kb_server.words import t
from kb_server.writing import text
from kb_server.writing.models import By

NOT_WORDING = "definition.not_wording"
"""A commit said that it changed the wording only, and it did not."""

OBJECTIONS = timedelta(days=7)
"""How long somebody may say that a wording does not say the same after all."""


class Reworded(Conflict):
    """The text was changed while somebody answered; `digest` is that of the one there is now."""

    def __init__(self, digest: str) -> None:
        super().__init__(t("definition.reworded"))
        self.digest = digest


@dataclass(frozen=True, slots=True)
class Moment:
    """Who brings something about, and when."""

    actor: str
    now: datetime


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
        raise Reworded(facts.digest)
    _require_latest(connection, facts)
    settle(connection, facts, by.now)
    moment, number = Moment(by.actor.id, by.now), storage.next_number(connection)
    before = storage.past(connection, facts.page)
    answer = _answer(by, facts, said, number)
    if _repeats(facts, before, answer, by.now):
        return standing(facts, before, by.now)
    storage.add(connection, answer)
    _log(connection, moment, f"definition.{_VERBS[said.says]}", facts, team=said.team)
    if answer.says != AGREE:
        _object(connection, by, facts, before, answer)
    return settle(connection, facts, by.now, by.actor.id)


def declare(connection: sa.Connection, by: By, facts: Facts, old: str, language: str) -> Standing:
    """Declare that the text of now says the same as the one in force, by `old`. Raises Forbidden, Invalid, Conflict.

    Whether the two may be said to do so is judged by the lists for their language (`pages.wording`).
    """
    require(by.actor, "definition.declare", Thing(teams=facts.teams))
    _require_latest(connection, facts)
    stands = settle(connection, facts, by.now)
    if stands.force is None or stands.is_current:
        raise Invalid(t("definition.nothing_to_declare"))
    if stands.force.digest != old:
        raise Reworded(stands.force.digest)
    if stands.pending:
        return stands
    if found := rewording.against(connection, facts.page, old, facts.digest, language):
        raise Invalid(t("wording.refused", reasons="; ".join(rewording.reasons(found))))
    declare_for(connection, facts, stands.force, by.actor.id, by.now)
    return settle(connection, facts, by.now)


def _require_latest(connection: sa.Connection, facts: Facts) -> None:
    """Raise Reworded where another node serves a newer text already, and this one will in a moment."""
    told = storage.announced_states(connection, [facts.page]).get(facts.page)
    if told and told.digest != facts.digest:
        raise Reworded(told.digest)


def declare_for(connection: sa.Connection, facts: Facts, force: Version, person: str, now: datetime) -> None:
    """Write a declaration down: whoever made it was allowed to, or a commit on the trusted branch says so."""
    declared = Declaration(
        number=storage.next_number(connection),
        page=facts.page,
        old=force.digest,
        new=facts.digest,
        person=person,
        at=stamp(now),
        until=stamp(now + OBJECTIONS),
    )
    storage.add(connection, declared)
    _log(connection, Moment(person, now), "definition.declared", facts, until=declared.until, version=force.version)


def declare_by_commit(connection: sa.Connection, facts: Facts, now: datetime, language: str) -> None:
    """What a commit on the trusted branch declares, once; nothing where there is nothing to declare.

    Where the texts do not allow it, nothing is declared, and the log says that a commit tried.
    """
    past = storage.past(connection, facts.page)
    stands = standing(facts, past, now)
    if stands.force is None or stands.is_current or _is_declared(past, stands.force, facts):
        return
    if found := rewording.against(connection, facts.page, stands.force.digest, facts.digest, language):
        kinds = sorted({one.kind for one in found})
        _log(connection, Moment(THE_BUILD, now), NOT_WORDING, facts, old=stands.force.digest, kinds=kinds)
    else:
        declare_for(connection, facts, stands.force, THE_BUILD, now)


def _is_declared(past: Past, force: Version, facts: Facts) -> bool:
    return any((one.old, one.new) == (force.digest, facts.digest) for one in past.declarations)


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
    """Whether the team says that already. Agreeing once more to what is due for a fresh look is saying something."""
    stands = standing(facts, before, now)
    said = next(one for one in stands.teams if one.team == answer.team)
    if answer.says == BACK and said.says != AGREE:
        raise Invalid(t("definition.not_agreed"))
    same = (said.says, said.reason, said.own) == (answer.says, answer.reason, answer.own)
    return same and not (stands.is_due or _has_new_examples(facts, stands))


def _object(connection: sa.Connection, by: By, facts: Facts, before: Past, answer: Answer) -> None:
    """Whoever says "not yet" of a wording that was declared to say the same objects to that."""
    pending = standing(facts, before, by.now).pending
    if pending and storage.object_to(connection, pending.number, by=answer.person, at=answer.at):
        _log(connection, Moment(answer.person, by.now), "definition.objected", facts, team=answer.team)


# ── What comes of it ──────────────────────────────────────────────────────


def settle(connection: sa.Connection, facts: Facts, now: datetime, actor: str = THE_BUILD) -> Standing:
    """Bring into force what is agreed by now, and tell of what has changed; once, whoever asks however often."""
    return settle_all(connection, [facts], now, actor)[facts.page]


def settle_all(
    connection: sa.Connection, facts: Sequence[Facts], now: datetime, actor: str = THE_BUILD
) -> dict[str, Standing]:
    """The same for many; what is asked does not grow with them, only what has changed is written."""
    storage.next_number(connection)  # whoever holds it is alone: what is read now stays so until all is written
    pages = [one.page for one in facts]
    pasts, known = storage.pasts(connection, pages), storage.announced_states(connection, pages)
    return {
        one.page: _settle(connection, one, pasts[one.page], known.get(one.page), Moment(actor, now)) for one in facts
    }


def _settle(connection: sa.Connection, facts: Facts, past: Past, known: Announced | None, moment: Moment) -> Standing:
    now, past = moment.now, _without_lapsed(connection, facts, past, moment.now)
    stands = standing(facts, past, now)
    if new := _comes_into_force(facts, past, stands, now):
        new = replace(new, number=storage.next_number(connection))
        storage.add(connection, new)
        _log(connection, moment, "definition.in_force", facts, version=new.version, how=new.how)
        stands = standing(facts, replace(past, versions=(*past.versions, new)), now)
    _announce(connection, facts, stands, known, moment)
    return stands


def _without_lapsed(connection: sa.Connection, facts: Facts, past: Past, now: datetime) -> Past:
    """What was declared of a text that has gone again is over: nobody could have objected to it for seven days."""
    at = stamp(now)
    lapsed = {
        one.number for one in past.declarations if not one.objected_by and one.until > at and one.new != facts.digest
    }
    for number in lapsed:
        storage.object_to(connection, number, by=THE_BUILD, at=at)
    left = (replace(one, objected_by=THE_BUILD) if one.number in lapsed else one for one in past.declarations)
    return replace(past, declarations=tuple(left)) if lapsed else past


def _comes_into_force(facts: Facts, past: Past, stands: Standing, now: datetime) -> Version | None:
    """The version to be written down, without its number, or None."""
    examples, last = " ".join(facts.examples), past.versions[-1] if past.versions else None
    if not stands.is_current:
        if not stands.is_complete:
            return None
        version = last.version + 1 if last else 1
        return Version(0, facts.page, version, facts.digest, stamp(now), AGREED, examples)
    if last is None or stands.force is None:
        return None
    if stands.force.digest != last.digest:
        return replace(stands.force, number=0, how=WORDING_ONLY)
    if _has_new_examples(facts, stands) and _all_say_so_since(stands, last):
        return replace(last, number=0, at=stamp(now), how=RENEWED, examples=examples)
    return None


def _has_new_examples(facts: Facts, stands: Standing) -> bool:
    return stands.is_current and stands.force is not None and set(facts.examples) > set(stands.force.examples.split())


def _all_say_so_since(stands: Standing, last: Version) -> bool:
    return stands.state == "agreed" and all(one.number > last.number for one in stands.teams)


def announcement(facts: Facts, stands: Standing) -> Announced:
    """What there is to tell of how a definition stands."""
    due = stands.is_due and stands.state == "agreed"
    version = stands.force.version if stands.force else 0
    return Announced(facts.page, stands.state, facts.digest, version, int(due))


def _announce(
    connection: sa.Connection, facts: Facts, stands: Standing, known: Announced | None, moment: Moment
) -> None:
    new = announcement(facts, stands)
    if new == known:
        return
    storage.announce(connection, new)
    if known is None or replace(known, due=new.due) != new:
        was = known.state if known else ""
        _log(connection, moment, "definition.stands", facts, state=new.state, was=was, version=new.version)
    if new.due and not (known and known.due):
        _log(connection, moment, "definition.due", facts, version=new.version)


# ── From build to build, and with time ────────────────────────────────────


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


def _log(connection: sa.Connection, moment: Moment, verb: str, facts: Facts, **more: object) -> None:
    data = {"page": facts.page, "digest": facts.digest, "teams": list(facts.teams), **more}
    record(connection, actor=moment.actor, verb=verb, subject=facts.page, data=data, at=stamp(moment.now))
