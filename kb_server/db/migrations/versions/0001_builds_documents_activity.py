"""What is published, what search reads, and what happened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Stems and words arrive ready made from documents.analysis; the tokenizer `ascii` keeps every other letter as it is.
FTS = """
CREATE VIRTUAL TABLE documents_fts USING fts5(
    title_stems, stems, words, content='documents', content_rowid='id', tokenize='ascii', prefix='2 3 4'
)
"""


def upgrade() -> None:
    op.create_table("counters", _text("name", primary_key=True), _number("value"), sqlite_strict=True)
    op.create_table("meta", _text("key", primary_key=True), _text("value"), sqlite_strict=True)
    op.create_table(
        "publishes",
        sa.Column("seq", sa.Integer, primary_key=True),
        _text("build"),
        _text("commit_hash"),
        _text("published_at"),
        sqlite_strict=True,
    )
    op.create_table(
        "activity",
        sa.Column("seq", sa.Integer, primary_key=True),
        _text("at"),
        _text("actor"),
        _text("verb"),
        _text("subject"),
        _text("data"),
        sqlite_strict=True,
    )
    _create_documents()
    if op.get_bind().dialect.name == "sqlite":
        op.execute(FTS)


def _create_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.Integer, primary_key=True),
        _number("seq"),
        _text("ref"),
        *(_text(name) for name in ("kind", "page_id", "title", "url", "teams", "facts", "version")),
        _number("hidden"),
        *(_text(name) for name in ("text", "title_stems", "stems", "words")),
        sqlite_strict=True,
    )
    op.create_index("uq_documents_ref", "documents", ["ref"], unique=True)
    op.create_index("uq_documents_seq", "documents", ["seq"], unique=True)
    op.create_index("ix_documents_page_id", "documents", ["page_id"])
    # Facets count over every match: this narrow index spares them the wide rows.
    op.create_index("ix_documents_facets", "documents", ["id", "hidden", "kind", "teams", "page_id", "url"])


def _text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=primary_key, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)
