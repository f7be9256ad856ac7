"""A term: its states, who speaks for it, where it is used."""

from __future__ import annotations

WORDS: dict[str, str | tuple[str, str]] = {
    "state.unchecked": "Agreement not checked",
    "state.notyet": "Not agreed yet",
    "state.agreed": "Agreed",
    "state.wording": "New wording, not agreed yet",
    "state.differ": "The teams see it differently",
    "definition.no_answer": "Agree, say “not yet” with a reason, or take the agreement back.",
    "definition.not_agreed": "There is no agreement to take back: your team has not agreed to this wording.",
    "definition.nothing_to_declare": "There is no newer wording: the text of now is the one in force.",
    "definition.other_team": "This definition does not concern that team. Its page says whose it is.",
    "definition.own_too_long": "A text of your own belongs to “not yet”, and has at most {most} characters.",
    "definition.reworded": "The text was changed a moment before you answered. Nothing you wrote is lost; look at "
    "the new wording, and answer once more.",
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
