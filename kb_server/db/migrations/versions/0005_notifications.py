"""What waits for whom, who watches what, how they want their mail, and the mail that has not gone out yet."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OF_AN_EVENT = ("source", "subject", "reason", "ref", "actor", "at")
# Whoever had the program before is not told now of what was said then.
BEGIN = "INSERT INTO readers (name, seq) SELECT 'notifications', COALESCE(MAX(seq), 0) FROM activity"


def upgrade() -> None:
    op.create_table("readers", _text("name", primary_key=True), _number("seq"), sqlite_strict=True)
    op.execute(BEGIN)
    op.create_table("subjects", _text("id", primary_key=True), *map(_text, ("author", "ref")), sqlite_strict=True)
    op.create_table(
        "waiting",
        _person(primary_key=True),
        _text("key", primary_key=True),
        *map(_text, OF_AN_EVENT),
        _number("seq"),
        _text("due"),
        sqlite_strict=True,
    )
    op.create_index("ix_waiting_person_id", "waiting", ["person_id", "due", "seq"])
    op.create_index("ix_waiting_subject", "waiting", ["subject"])
    op.create_table(
        "watching",
        _person(primary_key=True),
        _text("what", primary_key=True),
        *map(_text, ("how", "at")),
        sqlite_strict=True,
    )
    op.create_index("ix_watching_what", "watching", ["what"])
    op.create_table("mailing", _person(primary_key=True), _text("how"), sqlite_strict=True)
    op.create_table(
        "outbox",
        _text("id", primary_key=True),
        _person(),
        *map(_text, (*OF_AN_EVENT, "bundle", "state", "due_at", "lease", "leased_until", "trouble")),
        *map(_number, ("seq", "tries")),
        sqlite_strict=True,
    )
    op.create_index("ix_outbox_state", "outbox", ["state", "due_at"])
    op.create_index("ix_outbox_bundle", "outbox", ["bundle"])
    op.create_index("ix_outbox_person_id", "outbox", ["person_id"])


def _text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=primary_key, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, NUMBER, nullable=False)


def _person(*, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column("person_id", sa.Text, sa.ForeignKey("people.id"), primary_key=primary_key, nullable=False)
