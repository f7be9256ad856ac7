"""A leaf: working time. When an answer is due by the hours, the holidays and the time zone of whoever is asked."""

from __future__ import annotations

from kb_server.clock.calendar import Calendar
from kb_server.clock.working import NEVER, due, worked

__all__ = ["NEVER", "Calendar", "due", "worked"]
