"""What the teams have agreed to, and whether it still is what they agreed to."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime

import click

from kb_server.cli.opening import FAILED, as_json, config_file, settings_of, site_of, store, who_and_what
from kb_server.errors import Invalid


@click.command()
@config_file
@click.option("--team", default="", metavar="TEAM", help="Only those of this team, by its id.")
@click.option("--waiting", is_flag=True, help="Only those that wait for a team; with --team, for that one.")
@click.option("--check", is_flag=True, help="End with exit code 1 where one of those listed is not agreed, for CI.")
@as_json
@click.option("--csv", "as_csv", is_flag=True, help="Print a table for a spreadsheet.")
def definitions(  # noqa: PLR0913  -- one parameter per option
    config_file: str | None, team: str, *, waiting: bool, check: bool, as_json: bool, as_csv: bool
) -> None:
    """List the definitions: how each stands, its version, what each team says."""
    from kb_server.definitions import exporting, listing, terminal
    from kb_server.words import each
    from kb_server.writing import tables

    settings = settings_of(config_file)
    with store(settings) as database, database.read() as connection:
        roster, pages = who_and_what(site_of(settings, database))
        team = roster.now(team)
        if team and team not in roster.teams:
            raise Invalid(f"There is no team {team}. The wiki has {', '.join(roster.teams) or 'none'}.")
        found = listing.listed(connection, pages, datetime.now(UTC))
        found = listing.chosen(found, listing.Choice(team, waiting=waiting))
        export = exporting.Export(found, roster, f"{settings.origin}/" if settings.origin else "/")
        if as_csv:
            names = each("definition.column")
            columns = {column: names[column] for column in exporting.COLUMNS}
            click.echo("".join(tables.as_csv(export.table(connection), columns)), nl=False)
        elif as_json:
            click.echo("".join(tables.as_json(export.rows(connection))), nl=False)
        else:
            click.echo(terminal.report(found, roster))
    if check and not all(one.is_settled for one in found):
        raise SystemExit(FAILED)


@click.command()
@config_file
@as_json
def verify(config_file: str | None, *, as_json: bool) -> None:
    """Work out the digest of every kept wording of a definition again; exit code 1 where one is another."""
    from kb_server.definitions import pages as terms
    from kb_server.definitions import terminal, verifying

    settings = settings_of(config_file)
    with store(settings) as database, database.read() as connection:
        _, pages = who_and_what(site_of(settings, database))
        served = {facts.page: facts.digest for facts in terms.facts_in(pages)}
        found = verifying.verify(connection, served)
    click.echo(json.dumps(asdict(found), indent=2) if as_json else terminal.proof(found))
    if found.mismatches:
        raise SystemExit(FAILED)
