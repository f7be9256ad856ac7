"""Where the teams see a definition differently: their texts, and how they sort cases."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from kb_server.definitions.apart.contrast import marked, own
from kb_server.definitions.apart.tally import VERDICTS, Sorted, Tally
from kb_server.definitions.models import Standing
from kb_server.definitions.view import Segment
from kb_server.pages.manifest import Page
from kb_server.people.roster import Roster, Team
from kb_server.words import t


@dataclass(frozen=True, slots=True)
class Side:
    """A team's text: its own, with the words marked that no other has, or the page's."""

    segment: Segment
    html: Markup
    is_own: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a team says of a case, in the words of the page."""

    team: Team
    says: str
    reason: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A case that all teams have sorted."""

    title: str
    text: str
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """How far the teams are: what to talk about, what they agree on, who has to sort what is left."""

    tally: Tally
    apart: tuple[Shown, ...]
    alike: tuple[Shown, ...]
    title: str
    left: tuple[str, ...]
    counts: str = ""


def sides(stands: Standing, segments: Sequence[Segment], text: str) -> tuple[Side, ...]:
    """Each team's text beside the others'; `text` is the page's, in words."""
    texts = [one.own or text for one in stands.teams]
    return tuple(
        Side(
            replace(segment, words=t("definition.says")) if one.own else segment,
            marked(own(texts[at], {other for other in texts if other != texts[at]}), segment.team.hue),
            bool(one.own),
            one.reason,
        )
        for at, (one, segment) in enumerate(zip(stands.teams, segments, strict=True))
    )


def verdicts(page: Page) -> dict[str, str]:
    """What the two answers to a case are called: by the page, or as everywhere."""
    named: Any = page.meta.get("verdicts")
    usual = (t("sorting.yes"), t("sorting.no"))
    yes, no = named if isinstance(named, list) and len(named) == len(usual) else usual
    return {"yes": str(yes), "no": str(no)}


def counted(found: Tally, roster: Roster, words: dict[str, str]) -> Counted:
    """How far the teams are, in words."""

    def shown(one: Sorted) -> Shown:
        said = (Verdict(roster.team(each.team), words[each.verdict], each.reason) for each in one.said)
        return Shown(one.case.title, one.case.text, tuple(said))

    alike = Counter(one.said[0].verdict for one in found.alike)
    counts = (t("sorting.agreed.counts", count=alike[key], says=words[key]) for key in VERDICTS if alike[key])
    return Counted(
        tally=found,
        apart=tuple(map(shown, found.apart)),
        alike=tuple(map(shown, found.alike)),
        title=_title(found),
        left=tuple(_left(roster.team(team).name, found.count, count) for team, count in found.left.items()),
        counts=", ".join(counts),
    )


def _title(found: Tally) -> str:
    if not found.apart:
        return t("sorting.all_alike")
    if len(found.alike) > len(found.apart):
        return t("sorting.talk_most", count=len(found.apart))
    return t("sorting.talk", count=len(found.apart))


def _left(team: str, count: int, left: int) -> str:
    if left:
        return t("sorting.left.some", team=team, done=count - left, count=count)
    return t("sorting.left.none", team=team, count=count)
