"""What teams sort by a definition: cases that were typed in the browser, and what each team said of each case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _numbered("definition_sortings", "item", "digest", "team", "person", "at", "verdict", "reason")
    _numbered("definition_cases", "title", "text", "person", "at")


def _numbered(table: str, *texts: str) -> None:
    """A table of what happens to definitions, one after the other."""
    number = sa.Column("number", NUMBER, primary_key=True, nullable=False, autoincrement=False)
    columns = [sa.Column(name, sa.Text, nullable=False) for name in ("page", *texts)]
    op.create_table(table, number, *columns, sqlite_strict=True)
    op.create_index(f"ix_{table}_page", table, ["page", "number"])
