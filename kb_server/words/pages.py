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
    "led": "This page is part of another one now",
    "led.part": "The part “{part}”",
    "link.leads_to": "This link leads to",
    "link.not_copied": "Not copied",
    "link.not_copied.said": "Copying did not work. The link is {url}",
    "list.and": "{others} and {last}",
    "page.due": "Due for a fresh look on {day}",
    "page.owner": "Owner: {name}",
    "part.path": "Where you are",
    "part.tags": "Tags",
    "removed": "This page was removed",
    "removed.go": "Go to {title}",
    "removed.instead": "What replaces it",
    "removed.link": "The link you followed still works, and will always lead here.",
    "removed.what": "{title} is not part of the wiki any more.",
    "removed.when": "{title} was taken away on {day}.",
    "task.done": "Done",
    "task.open": "Open",
}
