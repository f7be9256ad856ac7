"""Which teams still have to say something of a definition: nothing waits for one that has."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from kb_server.definitions import storage
from kb_server.definitions.models import Facts, Past, Standing


def owing(facts: Facts, stands: Standing) -> tuple[str, ...]:
    """The teams that have not answered; where it is due for a fresh look, those that have not looked since that day."""
    if stands.state == "agreed" and stands.is_due and facts.review:
        day = facts.review.isoformat()
        return tuple(one.team for one in stands.teams if one.at < day)
    return stands.missing


def proposers(connection: sa.Connection, page: str, digests: Iterable[str]) -> list[str]:
    """The ids of those who brought these wordings in, as far as they are known."""
    kept = [storage.wording(connection, page, digest) for digest in digests]
    return list(dict.fromkeys(one.person for one in kept if one and one.person))


def past(connection: sa.Connection, page: str) -> Past:
    """Everything that was ever said of a definition."""
    return storage.past(connection, page)
