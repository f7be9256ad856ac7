"""Front matter as JSON can carry it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any


def json_safe(value: Any) -> Any:  # noqa: ANN401  -- whatever YAML or another plugin left there
    """The value with dates as ISO text; what JSON cannot say, such as another plugin's object, becomes None."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): json_safe(one) for key, one in value.items()}
    if isinstance(value, (str, bool, int)) or value is None or (isinstance(value, float) and math.isfinite(value)):
        return value
    return [json_safe(one) for one in value] if isinstance(value, (list, tuple)) else None
