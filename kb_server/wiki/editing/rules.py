"""What an edit may be: another text of its section, and of nothing beside it; or a page where none is."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from kb_server.pages.headings import candidates
from kb_server.pages.source import front_matter_lines
from kb_server.wiki import outline
from kb_server.wiki.editing.holding import is_open, is_whole
from kb_server.wiki.editing.refusing import Refused, refuse
from kb_server.wiki.editing.standing import Map
from kb_server.words import t

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from kb_server.pages.headings import Candidate

LONGEST = 60_000
"""Bytes of a section that somebody may send."""
LONGEST_HEADING = 1_000
"""Characters of a line that begins as a heading does: what makes an anchor of it takes the square of its time."""
LONGEST_PATH = 200
MOST_HEADINGS = 300
"""In a section: telling those of the same name apart takes the square of their number, here and at each build."""
_LINE_ENDS = re.compile(r"\r\n?")
_START = re.compile(r"[ \t>]*(?:(?:[-*+]|\d+\.)[ \t]+)*#*")
"""What a heading that stands in something begins with."""
_NUMBER = re.compile(r"_\d+$")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{one}{n}" for one in ("com", "lpt") for n in range(1, 10))})
"""Names that are no files on some systems, where somebody may check the wiki out."""


def check(before: str, after: str, above: str = "", below: str = "") -> str:
    """The text of a section as it is to be kept. Raises Refused where it would change more than the section.

    `above` and `below` are what stands before and after it in the page, as far as that is known.
    """
    text = _LINE_ENDS.sub("\n", after).strip("\n")
    before = before.strip("\n")
    if not text.strip():
        raise Refused(t("edit.refused.empty"))
    if len(text.encode("utf-8", "surrogatepass")) > LONGEST:
        raise Refused(t("edit.refused.long", most=LONGEST // 1000))
    if text == before:
        raise Refused(t("edit.refused.same"))
    lines = text.split("\n")
    if any(len(line) > LONGEST_HEADING and _start(line).endswith("#") for line in lines):
        raise Refused(t("edit.refused.spill"))
    if is_open(lines, before.split("\n")):
        raise Refused(t("edit.refused.spill"))
    if not is_whole(before):
        raise Refused(t("edit.refused.reaches"))
    refuse(before, text, f"{above}\n{below}")
    _refuse_outline(before, text)
    _refuse_anchors(before, text, f"{above}\n\n{below}")
    _refuse_leaving(before, text)
    _refuse_spill(before, text, above, below)
    return text


def check_page(body: str) -> str:
    """The text of a new page, below the front matter that is made for it. Raises Refused."""
    return check("", body)


def check_path(path: str, docs: str, there: Collection[str]) -> str:
    """The path of a new page, below the folder `docs`, of which `there` are the files. Raises Refused.

    Names are such as every system takes and every address shows as they are.
    """
    inside = path.removeprefix(f"{docs}/")
    *folders, file = inside.split("/")
    names = [*folders, file.removesuffix(".md")]
    is_name = all(_NAME.fullmatch(name) and name not in _RESERVED for name in names)
    if not path.startswith(f"{docs}/") or not file.endswith(".md") or not is_name or len(path) > LONGEST_PATH:
        raise Refused(t("edit.refused.path", path=path))
    if path.casefold() in {one.casefold() for one in there}:
        raise Refused(t("edit.refused.taken", path=path))
    return path


def _whole(*parts: str) -> str:
    return "\n\n".join(part.strip("\n") for part in parts if part.strip())


def _refuse_outline(before: str, after: str) -> None:
    """Raise Refused where the section is no section of that level any more."""
    lines = after.split("\n")
    if sum(1 for _ in candidates(lines, 0)) > MOST_HEADINGS:
        raise Refused(t("edit.refused.headings", most=MOST_HEADINGS))
    was, now = _headings(before.split("\n")), _headings(lines)
    is_kept = was and now and (now[0].line, now[0].level) == (was[0].line, was[0].level)
    # An underline makes a heading, but may make something else as well: a heading that has hashes keeps them.
    is_kept = is_kept and bool(now[0].text.strip()) and _hashes(before) == _hashes(after)
    if was and was[0].line == 0 and not is_kept:
        hashes = "#" * was[0].level if before.startswith("#") else ""
        raise Refused(t("edit.refused.heading", hashes=hashes) if hashes else t("edit.refused.underline"), 1)
    if was and min(one.level for one in now) < was[0].level:
        raise Refused(t("edit.refused.spill"))


def _hashes(text: str) -> tuple[bool, bool]:
    """Whether a heading begins with hashes, and words only after a blank: without one, some see no heading."""
    return text.startswith("#"), text.lstrip("#")[:1].isspace()


def _headings(lines: Sequence[str]) -> list[Candidate]:
    return [one for one in candidates(lines, 0) if one.firm]


def _refuse_anchors(before: str, after: str, elsewhere: str) -> None:
    """Raise Refused where a heading in a list, a quote or a box takes the anchor of another one, or such a one's.

    What looks like one in code or in a paragraph becomes one where other lines stand above it.
    """
    was, now = _anchors(before), _anchors(after)
    changed = (was - now) + (now - was)
    known = _anchors(elsewhere) if changed else Counter()
    there = {anchor for anchor, _ in known}
    in_boxes = {anchor for anchor, shape in known if shape}
    for anchor, shape in changed:
        if anchor in (there if shape else in_boxes):
            raise Refused(t("edit.refused.spill"))


def _anchors(text: str) -> Counter[tuple[str, int]]:
    """What the anchors of headings are made of, and in what these stand: 0 for those that stand alone."""
    found = list(candidates(text.split("\n"), front_matter_lines(text)))
    shapes = [] if all(one.firm for one in found) else Map(text, ()).shapes
    return Counter(
        (_NUMBER.sub("", outline.read(f"# {one.text.strip()}").top), 0 if one.firm else shapes[one.line] or 1)
        for one in found
    )


def _refuse_leaving(before: str, after: str) -> None:
    """Raise Refused where a section that stands in a list, a quote or a box does not stay there with all its lines."""
    first, *others = before.split("\n")
    began = next((one for one in candidates([first], 0) if one.line == 0 and not one.firm), None)
    if began is None and not first.startswith((" ", "\t", ">")):
        return
    now, *rest = after.split("\n")
    margins = [_margin(line) for line in others if line.strip()] or [" " * len(_start(first))]
    shared = next(
        at for at in range(len(margins[0]), -1, -1) if all(one.startswith(margins[0][:at]) for one in margins)
    )
    margin = margins[0][:shared]
    is_kept = _start(now) == _start(first) and all(line.startswith(margin) for line in rest if line.strip())
    was, title = first[len(_start(first)) :], now[len(_start(now)) :]
    is_kept = is_kept and was[:1].isspace() == title[:1].isspace() and bool(title.strip()) >= bool(was.strip())
    if not is_kept or not (margin or not rest):
        raise Refused(t("edit.refused.spill"))


def _start(line: str) -> str:
    found = _START.match(line)
    return found[0] if found else ""


def _margin(line: str) -> str:
    return line[: len(line) - len(line.lstrip(" \t>"))]


def _refuse_spill(before: str, after: str, above: str, below: str) -> None:
    """Raise Refused unless every other section, its anchor and the front matter stay as they are."""
    old, new = _whole(above, before, below), _whole(above, after, below)
    if front_matter_lines(old) != front_matter_lines(new):
        raise Refused(t("edit.refused.front_matter"), 1)
    was, now = outline.read(old).sections, outline.read(new).sections
    first = len(outline.read(above).sections) if above.strip() else 0
    until = len(outline.read(_whole(above, before)).sections)
    first -= first == until  # a title below something else is one section with it
    rest = len(was) - until
    if was[:first] != now[:first] or was[until:] != now[len(now) - rest :] or len(now) <= first + rest:
        raise Refused(t("edit.refused.spill"))
