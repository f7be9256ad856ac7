"""The builds: what is published is there, whole, and can be read."""

from __future__ import annotations

from collections.abc import Iterator

from kb_server.upkeep.models import Check, Installation, attention, broken, ok
from kb_server.web.build import Build, BuildError, File, load

AGAIN = "Run `kb publish`: it builds the wiki anew and makes that current."


def builds(installation: Installation) -> Iterator[Check]:
    """The current build, file by file."""
    with installation.store() as database:
        published = installation.published(database)
    if not published:
        yield attention("builds", "Nothing has been published yet.", "Run `kb publish`.")
        return
    try:
        build = load(installation.settings.data_dir / "builds" / published[0])
    except BuildError as error:
        yield broken("builds", str(error), AGAIN)
        return
    yield _files(build)


def _files(build: Build) -> Check:
    """Whether every file is there in its size. Publishing has compared the digests."""
    wrong = [name for name, file in build.files.items() if not _is_whole(file)]
    if wrong:
        others = f" and {len(wrong) - 1} more" if wrong[1:] else ""
        return broken("builds", f"Build {build.id} is damaged: {wrong[0]}{others}.", AGAIN)
    return ok("builds", f"Build {build.id} is current, {len(build.files)} files, all there.")


def _is_whole(file: File) -> bool:
    return file.path.is_file() and file.path.stat().st_size == file.size
