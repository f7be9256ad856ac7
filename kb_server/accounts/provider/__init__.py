"""The provider that signs people in: the way out to it and back, and what its answer is worth."""

from kb_server.accounts.provider.asking import Away
from kb_server.accounts.provider.flow import Provider, state_of
from kb_server.accounts.provider.tokens import Untrusted

__all__ = ["Away", "Provider", "Untrusted", "state_of"]
