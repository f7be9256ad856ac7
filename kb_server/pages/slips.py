"""Slips of the hand: two neighbouring letters exchanged, or one typed twice or once, in a long word."""

from __future__ import annotations

import re

from kb_server.pages import english

SHORTEST = 6
"""Letters of a word in which a slip is taken for one: of shorter ones it makes too many real words."""

_INFLECTED = re.compile(r"(.)\1?(?:ing|ings|ed|er|ers|est|y|ies|es|able|ee|ees)$")


def is_slip(one: str, other: str) -> bool:
    """Whether one of the two is the other, misspelt; never where both are words that people write."""
    short, long = sorted((one, other), key=len)
    both = short + long
    if len(short) < SHORTEST or not (both.isalpha() and both.isascii() and both.islower()):
        return False  # a name may be spelt in any way
    if {short, long} & english.REAL_PAIRS or short[0] != long[0]:
        return False
    return short != long and _exchanged(short, long) if len(short) == len(long) else _doubled(short, long)


def _exchanged(one: str, other: str) -> bool:
    first = next(at for at in range(len(one)) if one[at] != other[at])
    if first >= len(one) - 2:
        return False  # at the end it is another form: "priorities" and "prioritise"
    return one[:first] + one[first + 1] + one[first] + one[first + 2 :] == other


def _doubled(short: str, long: str) -> bool:
    """Hoping and hopping, planed and planned, needles and needless are words both: none of these endings is judged."""
    if len(long) - len(short) != 1 or long.endswith("ss"):
        return False
    at = next((at for at in range(len(short)) if short[at] != long[at]), len(short))
    if long[at] != long[at - 1] or long[:at] + long[at + 1 :] != short:
        return False
    ending = _INFLECTED.search(long)
    return not (ending and ending.start(0) <= at <= ending.start(0) + 1)
