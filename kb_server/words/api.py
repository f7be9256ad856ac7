"""The page of the interface for programs. What each route takes and gives is said where the route is (`web.api`)."""

from __future__ import annotations

WORDS: dict[str, str | tuple[str, str]] = {
    "api.title": "For programs",
    "api.things": "What is sent and answered",
    "api.parameters": "Parameters",
    "api.body": "Body",
    "api.answers": "Answers",
    "api.try": "Try it",
    "api.field.else": "else {value}",
    "api.field.header": "a header",
    "api.field.needed": "needed",
}
