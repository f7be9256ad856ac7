"""What comes of what was said: a text comes into force, a declaration is over, and each change is told once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa

from kb_server.activity.storage import THE_BUILD, record
from kb_server.definitions import storage
from kb_server.definitions.models import AGREED, RENEWED, WORDING_ONLY, Announced, Facts, Past, Standing, Version
from kb_server.definitions.standing import standing
from kb_server.errors import Conflict
from kb_server.people.secret import stamp
from kb_server.words import t


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


def foreseen(facts: Facts, past: Past, now: datetime) -> Standing:
    """How a definition would stand once this is published; nothing is written."""
    stands = standing(facts, past, now)
    new = _comes_into_force(facts, past, stands, now)
    return standing(facts, replace(past, versions=(*past.versions, new)), now) if new else stands


def _settle(connection: sa.Connection, facts: Facts, past: Past, known: Announced | None, moment: Moment) -> Standing:
    now, past = moment.now, _without_lapsed(connection, facts, past, moment.now)
    stands = standing(facts, past, now)
    if new := _comes_into_force(facts, past, stands, now):
        new = replace(new, number=storage.next_number(connection))
        storage.add(connection, new)
        log(connection, moment, "definition.in_force", facts, version=new.version, how=new.how)
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
    if has_new_examples(facts, stands) and _all_say_so_since(stands, last):
        return replace(last, number=0, at=stamp(now), how=RENEWED, examples=examples)
    return None


def has_new_examples(facts: Facts, stands: Standing) -> bool:
    """Whether examples were added since the text in force was agreed to."""
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
        log(connection, moment, "definition.stands", facts, state=new.state, was=was, version=new.version)
    if new.due and not (known and known.due):
        log(connection, moment, "definition.due", facts, version=new.version)


def require_latest(connection: sa.Connection, facts: Facts) -> None:
    """Raise Reworded where another node serves a newer text already, and this one will in a moment."""
    told = storage.announced_states(connection, [facts.page]).get(facts.page)
    if told and told.digest != facts.digest:
        raise Reworded(told.digest)


def log(connection: sa.Connection, moment: Moment, verb: str, facts: Facts, **more: object) -> None:
    """One line in the log, of ids and digests alone."""
    data = {"page": facts.page, "digest": facts.digest, "teams": list(facts.teams), **more}
    record(connection, actor=moment.actor, verb=verb, subject=facts.page, data=data, at=stamp(moment.now))
