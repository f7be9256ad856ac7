"""Definitions: every wording ever published, what teams said of each, what came into force, and what was told of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "definition_wordings",
        *_keys("page", "digest"),
        *map(_text, ("source", "html", "text", "build", "at", "commit", "person", "why")),
        sqlite_strict=True,
    )
    _numbered("definition_answers", "team", "digest", "person", "at", "says", "reason", "own")
    _numbered("definition_versions", "digest", "at", "how", "examples", number="version")
    _numbered("definition_declarations", "old", "new", "person", "at", "until", "objected_by", "objected_at")
    op.create_table(
        "definition_states",
        *_keys("page"),
        *map(_text, ("state", "digest")),
        *map(_number, ("version", "due")),
        sqlite_strict=True,
    )


def _numbered(table: str, *texts: str, number: str = "") -> None:
    """A table of what happens to definitions, one after the other."""
    numbers = [_number(number)] if number else []
    op.create_table(
        table, _number("number", primary_key=True), _text("page"), *map(_text, texts), *numbers, sqlite_strict=True
    )
    op.create_index(f"ix_{table}_page", table, ["page", "number"])


def _keys(*names: str) -> list[sa.Column[str]]:
    return [_text(name, primary_key=True) for name in names]


def _text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=primary_key, nullable=False)


def _number(name: str, *, primary_key: bool = False) -> sa.Column[int]:
    return sa.Column(name, NUMBER, primary_key=primary_key, nullable=False, autoincrement=False)
