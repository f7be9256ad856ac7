"""Along the ledger from any place of the past to today.

A step is taken only if it was made later than the one before. Where a step leads nowhere, the next that was made from
the same place is tried (something was taken away and brought back), then the place itself, then where its text was
copied, then where its sentences stand today.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from kb_server.wiki.past.copies import MANY
from kb_server.wiki.past.evidence import Evidence, Place
from kb_server.wiki.past.sections import numbered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from kb_server.wiki.past.ledger import File, Ledger, Step
    from kb_server.wiki.past.today import Standing

_WHOLE = 0.5  # of a page's words in one other page, for it to have been merged into it
_SOME = 0.15  # of them, for that page to be named
_SMALL = 25  # words
_START = -1


class Fate(NamedTuple):
    """Where a page is now, and in it the section it has become.

    With no `path`, `last` is where it was when it ended, and `instead` are the places that have some of its text.
    """

    path: str = ""
    anchor: str = ""
    last: str = ""
    instead: tuple[Place, ...] = ()


class Following:
    """Leads places of the past to places of today, today's pages being `pages`."""

    def __init__(self, ledger: Ledger, pages: Mapping[str, Standing]) -> None:
        self._files, self._pages = ledger.files, pages
        self._of_id = {page.given: path for path, page in pages.items() if page.given}
        self._evidence = Evidence(pages)
        self._after: dict[tuple[str, str, int], Place | None] = {}
        self._unsure: set[tuple[str, str, int]] = set()
        self._sections: dict[Place, Place | None] = {}
        self._pages_after: dict[tuple[str, int], Fate] = {}
        self._follow_all()
        self._follow_pages()

    # Sections

    def section(self, path: str, anchor: str) -> Place | None:
        """Where the section that had this anchor is today; None if that is not known for sure.

        Which of the sections that had it over the years is meant nobody can know: it is the last that did.
        """
        if (path, anchor) not in self._sections:
            self._sections[path, anchor] = self._section(path, anchor)
        return self._sections[path, anchor]

    def _section(self, path: str, anchor: str) -> Place | None:
        if self._stands(path, anchor):
            return path, anchor
        file = self._files[path]
        steps: Sequence[Step] = file.steps.get(anchor, ())
        ends = [self._after[path, anchor, at] for at in range(len(steps))]
        led = list(dict.fromkeys(filter(None, ends)))
        if not led:
            return self._last_resort(file, anchor)
        if numbered(anchor) and (len(led) > 1 or None in ends):
            return None
        if ends[-1] or len(led) > 1:
            return ends[-1]
        return led[-1] if steps[-1].words < _SMALL else self._last_resort(file, anchor)

    def others(self, path: str, anchor: str) -> list[Place] | None:
        """Where else the section may be that is meant; None if it is where it leads to for sure.

        That is so if only one ever had the anchor, and enough of its heading or text is there.
        """
        file = self._files[path]
        steps = file.steps.get(anchor, ())
        ends = [self._after[path, anchor, at] for at in range(len(steps))]
        chosen = self.section(path, anchor)
        found = [place for place in dict.fromkeys(ends) if place and place != chosen]
        counted = numbered(anchor) or f"{anchor}_1" in file.anchors
        doubted = chosen and (self._is_unsure(path, anchor, chosen) or (counted and None in ends))
        return found if found or doubted else None

    def _is_unsure(self, path: str, anchor: str, chosen: Place) -> bool:
        """Whether too little of the section is where it leads to be sure of it."""
        if chosen[1] in {"", anchor}:
            return False
        steps = self._files[path].steps.get(anchor, ())
        ways = [number for number in range(len(steps)) if self._after[path, anchor, number] == chosen]
        if ways:
            return (path, anchor, ways[-1]) in self._unsure
        return not self._evidence.is_sure(anchor, steps[-1].prints if steps else (), chosen)

    def _follow_all(self) -> None:
        """From the last step to the first, so that where a step leads is known when it is asked."""
        every = [
            (step.at, path, anchor, number)
            for path, file in self._files.items()
            for anchor, steps in file.steps.items()
            for number, step in enumerate(steps)
        ]
        for at, path, anchor, number in sorted(every, key=lambda one: one[0], reverse=True):
            step = self._files[path].steps[anchor][number]
            place = self._onward(step.path, step.anchor, at) if step.path else None
            self._after[path, anchor, number] = self._believed((path, anchor, number), step, place)

    def _believed(self, one: tuple[str, str, int], step: Step, place: Place | None) -> Place | None:
        """The place, or the top of its page where nothing of the section is there: that would be a guess."""
        anchor = one[1]
        if place is None or place[1] in {"", anchor}:
            return place
        if step.prints and not self._evidence.has_any(anchor, step.prints, place):
            return place[0], ""
        has_its_name = step.anchor == anchor
        is_sure = self._goes_on(step, place) if has_its_name else self._evidence.is_sure(anchor, step.prints, place)
        if not is_sure:
            self._unsure.add(one)
        return place

    def _goes_on(self, step: Step, place: Place) -> bool:
        """Whether the way from where a step leads to the place is sure."""
        steps = self._files[step.path].steps.get(step.anchor, ())
        for number, later in enumerate(steps):
            if later.at > step.at and self._after.get((step.path, step.anchor, number)):
                return (step.path, step.anchor, number) not in self._unsure
        return self._evidence.is_sure(step.anchor, steps[-1].prints if steps else (), place)

    def _onward(self, path: str, anchor: str, at: int) -> Place | None:
        """Where a section that stood here right after commit `at` is today."""
        file = self._files.get(path)
        if file is None:
            return None
        if anchor == "" and path in self._pages:
            return path, ""
        for number, step in enumerate(file.steps.get(anchor, ())):
            if step.at > at and (place := self._after.get((path, anchor, number))):
                return place
        if self._stands(path, anchor):
            return path, anchor
        return self._last_resort(file, anchor)

    def _stands(self, path: str, anchor: str) -> bool:
        return path in self._pages and anchor in self._pages[path].anchors

    def _last_resort(self, file: File, anchor: str) -> Place | None:
        steps = file.steps.get(anchor, ())
        prints = steps[-1].prints if steps else ()
        copied = self._copied(file, anchor)
        if copied and (not prints or self._evidence.has_any(anchor, prints, copied)):
            return copied
        return self._evidence.place(anchor, prints)

    def _copied(self, file: File, anchor: str) -> Place | None:
        copies = file.copies.get(anchor, ())
        if len({copy.path for copy in copies}) > MANY:
            return None
        for copy in reversed(copies):
            if self._stands(copy.path, copy.anchor):
                return copy.path, copy.anchor
            steps = self._files[copy.path].steps.get(copy.anchor, ())
            for number, step in enumerate(steps):
                if step.at > copy.at and (place := self._after.get((copy.path, copy.anchor, number))):
                    return place
        return None

    # Pages

    def _follow_pages(self) -> None:
        """From the last end to the first as well: a page that had hundreds of names is hundreds of steps away."""
        ends = [end for file in self._files.values() for end in file.ends if end.path]
        for end in sorted(ends, key=lambda one: one.at, reverse=True):
            self._page(end.path, end.at)

    def page(self, path: str) -> Fate:
        """What became of the page at this path."""
        if path in self._pages:
            return Fate(path)
        return self._page(path, _START)

    def _page(self, path: str, at: int) -> Fate:
        if (path, at) not in self._pages_after:
            self._pages_after[path, at] = Fate()  # an answer for who asks in a circle: there is none
            self._pages_after[path, at] = self._traced(path, at)
        return self._pages_after[path, at]

    def _traced(self, path: str, at: int) -> Fate:
        file = self._files.get(path)
        named = self._named(path, file)
        if named or file is None:
            return named or Fate()
        fates = [self._next(end.path, end.anchor, end.at) for end in file.ends[::-1] if end.at > at and end.path]
        alive = next((fate for fate in fates if fate.path), None)
        if alive or path in self._pages:
            return alive or Fate(path)
        voted = self._voted(path, file)
        return voted if voted.path else next((fate for fate in fates if fate.last), voted)

    def _next(self, path: str, anchor: str, at: int) -> Fate:
        if not anchor:
            return self._page(path, at)
        place = self._onward(path, anchor, at)
        return Fate(*place) if place else self._page(path, at)

    def _named(self, path: str, file: File | None) -> Fate | None:
        """By the id its front matter had last; `path` may be an id itself, where ``merged_into`` says so."""
        known = self._of_id.get(file.id if file else path)
        return Fate(known) if known else None

    def _voted(self, path: str, file: File) -> Fate:
        """Where its sections went: with most of its words in one page, that is where it is now."""
        votes: Counter[str] = Counter()
        places: dict[str, Counter[str]] = defaultdict(Counter)
        for anchor, words in file.anchors.items():
            if place := self.section(path, anchor):
                votes[place[0]] += words + 1
                places[place[0]][place[1]] += words + 1
        whole = sum(file.anchors.values()) + len(file.anchors)
        ranked = [(page, count) for page, count in votes.most_common() if count >= _SOME * whole]
        targets = tuple((page, _only(places[page])) for page, _ in ranked)
        if ranked and ranked[0][1] >= _WHOLE * whole:
            return Fate(*targets[0])
        return Fate(last=path, instead=targets)


def _only(anchors: Counter[str]) -> str:
    """The one section all went to, or the page as a whole."""
    return next(iter(anchors)) if len(anchors) == 1 else ""
