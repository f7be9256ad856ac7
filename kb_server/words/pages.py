"""What stands on every page, on home, and around what an author wrote."""

from __future__ import annotations

WORDS: dict[str, str | tuple[str, str]] = {
    "go.home": "Home",
    "go.again": "Try once more",
    "home.often_asked": "Often asked",
    "home.question": "What do you want to know?",
    "key.ctrl": "Ctrl",
    "link.copied": "Copied",
    "link.copied.said": "The link is copied.",
    "link.copy": "Copy link",
    "link.leads_to": "This link leads to",
    "link.not_copied": "Not copied",
    "link.not_copied.said": "Copying did not work. The link is {url}",
    "list.and": "{others} and {last}",
    "page.due": "Due for a fresh look on {day}",
    "page.owner": "Owner: {name}",
    "part.path": "Where you are",
    "part.tags": "Tags",
    "task.done": "Done",
    "task.open": "Open",
}
