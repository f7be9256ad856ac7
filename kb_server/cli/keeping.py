"""Keeping a store whole: copies of it, its index, its queue of mail, and a look at everything."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import click

from kb_server.cli.opening import FAILED, as_json, config_file, settings_of, site_of, store, who_and_what


@click.command()
@config_file
@click.argument("file", required=False, type=click.Path(path_type=Path))
def backup(config_file: str | None, file: Path | None) -> None:
    """Copy the database to FILE, or to a new file in backups/; a server may run meanwhile."""
    from kb_server.upkeep import service, terminal

    settings = settings_of(config_file)
    with service.damage_named(settings):
        path = service.back_up(settings, file)
    click.echo(terminal.backed_up(path))


@click.command()
@config_file
@click.argument("file", type=click.Path(path_type=Path))
def restore(config_file: str | None, file: Path) -> None:
    """Put the backup FILE in the place of the database; no server may run."""
    from kb_server.builds import service as building
    from kb_server.upkeep import service, terminal

    settings = settings_of(config_file)
    done = service.restore(settings, file)
    with store(settings) as database:
        advice = service.missing_build(settings, building.published_ids(database))
    click.echo(terminal.restored(done, advice))


@click.command()
@config_file
@click.argument("address")
def copy_database(config_file: str | None, address: str) -> None:
    """Copy all of the database to an empty one at ADDRESS, SQLite or PostgreSQL; no server may run."""
    from kb_server.upkeep import service, terminal

    settings, to = settings_of(config_file), settings_of(config_file, database_url=address)
    service.require_store(settings)
    with store(settings) as database:
        done = service.transfer(database, settings, to.database_url)
    click.echo(terminal.transferred(done))


@click.command()
@config_file
@click.option("--verify", is_flag=True, help="Compare it with the stored texts (without an option, too).")
@click.option("--rebuild", is_flag=True, help="Make it anew from the stored texts, then compare.")
def index(config_file: str | None, *, verify: bool, rebuild: bool) -> None:  # noqa: ARG001  -- verifying is what it does
    """See whether the index of search agrees with the texts."""
    from kb_server.search import service as searching
    from kb_server.upkeep import service, terminal

    settings = settings_of(config_file)
    with store(settings) as database:
        renewed = service.rebuild_index(database) if rebuild else None
        if rebuild:
            searching.rebuild_index(database, settings)
        found = service.verify_index(database, searching.audit_index(database, settings))
    click.echo(terminal.index(found, renewed))
    sys.exit(0 if found.is_sound else FAILED)


@click.command()
@config_file
@as_json
def doctor(config_file: str | None, *, as_json: bool) -> None:
    """Look at everything, and say what is wrong and what to do about it."""
    from kb_server import holdings
    from kb_server.builds import service as building
    from kb_server.following import service as following
    from kb_server.notifications import service as notifying
    from kb_server.search import service as searching
    from kb_server.upkeep import service, terminal

    settings = settings_of(config_file)
    checks = service.examine(
        settings,
        building.published_ids,
        lambda store: searching.audit_index(store, settings),
        lambda store: notifying.troubles(store, settings),
        lambda store: following.examined(store, datetime.now(UTC)),
        lambda store: searching.unusable_index(store, settings),
        holdings.teams,
    )
    click.echo(terminal.as_json(checks) if as_json else terminal.report(checks))
    sys.exit(FAILED if service.is_broken(checks) else 0)


@click.command()
@config_file
@click.option("--retry", is_flag=True, help="Try once more, now, what could not be sent.")
@as_json
def mail(config_file: str | None, *, retry: bool, as_json: bool) -> None:
    """List the mail that waits to be sent, and what was given up."""
    from kb_server.notifications import service, terminal

    settings = settings_of(config_file)
    with store(settings) as database:
        revived = service.retry(database) if retry else None
        queued = service.queued(database)
    click.echo(terminal.as_json(queued) if as_json else terminal.report(queued, revived))


@click.command()
@config_file
@as_json
def tick(config_file: str | None, *, as_json: bool) -> None:
    """Pass on what is late by now; a server that runs does so every minute."""
    from kb_server import ticking
    from kb_server.upkeep import terminal

    settings = settings_of(config_file)
    with store(settings) as database:
        passed = ticking.tick(database, *who_and_what(site_of(settings, database)), datetime.now(UTC))
    click.echo(terminal.passed_as_json(passed) if as_json else terminal.passed(passed))
