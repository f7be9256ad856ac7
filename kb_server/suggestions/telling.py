"""What happened to a suggestion, in words: the lines of the log, with what was said then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from kb_server.activity.storage import THE_BUILD, THE_CLOCK, Event
from kb_server.people.roster import Roster
from kb_server.suggestions.models import LIAISON, SHOWN, Remark
from kb_server.suggestions.proposing import team_of
from kb_server.words import each, t
from kb_server.writing import markdown
from kb_server.writing.dues import short_day
from kb_server.writing.names import Names
from kb_server.writing.text import first_line

GOOD = ("planned", "finished")
NOTED = ("asked_more", "late")
Line = tuple[Event, Remark | None]
"""A line of the log, and what was said with it."""


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of what happened: what, when, who for which team, in which words. ``tone`` is good, note or ""."""

    what: str
    at: str
    who: str
    more: str
    quote: str
    tone: str


def people_in(lines: Iterable[Line]) -> set[str]:
    """The ids of all whom these lines name."""
    named = (one for event, _ in lines for one in (event.actor, *map(event.data.get, ("owner", "made_by"))))
    return {str(one) for one in named if one}


def told(lines: Iterable[Line], roster: Roster, names: Names) -> list[Happened]:
    """These lines, with the names of now; those that are not told here are left out."""
    return [line for event, remark in lines if (line := _told(event, remark, roster, names))]


def _told(event: Event, remark: Remark | None, roster: Roster, names: Names) -> Happened | None:
    verb, data = event.verb.rpartition(".")[2], event.data
    who = str(data.get("made_by", "")) if event.actor == THE_BUILD else event.actor
    name = "" if who in {"", THE_CLOCK} else names.name(who)
    words = each("suggestion.did", name=name, team=team_of(roster, str(data.get("to", ""))).name)
    if verb not in words:
        return None
    shown = remark if remark and remark.state == SHOWN else None
    return Happened(
        what=words[verb] if verb != "late" else _passed(str(data.get("passed", ""))),
        at=event.at,
        who=name,
        more=_more(verb, data, names),
        quote=first_line(markdown.plain(shown.html)) if shown else "",
        tone="good" if verb in GOOD else "note" if verb in NOTED else "",
    )


def _passed(to: str) -> str:
    passed = each("suggestion.passed_on")
    return passed[to] if to in passed else passed[LIAISON]


def _more(verb: str, data: Mapping[str, object], names: Names) -> str:
    """What goes with it: who does it and by when, which one it joined, how the clock went on."""
    if data.get("owner") and data.get("by_when"):
        day = short_day(date.fromisoformat(str(data["by_when"])))
        return t("suggestion.who.when", name=names.name(str(data["owner"])), day=day)
    if verb == "finished" and data.get("commit"):
        return t("suggestion.changed.kept")
    if verb == "reopened" and data.get("commit"):
        return t("suggestion.changed.undone")
    if data.get("into"):
        return t("suggestion.number", number=str(data["into"]))
    return each("suggestion.goes").get(verb, "")
