"""Which conversations, and what said in them, are made up for a first visitor."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table("samples", sa.Column("ref", sa.Text, primary_key=True, nullable=False), sqlite_strict=True)
