"""How a definition stands: one pure function of what the build says, what people said, and the time.

An agreement belongs to a meaning. What a team said counts for the wording it was said of, and for no other; only what
was declared to read otherwise and say the same, and nobody objected to, takes the agreements of its version along.

- **agreed**: the build's text is the one in force, and every team it concerns agrees to it.
- **differ**: some team has said which text it would rather have.
- **wording**: another text is in force, and this one is not agreed yet.
- **notyet**: none is in force, or a team has come in since, or has taken its agreement back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from kb_server.definitions.models import (
    AGREE,
    NOT_YET,
    WORDING_ONLY,
    Answer,
    Declaration,
    Facts,
    Past,
    Standing,
    State,
    TeamSays,
    Version,
)


def standing(facts: Facts, past: Past, now: datetime) -> Standing:
    """How the definition stands at this moment."""
    stamp = now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    force, family = in_force(facts, past, stamp)
    is_current = force is not None and facts.digest in family
    since = force.number if force and not is_current else 0
    wanted = family if is_current else frozenset({facts.digest})
    teams = _says(facts, past.answers, wanted, since)
    return Standing(
        state=_state(teams, force, is_current=is_current),
        force=force,
        is_current=is_current,
        teams=teams,
        kept=_says(facts, past.answers, family, 0) if force and not is_current else (),
        pending=_pending(facts, past, force, stamp),
        alone="" if is_current else _alone(teams, past.proposers.get(facts.digest, "")),
        is_due=_is_due(facts, past.answers, wanted, now),
        since=next((one.at for one in past.versions if force and one.version == force.version), ""),
    )


def in_force(facts: Facts, past: Past, now: str) -> tuple[Version | None, frozenset[str]]:
    """The version in force at this moment, with the digests of all texts that are it; None before there is one.

    What was declared of the page's text holds from its day on, whether or not anybody has written it down since.
    """
    if not past.versions:
        return None, frozenset()
    last = past.versions[-1]
    family = {one.digest for one in past.versions if one.version == last.version}
    declared = (one for one in reversed(past.declarations) if one.new == facts.digest and _holds(one, last, now))
    if facts.digest not in family and (taken := next(declared, None)):
        last = replace(last, digest=taken.new, at=taken.until, how=WORDING_ONLY)
        family.add(taken.new)
    return last, frozenset(family)


def _holds(one: Declaration, last: Version, now: str) -> bool:
    return one.number > last.number and one.old == last.digest and not one.objected_by and one.until <= now


def _pending(facts: Facts, past: Past, force: Version | None, now: str) -> Declaration | None:
    found = (
        one
        for one in reversed(past.declarations)
        if force and one.old == force.digest and one.new == facts.digest and not one.objected_by and one.until > now
    )
    return next(found, None)


def _state(teams: Sequence[TeamSays], force: Version | None, *, is_current: bool) -> State:
    if any(one.says == NOT_YET and one.own for one in teams):
        return "differ"
    if not is_current:
        return "wording" if force else "notyet"
    return "agreed" if teams and all(one.says == AGREE for one in teams) else "notyet"


def _alone(teams: Sequence[TeamSays], proposer: str) -> str:
    """Who proposed it, where all of several teams agree through nobody else."""
    agree = len(teams) > 1 and all(one.says == AGREE and one.person == proposer for one in teams)
    return proposer if agree else ""


def _says(facts: Facts, answers: Iterable[Answer], wanted: frozenset[str], since: int) -> tuple[TeamSays, ...]:
    latest: dict[str, Answer] = {}
    for one in answers:
        if one.digest in wanted and one.number > since:
            latest[one.team] = one
    return tuple(_team(team, facts.formers.get(team, ()), latest) for team in facts.teams)


def _team(team: str, formers: Sequence[str], latest: dict[str, Answer]) -> TeamSays:
    """What a team says; where it has said nothing itself, what the teams said that have become it, if all the same."""
    if team in latest:
        return _said(team, latest[team])
    past = [latest[former] for former in formers if former in latest]
    if len({one.says for one in past}) != 1:
        return TeamSays(team)
    return _said(team, max(past, key=lambda one: one.number))


def _said(team: str, answer: Answer) -> TeamSays:
    return TeamSays(team, answer.says, answer.number, answer.person, answer.at, answer.reason, answer.own)


def _is_due(facts: Facts, answers: Iterable[Answer], wanted: frozenset[str], now: datetime) -> bool:
    """Whether the day for a fresh look has come and some team has not said since that the text is still right."""
    if facts.review is None or now.date() < facts.review:
        return False
    day = facts.review.isoformat()
    renewed = [one for one in answers if one.at >= day]
    return any(one.says != AGREE for one in _says(facts, renewed, wanted, 0))
