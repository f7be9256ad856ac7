"""The one MetaData all tables hang on, and the types of columns that both databases take alike."""

from __future__ import annotations

import re

import sqlalchemy as sa
from sqlalchemy.exc import DontWrapMixin

from kb_server.errors import Invalid

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    },
)

LARGEST = 2**63 - 1
_HALF = re.compile("[\ud800-\udfff]")


class Unstorable(Invalid, DontWrapMixin):
    """A value that one of the databases could not hold, so neither does."""


class Text(sa.TypeDecorator[str]):
    """Any text but one with the character NUL, which PostgreSQL refuses, or with half a character, which UTF-8 does."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: sa.Dialect) -> str | None:  # noqa: ARG002
        """Let through what can be stored."""
        return self.storable(value)

    @staticmethod
    def storable(value: str | None) -> str | None:
        """The same text. Raises Unstorable."""
        if value is not None and ("\0" in value or (not value.isascii() and _HALF.search(value))):
            raise Unstorable("A text holds a character that cannot be stored.")
        return value


class Number(sa.TypeDecorator[int]):
    """A whole number of 64 bits."""

    impl = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    cache_ok = True

    def process_bind_param(self, value: int | None, dialect: sa.Dialect) -> int | None:  # noqa: ARG002
        """Let through what can be stored."""
        return self.storable(value)

    @staticmethod
    def storable(value: int | None) -> int | None:
        """The same number. Raises Unstorable."""
        if value is not None and not -LARGEST <= value <= LARGEST:
            raise Unstorable("A number is too large to be stored.")
        return value
