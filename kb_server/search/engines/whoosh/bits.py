"""Sets of documents as whole numbers, a bit each: Python's fastest way to unite, cross and count them.

At 50,000 documents a set is 6 kB, and crossing two takes less than a microsecond.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress

_ZERO, _ONE = b"01"
_TRUTH = bytes.maketrans(b"01", b"\x00\x01")


def of(numbers: Sequence[int], size: int) -> int:
    """The set of these `numbers`, all below `size`."""
    digits = bytearray((_ZERO,)) * (size + 1)
    for number in numbers:
        digits[size - number] = _ONE
    return int(digits, 2)


def everything(size: int) -> int:
    """The set of all numbers below `size`."""
    return (1 << size) - 1


def numbers_in(bits: int) -> list[int]:
    """The numbers in a set, ascending."""
    digits = format(bits, "b").encode().translate(_TRUTH)[::-1]
    return list(compress(range(len(digits)), digits))
