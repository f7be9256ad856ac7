"""Which teams may say that they agree, and for which of them it waits: what pages, cards and lists offer is one rule.

Whoever is offered something here is not refused there, and who has answered is not asked again.
"""

from __future__ import annotations

from kb_server.definitions.models import AGREE, Facts, Standing


def open_to(facts: Facts, stands: Standing) -> tuple[str, ...]:
    """The teams whose word makes a difference: those that do not agree; of what is due, that have not looked since.

    Where all agree through nobody but who proposed it, another voice for any of them will do.
    """
    if stands.alone:
        return tuple(one.team for one in stands.teams)
    day = facts.review.isoformat() if facts.review and stands.is_due and stands.state == "agreed" else ""
    return tuple(one.team for one in stands.teams if one.says != AGREE or one.at < day)


def owing(facts: Facts, stands: Standing) -> tuple[str, ...]:
    """For which of them it waits: a team that says "not yet" has answered, and may still change its mind."""
    said = {one.team: one.says for one in stands.teams}
    return tuple(team for team in open_to(facts, stands) if said[team] in {"", AGREE})
