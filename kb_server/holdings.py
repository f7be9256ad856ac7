"""Everything that is held about people: a feature that keeps something of them adds its `Holding` here.

So whoever asks gets all of it, and whoever goes leaves nothing behind; no feature has to know of another.
"""

from __future__ import annotations

from kb_server.accounts.service import SIGNING_IN
from kb_server.definitions.held import HOLDING as DEFINITIONS
from kb_server.helpful.service import HOLDING as HELPFUL
from kb_server.notifications.service import HOLDING as NOTIFICATIONS
from kb_server.people.privacy import ACCOUNT, Holding
from kb_server.suggestions.held import HOLDING as SUGGESTIONS
from kb_server.threads.held import HOLDING as CONVERSATIONS

HELD: tuple[Holding, ...] = (CONVERSATIONS, SUGGESTIONS, DEFINITIONS, HELPFUL, NOTIFICATIONS, SIGNING_IN, ACCOUNT)
"""In the order in which they are forgotten: the account itself last."""
