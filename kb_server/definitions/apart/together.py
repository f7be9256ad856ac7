"""How teams that see a definition differently come to one wording: by proposing one, by talking, by writing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from kb_server.definitions.apart.view import Counted, Shown
from kb_server.definitions.models import LONGEST_OWN, TeamSays
from kb_server.pages.manifest import Page
from kb_server.people.roster import Roster
from kb_server.words import listed, t
from kb_server.writing.models import MOST_BYTES

LONGEST_CASES = MOST_BYTES - 2 * LONGEST_OWN
"""Bytes of the cases in a proposal: with two texts as long as they may be, it can still be sent."""


@dataclass(frozen=True, slots=True)
class Together:
    """The ways to one wording, for whoever looks. ``propose`` are the fields of a suggestion, to be written on."""

    propose: Mapping[str, str]
    invite: str
    invite_words: str
    edit: str


def together(page: Page, roster: Roster, mine: frozenset[str], says: Sequence[TeamSays], counted: Counted) -> Together:
    """The ways to one wording for somebody of these teams."""
    teams = [roster.teams[team] for team in page.teams if team in roster.teams]
    others = [team for team in teams if team.id not in mine] or teams
    asks = {"page": page.id, "section": "definition"} | ({"to_team": others[0].id} if others else {})
    ours = [team.id for team in teams if team.id in mine and team.id != asks.get("to_team")]
    asks |= {"from_team": ours[0]} if ours else {}
    speaks = [handle for team in others for handle in team.speakers[:1] if handle in roster.people]
    names = listed(roster.people[handle].name for handle in speaks) if speaks else ""
    about = {"section": "definition", "to": speaks}
    body = proposal(page.term.text if page.term else "", roster, says, counted.apart)
    return Together(
        propose=asks | {"title": t("sorting.propose.title", title=page.title), "body": body},
        invite=f"talk/{page.id}/?" + urlencode(about, doseq=True) if speaks else "",
        invite_words=t("sorting.invite", name=names),
        edit=page.edit_url,
    )


def proposal(text: str, roster: Roster, says: Iterable[TeamSays], cases: Iterable[Shown]) -> str:
    """What a proposal begins with, in Markdown: each team's text, and the cases they see differently."""
    texts = (f"**{roster.team(one.team).name}**\n\n{_quoted(one.own or text)}" for one in says)
    apart, left = [], LONGEST_CASES
    for line in map(_case, cases):
        left -= len(line.encode()) + 1
        if left > 0:
            apart.append(line)
    talk = [t("sorting.propose.cases") + "\n\n" + "\n".join(apart)] if apart else []
    return "\n\n".join([*texts, *talk, t("sorting.propose.one"), ""])


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())


def _case(one: Shown) -> str:
    said = (
        f"{said.team.name}: {said.says}" + (f" ({' '.join(said.reason.split())})" if said.reason else "")
        for said in one.verdicts
    )
    return f"- {' '.join((one.title or one.text).split())}. {'; '.join(said)}"
