"""The rules of suggestions: who may ask, answer, agree and say what.

What each of these changes, its documents and its line in the log are one transaction: the caller's.
"""

from __future__ import annotations

from kb_server.suggestions import answering, asking, hiding, history, labels, reading, remarks, states, ticking, voting
from kb_server.suggestions.closing import ending

ask, edit, address = asking.ask, asking.edit, asking.address
act, may_act, keep_open = answering.act, states.may_act, ending.keep_open
vote = voting.vote
label = labels.label
remark, edit_remark, delete_remark = remarks.remark, remarks.edit_remark, remarks.delete_remark
hide, show, sees = hiding.hide, hiding.show, hiding.sees
hide_remark, show_remark = remarks.hide_remark, remarks.show_remark
history_of = history.history

# ── What those above may ask ──────────────────────────────────────────────

standing, suggestion, listed, between = reading.standing, reading.suggestion, reading.listed, reading.between
suggestions_by_number = reading.suggestions_by_number

# ── What time alone brings about ──────────────────────────────────────────

CLOCKED = ticking.CLOCKED
