"""What is asked of a forge, and what it may say to that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from kb_server.errors import KbError

OPEN, MERGED, CLOSED = "open", "merged", "closed"
"""How a pull request stands; closed is one that nobody merged."""


class ForgeError(KbError):
    """The forge does not do what it was asked for; the message says why, and what helps, in a sentence for people."""


class Taken(ForgeError):  # noqa: N818  -- it reads as what the branch is
    """What was to be made is there already, or the branch went on meanwhile."""


class Missing(ForgeError):  # noqa: N818
    """What was asked for is not there, or must not be known to be."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One commit on a branch of its own, and the pull request for it.

    ``start`` is the id of the commit of ``base`` at which the ``files`` were read: they are whole texts by their paths
    in the repository, and ``new`` are those that are not there yet.
    """

    branch: str
    base: str
    start: str
    title: str
    body: str
    message: str
    author_name: str
    author_email: str
    files: Mapping[str, str]
    new: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Request:
    """A pull request as the forge knows it: OPEN, MERGED or CLOSED."""

    number: int
    state: str


class Forge(Protocol):
    """A forge by its calls, each of which raises ForgeError.

    ``requests_at`` is the address at which people see pull requests, up to their number: where one is follows from the
    settings and its number, and never from an address in an answer.
    """

    requests_at: str

    def head(self, branch: str) -> str:
        """The id of a branch's last commit. Raises Missing."""

    def file(self, path: str, ref: str) -> str | None:
        """The text of a file in a commit or on a branch; None where there is none."""

    def push(self, proposal: Proposal) -> None:
        """Make the branch with its commit. Raises Taken."""

    def requested(self, branch: str, base: str) -> Request | None:
        """The pull request for a branch of this repository: the one that is open, else the latest; None for none."""

    def look(self, number: int) -> Request:
        """A pull request by its number. Raises Missing."""

    def request(self, proposal: Proposal) -> Request:
        """Open the pull request. Raises Taken."""
