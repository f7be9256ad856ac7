"""How following stands: since when what is merged is live, and what is the matter."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import SQLAlchemyError

from kb_server.db import Database
from kb_server.following import storage
from kb_server.following.models import Status
from kb_server.words import t

LATE = 300
"""Seconds after which a look that is due is missed."""


def status(database: Database) -> Status:
    """How following stands; of a wiki that nobody follows nothing is known."""
    with database.read() as connection:
        return storage.status(connection)


def live(database: Database) -> str:
    """Since when what is merged is live (UTC, ISO 8601); "" where nobody follows."""
    return status(database).live


def examined(database: Database, moment: datetime) -> tuple[str, list[str]] | None:
    """Since when what is merged is live, and the whole of what is the matter; None where nobody follows."""
    found = status(database)
    return (found.live, problems(database, moment, whole=True)) if found.looked else None


def problems(database: Database, moment: datetime, *, whole: bool = False) -> list[str]:
    """What is the matter with following, in sentences; the `whole` of it is for whoever runs the wiki."""
    try:
        found = status(database)
    except SQLAlchemyError:  # others say that
        return []
    if not found.looked:
        return []
    said = []
    if broken := found.broken.commit:
        said.append(t("merge.problem.broken", commit=broken[:10], branch=found.branch, at=found.broken.at))
    if found.trouble:
        why = found.trouble if whole else t("merge.problem.doctor")
        said.append(t("merge.problem.trouble", branch=found.branch, why=why))
    elif found.every and (moment - datetime.fromisoformat(found.looked)).total_seconds() > found.every + LATE:
        said.append(t("merge.problem.late", branch=found.branch, at=found.looked))
    return said
