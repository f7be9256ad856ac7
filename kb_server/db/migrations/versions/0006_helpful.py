"""Was this helpful: one answer of each person to each version of a page."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "helpful",
        *(sa.Column(name, sa.Text, primary_key=True, nullable=False) for name in ("page", "version")),
        sa.Column("person_id", sa.Text, sa.ForeignKey("people.id"), primary_key=True, nullable=False),
        sa.Column("yes", NUMBER, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("reason", "at")),
        sqlite_strict=True,
    )
    op.create_index("ix_helpful_person_id", "helpful", ["person_id"])
