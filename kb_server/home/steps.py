"""How far a suggestion has come, in steps: asked, answered, planned, done; or where it ended instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kb_server.suggestions.models import ASKED, MORE, NOT_NOW, PLANNED, TAKEN_BACK, WAITING, Suggestion
from kb_server.words import each, t
from kb_server.writing.dues import short_day


@dataclass(frozen=True, slots=True)
class Step:
    """A step on the way: taken, being taken, or still to come."""

    words: str
    is_past: bool = False
    is_now: bool = False


def steps(one: Suggestion) -> list[Step]:
    """The way of a suggestion, as far as it has come and as far as it may go."""
    asked = Step(t("home.asked.on", day=_day(one.created_at)), is_past=True)
    to_come = [Step(t("home.asked.planned")), Step(t("home.asked.done"))]
    if one.state in (WAITING, MORE):
        words = t("home.asked.waiting") if one.state == WAITING else t("home.asked.more")
        return [asked, Step(words, is_now=True), *to_come]
    if one.state in (NOT_NOW, ASKED, TAKEN_BACK):
        return [asked, Step(each("home.asked.end", day=_day(one.since))[one.state], is_now=True)]
    answered = Step(t("home.asked.answered", day=_day(one.answered_at or one.since)), is_past=True)
    if one.state == PLANNED:
        by = Step(t("home.asked.by", day=short_day(date.fromisoformat(one.by_when))), is_now=True)
        return [asked, answered, by, to_come[1]]
    return [asked, answered, Step(t("home.asked.done.on", day=_day(one.since)), is_past=True, is_now=True)]


def _day(stamp: str) -> str:
    return short_day(date.fromisoformat(stamp[:10]))
