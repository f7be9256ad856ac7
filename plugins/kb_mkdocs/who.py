"""Names for the handles and ids in a page's front matter, from teams.yml."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from kb_server.wiki.teams import Teams

from .facts import Facts, Team

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb_server.pages.manifest import Page

NOBODY = Teams()


def facts(meta: Mapping[str, Any], known: Teams | None) -> Facts:
    """The facts in checked front matter; an owner may be a person of teams.yml or any other text."""
    known = known or NOBODY
    owner = str(meta.get("owner") or "")
    person = known.people.get(owner)
    return Facts(
        teams=tuple(_team(known, team) for team in known.now(meta.get("teams") or ()) if team in known.teams),
        owner=person.name if person else owner,
        held=_day(meta.get("date")) if meta.get("kind") == "webinar" else None,
        review=_day(meta.get("review")),
    )


def of_teams(page: Page, known: Teams | None) -> Page:
    """The page with the teams it concerns today, whatever they were called when it was written."""
    if known is None:
        return page
    teams = known.now(page.teams)
    formers = {team: known.teams[team].was for team in teams if team in known.teams and known.teams[team].was}
    return replace(page, teams=teams, formers=formers)


def _day(value: object) -> date | None:
    """The day in a checked value, which YAML gives as a date, a time, or text in quotes."""
    return date.fromisoformat(str(value)[:10]) if value else None


def _team(known: Teams, team_id: str) -> Team:
    team = known.teams[team_id]
    speakers = (known.people.get(handle) for handle in team.speakers)
    return Team(team.name, team.hue, tuple(speaker.name for speaker in speakers if speaker))
