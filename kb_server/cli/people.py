"""Seeing to people: who they are, letting them in, giving them what is held about them, forgetting them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import click

from kb_server.cli.opening import as_json, config_file, wiki

who = click.argument("who", metavar="WHO")


@click.group()
def people() -> None:
    """See, invite and forget people. WHO is an id, a handle or an address."""


@people.command("list")
@config_file
@as_json
def everybody(config_file: str | None, *, as_json: bool) -> None:
    """List everybody."""
    from kb_server.accounts import administration

    with wiki(config_file) as (_, database, roster), database.read() as connection:
        rows = list(administration.everybody(connection, roster))
    click.echo(json.dumps(rows, indent=2, ensure_ascii=False) if as_json else "\n".join(map(_line, rows)))


@people.command()
@config_file
@who
@click.option("--name", default="", help="What somebody new is called.")
def invite(config_file: str | None, who: str, name: str) -> None:
    """Print a link that signs WHO in, once, within a week."""
    from kb_server.accounts import administration

    with wiki(config_file) as (settings, database, roster), database.transaction() as connection:
        click.echo(administration.invite(connection, settings, roster, who, name, _now()))


@people.command()
@config_file
@who
def export(config_file: str | None, who: str) -> None:
    """Print everything that is held about WHO, as JSON."""
    from kb_server.accounts import administration
    from kb_server.holdings import HELD

    with wiki(config_file) as (_, database, roster), database.transaction() as connection:
        found = administration.export(connection, roster, who, HELD, _now())
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


@people.command()
@config_file
@who
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase(config_file: str | None, who: str, *, yes: bool) -> None:
    """Forget WHO: of a person only the id stays."""
    from kb_server.accounts import administration
    from kb_server.holdings import HELD

    if not yes:
        click.confirm(f"Forget {who}? This cannot be undone", abort=True)
    with wiki(config_file) as (_, database, roster):
        with database.transaction() as connection:
            person = administration.erase(connection, roster, who, HELD, _now())
        click.echo(f"{person.id} is forgotten. Backups still know them until they are removed.")
        if person.handle in roster.people:
            click.echo(f"They stand in teams.yml as {person.handle}: take them out there, or they come back.")


@people.command()
@config_file
@who
@click.argument("issuer")
@click.argument("subject")
def link(config_file: str | None, who: str, issuer: str, subject: str) -> None:
    """Let SUBJECT, as ISSUER calls somebody, be WHO from now on."""
    from kb_server.accounts import administration

    with wiki(config_file) as (_, database, roster), database.transaction() as connection:
        person = administration.link(connection, roster, who, issuer, subject, _now())
    click.echo(f"{subject} is {person.name} ({person.id}) from now on.")


@people.command("sign-out")
@config_file
@who
def sign_out(config_file: str | None, who: str) -> None:
    """Sign WHO out everywhere, and end their tokens and an invitation."""
    from kb_server.accounts import administration

    with wiki(config_file) as (_, database, roster), database.transaction() as connection:
        person = administration.sign_out(connection, roster, who, _now())
    click.echo(f"{person.name} ({person.id}) is signed in nowhere.")


def _line(row: dict[str, object]) -> str:
    teams = row["teams"]
    facts = [row["handle"] or "-", row["name"], row["email"], ",".join(teams) if isinstance(teams, list) else ""]
    here = "" if row["has_been_here"] else "not here yet"
    return "  ".join([str(row["id"]), *(str(fact) for fact in facts if fact), here]).rstrip()


def _now() -> datetime:
    return datetime.now(UTC)
