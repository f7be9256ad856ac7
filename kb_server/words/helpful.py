"""Whether a page was helpful."""

from __future__ import annotations

WORDS: dict[str, str | tuple[str, str]] = {
    "helpful.bad_reason": "That has at most {most} characters, all of them to be seen.",
    "helpful.before": "an earlier version",
    "helpful.choose": "Say yes or not quite.",
    "helpful.more": "How this page was found",
    "helpful.no": "Not quite",
    "helpful.no_reasons": "Nobody has said what was missing.",
    "helpful.now": "this version",
    "helpful.reasons": "What people missed",
    "helpful.since": "since",
    "helpful.sign_in": "Sign in beside this page",
    "helpful.tally": ("{yes} of {count} said yes to this version", "{yes} of {count} said yes to this version"),
    "helpful.tally.of": ("{yes} of {count}", "{yes} of {count}"),
    "helpful.thanks": "Thank you.",
    "helpful.title": "Was this helpful?",
    "helpful.trend": "How each version was found",
    "helpful.why": "What was missing? Whoever sees to this page reads it, without your name",
    "helpful.yes": "Yes",
}
