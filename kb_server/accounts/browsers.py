"""A browser's own description of itself, in the words of a person: enough to tell one's phone from one's laptop."""

from __future__ import annotations

PROGRAMS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
"""In the order in which they are looked for: many call themselves by the names of others too, last."""


def name(user_agent: str) -> str:
    """What a person would call this browser: "Firefox on Linux". The description itself is not kept."""
    program, system = _first(PROGRAMS, user_agent), _first(SYSTEMS, user_agent)
    return " on ".join(filter(None, (program or "A browser", system)))


def _first(known: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for sign, name in known if sign in text), "")
