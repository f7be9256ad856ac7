"""Bringing a proposal to a forge, so that asking again (a second click, a second person) finds what is there."""

from __future__ import annotations

from kb_server.forges.models import Forge, ForgeError, Proposal, Taken
from kb_server.words import t


def propose(forge: Forge, proposal: Proposal) -> str:
    """The address of the pull request for a proposal: the one that is open, or one that is opened. Raises ForgeError.

    A branch that is there already is left as it is. Where it has these very texts, an earlier try came so far.
    """
    if there := forge.opened(proposal.branch, proposal.base):
        if _has(forge, proposal):
            return there
        raise Taken(t("forge.branch", branch=proposal.branch))
    try:
        forge.push(proposal)
    except Taken as problem:
        if not _has(forge, proposal):
            raise _stands_in_the_way(forge, proposal) or problem from problem
    try:
        return forge.request(proposal)
    except Taken:
        if there := forge.opened(proposal.branch, proposal.base):
            return there
        raise


def _has(forge: Forge, proposal: Proposal) -> bool:
    """Whether the branch has the proposal's files word for word."""
    return all(forge.file(path, proposal.branch) == text for path, text in proposal.files.items())


def _stands_in_the_way(forge: Forge, proposal: Proposal) -> ForgeError | None:
    """What is said where the branch is somebody else's, or an earlier one; None where there is no such branch."""
    try:
        forge.head(proposal.branch)
    except ForgeError:
        return None
    return Taken(t("forge.branch", branch=proposal.branch))
