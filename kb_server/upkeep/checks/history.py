"""The wiki's own repository: whether it has the commits by which old links and suggestions are known."""

from __future__ import annotations

from collections.abc import Iterator

from kb_server.upkeep.models import Check, Installation, attention, ok
from kb_server.wiki import git
from kb_server.wiki.git import GitError


def history(installation: Installation) -> Iterator[Check]:
    """Whether all of the past is there, where the server has the wiki's files and git knows them."""
    file = installation.settings.config_file
    if not file.is_file():
        return
    home = file.resolve().parent
    try:
        is_shallow = git.ask(home, "rev-parse", "--is-shallow-repository") == "true"
    except GitError:
        return
    if not is_shallow:
        yield ok("history", f"The repository in {home} has its whole history.")
        return
    yield attention(
        "history",
        f"The clone in {home} is shallow: commits it lacks end no suggestion, and old links may end nowhere.",
        "Run `git fetch --unshallow` there, and let pipelines clone the whole history (fetch-depth: 0, GIT_DEPTH: 0).",
    )
