"""What an author must hear.

Problems stop the build, all at once, each with its file, its line and what to do. What only takes something from a page
is counted, in a line at the end.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from kb_server.wiki import frontmatter
from kb_server.wiki.problems import Problem

from . import policy, running
from .shells import MESSAGE
from .text import line_of, times

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from .collect import Collected
    from .reading import Known

NAMED = 3  # pages a remark names before it only counts

REMARKS = {
    "style": "{count} with `style` attributes or elements, which the site's policy drops: {pages}. "
    "Use classes, and `extra_css`.",
    "foreign": "{count} with pictures, scripts or frames from other addresses, which the site's policy keeps out: "
    "{pages}. Put the files into the docs folder.",
    "hazards": "{count} with something a reader cannot see, or may take for something else: {pages}.",
    "derived": "{count} without an id of their own; links to them last only as long as their place in the docs folder.",
}


class Refused(Exception):  # noqa: N818  -- it says what happened to the build
    """The build must stop: the message says why, for every page at once."""


@dataclass(slots=True)
class Remarks:
    """What is worth a line but stops nothing: the pages by kind of remark."""

    pages: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, kind: str, file: str) -> None:
        """Note that this page belongs to this kind of remark."""
        self.pages[kind].append(file)

    def lines(self) -> list[str]:
        """Each remark in words, with the first pages it is about."""
        return [
            REMARKS[kind].format(count=times(len(files), "page", "pages"), pages=_some(files))
            for kind, files in self.pages.items()
        ]


HINT = "If this wiki's front matter means something else, set `front_matter: false` below `kb` in mkdocs.yml."


def refuse(problems: Sequence[Problem]) -> None:
    """Raise Refused if there is any problem, with all of them in the order of files and lines."""
    if not problems:
        return
    ordered = sorted(set(problems), key=lambda problem: (problem.file, problem.line or 0, str(problem)))
    raise Refused(
        "\n".join([f"{times(len(ordered), 'problem', 'problems')} to mend:", *(f"  {one}" for one in ordered), HINT])
    )


def clashes(pages: Iterable[Known]) -> list[Problem]:
    """A problem for each page that claims what another page has: an id, an alias, the name of a live page."""
    own = [(page.meta, page.file, page.text) for page in pages]
    return [*frontmatter.duplicates(own), *_same_shells(own)]


def _same_shells(pages: Iterable[tuple[Mapping[str, Any], str, str]]) -> list[Problem]:
    taken, problems = {MESSAGE: "the server's own messages"}, []
    for meta, file, source in pages:
        if not (name := str(meta.get("kb_shell") or "")):
            continue
        if name in taken:
            problems.append(
                Problem(
                    file,
                    line_of(source, "kb_shell"),
                    f"the live page '{name}' is taken by {taken[name]}",
                    "Give kb_shell another name.",
                )
            )
        taken.setdefault(name, file)
    return problems


def of_content(entry: Collected, html: str, source: str) -> list[Problem]:
    """What in a page's text must not be published: scripts of an author's, and tricks in what people agree to."""
    file = entry.page.source_path
    anchors = [section.anchor for section in entry.page.sections]
    problems = frontmatter.check_sections(entry.page.kind, anchors, file)
    problems += [Problem(file, 1, hazard, "Write it in plain characters.") for hazard in entry.binding_hazards]
    if not entry.is_whole:
        fix = "Put the headings 'Definition' and 'Criteria' at the top level of the page, in nothing else."
        problems.append(Problem(file, 1, "what binds here stands within something else, where it cannot be shown", fix))
    if found := running.refused(html) or (entry.page.term and running.restyled(html)):
        problems.append(Problem(file, line_of(source, found.sign), f"the page has {found.what}", found.fix))
    return [*problems, *_of_names(entry, source)]


def _of_names(entry: Collected, source: str) -> Iterator[Problem]:
    """What themes write as it is into every page: front matter, titles made of names, folders that become sections."""
    file = entry.page.source_path
    for text in _texts(entry.page.meta):
        if found := running.refused_in_a_theme(text):
            yield Problem(file, line_of(source, found.sign), f"the front matter has {found.what}", "Take it out.")
            return
    if found := running.refused_in_a_theme(file.replace("-", " ").replace("_", " ")):  # as titles are made of names
        yield Problem(file, 1, f"the page's name has {found.what}", "Give it another one.")


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401  -- parsed YAML
    """Every text in a value, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from chain.from_iterable(map(_texts, chain(value, value.values())))
    elif isinstance(value, list):
        yield from chain.from_iterable(map(_texts, value))


def remarks_on(remarks: Remarks, entry: Collected, html: str) -> None:
    """Note what is worth a line about this page."""
    file = entry.page.source_path
    if not entry.page.permanent:
        remarks.add("derived", file)
    if entry.other_hazards and not entry.page.shell:  # a live page is made of what the server's parts look like
        remarks.add("hazards", file)
    for kind in policy.dropped(html):
        remarks.add(kind, file)


def _some(files: Sequence[str]) -> str:
    return ", ".join(files[:NAMED]) + (" …" if len(files) > NAMED else "")
