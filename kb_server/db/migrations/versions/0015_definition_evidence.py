"""Of each wording of a definition, what its digest was taken of, so that it can be taken again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("rendered", "leads"):
        op.add_column("definition_wordings", sa.Column(name, sa.Text, nullable=False, server_default=""))
