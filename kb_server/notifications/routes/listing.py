"""Some of what waits for whoever asks, the same for people and for programs."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated

from pydantic import Field, TypeAdapter
from sqlalchemy.exc import SQLAlchemyError

from kb_server.errors import KbError
from kb_server.notifications import service, view
from kb_server.notifications.models import Entry
from kb_server.notifications.routes import answers
from kb_server.notifications.service import Teller
from kb_server.web.api import cursors
from kb_server.web.context import build, kb
from kb_server.web.gate import actor

log = logging.getLogger("kb.mail")

PLACE = TypeAdapter(tuple[Annotated[str, Field(max_length=40)], Annotated[int, Field(ge=0, lt=1 << 63)]])
LIST = ("waiting",)
PATIENCE = 0.5
"""Seconds a reader waits until what was just done is taken in: after a first build that may be thousands of lines."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the list, the cursor of what follows, and how much there is altogether.

    ``joining`` counts who waits to be let into a team besides.
    """

    cards: Sequence[view.Card]
    following: str | None
    count: int
    joining: int


def part(teller: Teller, cursor: str, limit: int) -> Part:
    """The part that begins behind `cursor`, once what was just done is taken in. Raises Unusable."""
    catch_up(teller)
    after = cursors.read(cursor, PLACE, *LIST)
    sources = {source.name: source for source in teller.sources}
    with kb().database.read() as connection:
        rows = service.listed(connection, actor(), limit + 1, after)
        shown, following = cursors.cut(rows, limit, _place, *LIST)
        cards = view.cards(connection, answers.wiki(), sources, actor(), shown, datetime.now(UTC))
        count, joining = service.count(connection, actor()), service.joining(connection, actor(), build().roster)
        return Part(cards, following, count, joining)


def catch_up(teller: Teller) -> None:
    """Take in what was just done, so that whoever answered does not find the question in their list once more."""
    try:
        if kb().database.is_writable:
            teller.take_in(seconds=PATIENCE)
    except (KbError, SQLAlchemyError) as error:  # the list as it was is better than none
        log.warning("The list is shown as it was: %s", type(error).__name__)


def _place(entry: Entry) -> tuple[str, int]:
    return entry.due, entry.seq
