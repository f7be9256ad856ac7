"""Where passages stood when somebody first spoke about them, once they stand there no more."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TEXTS = ("page", "section", "section_title", "exact", "cause", "at")


def upgrade() -> None:
    op.create_table(
        "origins",
        sa.Column("thread", sa.Text, primary_key=True, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in TEXTS),
        sqlite_strict=True,
    )
