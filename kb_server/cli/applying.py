"""Putting what a suggestion asks for into the text."""

from __future__ import annotations

import re

import click

from kb_server.cli.opening import config_file, settings_of, store
from kb_server.errors import Invalid


@click.command()
@config_file
@click.argument("suggestion")
@click.option("--branch", default="", metavar="NAME", help="The branch to make (default: suggestion/S-12).")
def apply(config_file: str | None, suggestion: str, branch: str) -> None:
    """Commit what SUGGESTION (S-12) would have the text say, on a branch of its own; files stay as they are."""
    from kb_server.suggestions.applying import terminal

    number = re.fullmatch(r"(?:[sS]-)?(\d{1,9})", suggestion, re.ASCII)
    if not number:
        raise Invalid(f"{suggestion!r} is no suggestion. Name it as the wiki does: S-12.")
    settings = settings_of(config_file)
    with store(settings) as database, database.read() as connection:
        ready = terminal.found(connection, int(number[1]), settings)
    click.echo(terminal.report(terminal.apply(settings, ready, branch), settings.branch))
