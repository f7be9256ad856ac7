"""What a suggestion would have the text say, of now and of before its author changed it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXTS = ("page", "section", "build", "path", "title", "front", "before", "after", "applied", "at")


def upgrade() -> None:
    op.create_table(
        "suggestion_edits",
        *(
            sa.Column(name, NUMBER, primary_key=True, autoincrement=False, nullable=False)
            for name in ("suggestion", "version", "position")
        ),
        *(sa.Column(name, sa.Text, nullable=False) for name in TEXTS),
        sa.Column("line", NUMBER, nullable=False),
        sqlite_strict=True,
    )
