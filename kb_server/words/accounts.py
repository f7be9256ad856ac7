"""Signing in, and what people are here."""

from __future__ import annotations

WORDS: dict[str, str | tuple[str, str]] = {
    "account.who": "Who are you?",
    "account.who.lead": "This wiki runs on your machine alone, so you may be anybody. Try one person, then another.",
    "account.nobody": "Nobody is named in teams.yml yet. Add people there, then build and publish.",
    "account.leads": "leads {team}",
    "account.speaks": "speaks for {team}",
    "account.liaison": "liaison of {team}",
    "account.admin": "runs this wiki",
}
