"""What somebody says touches fewer pages of the file.

An index of documents that nobody asked goes, one of sendings that is asked once a minute and goes through the rows of a
week without it, and two that a table can be itself.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Whoever brings the last small piece of the postings waits until all are joined. Of 32 that takes longer than of 16,
# but hits one comment in 32; searching is as quick with as many pieces.
PIECES = "INSERT INTO documents_fts (documents_fts, rank) VALUES ('crisismerge', 32)"


def _text(name: str, *more: sa.ForeignKey, primary_key: bool = False, unique: bool | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text, *more, primary_key=primary_key, unique=unique, nullable=False)


def _person(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return _text(name, sa.ForeignKey("people.id"), primary_key=primary_key)


SENDING: tuple[sa.Column[Any], ...] = (
    _person("person_id", primary_key=True),
    _text("key", primary_key=True),
    *map(_text, ("fingerprint", "comment", "at")),
)
COMMENT: tuple[sa.Column[Any], ...] = (
    _text("id", unique=True),
    sa.Column("number", NUMBER, primary_key=True, autoincrement=False),
    _text("thread", sa.ForeignKey("threads.id")),
    _person("author"),
    *map(_text, ("body", "html", "renderer", "mentions", "created_at", "edited_at", "state")),
    sa.Column("version", NUMBER, nullable=False),
)


def upgrade() -> None:
    op.drop_index("ix_documents_page_id", "documents")
    op.drop_index("ix_sendings_at", "sendings")
    if op.get_bind().dialect.name == "sqlite":
        op.execute(PIECES)
        _remake("sendings", SENDING, with_rowid=False)
        _remake("comments", COMMENT)
        op.create_index("ix_comments_thread", "comments", ["thread", "number"])
        op.create_index("ix_comments_author", "comments", ["author", "number"])


def _remake(table: str, columns: tuple[sa.Column[Any], ...], *, with_rowid: bool = True) -> None:
    """Make a table anew with other keys, and fill it with what it held: SQLite cannot change them where they are."""
    op.create_table(f"{table}_anew", *columns, sqlite_strict=True, sqlite_with_rowid=with_rowid)
    names = ", ".join(f'"{column.name}"' for column in columns)
    op.execute(f"INSERT INTO {table}_anew ({names}) SELECT {names} FROM {table}")  # noqa: S608  -- names of ours
    op.drop_table(table)
    op.rename_table(f"{table}_anew", table)
