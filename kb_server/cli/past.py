"""Where links lead, and what is known of the past that decides it."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from kb_server.cli.opening import FAILED, as_json, config_file, settings_of, store


@click.command()
@config_file
@click.option("--used", is_flag=True, help="Only those that somebody followed from elsewhere.")
@click.option("--branch", metavar="NAME", help="Tell which would break if this branch, or any commit, were merged.")
@as_json
def links(config_file: str | None, branch: str | None, *, used: bool, as_json: bool) -> None:
    """List the links into the wiki, where they lead, how often they are used; or those that a branch would break."""
    from kb_server.builds import service
    from kb_server.links import service as linking
    from kb_server.links import terminal

    settings = settings_of(config_file)
    with store(settings) as database, database.read() as connection:
        current = service.current(database, settings)
        found = [link for link in linking.links(connection, current) if link.uses or not used]
    if branch is None:
        click.echo(json.dumps([asdict(link) for link in found], indent=2) if as_json else terminal.listed(found))
        return
    with service.merged(settings, branch) as then:
        breaks = linking.broken(found, current, then)
    click.echo(json.dumps([asdict(one) for one in breaks], indent=2) if as_json else terminal.told(breaks))
    if breaks:
        raise SystemExit(FAILED)


@click.command()
@config_file
@click.option("--write", is_flag=True, help="Write it to history.json beside mkdocs.yml, to be committed.")
def history(config_file: str | None, *, write: bool) -> None:
    """Tell what is known of the wiki's past, and let a file carry it to clones that lack it."""
    from kb_server.builds import service
    from kb_server.wiki.past import written

    settings = settings_of(config_file)
    with store(settings) as database:
        known = service.current(database, settings).history()
    if write:
        file = settings.config_file.parent / written.FILE
        written.write(known, file)
        click.echo(f"{file.name} has {len(known.addresses):,} addresses. Commit it.")
    click.echo(written.missing(known) or f"All of the past is known: {len(known.addresses):,} addresses.")
