"""Bringing a proposal to a forge, so that asking again (a second click, a second person) finds what is there.

A branch has one turn. Once its pull request was closed or merged, or where it is somebody else's, the next try has a
branch of its own: nothing is ever forced, and no branch is changed that is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from kb_server.forges.models import OPEN, Forge, ForgeError, Missing, Proposal, Request, Taken
from kb_server.words import t

MOST = 20
"""Branches that are tried for one proposal."""
IsThere = Callable[[str], bool]
"""Whether a branch has what is proposed."""


def propose(forge: Forge, proposal: Proposal, is_there: IsThere) -> str:
    """The address of the pull request for a proposal: the one that is open, or one that is opened. Raises ForgeError.

    Where a branch has what is proposed and no pull request, an earlier try came so far.
    """
    for branch in _branches(proposal.branch):
        if found := _on(forge, replace(proposal, branch=branch), is_there):
            return f"{forge.requests_at}{found.number}"
    raise Taken(t("forge.branch", branch=proposal.branch))


def state(forge: Forge, address: str) -> str:
    """How the pull request at an address stands; "" where that is none of this repository. Raises ForgeError."""
    number = address.removeprefix(forge.requests_at)
    if number == address or not (number.isascii() and number.isdigit()):
        return ""
    try:
        return forge.look(int(number)).state
    except Missing:
        return ""


def _branches(first: str) -> Iterator[str]:
    yield first
    yield from (f"{first}-{again}" for again in range(2, MOST + 1))


def _on(forge: Forge, proposal: Proposal, is_there: IsThere) -> Request | None:
    """The pull request on this branch; None where the branch had its turn."""
    there = forge.requested(proposal.branch, proposal.base)
    if there and there.state == OPEN:
        return _the_same(there, proposal, is_there)
    if there or not _is_pushed(forge, proposal, is_there):
        return None
    try:
        return forge.request(proposal)
    except Taken:
        there = forge.requested(proposal.branch, proposal.base)  # somebody was as fast
        if there is None or there.state != OPEN:
            raise
        return _the_same(there, proposal, is_there)


def _the_same(there: Request, proposal: Proposal, is_there: IsThere) -> Request:
    if not is_there(proposal.branch):
        raise Taken(t("forge.branch", branch=proposal.branch))
    return there


def _is_pushed(forge: Forge, proposal: Proposal, is_there: IsThere) -> bool:
    """Whether the branch has the proposal now; not where it is somebody else's. Raises Taken where it cannot be."""
    try:
        forge.push(proposal)
    except Taken:
        if is_there(proposal.branch):
            return True
        if not _exists(forge, proposal.branch):
            raise
        return False
    return True


def _exists(forge: Forge, branch: str) -> bool:
    try:
        forge.head(branch)
    except ForgeError:
        return False
    return True
