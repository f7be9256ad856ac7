"""The last backup: how old it is, and whether one has failed since."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from kb_server.upkeep import failures, shelf
from kb_server.upkeep.backing import shelf_folder
from kb_server.upkeep.models import Check, Installation, attention, broken, ok

OLD = timedelta(days=2)
REMEDY = "Run `kb backup`. A running server makes one a day."


def backups(installation: Installation) -> Iterator[Check]:
    """The age of the last backup."""
    if installation.file is None or not installation.file.is_file():
        return  # a database server is backed up by its own means, and an empty place needs no backup
    failed = failures.noted(installation.settings.data_dir)
    if failed:
        yield broken("backup", f"The server's last backup failed: {failed}", "Mend the cause, then run `kb backup`.")
    yield _age(installation, datetime.now(UTC))


def _age(installation: Installation, now: datetime) -> Check:
    on_shelf = shelf.backups(shelf_folder(installation.settings))
    made = [entry.at for entry in on_shelf if entry.at <= now]
    if not made:
        return attention("backup", "There is no backup yet.", REMEDY)
    said = f"The last backup is of {made[0]:%Y-%m-%d %H:%M} UTC"
    if now - made[0] > OLD:
        return attention("backup", f"{said}, {(now - made[0]).days} days ago.", REMEDY)
    return ok("backup", f"{said}.")
