"""A page of kind `definition`, laid out as one term: what binds first, in one frame; examples and reasons folded below.

The build never claims an agreement. Who agreed, and to which wording, is known to the server alone, so the static page
says "Agreement not checked" and shows whose agreement it takes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import count
from typing import TYPE_CHECKING

from kb_server.pages import slots
from kb_server.pages.binding import BINDING
from kb_server.words import day, listed, t

from .binding import EXAMPLES
from .blocks import blocks, items, list_items, parts, with_class
from .facts import split_title
from .icons import icon
from .talk import button
from .text import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .blocks import Block, Part
    from .facts import Facts, Team

OPEN = frozenset({"examples"})


@dataclass(frozen=True, slots=True)
class Term:
    """What the page shows besides its own text. `used_on` are the title and URL of each page that links to it."""

    id: str
    facts: Facts
    aliases: tuple[str, ...] = ()
    used_on: tuple[tuple[str, str], ...] = ()
    talk: str = ""


def laid_out(html: str, term: Term) -> str:
    """The page's content as a definition; without the heading `Definition` at the top level it keeps its own shape."""
    heading, rest = split_title(html)
    pieces = parts(blocks(rest))
    if not any(part.anchor == BINDING[0] for part in pieces):
        return html
    before = "".join(part.html for part in pieces if not part.heading)
    binding = [part for part in pieces if part.anchor in BINDING]
    folds = [part for part in _with_places(pieces) if part.heading and part.anchor not in BINDING]
    body = [
        _facts(term),
        before,
        _frame(binding, term.facts.teams),
        *map(_fold, folds),
        _used_on(term),
        _bar(term),
    ]
    return heading + '\n<div class="kb">\n' + "\n".join(piece for piece in body if piece) + "\n</div>"


def _facts(term: Term) -> str:
    words_and_icon = icon("material/help-circle-outline") + t("state.unchecked")
    state = f'<span class="kb-state" data-state="unchecked">{words_and_icon}</span>'
    names, count = t("term.also", names=", ".join(term.aliases)), t("term.used_on", count=len(term.used_on))
    also = f"<span>{quoted(names)}</span>" if term.aliases else ""
    used = f'<a href="#used-on">{count}</a>' if term.used_on else ""
    owner = f"<span>{quoted(t('page.owner', name=term.facts.owner))}</span>" if term.facts.owner else ""
    asked = slots.slot(slots.SUGGESTIONS, "") if term.talk else ""
    return f'<div class="kb-facts">{slots.slot(slots.STATE, state)}{also}{used}{owner}{asked}</div>'


def _frame(binding: Sequence[Part], teams: Sequence[Team]) -> str:
    ground = "".join(map(_segment, teams))
    above = slots.slot(slots.GROUND, f'<ul class="kb-list kb-ground">{ground}</ul>\n' if ground else "")
    body = "\n".join(_labelled(part) for part in binding)
    text = f"{slots.slot(slots.NEW, '')}\n{body}\n{slots.slot(slots.NEW_END, '')}"
    inside = f'{above}<div class="kb-text__body">\n{text}\n</div>'
    name = t("term.binding")
    return slots.slot(slots.FORCE, "") + f'<section class="kb-text" aria-label="{name}">\n{inside}\n</section>'


def _segment(team: Team) -> str:
    who = quoted(_speaks(team.speakers))
    name = f"<span><b>{quoted(team.name)}</b></span>"
    return f'<li class="kb-hue-{quoted(team.hue)} is-open">{name}<span class="kb-when">{who}</span></li>'


def _speaks(names: Sequence[str]) -> str:
    return t("term.speaks", count=len(names), names=listed(names)) if names else t("term.speaks.nobody")


def _labelled(part: Part) -> str:
    heading = with_class(part.heading.html, "kb-label") if part.heading else ""
    lead = next((block for block in part.body if block.tag == "p"), None) if part.anchor == BINDING[0] else None
    return heading + "".join(_classed(block, is_lead=block is lead) for block in part.body)


def _classed(block: Block, *, is_lead: bool) -> str:
    if is_lead:
        return with_class(block.html, "kb-lead kb-flat")
    return with_class(block.html, "kb-list kb-criteria") if block.tag == "ol" else block.html


def _with_places(pieces: Sequence[Part]) -> list[Part]:
    """The page's parts, with a place behind each example."""
    number = count()
    return [_placed(part, number) if part.anchor in EXAMPLES else part for part in pieces]


def _placed(part: Part, number: Iterator[int]) -> Part:
    return replace(part, body=tuple(_with_place(block, number) for block in part.body))


def _with_place(block: Block, number: Iterator[int]) -> Block:
    if block.tag not in {"ul", "ol"}:
        return block
    html = block.html
    for item in list_items(html):
        html = html.replace(item, f"{item.removesuffix('</li>')}{slots.slot(slots.example(next(number)), '')}</li>", 1)
    return replace(block, html=html)


def _fold(part: Part) -> str:
    heading = part.heading.html.strip() if part.heading else ""
    count = items(part.html)
    number = f' <span class="kb-meta">{count}</span>' if count else ""
    return _folded(f"{heading}{number}", part.html, is_open=part.anchor in OPEN)


def _used_on(term: Term) -> str:
    if not term.used_on:
        return ""
    rows = "".join(
        f'<li class="kb-row"><a class="kb-row__title" href="{quoted(url)}">{quoted(title)}</a></li>'
        for title, url in term.used_on
    )
    heading = t("term.used")
    summary = f'<h2>{heading}</h2> <span class="kb-meta">{len(term.used_on)}</span>'
    return _folded(summary, f'<ul class="kb-list kb-rows" id="used-on">{rows}</ul>')


def _folded(summary: str, body: str, *, is_open: bool = False) -> str:
    state = " open" if is_open else ""
    return (
        f'<details class="kb-fold"{state}><summary>{_without_permalink(summary)}</summary>'
        f'<div class="kb-fold__body">{body}</div></details>'
    )


def _without_permalink(summary: str) -> str:
    """A link inside the thing one clicks to open would take the click away."""
    return re.sub(r'<a class="headerlink".*?</a>', "", summary, flags=re.DOTALL)


def _bar(term: Term) -> str:
    label = icon("material/link-variant") + " " + t("link.copy")
    copy = f'<button class="md-button kb-quiet" data-kb-copy="p/{quoted(term.id)}/" hidden>{label}</button>'
    due = t("page.due", day=day(term.facts.review)) if term.facts.review else ""
    end = slots.slot(slots.ASKED, f'<span class="kb-bar__end kb-meta">{quoted(due)}</span>' if due else "")
    ask = button(term.talk) if term.talk else ""
    return f'<div class="kb-bar">{ask}{copy}{end}</div>'
