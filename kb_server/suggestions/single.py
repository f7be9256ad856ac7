"""What one suggestion looks like to somebody: what was asked, said and done, and what may be done next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from markupsafe import Markup

from kb_server.people.models import Actor
from kb_server.people.permissions import may
from kb_server.people.roster import Roster, Team
from kb_server.suggestions import history, reading, states, telling
from kb_server.suggestions.acts import both_teams
from kb_server.suggestions.applying import service as applying
from kb_server.suggestions.cards import Card, card
from kb_server.suggestions.carrying import service as carrying
from kb_server.suggestions.closing.view import Landed, landed
from kb_server.suggestions.edits import view as edits
from kb_server.suggestions.edits.view import Before, Shown
from kb_server.suggestions.models import ASKED, DELETED, SHOWN, Remark, Suggestion, ids_in
from kb_server.suggestions.proposing import Answering, answering, team_of
from kb_server.suggestions.telling import Happened
from kb_server.words import each, t
from kb_server.writing import markdown
from kb_server.writing.dues import short_day
from kb_server.writing.models import By
from kb_server.writing.names import Names, Who
from kb_server.writing.places import Pages

AT_ONCE = 50  # remarks
VOTERS = 60


@dataclass(frozen=True, slots=True)
class Said:
    """A remark as it is shown. ``answers_for`` is the team whose answer it is; ``act`` names what it came with."""

    remark: Remark
    who: Who
    html: Markup
    answers_for: Team | None
    act: str
    is_own: bool

    @property
    def is_gone(self) -> bool:
        """Whether its author took it back."""
        return self.remark.state == DELETED


@dataclass(frozen=True, slots=True)
class One:
    """A suggestion by itself. ``acts`` are open to whoever looks; ``may`` is what else they may do."""

    card: Card
    html: Markup
    said: Sequence[Said]
    after: int
    happened: Sequence[Happened]
    joined: Sequence[Suggestion]
    into: Suggestion | None
    voters: Sequence[Who]
    acts: tuple[str, ...]
    may: Mapping[str, bool]
    answering: Answering | None
    is_own: bool
    landed: Landed
    edits: Sequence[Shown] = ()
    edits_before: Sequence[Before] = ()

    @property
    def applied(self) -> str:
        """Where all of its edits are proposed already, "" for nowhere."""
        return applying.place([one.edit for one in self.edits])

    @property
    def suggestion(self) -> Suggestion:
        """What it is about."""
        return self.card.suggestion


def one(connection: sa.Connection, by: By, pages: Pages, found: Suggestion, *, after: int = 0) -> One:
    """A suggestion by itself, with a part of what was said about it."""
    remarks = reading.remarks_of(connection, found.number, after=after, most=AT_ONCE + 1)
    shown, more = remarks[:AT_ONCE], len(remarks) > AT_ONCE
    lines = history.history(connection, found)
    joined = reading.joined_to(connection, found.number)
    into = reading.suggestion(connection, found.into) if found.into else None
    voters = reading.voters(connection, found.number, VOTERS)
    ids = ids_in([found, *joined], [*shown, *(remark for _, remark in lines if remark)])
    names = Names(connection, ids | set(voters) | telling.people_in(lines), by.roster)
    carried = edits.shown(connection, found.number, pages)
    texts = [shown.edit for shown in carried]
    may_do = {
        "apply": applying.may_apply(by.actor, found, texts, pages),
        "carry": carrying.may_carry(by.actor, found, texts, pages),
    }
    return One(
        card=card(by, pages, found, names),
        html=markdown.named(below_title(found), names.name),
        said=[_said(by, found, remark, names) for remark in shown],
        after=shown[-1].number if more else 0,
        happened=telling.told(reversed(lines), by.roster, names),
        joined=joined,
        into=into if into and not into.hidden else None,
        voters=[names.who(voter) for voter in voters],
        acts=states.may_act(by.actor, found),
        may=rights(by.actor, found) | may_do,
        answering=answering(connection, by, found),
        is_own=found.author == by.actor.id != "",
        landed=landed(connection, found, pages),
        edits=carried,
        edits_before=edits.before(connection, found.number, pages) if found.edited_at else (),
    )


def said(connection: sa.Connection, by: By, found: Suggestion, remark: Remark) -> Said:
    """A remark by itself."""
    return _said(by, found, remark, Names(connection, ids_in([], [remark]), by.roster))


def below_title(one: Suggestion) -> str:
    """The HTML of what was asked, without a first paragraph that is its title word for word: that stands above."""
    html = _html(one)
    first, end, rest = html.partition("</p>")
    is_title = html.startswith("<p>") and markdown.plain(first) == one.title
    return rest.strip() if end and is_title else html


def rights(actor: Actor, one: Suggestion) -> dict[str, bool]:
    """What somebody may do with a suggestion besides the acts of the table."""
    asked, is_shown = states.thing(states.ANSWERING, one), not one.hidden
    return {
        "vote": is_shown and one.author != actor.id and (not actor.id or may(actor, "suggestion.vote")),
        "remark": is_shown and (not actor.id or may(actor, "suggestion.remark")),
        "edit": is_shown and may(actor, "suggestion.own", asked),
        "address": is_shown and one.state != ASKED and may(actor, "suggestion.answer", asked),
        "label": is_shown and may(actor, "suggestion.label", asked),
        "hide": may(actor, "suggestion.hide", both_teams(one)),
    }


def rights_of_remark(actor: Actor, one: Suggestion, remark: Remark) -> dict[str, bool]:
    """What somebody may do with a remark."""
    is_shown = remark.state == SHOWN
    own = is_shown and may(actor, "suggestion.own", both_teams(one, remark.author))
    return {"edit": own, "delete": own and not remark.act, "hide": may(actor, "suggestion.hide", both_teams(one))}


def stands(one: Suggestion, names: Names, roster: Roster) -> str:
    """In a line how it stands: "Planned: Nia, by 12 October"."""
    state = each("suggestion.state", team=team_of(roster, one.to_team).name)[one.state]
    if one.owner and one.by_when:
        day = short_day(date.fromisoformat(one.by_when))
        return t("suggestion.stands", state=state, name=names.name(one.owner), day=day)
    return state


def _said(by: By, found: Suggestion, remark: Remark, names: Names) -> Said:
    who = names.who(remark.author)
    return Said(
        remark=remark,
        who=who,
        html=markdown.named(_html(remark), names.name),
        answers_for=_answers_for(found, who, remark),
        act=each("suggestion.act").get(remark.act, ""),
        is_own=bool(by.actor.id) and remark.author == by.actor.id,
    )


def _answers_for(found: Suggestion, who: Who, remark: Remark) -> Team | None:
    """The team that was asked, where one of them says it to the others."""
    if remark.author == found.author:
        return None
    teams = {team.id: team for team in who.teams}
    return None if found.from_team in teams and not remark.act else teams.get(found.to_team)


def _html(said: Suggestion | Remark) -> str:
    """What is stored, or rendered anew where an older version of the program rendered it."""
    is_gone = isinstance(said, Remark) and said.state == DELETED
    if said.renderer == markdown.VERSION or is_gone:
        return said.html
    return markdown.rendered(said.body, said.mentions).html
