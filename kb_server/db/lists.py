"""A list as one value of a statement, so that the statement is the same however many there are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from kb_server.db.schema import Number, Text

_NUMBER, _TEXT = Number(), Text()


class _Listed(sa.TypeDecorator[Any]):
    """Texts or numbers on their way into a statement."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Iterable[str | int] | None, dialect: sa.Dialect) -> str:
        """As JSON, which both databases take apart; without what one of them could not hold."""
        listed = list(value or ())
        for one in listed:
            if isinstance(one, int):
                _NUMBER.process_bind_param(one, dialect)
            else:
                _TEXT.process_bind_param(one, dialect)
        return json.dumps(listed)


class _Each(FunctionElement[str]):
    """The texts of a list as rows."""

    inherit_cache = True


class _Number(FunctionElement[int]):
    """The numbers of a list as rows."""

    inherit_cache = True


def among(column: sa.ColumnElement[str], name: str) -> sa.ColumnElement[bool]:
    """Whether a column is one of the texts that a statement is given under this name."""
    return column.op("IN", is_comparison=True, return_type=sa.Boolean())(_Each(sa.bindparam(name, type_=_Listed)))


def numbered(column: sa.ColumnElement[int], name: str) -> sa.ColumnElement[bool]:
    """Whether a column is one of the numbers that a statement is given under this name."""
    return column.op("IN", is_comparison=True, return_type=sa.Boolean())(_Number(sa.bindparam(name, type_=_Listed)))


@compiles(_Each, "sqlite")
@compiles(_Number, "sqlite")
def _of_sqlite(each: _Each | _Number, compiler: Any, **more: Any) -> str:  # noqa: ANN401  -- SQLAlchemy's own
    return f"(SELECT value FROM json_each({compiler.process(each.clauses, **more)}))"  # noqa: S608  -- a parameter


@compiles(_Each, "postgresql")
def _of_postgresql(each: _Each, compiler: Any, **more: Any) -> str:  # noqa: ANN401  -- SQLAlchemy's own
    return f"(SELECT json_array_elements_text(CAST({compiler.process(each.clauses, **more)} AS json)))"


@compiles(_Number, "postgresql")
def _numbers_of_postgresql(each: _Number, compiler: Any, **more: Any) -> str:  # noqa: ANN401  -- SQLAlchemy's own
    # An array, since it says how many there are: by that the plan is chosen.
    listed = compiler.process(each.clauses, **more)
    return f"(SELECT unnest(CAST(translate({listed}, '[]', '{{}}') AS bigint[])))"
