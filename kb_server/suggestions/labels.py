"""Labels: by them the liaison of the team that is asked brings order into what waits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace

import sqlalchemy as sa

from kb_server.people.permissions import require
from kb_server.suggestions import acts, states, storage
from kb_server.suggestions.faults import Wrong
from kb_server.suggestions.models import Suggestion
from kb_server.suggestions.states import ANSWERING
from kb_server.words import t
from kb_server.writing import pace
from kb_server.writing.models import By

LONGEST, MOST = 30, 8
_LABEL = re.compile(r"\w(?:[\w .&+-]*\w)?")


def label(connection: sa.Connection, by: By, suggestion: Suggestion, labels: Iterable[str]) -> Suggestion:
    """Give a suggestion these labels and no others. Raises Wrong."""
    now = acts.present(connection, by, suggestion)
    require(by.actor, "suggestion.label", states.thing(ANSWERING, now))
    wanted = cleaned(labels)
    if wanted == now.labels:
        return now
    pace.spend_small(connection, by)
    storage.set_labels(connection, now.number, wanted)
    acts.log(connection, by, "labelled", now)
    return replace(now, labels=wanted)


def cleaned(labels: Iterable[str]) -> tuple[str, ...]:
    """These labels in small letters and in order, each once. Raises Wrong."""
    small = {" ".join(unicodedata.normalize("NFC", one).casefold().split()) for one in labels} - {""}
    if len(small) > MOST or any(len(one) > LONGEST or not _LABEL.fullmatch(one) for one in small):
        raise Wrong("labels", t("suggestions.bad_label", most=MOST, longest=LONGEST))
    return tuple(sorted(small))
