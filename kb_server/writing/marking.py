"""The passage somebody marked, found in the section they say it stands in."""

from __future__ import annotations

from kb_server.errors import Invalid
from kb_server.pages import quotes
from kb_server.pages.quotes import Quote
from kb_server.words import t
from kb_server.writing.models import LONGEST_QUOTE, Marked, Place


class PassageGone(Invalid):
    """The quoted passage is not in the section."""


def quoted(place: Place, marked: Marked | None) -> Quote | None:
    """The passage with what stands around it, None where nothing was marked. Raises PassageGone."""
    if marked is None or not marked.exact.strip():
        return None
    if len(marked.exact) > LONGEST_QUOTE:
        raise PassageGone(t("talk.long_quote"))
    found = quotes.found(place.text, marked.exact, prefix=marked.prefix, suffix=marked.suffix, before=marked.before)
    if found is None:
        raise PassageGone(t("talk.no_quote"))
    return found
