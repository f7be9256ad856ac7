"""What is dear to work out and the same for everybody, kept until more is said or another build is served."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app

Found = TypeVar("Found")


def remembered(name: str, key: object, work: Callable[[], Found]) -> Found:
    """What `work` gives, worked out once for as long as it is asked for by the same key."""
    kept: dict[str, tuple[object, Any]] = current_app.extensions.setdefault("kb.definitions", {})
    known = kept.get(name)
    if known is None or known[0] != key:
        known = kept[name] = (key, work())
    found: Found = known[1]
    return found
