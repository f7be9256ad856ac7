"""Building, publishing and serving a wiki."""

from __future__ import annotations

import json
import logging
import os
import sys
from dataclasses import asdict, replace

import click

from kb_server.cli import logs
from kb_server.cli.opening import as_json, config_file, no_strict, require_wiki, settings_of, store, who_and_what


@click.command()
@config_file
@no_strict
@click.option("--preview", is_flag=True, hidden=True, help="Build texts by anybody, to be looked at.")
def build(config_file: str | None, *, no_strict: bool, preview: bool) -> None:
    """Build the wiki aside; nothing served changes."""
    from kb_server.builds import service

    if preview:
        service.limit()
    click.echo(service.build(settings_of(config_file), strict=not no_strict, preview=preview))


@click.command()
@config_file
@no_strict
@click.argument("build_id", required=False)
def publish(config_file: str | None, build_id: str | None, *, no_strict: bool) -> None:
    """Make a build current: the one named, or the wiki built now."""
    from kb_server.builds import service

    settings = settings_of(config_file)
    build_id = build_id or service.build(settings, strict=not no_strict)
    with store(settings) as database:
        publication = service.publish(database, settings, build_id)
    click.echo(f"Build {publication.build} is current (publication {publication.seq}).")


@click.command()
@config_file
@click.option("--roll-back", "back", is_flag=True, help="Make the build before the current one current again.")
@as_json
def builds(config_file: str | None, *, back: bool, as_json: bool) -> None:
    """List the builds, or roll back."""
    from kb_server.builds import service

    settings = settings_of(config_file)
    with store(settings) as database:
        if back:
            publication = service.roll_back(database, settings)
            click.echo(f"Build {publication.build} is current again (publication {publication.seq}).")
            return
        listed = service.builds(database, settings)
    if as_json:
        click.echo(json.dumps([asdict(entry) for entry in listed], indent=2))
        return
    for entry in listed:
        since = f"published {entry.publication.published_at}" if entry.publication else "not published"
        click.echo(
            f"{'*' if entry.current else ' '} {entry.id}  {since}  {entry.commit[:10]}  {entry.problem}".rstrip()
        )


@click.command()
@config_file
@click.option("--host", metavar="ADDRESS", help="Address to listen on.")
@click.option("--port", metavar="PORT", help="Port to listen on; 0 takes a free one.")
@click.option("--build", "first", is_flag=True, help="Build and publish first.")
@no_strict
def serve(config_file: str | None, host: str | None, port: str | None, *, first: bool, no_strict: bool) -> None:
    """Serve what is published."""
    from kb_server import sample, ticking
    from kb_server.app import TELLER, TELLING, USES, create_app
    from kb_server.builds import service
    from kb_server.db import database_file
    from kb_server.following import beside
    from kb_server.links import service as linking
    from kb_server.notifications import service as notifying
    from kb_server.search import service as searching
    from kb_server.upkeep import service as upkeep
    from kb_server.web.serving import Listener, only_server

    settings = settings_of(config_file, host=host, port=port)
    service.make_folder(settings.data_dir, to_read=True)
    logs.begin()
    upkeep.refuse_damage(settings)
    alone = only_server(settings.data_dir, database_file(settings.database_url))
    with alone, store(settings, serving=True) as database:
        upkeep.mend_index(database)
        app = create_app(settings, database)
        site, listener = app.extensions["kb"].site, Listener(settings, app)
        if first:
            service.publish(database, settings, service.build(settings, strict=not no_strict))
        if sample.write_once(database, settings, site, TELLING):
            logging.getLogger("kb.sample").info(
                "There is sample activity, for a first visit. `kb sample remove` takes it away."
            )
        # Nobody's first page waits for the build to be read, nor their first search for the words.
        site.look()
        searching.index_state(database, settings)
        following = searching.following(database, settings)
        counting = linking.counting(app.extensions[USES], database)
        tick = ticking.ticker(database, lambda: who_and_what(site))
        telling = notifying.telling(replace(app.extensions[TELLER], is_busy=listener.is_busy))
        merges = beside.following(settings, strict=not no_strict)
        with following, counting, upkeep.daily_backups(settings), upkeep.ticking(tick), telling, merges, site.watched():
            listener.run()


@click.command()
@config_file
def dev(config_file: str | None) -> None:
    """Edit and see: one port, live reload, search and live pages working."""
    from kb_server.web.serving import require_free

    settings = settings_of(config_file)
    require_wiki(settings)
    require_free(settings.host, settings.port)
    command = [sys.executable, "-P", "-m", "mkdocs", "serve", "--livereload", "-f", str(settings.config_file)]
    address = ["--dev-addr", f"{settings.host}:{settings.port}"]
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    os.execv(sys.executable, [*command, *address])  # noqa: S606  -- no shell, our own interpreter
