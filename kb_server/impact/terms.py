"""The definitions that a change makes say something else, and the pages that use them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from kb_server.definitions import checking, owing, rewording, settling, storage
from kb_server.definitions.models import Facts, Past
from kb_server.definitions.pages import facts_in
from kb_server.definitions.publishing import declared_in
from kb_server.impact.models import Meaning, Term, Use
from kb_server.pages.manifest import Page
from kb_server.pages.wording import Text, objections
from kb_server.web.build import Build
from kb_server.wiki.history import last_change


def between(before: Build, after: Build, home: Path) -> list[Term]:
    """The definitions that differ, by the builds alone. `home` is the folder of `after`'s `mkdocs.yml`, checked out."""
    was, now = ({one.page: one for one in facts_in(build.manifest.pages)} for build in (before, after))
    found = []
    for page in sorted({*was, *now}):
        if what := _what(was.get(page), now.get(page)):
            title = (after if page in now else before).pages[page].title
            found.append(
                _with_text(Term(page, title, what, now[page].teams if page in now else ()), before, after, home)
            )
    return found


def standing(
    connection: sa.Connection, found: Iterable[Term], before: Build, after: Build, now: datetime
) -> Iterator[Term]:
    """The same with how each stands in the store, now and then; those of which nothing changes for anybody left out."""
    terms = list(found)
    pasts = storage.pasts(connection, [one.page for one in terms])
    facts = [{one.page: one for one in facts_in(build.manifest.pages)} for build in (before, after)]
    for term in terms:
        yield _standing(connection, term, pasts[term.page], [one.get(term.page) for one in facts], (after, now))


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


def _standing(
    connection: sa.Connection, term: Term, past: Past, facts: list[Facts | None], then: tuple[Build, datetime]
) -> Term:
    (was, will), (after, now) = facts, then
    before = settling.foreseen(was, past, now) if was else None
    if will is None:
        return replace(term, before=before.state if before else "", asks=False)
    stands = settling.foreseen(will, past, now)
    term = replace(term, before=before.state if before else "", after=stands.state, teams=owing.owing(will, stands))
    force = before.force if before else stands.force
    if force is None or (stands.is_current and stands.force and stands.force.version == force.version):
        return replace(term, declared=False, against=(), asks=False)
    if not term.declared:
        return replace(term, asks=term.what == "reworded")
    kept, new = storage.wording(connection, term.page, force.digest), after.pages[term.page].term
    texts = [Text(one.text, one.html) for one in (kept, new) if one]
    against = _reasons(texts[0], texts[1], after.manifest.language) if len(texts) > 1 else ("nobody can compare",)
    return replace(term, against=against, asks=bool(against))
