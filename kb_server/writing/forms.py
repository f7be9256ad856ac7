"""What the forms in which people write send, read into what services take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kb_server.writing.models import Marked, Said

QUOTE = ("exact", "prefix", "suffix", "before")
AROUND = 200  # characters around a passage are of use; more are cut off


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form; whatever is missing is empty. ``keeps`` are those that a form filled in once more holds."""

    fields: Mapping[str, str]
    keeps: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    @property
    def said(self) -> Said:
        """What somebody says with it."""
        return Said(self["body"], self["key"], version=number(self["version"]))

    @property
    def passage(self) -> Marked | None:
        """The passage it is about."""
        if not self["exact"]:
            return None
        return Marked(self["exact"], self["prefix"][-AROUND:], self["suffix"][:AROUND], number(self["before"]))

    def kept(self) -> dict[str, str]:
        """What a form filled in once more holds: whatever else came along is not of our making."""
        return {name: self.fields[name] for name in self.keeps if name in self.fields}


def number(text: str) -> int:
    """A whole number in an address or a form; whatever else stands there is 0."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0  # noqa: PLR2004  -- fits a column
