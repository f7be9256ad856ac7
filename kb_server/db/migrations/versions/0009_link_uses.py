"""How often links are used from elsewhere: a number for each link and month."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "link_uses",
        *(sa.Column(name, sa.Text, primary_key=True, nullable=False) for name in ("link", "month")),
        sa.Column("uses", NUMBER, nullable=False),
        sqlite_strict=True,
    )
