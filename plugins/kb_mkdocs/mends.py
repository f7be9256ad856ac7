"""Faults of stock Material that only its markup can mend, each with the check of axe that finds it.

Each mend replaces one exact piece of markup. The day Material changes that piece the build warns, so that somebody
looks whether the fault is gone or the mend must follow.
"""

from __future__ import annotations

from dataclasses import dataclass

CHANGED = (
    "Material's markup has changed, so this fault may be back: {}. Look whether plugins/kb_mkdocs/mends.py must follow."
)


@dataclass(frozen=True, slots=True)
class Mend:
    """`old` becomes `new`; `sign` shows that the part is on the page at all; `why` names the fault."""

    why: str
    sign: str
    old: str
    new: str


def mends(search_label: str) -> tuple[Mend, ...]:
    """All mends; `search_label` is what the search field says in the theme's language."""
    dialog = '<div class="md-search" data-md-component="search" role="dialog"'
    return (
        Mend(
            why="aria-dialog-name: the search dialog has no name",
            sign='data-md-component="search"',
            old=dialog + ">",
            new=f'{dialog} aria-label="{search_label}">',
        ),
    )


def mended(html: str, rules: tuple[Mend, ...]) -> tuple[str, list[str]]:
    """The page with every fault mended, and the reasons of those mends that no longer fit their part."""
    missed = []
    for rule in rules:
        if rule.old in html:
            html = html.replace(rule.old, rule.new, 1)
        elif rule.sign in html and rule.new not in html:
            missed.append(rule.why)
    return html, missed
