"""A term: its states, who speaks for it, where it is used."""

from __future__ import annotations

WORDS: dict[str, str | tuple[str, str]] = {
    "state.unchecked": "Agreement not checked",
    "state.notyet": "Not agreed yet",
    "state.agreed": "Agreed",
    "state.wording": "New wording, not agreed yet",
    "state.differ": "The teams see it differently",
    "term.also": "Also: {names}",
    "term.binding": "Definition and criteria",
    "term.criteria": ("{count} criterion", "{count} criteria"),
    "term.examples": ("{count} example", "{count} examples"),
    "term.speaks": ("{names} speaks for it", "{names} speak for it"),
    "term.speaks.nobody": "Nobody speaks for it yet",
    "term.used": "Used on",
    "term.used_on.more": ("used on {count} page", "used on {count} pages"),
    "term.used_on": ("Used on {count} page", "Used on {count} pages"),
}
