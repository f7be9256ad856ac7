"""What a person reads when something is in the way."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """A title, a sentence on what to do, and an icon. Without a sentence, the error's own is shown."""

    title: str
    lead: str = ""
    icon: str = "material/compass-off-outline"


NOT_DONE = Words("That could not be done")
BROKEN = Words(
    "That did not work, and it was not you",
    "Try once more. If it happens again, tell whoever runs this wiki, and give them the number below.",
)
BY_STATUS = {
    403: Words(
        "This is not open to you", "Ask your team's liaison if you think it should be.", "material/lock-outline"
    ),
    404: Words(
        "We could not find this page",
        "It may have moved, or the link has a typing mistake. Search for it, or start at the home page.",
        "material/map-marker-question-outline",
    ),
    503: Words(
        "The wiki is busy just now",
        "Nothing is lost. Wait a few seconds and try once more.",
        "material/timer-sand",
    ),
}
"""By HTTP status."""


def words_for(status: int) -> Words:
    """The words for an HTTP status."""
    return BY_STATUS.get(status, BROKEN if status >= 500 else NOT_DONE)  # noqa: PLR2004  -- HTTP's own number
