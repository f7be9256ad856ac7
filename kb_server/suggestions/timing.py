"""The answer clock of a suggestion: it runs while it waits for an answer, and stands still for the rest of the time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from kb_server import clock
from kb_server.clock import Calendar
from kb_server.people.secret import stamp
from kb_server.suggestions.models import NO, WAITING, YES, Suggestion
from kb_server.writing.models import By


def begun(suggestion: Suggestion, by: By) -> Suggestion:
    """It waits for an answer, as if it was asked now."""
    fresh = replace(suggestion, passed="", answered_at="", in_time="")
    return _running(fresh, by, _calendar(suggestion, by).allowance)


def stopped(suggestion: Suggestion, by: By) -> Suggestion:
    """It waits no longer: what was left of the time is kept."""
    if suggestion.state != WAITING or not suggestion.due:
        return suggestion
    left = clock.worked(_calendar(suggestion, by), by.now, datetime.fromisoformat(suggestion.due))
    return replace(suggestion, due="", left=left)


def resumed(suggestion: Suggestion, by: By) -> Suggestion:
    """It waits again, for as long as was left."""
    return _running(replace(suggestion, answered_at="", in_time=""), by, suggestion.left)


def answered(suggestion: Suggestion, by: By) -> Suggestion:
    """It has an answer, the first since it was asked or asked again; whether in time is told by the running clock."""
    if suggestion.answered_at:
        return suggestion
    now = stamp(by.now)
    is_in_time = now <= suggestion.due if suggestion.due else suggestion.left > 0
    return replace(suggestion, answered_at=now, in_time=YES if is_in_time else NO)


def _running(suggestion: Suggestion, by: By, seconds: int) -> Suggestion:
    due = clock.due(_calendar(suggestion, by), by.now, seconds) if seconds else by.now
    return replace(suggestion, due=stamp(due), left=seconds)


def _calendar(suggestion: Suggestion, by: By) -> Calendar:
    """That of the team that was asked; that of most people where there is no such team any more."""
    team = by.roster.teams.get(suggestion.to_team)
    return team.calendar if team else Calendar()
