"""What it takes to sign in and stay so: attempts, invitations, tokens, and how often somebody did something lately.

Of every secret there is a digest and nothing else. A team may also be given by the provider: such a membership goes
when the provider no longer says so, and one that a liaison confirmed stays.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
LISTED_ONCE = "CREATE UNIQUE INDEX uq_people_handle ON people (handle) WHERE handle <> ''"


def upgrade() -> None:
    op.drop_index("ix_people_handle", "people")
    op.execute(LISTED_ONCE)
    op.add_column("memberships", sa.Column("source", sa.Text, nullable=False, server_default="asked"))
    op.create_index("ix_memberships_team", "memberships", ["team", "confirmed"])
    op.create_table(
        "attempts",
        _text("browser", primary_key=True),
        *(_text(name) for name in ("way", "email", "code", "link", "leads_to", "expires_at")),
        *(sa.Column(name, NUMBER, nullable=False) for name in ("asked", "tries")),
        sqlite_strict=True,
    )
    op.create_table(
        "invitations",
        _text("digest", primary_key=True),
        _person(),
        _text("expires_at"),
        sqlite_strict=True,
    )
    op.create_table(
        "tokens",
        _text("id", primary_key=True),
        _text("digest", unique=True),
        _person(),
        *(_text(name) for name in ("name", "scopes", "created_at", "expires_at")),
        sqlite_strict=True,
    )
    op.create_table(
        "allowances",
        _text("key", primary_key=True),
        sa.Column("used", NUMBER, nullable=False),
        _text("until"),
        sqlite_strict=True,
    )
    for table in ("invitations", "tokens"):
        op.create_index(f"ix_{table}_person_id", table, ["person_id"])
    for table in ("attempts", "allowances"):
        op.create_index(f"ix_{table}_until", table, ["expires_at" if table == "attempts" else "until"])


def _text(name: str, *, primary_key: bool = False, unique: bool | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=primary_key, unique=unique, nullable=False)


def _person() -> sa.Column[str]:
    return sa.Column("person_id", sa.Text, sa.ForeignKey("people.id"), nullable=False)
