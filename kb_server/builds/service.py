"""Publishing: one transaction makes a build current, with every text search can find, exactly once."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from kb_server.activity.storage import THE_BUILD, record
from kb_server.builds import storage, texts
from kb_server.builds.aside import Made, aside, merged
from kb_server.builds.making import BuildFailed, build, limit, make_folder
from kb_server.builds.models import Listed, Publication
from kb_server.builds.packing import pack, verify
from kb_server.config import Settings
from kb_server.db import Database
from kb_server.definitions import publishing as defining
from kb_server.documents import storage as documents
from kb_server.documents.analysis import analyser_for
from kb_server.errors import KbError, NotFound
from kb_server.pages.manifest import Page
from kb_server.suggestions.adopting import adopt
from kb_server.suggestions.closing import publishing as closing
from kb_server.threads import service as threads
from kb_server.threads.carrying import Past
from kb_server.web.build import Build, BuildError, load
from kb_server.wiki.history import Change, last_change

KEPT = 3

__all__ = [
    "BuildFailed",
    "Made",
    "aside",
    "build",
    "builds",
    "current",
    "limit",
    "make_folder",
    "merged",
    "past_of",
    "publish",
    "published_ids",
    "roll_back",
]


def publish(database: Database, settings: Settings, build_id: str) -> Publication:
    """Make a build current. Publishing the current build again changes nothing. Raises BuildError or NotFound."""
    folder = settings.data_dir / "builds"
    with _alone(settings.data_dir):
        if not storage.is_name(build_id) or not (folder / build_id).is_dir():
            raise NotFound(f"There is no build {build_id}. `kb builds` lists those there are.")
        fresh = load(folder / build_id)
        verify(fresh)
        pack(fresh, _served(folder, published_ids(database)))
        publication = _make_current(database, settings, fresh)
        for past in published_ids(database)[KEPT:]:
            shutil.rmtree(folder / past, ignore_errors=True)
    return publication


def roll_back(database: Database, settings: Settings) -> Publication:
    """Publish the build again that was current before the present one first was. Raises NotFound.

    Doing it twice goes back twice, and never forward to a build that was left for its faults.
    """
    with database.read() as connection:
        current = storage.latest_publications(connection)[:1]
        earlier = storage.builds_before(connection, current[0].build) if current else []
    present = [name for name in earlier if (settings.data_dir / "builds" / name).is_dir()]
    if not present:
        raise NotFound("There is no earlier build to go back to. `kb builds` lists those there are.")
    return publish(database, settings, present[0])


def builds(database: Database, settings: Settings) -> list[Listed]:
    """Every build on disk: published ones first, the latest on top, then those never published."""
    with database.read() as connection:
        publications = {publication.build: publication for publication in storage.latest_publications(connection)}
    folder = settings.data_dir / "builds"
    names = [path.name for path in folder.iterdir() if not path.name.startswith(".")] if folder.is_dir() else []
    order = {name: position for position, name in enumerate(publications)}
    current = next(iter(publications), None)
    names.sort(key=lambda name: (order.get(name, len(order)), name))
    return [_listed(folder / name, publications.get(name), current=name == current) for name in names]


def current(database: Database, settings: Settings) -> Build:
    """The build that is current. Raises NotFound where nothing is published, BuildError where it cannot be read."""
    ids = published_ids(database)
    if not ids:
        raise NotFound("Nothing has been published yet: run `kb publish`.")
    return load(settings.data_dir / "builds" / ids[0])


def published_ids(database: Database) -> list[str]:
    """The ids of all builds ever published, the current one first."""
    with database.read() as connection:
        return [publication.build for publication in storage.latest_publications(connection)]


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """One publication at a time: another one's clearing up must not take this one's build away."""
    with (data_dir / "publish.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_current(database: Database, settings: Settings, fresh: Build) -> Publication:
    manifest, build_id = fresh.manifest, fresh.id
    wanted = list(texts.drafts(manifest))
    analyser = analyser_for(manifest.language)
    with database.read() as connection:
        # Stems and comparing builds take seconds in a large wiki; nobody else's write is to wait for them.
        ready = documents.prepare(connection, wanted, analyser)
        passages = threads.plan_passages(connection, build_id, manifest.pages, past_of(settings))
        terms = defining.plan(
            connection,
            build_id,
            manifest.pages,
            fresh.roster,
            _origin(settings, manifest.commit),
            language=manifest.language,
        )
        landed = closing.plan(connection, settings.config_file.parent, manifest.commit, settings.branch, manifest.pages)
    with database.transaction() as connection:
        current = next(iter(storage.latest_publications(connection)), None)
        if current and current.build == build_id:
            return current
        publication = storage.add(connection, build_id, manifest.commit)
        gone = _gone(connection, {draft.ref for draft in wanted})
        changed = documents.put(connection, wanted, analyser, ready) + documents.remove(connection, gone, analyser)
        threads.carry_passages(connection, passages)
        defining.publish(connection, terms, datetime.now(UTC))
        adopt(connection, fresh.roster)
        closing.publish(connection, landed, fresh.roster, datetime.now(UTC))
        data = {"publication": publication.seq, "commit": manifest.commit, "changed": changed}
        record(connection, actor=THE_BUILD, verb="build.published", subject=build_id, data=data)
    return publication


def _origin(settings: Settings, commit: str) -> defining.Origin:
    """The commit that brought in what binds on a page of a build that was made of `commit`."""
    folder, head = settings.config_file.parent, commit or "HEAD"

    def origin(page: Page) -> Change | None:
        if page.term is None or page.term.lines is None:
            return None
        return last_change(folder, page.source_path, page.term.lines, head=head, branch=settings.branch)

    return origin


def past_of(settings: Settings) -> Past:
    """The pages of builds that are still kept."""

    def pages(build_id: str) -> dict[str, Page] | None:
        if not storage.is_name(build_id):
            return None
        try:
            return load(settings.data_dir / "builds" / build_id).pages
        except BuildError:
            return None

    return pages


def _gone(connection: sa.Connection, present: set[str]) -> list[str]:
    return [ref for ref in documents.refs_starting_with(connection, texts.PREFIX) if ref not in present]


def _served(folder: Path, ids: list[str]) -> Build | None:
    for name in ids:
        try:
            return load(folder / name)
        except BuildError:
            continue
    return None


def _listed(folder: Path, publication: Publication | None, *, current: bool) -> Listed:
    try:
        commit, problem = load(folder).manifest.commit, ""
    except KbError as error:
        commit, problem = "", str(error)
    return Listed(folder.name, commit, publication, current, problem)
