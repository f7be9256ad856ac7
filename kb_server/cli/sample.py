"""Seeing to the sample activity of a first visit."""

from __future__ import annotations

import click

from kb_server.cli.opening import config_file, settings_of, store


@click.group("sample")
def samples() -> None:
    """See to the sample activity of a first visit."""


@samples.command("remove")
@config_file
def remove_samples(config_file: str | None) -> None:
    """Take away all sample activity, and nothing that somebody has really written."""
    from kb_server import sample

    settings = settings_of(config_file)
    with store(settings) as database:
        done = sample.remove(database)
    click.echo(sample.told(done))
