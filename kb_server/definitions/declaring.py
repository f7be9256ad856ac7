"""Wording only, same meaning: by somebody who sees to a definition, or by a commit on the trusted branch."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from kb_server.activity.storage import THE_BUILD
from kb_server.definitions import rewording, settling, storage
from kb_server.definitions.models import BACK, NOT_YET, Declaration, Facts, Past, Standing, Version
from kb_server.definitions.settling import Moment, log
from kb_server.definitions.standing import standing
from kb_server.errors import Invalid
from kb_server.people.permissions import Thing, require
from kb_server.people.roster import Roster
from kb_server.people.secret import stamp
from kb_server.words import each, t
from kb_server.writing.models import By

NOT_WORDING = "definition.not_wording"
"""A commit said that it changed the wording only, and it did not."""

OBJECTIONS = timedelta(days=7)
"""How long somebody may say that a wording does not say the same after all."""


def declare(connection: sa.Connection, by: By, facts: Facts, old: str, language: str) -> Standing:
    """Declare that the text of now says the same as the one in force, by `old`. Raises Forbidden, Invalid, Conflict.

    Whether the two may be said to do so is judged by the lists for their language (`pages.wording`).
    """
    require(by.actor, "definition.declare", Thing(owner=facts.owner, teams=facts.teams))
    settling.require_latest(connection, facts)
    stands = settling.settle(connection, facts, by.now)
    if stands.force is None or stands.is_current:
        raise Invalid(t("definition.nothing_to_declare"))
    if stands.force.digest != old:
        raise settling.Reworded(stands.force.digest)
    if stands.pending:
        return stands
    if reasons := against(connection, facts, stands, by.roster, language):
        raise Invalid(t("wording.refused", reasons="; ".join(reasons)))
    _write_down(connection, facts, stands.force, by.actor.id, by.now)
    return settling.settle(connection, facts, by.now)


def against(connection: sa.Connection, facts: Facts, stands: Standing, roster: Roster, language: str) -> list[str]:
    """What stands against declaring it, for people: the teams that have said of this text that they do not agree.

    Where there are none, what the lists say. An objection therefore holds until who made it agrees: nobody can wait
    for a week in which they are away, and declare the same once more.
    """
    if stands.force is None:
        return []
    says = each("definition.says_of")
    apart = [f"{roster.team(one.team).name} {says[one.says]}" for one in stands.teams if one.says in (NOT_YET, BACK)]
    found = rewording.against(connection, facts.page, stands.force.digest, facts.digest, language)
    return apart or rewording.reasons(found)


def _write_down(connection: sa.Connection, facts: Facts, force: Version, person: str, now: datetime) -> None:
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
    told = {"until": declared.until, "version": force.version}
    log(connection, Moment(person, now), "definition.declared", facts, **told)


def by_commit(connection: sa.Connection, facts: Facts, now: datetime, language: str) -> None:
    """What a commit on the trusted branch declares, once; nothing where there is nothing to declare.

    Where the texts do not allow it, nothing is declared, and the log says that a commit tried.
    """
    past = storage.past(connection, facts.page)
    stands = standing(facts, past, now)
    if stands.force is None or stands.is_current or _is_declared(past, stands.force, facts):
        return
    if found := rewording.against(connection, facts.page, stands.force.digest, facts.digest, language):
        kinds = sorted({one.kind for one in found})
        log(connection, Moment(THE_BUILD, now), NOT_WORDING, facts, old=stands.force.digest, kinds=kinds)
    else:
        _write_down(connection, facts, stands.force, THE_BUILD, now)


def _is_declared(past: Past, force: Version, facts: Facts) -> bool:
    return any((one.old, one.new) == (force.digest, facts.digest) for one in past.declarations)
