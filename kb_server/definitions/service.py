"""The state of a definition: one answer for its page, the card of search, and whoever else shows it."""

from __future__ import annotations

from typing import Literal

State = Literal["notyet", "agreed", "wording", "differ"]
"""As in the catalogue of words. That of a page without a server, "unchecked", is none of ours to claim."""


def state_of(page_id: str) -> State:  # noqa: ARG001  -- nobody can agree yet, so it is the same for all
    """The state of the definition with this page id."""
    return "notyet"
