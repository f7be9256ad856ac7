"""What forms of suggestions hold, for the tests of their pages."""

from __future__ import annotations

import re
from html import unescape

from talking import Person


def ask(person: Person, body: str, **form: str) -> str:
    """Ask Marketing for something, in the name of whoever asks alone; gives its address."""
    answer = person.post("/suggestions/", **{"body": body, "to_team": "marketing"} | form)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def chosen(html: str, name: str) -> str:
    """What is chosen in a list."""
    found = re.search(rf'<select[^>]* name="{name}".*?</select>', html, re.DOTALL)
    assert found, name
    options: list[tuple[str, str]] = re.findall(r'<option value="([^"]*)"([^>]*)>', found[0])
    return next((value for value, more in options if "selected" in more), options[0][0])


def value(html: str, name: str) -> str:
    """What stands in a field."""
    for field in re.findall(r"<input[^>]*>", html):
        if f' name="{name}"' in field:
            found = re.search(r' value="([^"]*)"', field)
            return unescape(found[1]) if found else ""
    return ""
