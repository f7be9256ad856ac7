"""Asking a wiki something from a terminal."""

from __future__ import annotations

import json
from typing import Any

import click

from kb_server import config
from kb_server.cli.opening import as_json, config_file, settings_of, store


# After the first word everything is what is looked for: `kb search lead -webinar` has no option -w.
@click.command(context_settings={"allow_interspersed_args": False})
@config_file
@click.option("--limit", default=10, show_default=True, type=click.IntRange(1, 50))
@as_json
@click.argument("words", nargs=-1, required=True)
def search(config_file: str | None, words: tuple[str, ...], limit: int, *, as_json: bool) -> None:
    """Search what is published, as the search box does."""
    from kb_server.search import terminal

    settings = settings_of(config_file)
    with store(settings) as database:
        click.echo(terminal.search(database, settings, " ".join(words), limit=limit, as_json=as_json))


@click.command("config")
@config_file
@as_json
def show_config(config_file: str | None, *, as_json: bool) -> None:
    """List the settings, and where each value came from."""
    settings = settings_of(config_file)
    rows: list[dict[str, Any]] = [
        {
            "name": setting.variable,
            "value": settings.shown(setting.name),
            "from": settings.sources.get(setting.name, "default"),
            "help": setting.help,
        }
        for setting in config.TABLE
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo(f"{row['name']:22} {row['value'] or '-'}\n{'':22} {row['help']} ({row['from']})")
