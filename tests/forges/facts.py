"""What a description says of a call, and whether something is as it says.

A name with "!" is required. A set is one of several; a list is a list of such; None in a set is null.
A path of `<path:...>` may have slashes; any other part is one, with its slashes as %2F.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Shape = Any


@dataclass(frozen=True)
class Call:
    """How it is asked, what it answers, and with which statuses it is refused."""

    name: str
    method: str
    path: str
    answer: Shape
    refused: tuple[int, ...]
    query: Mapping[str, Shape] = field(default_factory=dict)
    body: Mapping[str, Shape] = field(default_factory=dict)


def fits(shape: Shape, value: object) -> bool:
    """Whether something is what a description says, and has nothing that it does not name."""
    if isinstance(shape, Mapping):
        return isinstance(value, dict) and _fits_names(shape, value)
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(shape[0], one) for one in value)
    if isinstance(shape, set):
        return any(value == one or (isinstance(one, type) and fits(one, value)) for one in shape)
    return isinstance(value, shape) and (shape is bool or not isinstance(value, bool))


def _fits_names(shape: Mapping[str, Shape], value: dict[str, object]) -> bool:
    known = {name.removesuffix("!"): one for name, one in shape.items()}
    needed = {name.removesuffix("!") for name in shape if name.endswith("!")}
    return needed <= set(value) <= set(known) and all(fits(known[name], one) for name, one in value.items())
