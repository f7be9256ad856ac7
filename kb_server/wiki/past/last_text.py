"""What a page said last before it was removed, as git has it: nothing of it is kept in a build."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from kb_server.wiki import git, outline
from kb_server.wiki.git import GitError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kb_server.wiki.outline import Section

LONGEST = 1_000_000  # bytes
_SECONDS = 5.0
_COMMIT = re.compile(r"[0-9a-f]{40,64}")


def last_sections(folder: Path, commit: str, path: str) -> Sequence[Section]:
    """The sections of the page at `path` in the repository of `folder`, as they stood before `commit` took it away.

    None of them where git does not have it here, or it is too long to be shown.
    """
    if not _COMMIT.fullmatch(commit) or not path:
        return ()
    for parent in (f"{commit}^1", f"{commit}^2"):  # what one side of a merge took away the other may have had
        with suppress(GitError, ValueError):
            place = f"{parent}:{path}"
            if int(git.ask(folder, "cat-file", "-s", place, seconds=_SECONDS)) <= LONGEST:
                return outline.read(git.ask(folder, "cat-file", "blob", place, seconds=_SECONDS)).sections
    return ()
