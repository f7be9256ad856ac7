"""Front matter as JSON can carry it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import count
from typing import Any

MOST, DEEPEST = 100_000, 50  # values in one page's front matter, which YAML's aliases can repeat without end


def json_safe(value: Any) -> Any:  # noqa: ANN401  -- whatever YAML or another plugin left there
    """The value with dates as ISO text; what JSON cannot say, such as another plugin's object, becomes None."""
    return _safe(value, count(), 0)


def _safe(value: Any, seen: Iterator[int], depth: int) -> Any:  # noqa: ANN401
    if next(seen) > MOST or depth > DEEPEST:
        return None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): _safe(one, seen, depth + 1) for key, one in value.items()}
    if isinstance(value, (str, bool, int)) or value is None or (isinstance(value, float) and math.isfinite(value)):
        return value
    return [_safe(one, seen, depth + 1) for one in value] if isinstance(value, (list, tuple)) else None
