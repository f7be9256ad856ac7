"""What the forms of conversations hold."""

from __future__ import annotations

from collections.abc import Mapping

from kb_server.writing.forms import QUOTE, Form, number

__all__ = ["KEPT", "QUOTE", "Form", "form_of", "number"]

KEPT = ("body", "reason", "kind", "section", *QUOTE, "version", "key", "back", "draft")


def form_of(fields: Mapping[str, str]) -> Form:
    """What was sent."""
    # Of these fields most are missing in most forms, and to say so takes Werkzeug's own kind of mapping long.
    return Form(dict(fields.items()), KEPT)
