"""Passages that somebody speaks about, followed from build to build.

`Carrier` is the way in. From below upwards: `aligning` pairs equal lines, `sides` lays two versions of a page side by
side, `rarity` weighs words, `succession` says what a passage has become in its place, `elsewhere` where else it may
stand, `heirs` which page its page is now; `carrying` asks them in turn. What is carried is in `models`.
"""

from kb_server.pages.passages.carrying import Carrier, again
from kb_server.pages.passages.models import CHANGED, GONE, HERE, MOVED, Carried, Passage

__all__ = ["CHANGED", "GONE", "HERE", "MOVED", "Carried", "Carrier", "Passage", "again"]
