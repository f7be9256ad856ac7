"""Pages of two builds in a few words, and what became of a passage between them."""

from __future__ import annotations

from kb_server.pages.manifest import Page, Section
from kb_server.pages.passages import Carried, Carrier, Passage
from kb_server.pages.quotes import found


def page(name: str, *sections: tuple[str, str], title: str = "") -> Page:
    parts = (Section("", title or name, 1, "", "", None, ""), *(_section(*one) for one in sections))
    return Page(name, "page", f"{name}/", title or name, f"{name}.md", sections=parts)


def _section(title: str, text: str) -> Section:
    return Section(title.lower().replace(" ", "-"), title, 2, text, text, None, f"1:{hash(text)}")


def carried(before: list[Page], after: list[Page], exact: str, on: str = "calls", section: str = "when") -> Carried:
    text = next(one.text for p in before if p.id == on for one in p.sections if one.anchor == section)
    quote = found(text, exact)
    assert quote
    passage = Passage(on, section, quote)
    return Carrier({one.id: one for one in before}, {one.id: one for one in after}).carry([passage])[0]


def lines(*some: str) -> str:
    return "\n".join(some)
