"""What MkDocs says of links and the navigation, said as our own checks say it: file, line, what is wrong, what to do.

MkDocs has the checks and names no line. So its messages are rewritten on their way to the terminal, at the same level;
one that is not known, because MkDocs has changed it, passes as it is.
"""

from __future__ import annotations

import logging
import os
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from kb_server.pages import layout
from kb_server.wiki import nowhere
from kb_server.wiki.problems import Problem

from .reading import shown_path

if TYPE_CHECKING:
    from collections.abc import Callable

    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files

    from .reading import Known

LOGGERS = ("mkdocs.structure.pages", "mkdocs.structure.nav")

_LINK = re.compile(
    r"Doc file '(?P<page>.+?)' contains (?:a|an absolute|an unrecognized relative) link '(?P<url>.*?)', (?P<why>.*?)"
    r"(?: Did you mean '(?P<near>.*)'\?)?",
    re.DOTALL,
)
_NO_ANCHOR = re.compile(r"but (?:there is no such anchor on this|the doc '(?P<to>.*)' does not contain an anchor '#.*)")
_OMITTED = re.compile(r"The following pages exist in the docs directory, but .*?:\n(?P<pages>.*)", re.DOTALL)
_NAV = re.compile(r"(?:A reference|An absolute path) to '(?P<url>.*?)' is included in the 'nav' configuration, .*")


class Plainer(logging.Filter):
    """Rewrites MkDocs' messages about the wiki of `config`; `known` gives what is known of a page by its path.

    Of a navigation that is another commit's than the pages nothing is said: the change may have seen to it.
    """

    def __init__(self, config: MkDocsConfig, known: Callable[[str], Known | None]) -> None:
        super().__init__()
        self._config, self._known = config, known
        self._seen: Counter[tuple[str, str]] = Counter()
        self.files: Files | None = None

    def begin(self) -> None:
        """Listen to what MkDocs says from now on; a build before this one is not listened to any more."""
        for name in LOGGERS:
            log = logging.getLogger(name)
            for older in [one for one in log.filters if isinstance(one, Plainer)]:
                log.removeFilter(older)
            log.addFilter(self)

    def filter(self, record: logging.LogRecord) -> bool:
        """Say it in our words, where it is something we know."""
        message = record.getMessage()
        record.msg, record.args = self.said(message), ()
        return not (_is_others() and (_OMITTED.fullmatch(message) or _NAV.fullmatch(message)))

    def said(self, message: str) -> str:
        """The message in our words, or as it is."""
        for pattern, words in ((_LINK, self._link), (_OMITTED, self._omitted), (_NAV, self._nav)):
            if found := pattern.fullmatch(message):
                return words(found)
        return message

    def _link(self, found: re.Match[str]) -> str:
        page, url = found["page"], found["url"]
        known = self._known(page)
        line = _line(known.text, _alone(url), self._again(page, url)) if known else None
        file = known.file if known else page
        if anchor := _NO_ANCHOR.match(found["why"]):
            return str(Problem(file, line, *self._no_heading(anchor["to"] or page, url)))
        near = found["near"] or nowhere.near_to(page, url, self._paths())
        return str(Problem(file, line, *nowhere.no_page(url, near)))

    def _again(self, page: str, url: str) -> int:
        self._seen[page, url] += 1
        return self._seen[page, url]

    def _no_heading(self, to: str, url: str) -> tuple[str, str]:
        file = self.files.get_file_from_path(to) if self.files else None
        present = file.page.present_anchor_ids if file and file.page else None
        return nowhere.no_heading(url, shown_path(file, self._config) if file else to, present or ())

    def _paths(self) -> list[str]:
        return [file.src_uri for file in self.files.documentation_pages()] if self.files else []

    def _omitted(self, found: re.Match[str]) -> str:
        pages = [self._shown(line.removeprefix("  - ")) for line in found["pages"].splitlines()]
        name, line = self._in_config("^nav:")
        return str(Problem(name, line, *nowhere.no_place(pages)))

    def _shown(self, path: str) -> str:
        file = self.files.get_file_from_path(path) if self.files else None
        return shown_path(file, self._config) if file else path

    def _nav(self, found: re.Match[str]) -> str:
        name, line = self._in_config(_alone(found["url"]))
        near = nowhere.most_alike(found["url"], self._paths())
        return str(Problem(name, line, *nowhere.no_page_in_navigation(found["url"], near)))

    def _in_config(self, pattern: str) -> tuple[str, int | None]:
        path = Path(self._config.config_file_path or "mkdocs.yml")
        return path.name, _line(path.read_text(encoding="utf-8"), pattern) if path.is_file() else None


def _is_others() -> bool:
    return not os.environ.keys().isdisjoint({layout.OTHERS, layout.FOR_PREVIEW})


def _alone(text: str) -> str:
    """A pattern for the text where it is not a part of a longer address."""
    return rf"(?<![\w./#-]){re.escape(text)}(?![\w/#-]|\.\w)"


def _line(source: str, pattern: str, which: int = 1) -> int | None:
    """The line with the first, the second … match, or the last there is; None without one."""
    found = list(re.finditer(pattern, source, re.MULTILINE))
    return source.count("\n", 0, found[min(which, len(found)) - 1].start()) + 1 if found else None
