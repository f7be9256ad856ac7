"""Which commits close a suggestion, refer to it or take that back, and what they made of the text."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "suggestion_landings",
        sa.Column("suggestion", NUMBER, primary_key=True, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text, primary_key=True, nullable=False),
        sa.Column("commit_hash", sa.Text, primary_key=True, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("ids", "title", "person", "at", "undone", "answer")),
        sqlite_strict=True,
    )
    op.create_table(
        "suggestion_changes",
        sa.Column("suggestion", NUMBER, primary_key=True, autoincrement=False, nullable=False),
        sa.Column("position", NUMBER, primary_key=True, autoincrement=False, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("page", "section", "section_title", "before", "after")),
        sqlite_strict=True,
    )
    op.create_index("suggestion_changes_page", "suggestion_changes", ["page"])
