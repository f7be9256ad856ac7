"""The definitions that a change makes say something else, and the pages that use them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from kb_server.definitions import checking, owing, rewording, settling, storage
from kb_server.definitions.models import Facts, Past, Version
from kb_server.definitions.pages import facts_in
from kb_server.definitions.publishing import declared_in
from kb_server.impact.models import Meaning, Term, Use
from kb_server.pages.manifest import Page
from kb_server.pages.wording import Text, objections
from kb_server.web.build import Build
from kb_server.wiki.history import last_change


@dataclass(frozen=True, slots=True)
class _Known:
    """What the builds say of a definition, before and after, and what was ever said of it."""

    was: Facts | None
    will: Facts | None
    past: Past


def between(before: Build, after: Build, home: Path) -> list[Term]:
    """The definitions that differ, by the builds alone. `home` is the folder of `after`'s `mkdocs.yml`, checked out."""
    was, now = ({one.page: one for one in facts_in(build.manifest.pages)} for build in (before, after))
    found = []
    for page in sorted({*was, *now}):
        if what := _what(was.get(page), now.get(page)):
            title = (after if page in now else before).pages[page].title
            term = Term(page, title, what, now[page].teams if page in now else ())
            found.append(_with_text(term, before, after, home))
    return found


def standing(
    connection: sa.Connection, found: Iterable[Term], before: Build, after: Build, now: datetime
) -> Iterator[Term]:
    """The same with how each stands in the store, now and then; what nobody has to agree to anew asks for nothing."""
    terms = list(found)
    pasts = storage.pasts(connection, [one.page for one in terms])
    was, will = ({one.page: one for one in facts_in(build.manifest.pages)} for build in (before, after))
    for term in terms:
        known = _Known(was.get(term.page), will.get(term.page), pasts[term.page])
        yield _standing(connection, term, known, after, now)


def uses(found: Iterable[Term], after: Build) -> list[Use]:
    """The pages that are to be checked once these definitions are agreed to."""
    asking = {one.page: one.title for one in found if one.asks}
    linked = checking.links_in(after.manifest.pages)
    using = {page: tuple(asking[one] for one in links if one in asking) for page, links in sorted(linked.items())}
    return [Use(page, after.pages[page].title, terms) for page, terms in using.items() if terms]


def _what(was: Facts | None, now: Facts | None) -> Meaning | None:
    if was is None or now is None:
        return "new" if now else "removed"
    if was.digest != now.digest:
        return "reworded"
    return "teams" if set(was.teams) != set(now.teams) else None


def _with_text(term: Term, before: Build, after: Build, home: Path) -> Term:
    """With whether a commit says that it means the same, and whether it may."""
    if term.what != "reworded":
        return term
    old, new = before.pages[term.page], after.pages[term.page]
    declared = _is_declared(new, home)
    against = _against(old, new, after.manifest.language) if declared else ()
    return replace(term, declared=declared, against=against, asks=not declared or bool(against))


def _is_declared(page: Page, home: Path) -> bool:
    change = last_change(home, page.source_path, page.term.lines) if page.term and page.term.lines else None
    return change is not None and page.id in declared_in(change.message)


def _against(old: Page, new: Page, language: str) -> tuple[str, ...]:
    if old.term is None or new.term is None:
        return ("there is no text of it to compare",)
    return _reasons(Text(old.term.text, old.term.html), Text(new.term.text, new.term.html), language)


def _reasons(old: Text, new: Text, language: str) -> tuple[str, ...]:
    return tuple(rewording.reasons(objections(old, new, language)))


def _standing(connection: sa.Connection, term: Term, known: _Known, after: Build, now: datetime) -> Term:
    before = settling.foreseen(known.was, known.past, now) if known.was else None
    term = replace(term, before=before.state if before else "")
    if known.will is None:
        return replace(term, asks=False)
    stands = settling.foreseen(known.will, known.past, now)
    term = replace(term, after=stands.state, teams=owing.owing(known.will, stands))
    force = before.force if before else stands.force
    if force is None or (stands.is_current and stands.force and stands.force.version == force.version):
        return replace(term, declared=False, against=(), asks=False)
    if not term.declared:
        return replace(term, asks=term.what == "reworded")
    against = _against_kept(connection, force, after)
    return replace(term, against=against, asks=bool(against))


def _against_kept(connection: sa.Connection, force: Version, after: Build) -> tuple[str, ...]:
    """What stands against saying that the text of now means the same as the one in force."""
    kept, new = storage.wording(connection, force.page, force.digest), after.pages[force.page].term
    if kept is None or new is None:
        return ("nobody can compare",)
    return _reasons(Text(kept.text, kept.html), Text(new.text, new.html), after.manifest.language)
