"""What is in the way of an act, where saying so in words alone would not do."""

from __future__ import annotations

from kb_server.errors import Conflict, Invalid
from kb_server.suggestions.models import Remark, Suggestion
from kb_server.words import t


class Wrong(Invalid):
    """One field of what was sent cannot be used; `field` is which."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class Stale(Conflict):
    """Somebody was faster; `current` is how it is now."""

    def __init__(self, current: Suggestion) -> None:
        super().__init__(t("suggestions.stale"))
        self.current = current


class StaleRemark(Conflict):
    """Somebody edited the same remark in between; `current` is what it says now."""

    def __init__(self, current: Remark) -> None:
        super().__init__(t("suggestions.stale"))
        self.current = current
