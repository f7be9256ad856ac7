"""What is published, what search reads, and what happened."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# The postings, which `documents.postings` keeps. Stems and words arrive ready made from documents.analysis.
POSTINGS = {
    # The tokenizer `ascii` keeps every letter beyond ASCII as it is.
    "sqlite": (
        """CREATE VIRTUAL TABLE documents_fts USING fts5(
            title_stems, stems, words, content='documents', content_rowid='id', tokenize='ascii', prefix='2 3 4'
        )""",
    ),
    # What narrows and counts results stands beside the vectors, and large vectors stand apart: most searches count far
    # more rows than they rank. Compressed, they would have to be unpacked again for each row that is ranked.
    "postgresql": (
        """CREATE TABLE documents_fts (
            id bigint PRIMARY KEY, kind text NOT NULL, teams text NOT NULL, page_id text NOT NULL, url text NOT NULL,
            search tsvector NOT NULL
        ) WITH (toast_tuple_target = 128)""",
        "ALTER TABLE documents_fts ALTER search SET STORAGE EXTERNAL",
        "CREATE INDEX ix_documents_fts_search ON documents_fts USING gin (search)",
        "CREATE INDEX ix_documents_fts_page_id ON documents_fts (page_id)",
        # Texts beyond what a vector can hold, with a vector of their beginning.
        """CREATE TABLE documents_long (
            id bigint PRIMARY KEY, stems text NOT NULL, words text NOT NULL, search tsvector NOT NULL
        )""",
    ),
}
# Facets count over every match: this narrow index spares them the wide rows.
FACETS = "CREATE INDEX ix_documents_facets ON documents (id, hidden, kind, teams, page_id, url)"


def upgrade() -> None:
    op.create_table("counters", _text("name", primary_key=True), _number("value"), sqlite_strict=True)
    op.create_table("meta", _text("key", primary_key=True), _text("value"), sqlite_strict=True)
    op.create_table(
        "publishes",
        sa.Column("seq", NUMBER, primary_key=True, autoincrement=False),
        _text("build"),
        _text("commit_hash"),
        _text("published_at"),
        sqlite_strict=True,
    )
    op.create_table(
        "activity",
        sa.Column("seq", NUMBER, primary_key=True, autoincrement=False),
        _text("at"),
        _text("actor"),
        _text("verb"),
        _text("subject"),
        _text("data"),
        sqlite_strict=True,
    )
    _create_documents()
    dialect = op.get_bind().dialect.name
    if dialect == "sqlite":
        op.execute(FACETS)
    for statement in POSTINGS[dialect]:
        op.execute(statement)


def _create_documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", NUMBER, primary_key=True),
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


def _text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=primary_key, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, NUMBER, nullable=False)
