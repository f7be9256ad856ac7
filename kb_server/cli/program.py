"""The program `kb`: its commands, and how it ends when something is in the way."""

from __future__ import annotations

import sys

import click

from kb_server.cli import (
    agreeing,
    applying,
    asking,
    checking,
    following,
    impact,
    keeping,
    past,
    people,
    publishing,
    sample,
    starting,
)
from kb_server.cli.opening import FAILED, UNUSABLE
from kb_server.errors import KbError

COMMANDS: tuple[click.Command, ...] = (
    starting.init,
    publishing.build,
    publishing.publish,
    publishing.builds,
    publishing.serve,
    publishing.dev,
    following.follow,
    checking.check,
    checking.fix,
    checking.new,
    applying.apply,
    impact.impact,
    past.links,
    past.history,
    keeping.backup,
    keeping.restore,
    keeping.copy_database,
    keeping.index,
    keeping.doctor,
    keeping.mail,
    keeping.tick,
    asking.search,
    asking.show_config,
    agreeing.definitions,
    agreeing.verify,
    people.people,
    sample.samples,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="common-ground", prog_name="kb")
def kb() -> None:
    """Common Ground: a wiki in which teams agree on what words mean."""


for command in COMMANDS:
    kb.add_command(command)


def main() -> None:
    """Run `kb`; what a person can mend is said in one sentence.

    What only says what went wrong is imported when something did: `kb --help` waits for no database.
    """
    try:
        kb()
    except KbError as error:
        from kb_server.builds.service import BuildFailed

        _end(str(error), FAILED if isinstance(error, BuildFailed) else UNUSABLE)
    except OSError as error:
        _end(f"{error.filename or 'The system'}: {error.strerror or error}.", UNUSABLE)
    except Exception as error:
        from sqlalchemy.exc import DBAPIError

        if not isinstance(error, DBAPIError):
            raise
        _end(f"The database cannot be used: {error.orig}. See KB_DATABASE_URL, or `kb doctor`.", UNUSABLE)


def _end(sentence: str, code: int) -> None:
    """It may tell of names and texts that anybody wrote: what a terminal would obey is spelt out."""
    plain = "".join(sign if sign.isprintable() or sign == "\n" else f"\\u{ord(sign):04x}" for sign in sentence)
    click.echo(f"kb: {plain}", err=True)
    sys.exit(code)
