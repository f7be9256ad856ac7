"""What a thousand servers, stores and sites in one process have in common, compiled once for all of them.

Rules of addresses, templates and statements: the same input gives the same code. In a test of a server compiling would
be most of the work, and say nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType
from typing import Any

from jinja2 import Environment
from jinja2.nodes import EvalContext
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

COMPILED = ("arguments", "_parts", "_trace", "_converters", "_build", "_build_unknown")
MOST = 5_000  # statements kept of each kind of database


def once() -> None:
    """Have Werkzeug, Jinja and SQLAlchemy keep what they compile."""
    Rule.compile = _kept_rule(Rule.compile)  # type: ignore[method-assign]
    Environment.compile = _kept_template(Environment.compile)  # type: ignore[assignment, method-assign]
    ClauseElement._compile_w_cache = _kept_statement(ClauseElement._compile_w_cache)  # type: ignore[method-assign]


def _kept_rule(compiled: Callable[[Rule], None]) -> Callable[[Rule], None]:
    kept: dict[object, dict[str, Any]] = {}

    def compiled_once(rule: Rule) -> None:
        where = (rule.map.host_matching, tuple(rule.map.converters.items()))
        key = (rule.rule, rule.merge_slashes, rule.host, rule.subdomain, repr(rule.defaults), *where)
        if key not in kept:
            compiled(rule)
            kept[key] = {name: vars(rule)[name] for name in COMPILED}
        # Both are methods of the rule: each gets its own.
        own = {name: kept[key][name].__func__.__get__(rule) for name in ("_build", "_build_unknown")}
        vars(rule).update(kept[key] | own)

    return compiled_once


def _kept_template(compiled: Callable[..., CodeType]) -> Callable[..., CodeType]:
    kept: dict[object, CodeType] = {}

    def compiled_once(env: Environment, source: Any, name: Any = None, filename: Any = None, **how: bool) -> CodeType:  # noqa: ANN401
        if not isinstance(source, str):
            return compiled(env, source, name, filename, **how)
        key = (source, name, filename, *how.items(), *_all_that_counts(env, name))
        if key not in kept:
            kept[key] = compiled(env, source, name, filename, **how)
        return kept[key]

    return compiled_once


def _all_that_counts(env: Environment, name: str | None) -> tuple[object, ...]:
    """What else the code depends on: a filter of a constant is applied while compiling."""
    filters, tests = frozenset(env.filters.items()), frozenset(env.tests.items())
    spaces = (env.trim_blocks, env.lstrip_blocks, env.keep_trailing_newline, env.newline_sequence)
    return type(env), *map(type, env.extensions.values()), filters, tests, *spaces, EvalContext(env, name).autoescape


def _kept_statement(compiled: Callable[..., Any]) -> Callable[..., Any]:
    """SQLAlchemy keeps statements by itself, for each engine; ours differ in nothing but what they lead to."""
    kept: dict[type[Dialect], tuple[Dialect, LRUCache[Any, Any]]] = {}

    def compiled_once(statement: ClauseElement, dialect: Dialect, *, compiled_cache: Any, **how: Any) -> Any:  # noqa: ANN401
        if compiled_cache is not None:
            dialect, compiled_cache = kept.setdefault(type(dialect), (dialect, LRUCache(MOST)))
        return compiled(statement, dialect, compiled_cache=compiled_cache, **how)

    return compiled_once
