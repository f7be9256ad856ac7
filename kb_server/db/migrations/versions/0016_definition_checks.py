"""When each page that uses a term was last looked at, to tell it when the term has moved since."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "definition_checks",
        sa.Column("page", sa.Text, primary_key=True, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("since", NUMBER, nullable=False),
        sa.Column("told", NUMBER, nullable=False),
        sqlite_strict=True,
    )
