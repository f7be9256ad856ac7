"""Conversations: what hangs where, what was said and what it said before, who agrees, who objects, and drafts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
THREAD = (
    "page",
    "section",
    "section_title",
    "kind",
    "title",
    "created_at",
    "state",
    "settled_by",
    "settled_at",
    "reason",
)
QUOTE = ("exact", "prefix", "suffix", "build", "digest", "fate")
COMMENT = ("body", "html", "renderer", "mentions", "created_at", "edited_at", "state")


def upgrade() -> None:
    op.create_table(
        "threads",
        _text("id", primary_key=True),
        _number("number", unique=True),
        _person("author"),
        *map(_text, THREAD + QUOTE),
        *map(_number, ("position", "shown")),
        sqlite_strict=True,
    )
    op.create_index("ix_threads_page", "threads", ["page", "state", "number"])
    op.create_table(
        "comments",
        _text("id", primary_key=True),
        _number("number", unique=True),
        sa.Column("thread", sa.Text, sa.ForeignKey("threads.id"), nullable=False),
        _person("author"),
        *map(_text, COMMENT),
        _number("version"),
        sqlite_strict=True,
    )
    op.create_index("ix_comments_thread", "comments", ["thread", "number"])
    op.create_index("ix_comments_author", "comments", ["author", "number"])
    op.create_table(
        "comment_versions",
        _comment(),
        _number("version", primary_key=True),
        *map(_text, ("body", "at")),
        sqlite_strict=True,
    )
    op.create_table("reactions", _comment(), _person(primary_key=True), _text("at"), sqlite_strict=True)
    op.create_table(
        "flags",
        _comment(),
        _person(primary_key=True),
        *map(_text, ("reason", "at")),
        _number("open"),
        sqlite_strict=True,
    )
    op.create_index("ix_flags_open", "flags", ["open", "at"])
    op.create_table(
        "sendings",
        _person(primary_key=True),
        _text("key", primary_key=True),
        *map(_text, ("fingerprint", "comment", "at")),
        sqlite_strict=True,
    )
    op.create_index("ix_sendings_at", "sendings", ["at"])
    op.create_table(
        "drafts",
        _text("digest", primary_key=True),
        *map(_text, ("fields", "expires_at")),
        sqlite_strict=True,
    )
    op.create_index("ix_drafts_expires_at", "drafts", ["expires_at"])


def _text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=primary_key, nullable=False)


def _number(name: str, *, primary_key: bool = False, unique: bool | None = None) -> sa.Column[int]:
    return sa.Column(name, NUMBER, primary_key=primary_key, unique=unique, nullable=False, autoincrement=False)


def _person(name: str = "person_id", *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, sa.ForeignKey("people.id"), primary_key=primary_key, nullable=False)


def _comment() -> sa.Column[str]:
    return sa.Column("comment", sa.Text, sa.ForeignKey("comments.id"), primary_key=True, nullable=False)
