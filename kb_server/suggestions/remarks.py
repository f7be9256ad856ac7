"""What is said about a suggestion, by itself or with an act: changed with its history, taken back, hidden."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import sqlalchemy as sa

from kb_server.errors import Conflict
from kb_server.people.permissions import require
from kb_server.people.secret import stamp
from kb_server.people.storage import new_id
from kb_server.suggestions import acts, finding, reading, states, storage
from kb_server.suggestions.acts import Told
from kb_server.suggestions.faults import StaleRemark
from kb_server.suggestions.models import DELETED, HIDDEN, SHOWN, Remark, Suggestion
from kb_server.words import t
from kb_server.writing import pace, text
from kb_server.writing.markdown import VERSION
from kb_server.writing.models import By, Said
from kb_server.writing.sending import Sending


def remark(connection: sa.Connection, by: By, suggestion: Suggestion, said: Said) -> Remark:
    """Say something about a suggestion; gives it. Raises Invalid."""
    now = acts.present(connection, by, suggestion)
    require(by.actor, "suggestion.remark", states.thing(states.AUTHOR, now))
    send = Sending(by, said, now.name)
    if before := send.before(connection):
        return _found(connection, before)
    ready = text.ready(connection, by, said.body)
    pace.spend(connection, by)
    new = write(connection, by, now, ready)
    acts.log(connection, by, "remarked", now, Told(new.id, ready))
    send.remember(connection, new.id)
    return new


def write(connection: sa.Connection, by: By, suggestion: Suggestion, ready: text.Ready, act: str = "") -> Remark:
    """Write what was said, by itself or with an act."""
    new = Remark(
        id=new_id("r"),
        number=storage.next_remark(connection),
        suggestion=suggestion.number,
        author=by.actor.id,
        body=ready.body,
        html=ready.made.html,
        renderer=VERSION,
        created_at=stamp(by.now),
        act=act,
        mentions=ready.mentions,
    )
    storage.add_remark(connection, new)
    finding.put_remark(connection, suggestion, new)
    return new


def edit_remark(connection: sa.Connection, by: By, remark: Remark, said: Said) -> Remark:
    """Change what one has said. Raises StaleRemark, Invalid."""
    now = acts.numbered(connection, by.actor.id, remark.suggestion)
    before = _found(connection, remark.id)
    require(by.actor, "suggestion.own", acts.both_teams(now, before.author))
    if before.state != SHOWN:
        raise Conflict(t("talk.gone"))
    ready = text.ready(connection, by, said.body)
    if ready.body == before.body:
        return before
    if said.version != before.version:
        raise StaleRemark(before)
    pace.spend(connection, by)
    changed = text.reworded(by, before, ready)
    storage.change_remark(connection, before, changed)
    finding.put_remark(connection, now, changed)
    acts.log(connection, by, "remark_edited", now, Told(before.id, added(ready, before.mentions)))
    return changed


def delete_remark(connection: sa.Connection, by: By, remark: Remark) -> None:
    """Take back what one has said: its text is gone for good, that there was one stays.

    What was said with an act, the reason of an answer say, stays with it. Raises Conflict.
    """
    now = acts.numbered(connection, by.actor.id, remark.suggestion)
    before = _found(connection, remark.id)
    require(by.actor, "suggestion.own", acts.both_teams(now, before.author))
    if before.state == DELETED:
        return
    if before.act:
        raise Conflict(t("suggestions.of_act"))
    pace.spend_small(connection, by)
    storage.empty_remark(connection, before.id)
    finding.remove_remark(connection, before)
    acts.log(connection, by, "remark_deleted", now, Told(before.id))


def hide_remark(connection: sa.Connection, by: By, remark: Remark) -> None:
    """Take a remark out of sight, of search too."""
    _turn(connection, by, remark, hidden=True)


def show_remark(connection: sa.Connection, by: By, remark: Remark) -> None:
    """Let a remark be seen again."""
    _turn(connection, by, remark, hidden=False)


def _turn(connection: sa.Connection, by: By, remark: Remark, *, hidden: bool) -> None:
    now = acts.numbered(connection, by.actor.id, remark.suggestion)
    require(by.actor, "suggestion.hide", acts.both_teams(now))
    before = _found(connection, remark.id)
    if before.state != (SHOWN if hidden else HIDDEN):
        return
    storage.set_remark_state(connection, remark.id, HIDDEN if hidden else SHOWN)
    if hidden:
        finding.remove_remark(connection, before)
    else:
        finding.put_remark(connection, now, before)
    acts.log(connection, by, "hidden" if hidden else "shown", now, Told(remark.id))


def added(ready: text.Ready, before: Mapping[str, str]) -> text.Ready:
    """A text that was edited, with those alone whom it did not mean before."""
    return replace(ready, mentions={name: one for name, one in ready.mentions.items() if name not in before})


def _found(connection: sa.Connection, remark_id: str) -> Remark:
    found = reading.remark(connection, remark_id)
    if found is None:
        raise Conflict(t("talk.gone"))
    return found
