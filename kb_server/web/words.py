"""What a person reads when something is in the way."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from kb_server.words import each

ICONS = {
    "401": "material/account-circle-outline",
    "403": "material/lock-outline",
    "404": "material/map-marker-question-outline",
    "429": "material/timer-sand",
    "503": "material/timer-sand",
    "507": "material/timer-sand",
    "unwritable": "material/lock-outline",
}
"""What is said in words of its own, and the picture beside it."""


@dataclass(frozen=True, slots=True)
class Words:
    """A title, a sentence on what to do, and an icon. Without a sentence, the error's own is shown."""

    title: str
    lead: str = ""
    icon: str = "material/compass-off-outline"


def words_for(status: int, kind: str = "") -> Words:
    """The words for an HTTP status, or for the `kind` of trouble where that says more."""
    said, what = each("error"), kind or str(status)
    if what in ICONS:
        return Words(said[what], said[f"{what}.lead"], ICONS[what])
    failed = status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return Words(said["broken"], said["broken.lead"]) if failed else Words(said["not_done"])
