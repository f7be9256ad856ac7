"""Starting a wiki of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from kb_server.errors import Invalid


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--company", prompt="Name of the company", help="Name of the company.")
@click.option("--team", "teams", multiple=True, metavar="NAME", help="A team; give it twice or more often.")
@click.option("--speaker", "speakers", multiple=True, metavar="NAME", help="Who speaks for a team, in the same order.")
@click.option("--liaison", default=None, metavar="NAME", help="Who carries questions between the teams.")
@click.option("--forge", default=None, metavar="URL", help="Address of the wiki's repository, if it has one.")
def init(  # noqa: PLR0913, PLR0917  -- one parameter per option
    folder: Path,
    company: str,
    teams: tuple[str, ...],
    speakers: tuple[str, ...],
    liaison: str | None,
    forge: str | None,
) -> None:
    """Start a wiki of your own in FOLDER."""
    from kb_server.wiki import init as starting

    names = teams or _ask_teams()
    if not names:
        raise Invalid("A wiki needs the names of its teams, for example: --team Sales --team Marketing.")
    people = speakers or tuple(click.prompt(f"Who speaks for {name}") for name in names)
    liaison = (
        liaison if liaison is not None else click.prompt("Who carries questions between the teams", default=people[0])
    )
    forge = forge if forge is not None else click.prompt("Address of the repository (may stay empty)", default="")
    answers = starting.answers(company, names, people, liaison, forge)
    written = starting.create(folder, answers)
    click.echo(f"{len(written)} files are in {folder}. Next: cd {folder} && kb serve --build")


def _ask_teams() -> tuple[str, ...]:
    text: str = click.prompt("Names of the teams, with commas", default="Sales, Marketing")
    return tuple(name.strip() for name in text.split(",") if name.strip())
