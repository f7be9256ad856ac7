"""Suggestions: what is asked, what it said before, what is said about it, who agrees, and the liaisons' labels."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# What lists are made of stands before the texts, so that going through many of them reads no more than that.
STANDING = ("from_team", "to_team", "state", "since", "due", "passed", "answered_at", "in_time", "owner", "by_when")
PLACE = ("page", "section", "section_title", "build", "digest", "exact", "prefix", "suffix")
TEXT = ("title", "body", "html", "renderer", "mentions", "created_at", "edited_at")
REMARK = ("act", "state", "body", "html", "renderer", "mentions", "created_at", "edited_at")


def upgrade() -> None:
    op.create_table(
        "suggestions",
        _number("number", primary_key=True),
        _person("author"),
        *map(_text, (*STANDING, "before")),
        *map(_number, ("left_over", "joined", "votes", "hidden", "version", "position")),
        *map(_text, PLACE + TEXT),
        sqlite_strict=True,
    )
    op.create_index("ix_suggestions_to_team", "suggestions", ["to_team", "state", "hidden", "due", "number"])
    op.create_index("ix_suggestions_from_team", "suggestions", ["from_team", "state", "hidden", "due", "number"])
    op.create_index("ix_suggestions_state", "suggestions", ["state", "hidden", "due", "number"])
    op.create_index("ix_suggestions_page", "suggestions", ["page", "state"])
    op.create_index("ix_suggestions_created_at", "suggestions", ["created_at"])
    op.create_index("ix_suggestions_votes", "suggestions", ["votes", "number"])
    for column in ("author", "owner", "joined"):
        op.create_index(f"ix_suggestions_{column}", "suggestions", [column, "number"])
    op.create_table(
        "suggestion_versions",
        _suggestion(primary_key=True),
        _number("version", primary_key=True),
        *map(_text, ("title", "body", "at")),
        sqlite_strict=True,
    )
    op.create_table(
        "suggestion_votes", _suggestion(primary_key=True), _person(primary_key=True), _text("at"), sqlite_strict=True
    )
    op.create_index("ix_suggestion_votes_person_id", "suggestion_votes", ["person_id"])
    op.create_table(
        "suggestion_labels",
        _text("label", primary_key=True),
        _suggestion(primary_key=True),
        sqlite_strict=True,
    )
    op.create_index("ix_suggestion_labels_suggestion", "suggestion_labels", ["suggestion"])
    op.create_table(
        "remarks",
        _text("id", primary_key=True),
        _number("number", unique=True),
        _suggestion(),
        _person("author"),
        *map(_text, REMARK),
        _number("version"),
        sqlite_strict=True,
    )
    op.create_index("ix_remarks_suggestion", "remarks", ["suggestion", "number"])
    op.create_index("ix_remarks_author", "remarks", ["author", "number"])
    op.create_table(
        "remark_versions",
        sa.Column("remark", sa.Text, sa.ForeignKey("remarks.id"), primary_key=True, nullable=False),
        _number("version", primary_key=True),
        *map(_text, ("body", "at")),
        sqlite_strict=True,
    )


def _text(name: str, *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, primary_key=primary_key, nullable=False)


def _number(name: str, *, primary_key: bool = False, unique: bool | None = None) -> sa.Column[int]:
    return sa.Column(name, NUMBER, primary_key=primary_key, unique=unique, nullable=False, autoincrement=False)


def _person(name: str = "person_id", *, primary_key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text, sa.ForeignKey("people.id"), primary_key=primary_key, nullable=False)


def _suggestion(*, primary_key: bool = False) -> sa.Column[int]:
    key = sa.ForeignKey("suggestions.number")
    return sa.Column("suggestion", NUMBER, key, primary_key=primary_key, nullable=False)
