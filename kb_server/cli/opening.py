"""What every command begins with: its options, the settings, the store."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from kb_server import config
from kb_server.config import Settings
from kb_server.errors import Invalid

UNUSABLE = 2
"""Exit code: the words, a setting or the machine's state make the command impossible."""
FAILED = 1
"""Exit code: the work itself did not succeed."""

config_file = click.option("-f", "--config-file", metavar="FILE", help="The wiki's mkdocs.yml (default: the one here).")
no_strict = click.option("--no-strict", is_flag=True, help="Build in spite of warnings.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def settings_of(config_file: str | None, **options: str | None) -> Settings:
    """The settings of the wiki whose `mkdocs.yml` was named, or of the one here. Raises Invalid."""
    os.umask(0o077)  # what lies in the data folder is for the user who runs kb
    settings = config.load(os.environ, {"config_file": config_file, **options})
    if config_file is not None:
        require_wiki(settings)
    return settings


def wiki_file(config_file: str | None) -> Path:
    """The `mkdocs.yml` that was named, or the one here. Raises Invalid.

    For what touches a wiki's sources alone: they belong to whoever edits them, so nobody's rights are narrowed.
    """
    settings = config.load(os.environ, {"config_file": config_file})
    require_wiki(settings)
    return settings.config_file


def require_wiki(settings: Settings) -> None:
    """Raise Invalid where there is no wiki."""
    if not settings.config_file.is_file():
        file = settings.config_file
        above = next((one for one in file.absolute().parent.parents if (one / file.name).is_file()), None)
        hint = (
            f"Go to {above}, where there is one, or name it with -f."
            if above
            else "Name the wiki's mkdocs.yml with -f."
        )
        raise Invalid(f"There is no {file}. {hint}")


@contextmanager
def store(settings: Settings, *, serving: bool = False) -> Iterator[Any]:
    """The migrated store. Beside a running server it leaves checkpoints to that."""
    from kb_server.builds.service import make_folder
    from kb_server.db import Database, database_file, migrate
    from kb_server.upkeep import service as upkeep
    from kb_server.web.serving import is_served

    make_folder(settings.data_dir, to_read=True)
    file = database_file(settings.database_url)
    with upkeep.sharing(settings.data_dir), upkeep.damage_named(settings):
        database = Database(settings.database_url, checkpoints=serving or not is_served(settings.data_dir, file))
        try:
            migrate(database, settings.data_dir / "backups")
            yield database
        finally:
            database.close()


@contextmanager
def wiki(config_file: str | None) -> Iterator[tuple[Settings, Any, Any]]:
    """The settings, the store, and who we are by the build that is current; nobody where there is none."""
    settings = settings_of(config_file)
    with store(settings) as database:
        yield settings, database, who_and_what(site_of(settings, database))[0]


def site_of(settings: Settings, database: Any) -> Any:  # noqa: ANN401  -- Site and Database, as below
    """The builds that are published."""
    from kb_server.builds import service
    from kb_server.web.site import Site

    return Site(settings.data_dir / "builds", lambda: service.published_ids(database))


def who_and_what(site: Any) -> tuple[Any, Any]:  # noqa: ANN401  -- Site and Roster are not imported for every command
    """Who we are and which pages there are, by the build that is current now; nobody and none where there is none."""
    from kb_server.people.roster import Roster
    from kb_server.web.build import BuildError

    try:
        served = site.current()
    except BuildError:
        return Roster(), ()
    return served.roster, served.manifest.pages
