"""Starting a wiki of one's own."""

from __future__ import annotations

from pathlib import Path

import click

from kb_server.errors import Invalid


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--company", default=None, help="Name of the company.")
@click.option("--team", "teams", multiple=True, metavar="NAME", help="A team; give it twice or more often.")
@click.option("--speaker", "speakers", multiple=True, metavar="NAME", help="Who speaks for a team, in the same order.")
@click.option("--liaison", default=None, metavar="NAME", help="Who carries questions between the teams.")
@click.option("--forge", default=None, metavar="URL", help="Address of the wiki's repository, if it has one.")
@click.option(
    "--pipeline",
    type=click.Choice(("github", "gitlab", "git")),
    help="Write pipeline files as well; where FOLDER has a wiki already, these alone.",
)
def init(  # noqa: PLR0913, PLR0917  -- one parameter per option
    folder: Path,
    company: str | None,
    teams: tuple[str, ...],
    speakers: tuple[str, ...],
    liaison: str | None,
    forge: str | None,
    pipeline: str | None,
) -> None:
    """Start a wiki of your own in FOLDER."""
    from kb_server.wiki import init as starting
    from kb_server.wiki import pipelines

    if pipeline and (folder / "mkdocs.yml").is_file():
        _tell(pipelines.write(folder, pipeline))
        return
    company = company if company is not None else click.prompt("Name of the company")
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
    if pipeline:
        _tell(pipelines.write(folder, pipeline))
    click.echo(f"{len(written)} files are in {folder}. Next: cd {folder} && kb serve --build")


def _tell(written: list[Path]) -> None:
    for file in written:
        click.echo(f"{file} is written. Say in it where the program lies, before you commit it.")


def _ask_teams() -> tuple[str, ...]:
    text: str = click.prompt("Names of the teams, with commas", default="Sales, Marketing")
    return tuple(name.strip() for name in text.split(",") if name.strip())
