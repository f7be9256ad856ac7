"""What a person reads when something is in the way."""

from __future__ import annotations

from dataclasses import dataclass

from kb_server.words import t


@dataclass(frozen=True, slots=True)
class Words:
    """A title, a sentence on what to do, and an icon. Without a sentence, the error's own is shown."""

    title: str
    lead: str = ""
    icon: str = "material/compass-off-outline"


def words_for(status: int, kind: str = "") -> Words:
    """The words for an HTTP status, or for the `kind` of trouble where that says more."""
    match kind or status:
        case "unwritable":
            return Words(t("error.unwritable"), t("error.unwritable.lead"), "material/lock-outline")
        case 403:
            return Words(t("error.403"), t("error.403.lead"), "material/lock-outline")
        case 404:
            return Words(t("error.404"), t("error.404.lead"), "material/map-marker-question-outline")
        case 503:
            return Words(t("error.503"), t("error.503.lead"), "material/timer-sand")
        case 507:
            return Words(t("error.507"), t("error.507.lead"), "material/timer-sand")
    return Words(t("error.broken"), t("error.broken.lead")) if status >= 500 else Words(t("error.not_done"))  # noqa: PLR2004  -- HTTP's own number
