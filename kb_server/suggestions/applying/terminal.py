"""Applying a suggestion on the terminal: a commit on a branch of the wiki's own repository, for whoever works there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from kb_server.config import Settings
from kb_server.errors import Conflict, Invalid, NotFound
from kb_server.proofreading import configuration
from kb_server.suggestions import reading
from kb_server.suggestions.applying import saying, service
from kb_server.suggestions.applying.putting import put
from kb_server.suggestions.applying.service import Wanted
from kb_server.suggestions.edits import storage
from kb_server.suggestions.edits.models import KeptEdit
from kb_server.suggestions.models import TO_COME
from kb_server.wiki import committing
from kb_server.wiki.committing import Commit
from kb_server.wiki.git import GitError
from kb_server.words import t


@dataclass(frozen=True, slots=True)
class Made:
    """A commit, the branch it is on, and the files it changes; `unlisted` are new pages that `nav` does not name."""

    branch: str
    commit: str
    files: tuple[str, ...]
    unlisted: tuple[str, ...] = ()


def found(connection: sa.Connection, number: int, settings: Settings) -> Wanted:
    """What a suggestion carries. Raises NotFound, Conflict."""
    one = reading.suggestion(connection, number, "")
    if one is None:
        raise NotFound(f"There is no S-{number}.")
    if one.hidden:
        raise Conflict(f"S-{number} is hidden. Show it again first.")
    edits = storage.edits_of(connection, number)
    if not edits:
        raise NotFound(f"S-{number} asks for something in words and has no text to apply.")
    if one.state not in TO_COME:
        raise Conflict(f"S-{number} is not open any more. Reopen it first.")
    return service.written(connection, one, edits, settings)


def apply(settings: Settings, ready: Wanted, branch: str = "") -> Made:
    """Commit it on a branch of its own. Raises Invalid, Conflict; then nothing is changed."""
    home = settings.config_file.resolve().parent
    wiki = configuration.read(settings.config_file)
    docs = wiki.docs.relative_to(home).as_posix()
    branch = branch or saying.branch(ready.suggestion)
    committing.refuse_branch(branch)
    try:
        start = committing.tip(home, settings.branch)
        edits = [_at_home(edit, home, start) for edit in ready.edits]
        made = put(edits, lambda path: committing.text(home, start, path), "" if docs == "." else docs)
        if made.changed:
            titles = ", ".join(f"“{edit.title}”" for edit in ready.edits if edit.position in made.changed)
            raise Conflict(
                f"{t('apply.changed')}: {titles}. Nothing was committed; see s/{ready.suggestion.number}/apply/."
            )
        wanted = Commit(start, made.files, made.new, ready.message, ready.name, ready.email, datetime.now(UTC))
        unlisted = [path.removeprefix(f"{docs}/") for path in sorted(made.new)] if wiki.nav is not None else []
        return Made(branch, committing.commit(home, branch, wanted), tuple(sorted(made.files)), tuple(unlisted))
    except GitError as error:
        raise Invalid(f"{home} cannot be committed to: {error}.") from error


def _at_home(edit: KeptEdit, home: Path, start: str) -> KeptEdit:
    """Where its page lies in this commit: files are renamed, and a page keeps its id. Raises GitError."""
    if edit.is_new_page or committing.text(home, start, edit.path) is not None:
        return edit
    return replace(edit, path=committing.named(home, start, edit.page) or edit.path)


def report(made: Made, base: str) -> str:
    """What was done, and what to do next."""
    return "\n".join(
        [
            f"{made.branch} has {made.commit[:10]}: {', '.join(made.files)}. Nothing else was touched.",
            *(f"Give it a place in `nav` of mkdocs.yml on that branch: - {path}" for path in made.unlisted),
            f"Look at it:  git diff {base}...{made.branch}",
            f"Send it:     git push origin {made.branch}",
        ]
    )
