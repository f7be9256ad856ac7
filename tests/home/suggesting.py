"""People who ask one another's teams for something, over HTTP."""

from __future__ import annotations

import re

from talking import Person


def ask(person: Person, text: str = "One slide on pricing", to: str = "sales", of: str = "marketing") -> str:
    """Ask a team for something; gives the address of that."""
    answer = person.post("/suggestions/", body=text, to_team=to, from_team=of)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def act(person: Person, at: str, act: str, **form: str) -> int:
    """Do one of the acts; gives the status of the answer."""
    found = re.search(r'name="version" value="(\d+)"', person.get(at).text)
    version = found[1] if found else "1"
    return person.post(at, **{"act": act, "version": version, "key": f"key-{at}-{act}"} | form).status_code
