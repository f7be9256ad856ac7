"""What one team has asked of another is counted in an index of its own: on every board, and in lists of both teams."""

from __future__ import annotations

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_suggestions_between", "suggestions", ["from_team", "to_team", "hidden", "state", "due", "number"]
    )
