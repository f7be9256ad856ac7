"""Front matter: the very checks the build makes (`wiki.frontmatter`), so that nobody has to build to hear of them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from kb_server.proofreading.models import Edit, Finding, Rule
from kb_server.proofreading.page import Page
from kb_server.proofreading.wiki import Wiki
from kb_server.wiki import cases, frontmatter
from kb_server.wiki.problems import Problem


def front_matter(pages: Sequence[Page], wiki: Wiki) -> Iterator[Finding]:
    """Of each page what is wrong with its front matter."""
    if not wiki.configuration.ours:
        return
    for page in pages:
        shown, source, teams = page.shown, page.text, wiki.teams
        problems = frontmatter.check(page.meta, file=shown, source=source, teams=teams)
        doubts = frontmatter.doubts(page.meta, file=shown, source=source, teams=teams)
        anchors = [] if page.is_partly_made else [section.anchor for section in page.sections.sections]
        yield from (page.problem("front-matter", "error", one) for one in problems)
        for one in frontmatter.check_sections(page.kind, anchors, page.shown) if anchors else ():
            yield page.found("front-matter", "error", None, one.message, one.fix)
        yield from (page.problem("owner", "warning", one) for one in doubts)


def _taken(pages: Sequence[Page], wiki: Wiki) -> Iterator[Finding]:
    """Two pages with one id, or one alias. Of the two the one that is looked at is told."""
    if not wiki.configuration.ours:
        return
    asked = {page.path for page in pages}
    ordered = sorted(wiki.pages.values(), key=lambda page: page.path in asked)
    for one in frontmatter.duplicates((page.meta, page.shown, page.text) for page in ordered):
        yield Finding(one.file, one.line or 0, "front-matter", "error", one.message, one.fix)


def _missing_id(pages: Sequence[Page], wiki: Wiki) -> Iterator[Finding]:
    """A page without an id. Only told where pages have ids at all: a wiki of another make need not have any."""
    if not wiki.configuration.ours or not any("id" in page.meta for page in wiki.pages.values()):
        return
    taken = {str(page.meta.get("id")) for page in wiki.pages.values()}
    for page in pages:
        if "id" not in page.meta:
            wanted = frontmatter.unique(frontmatter.derived_id(page.path), taken)
            taken.add(wanted)
            hint = f"Write 'id: {wanted}' into its front matter; then they last wherever the page goes."
            message = "this page has no id, so that links to it last only as long as its place"
            yield page.found("id", "warning", None, message, hint, edit=_with_id(page, wanted))


def _with_id(page: Page, wanted: str) -> Edit | None:
    line = f"id: {wanted}\n"
    if not page.first:
        opens = page.text.startswith("---")  # a front matter that is broken, or a line across the page
        return None if opens else Edit(0, 0, f"---\n{line}---\n\n")
    if not page.text.startswith("---\n"):
        return None  # MkDocs' old way without lines of hyphens
    return Edit(4, 4, line)


def _cases(pages: Sequence[Page], wiki: Wiki) -> Iterator[Finding]:
    """The table of cases beside a definition."""
    for page in pages:
        if page.kind != "definition" or not wiki.configuration.ours:
            continue
        named = page.meta.get("cases")
        own = posixpath.basename(page.path).rpartition(".")[0] + ".cases.csv"
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page.path), str(named or own)))
        shown = wiki.configuration.shown(path)
        if (content := wiki.text(path)) is not None:
            problems = cases.read(content, shown)[1]
        else:
            fix = "Put it beside the page."
            line = frontmatter.line_of(("cases",), page.text)
            problems = [Problem(page.shown, line, f"there is no file '{named}'", fix)] if named else []
        yield from (
            Finding(one.file, one.line or 0, "cases", "error", one.message, one.fix, about=(shown,)) for one in problems
        )


RULES = (
    Rule(
        "front-matter",
        "error",
        "what the build would stop at: a kind, team or date there is none of, an id or alias that another page has, a "
        "definition that does not define",
    ),
    Rule("owner", "warning", "an owner written like a handle that nobody in `teams.yml` has"),
    Rule("id", "warning", "a page without an id of its own, where others have one", mends=True),
    Rule("cases", "error", "a table of cases that cannot be sorted by"),
)
LOOKS = (front_matter, _taken, _missing_id, _cases)
