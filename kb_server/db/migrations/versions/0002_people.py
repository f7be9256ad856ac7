"""Who people are, which teams they are in, and the browsers in which they are signed in."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "people",
        _text("id", primary_key=True),
        *(_text(name) for name in ("name", "email", "handle", "created_at")),
        sa.Column("erased", NUMBER, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("ix_people_handle", "people", ["handle"])
    op.create_table(
        "identities",
        _text("issuer", primary_key=True),
        _text("subject", primary_key=True),
        _person(),
        sqlite_strict=True,
    )
    op.create_index("ix_identities_person_id", "identities", ["person_id"])
    op.create_table(
        "memberships",
        _person(primary_key=True),
        _text("team", primary_key=True),
        sa.Column("confirmed", NUMBER, nullable=False),
        _text("at"),
        sqlite_strict=True,
    )
    op.create_table(
        "sessions",
        _text("id", primary_key=True),
        _text("digest", unique=True),
        _person(),
        *(_text(name) for name in ("browser", "created_at", "expires_at")),
        sqlite_strict=True,
    )
    op.create_index("ix_sessions_person_id", "sessions", ["person_id"])


def _text(name: str, *, primary_key: bool = False, unique: bool | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=primary_key, unique=unique, nullable=False)


def _person(*, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column("person_id", sa.Text, sa.ForeignKey("people.id"), primary_key=primary_key, nullable=False)
