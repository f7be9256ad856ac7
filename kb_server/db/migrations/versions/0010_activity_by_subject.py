"""What happened to one thing is found in the log without reading all of it."""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_activity_subject", "activity", ["subject"])
