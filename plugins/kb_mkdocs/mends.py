"""Faults of stock Material that only its markup can mend, each with the check of axe that finds it.

Each mend replaces one exact piece of markup. The day Material changes that piece the build warns, so that somebody
looks whether the fault is gone or the mend must follow.
"""

from __future__ import annotations

from dataclasses import dataclass

from kb_server.pages import slots

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


DIALOG = '<div class="md-search" data-md-component="search" role="dialog"'
PROGRESS = '<div class="md-progress" data-md-component="progress" role="progressbar"'
POST_FACTS = '<nav class="md-nav md-nav--primary"'
POST_MORE = '<nav class="md-post__action"'


ANNOUNCE = '<div data-md-component="announce">'
ABOVE = Mend(
    why="what the server shows above a page has no place",
    sign='data-md-component="announce"',
    old=ANNOUNCE,
    new=ANNOUNCE + slots.slot(slots.ABOVE, ""),
)
"""No fault: the place above the header, where Material announces things, for our server to fill."""


def mends(*, search: str, post: str) -> tuple[Mend, ...]:
    """All mends. The names are in the theme's language: the search field's, and of what a blog says about a post."""
    return (
        Mend(
            why="aria-dialog-name: the search dialog has no name",
            sign='data-md-component="search"',
            old=f"{DIALOG}>",
            new=f'{DIALOG} aria-label="{search}">',
        ),
        Mend(
            why="aria-progressbar-name: the bar of a page being loaded has no name, and says nothing to those who hear",
            sign='data-md-component="progress"',
            old=f"{PROGRESS}>",
            new=f'{PROGRESS} aria-hidden="true">',
        ),
        Mend(
            why="landmark-unique: what a blog says about a post is a second navigation without a name",
            sign='class="md-post__back"',
            old=f"{POST_FACTS}>",
            new=f'{POST_FACTS} aria-label="{post}">',
        ),
        Mend(
            why="landmark-unique: each link to the rest of a post is a navigation of its own",
            sign='class="md-post__action"',
            old=f"{POST_MORE}>",
            new=f'{POST_MORE} role="presentation">',
        ),
    )


def mended(html: str, rules: tuple[Mend, ...]) -> tuple[str, list[str]]:
    """The page with every fault mended, and the reasons of those mends that no longer fit their part."""
    missed = []
    for rule in rules:
        if rule.old in html:
            html = html.replace(rule.old, rule.new)
        elif rule.sign in html and rule.new not in html:
            missed.append(rule.why)
    return html, missed
