"""Putting all edits of a suggestion into their files, or saying which cannot be and what stands there now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from kb_server.suggestions.edits.models import KeptEdit
from kb_server.wiki.editing import rules
from kb_server.wiki.editing.refusing import Refused
from kb_server.wiki.editing.splicing import Changed, spliced
from kb_server.words import t

Read = Callable[[str], str | None]
"""The text of a file of the wiki; None where there is none."""


@dataclass(frozen=True, slots=True)
class Put:
    """Whole files with the edits in them, by path; ``new`` are those that were not there, ``old`` how the others read.

    ``changed`` has, by the positions of those edits that cannot be put in, what stands in their place: then nothing is
    to be done with the files.
    """

    files: Mapping[str, str]
    new: frozenset[str]
    old: Mapping[str, str]
    changed: Mapping[int, str] = field(default_factory=dict)


def put(edits: Sequence[KeptEdit], read: Read, docs: str) -> Put:
    """The files with the edits in them. Raises Refused where one would do more than change its section.

    `docs` is the folder of the wiki's pages: nothing outside of it is changed.
    """
    files: dict[str, str] = {}
    old: dict[str, str] = {}
    changed: dict[int, str] = {}
    # From the end of each file on, so that the lines above stand where they were read.
    for one in sorted(edits, key=lambda edit: -edit.line):
        if one.path not in files:
            there = read(one.path) if one.is_new_page else read(_inside(one.path, docs))
            if there is not None:
                old[one.path] = files[one.path] = there
        try:
            files[one.path] = _with(one, files.get(one.path), docs)
        except Changed as error:
            changed[one.position] = error.now
    return Put(files, frozenset(files.keys() - old.keys()), old, changed)


def stand(edits: Sequence[KeptEdit], read: Read) -> bool:
    """Whether all of it reads as suggested already, line ends aside: some forges keep none but their own."""
    return all(_stands(edit, read(edit.path)) for edit in edits)


def _stands(edit: KeptEdit, there: str | None) -> bool:
    if there is None or edit.is_new_page:
        return there is not None and there.replace("\r\n", "\n") == edit.file
    try:
        spliced(there, replace(edit, before=edit.after, after=edit.before))
    except Changed:
        return False
    except Refused:
        pass  # it was found, and need not be put back
    return True


def _with(edit: KeptEdit, there: str | None, docs: str) -> str:
    """A file with one edit in it. Raises Changed, Refused."""
    if edit.is_new_page:
        rules.check_path(edit.path, docs, ())
        rules.check_page(edit.after)
        if there is not None:
            raise Changed(there)
        return edit.file
    if there is None:
        raise Changed("")
    return spliced(there, edit)


def _inside(path: str, docs: str) -> str:
    """The path of a page that is there: it came from a build, and has to be where pages are. Raises Refused."""
    if not path.startswith(f"{docs}/" if docs else "") or not path.endswith((".md", ".markdown")):
        raise Refused(t("edit.refused.path", path=path))
    return path
