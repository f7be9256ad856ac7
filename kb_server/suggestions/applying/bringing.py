"""Bringing a suggestion to the forge: as one commit on a branch of its own, and the pull request for it.

The forge is asked between two transactions and never within one: it may take half a minute.
"""

from __future__ import annotations

from kb_server.config import Settings
from kb_server.forges import proposing
from kb_server.forges.choosing import path_in
from kb_server.forges.models import OPEN, Forge, Proposal
from kb_server.suggestions.applying import saying
from kb_server.suggestions.applying.putting import Put, stand
from kb_server.suggestions.applying.service import Wanted, place
from kb_server.suggestions.finding import url_of


def is_open(forge: Forge, ready: Wanted) -> bool:
    """Whether it waits at the forge to be merged. Raises ForgeError."""
    known = place(ready.edits)
    return bool(known) and proposing.state(forge, known) == OPEN


def bring(settings: Settings, forge: Forge, ready: Wanted, start: str, made: Put) -> str:
    """Have the forge open the pull request after the commit `start`; gives its address. Raises ForgeError."""

    def is_there(branch: str) -> bool:
        return stand(ready.edits, lambda path: forge.file(path_in(settings, path), branch))

    return proposing.propose(forge, _proposal(settings, ready, start, made), is_there)


def _proposal(settings: Settings, ready: Wanted, start: str, made: Put) -> Proposal:
    one, root = ready.suggestion, settings.base_url
    return Proposal(
        branch=saying.branch(one),
        base=settings.branch,
        start=start,
        title=saying.request_title(one),
        body=saying.body(one, ready.name, f"{root}{url_of(one.number)}" if root else "", is_new=bool(made.new)),
        message=ready.message,
        author_name=ready.name,
        author_email=ready.email,
        files={path_in(settings, path): text for path, text in made.files.items()},
        new=frozenset(path_in(settings, path) for path in made.new),
    )
