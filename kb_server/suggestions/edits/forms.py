"""The form in which texts are changed: several of them at once, each with what it is a text of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kb_server.suggestions.edits.models import MOST, Typed
from kb_server.wiki.editing.rules import LONGEST
from kb_server.writing.forms import Form

PARTS = ("text", "page", "section", "was", "kind", "name", "teams")
_PLAIN = ("title", "to_team", "from_team", "body", "key", "version", "draft")
KEPT = (*_PLAIN, *(f"{part}-{at}" for at in range(MOST) for part in PARTS))
KEPT_PAGE = "kept"
"""The kind of a page that was begun before; of that only the text is changed."""
LONGEST_DRAFT = 2 * LONGEST
"""Characters that wait for somebody to sign in: one section of any length, or several of the usual one."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What was sent."""

    form: Form
    typed: tuple[Typed, ...]

    def fields(self, typed: Sequence[Typed] | None = None) -> dict[str, str]:
        """All of it, or with other texts, as a form filled in once more holds it."""
        plain = {name: self.form[name] for name in _PLAIN if name in self.form.fields}
        return plain | fields_of(self.typed if typed is None else typed)


def draft_of(fields: Mapping[str, str]) -> Draft:
    """What was sent, or kept."""
    numbers = [at for at in range(MOST) if f"text-{at}" in fields]
    return Draft(Form(fields, KEPT), tuple(_typed(fields, at) for at in numbers))


def fields_of(typed: Sequence[Typed]) -> dict[str, str]:
    """Texts by the names that they have in the form."""
    named: dict[str, str] = {}
    for at, one in enumerate(typed[:MOST]):
        values = {part: getattr(one, part) for part in PARTS} | {"teams": " ".join(one.teams)}
        named |= {f"{part}-{at}": str(value) for part, value in values.items() if value or part == "text"}
    return named


def _typed(fields: Mapping[str, str], at: int) -> Typed:
    def value(part: str) -> str:
        return fields.get(f"{part}-{at}", "")

    teams = tuple(dict.fromkeys(value("teams").split()))
    text = value("text").replace("\r\n", "\n")
    return Typed(text, value("page"), value("section"), value("was"), value("kind"), value("name"), teams)
