"""The answer clock: who is away and who stands in, the questions that wait for an answer, the calendars known."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "absences",
        sa.Column("person_id", sa.Text, sa.ForeignKey("people.id"), primary_key=True, nullable=False),
        *map(_text, ("until", "deputy", "at")),
        sqlite_strict=True,
    )
    op.create_table(
        "questions",
        sa.Column("thread", sa.Text, sa.ForeignKey("threads.id"), primary_key=True, nullable=False),
        *map(_text, ("team", "since", "due", "passed", "answered_at", "in_time")),
        # The word means something in SQL.
        sa.Column("left_over", NUMBER, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("ix_questions_due", "questions", ["answered_at", "due"])
    op.create_table(
        "calendars",
        sa.Column("kind", sa.Text, primary_key=True, nullable=False),
        sa.Column("team", sa.Text, primary_key=True, nullable=False),
        _text("calendar"),
        sqlite_strict=True,
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False)
