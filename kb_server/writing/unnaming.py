"""Taking somebody's handle out of what others wrote: whoever has gone is named nowhere any more.

However it was written, it is taken out of a text that means them. What means nobody, as in code, is a text like any
other.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from kb_server.writing import markdown

NOBODY = "@somebody"
"""What stands in the texts of others where they named somebody who has gone."""


def without(handles: Iterable[str], text: str) -> str:
    """A text without these handles."""
    for handle in handles:  # "_@mia_" means Mia, and so does "@mia-"; "@mia-b" does not
        spelt = "".join(map(_spelt, f"@{handle}"))
        text = re.sub(rf"{spelt}(?![^\W_]|-[a-z0-9])", NOBODY, text, flags=re.IGNORECASE)
    return text


def _spelt(sign: str) -> str:
    """A sign as Markdown lets it be written: as it is, behind a backslash, by its number or by its name."""
    codes = {ord(sign.lower()), ord(sign.upper())}
    ways = [re.escape(sign) if sign.isalnum() else rf"\\?{re.escape(sign)}"]
    ways += [f"&#0*{code};|&#x0*{code:x};" for code in sorted(codes)]
    return f"(?:{'|'.join([*ways, '&commat;'] if sign == '@' else ways)})"


def handles_of(mentions: Mapping[str, str], person_id: str) -> list[str]:
    """How a text names somebody."""
    return [name for name, who in mentions.items() if who == person_id]


def unnamed(body: str, mentions: Mapping[str, str], person_id: str) -> tuple[str, str, dict[str, str]]:
    """A text without somebody: as typed, as HTML, and whom it still means."""
    body = without(handles_of(mentions, person_id), body)
    left = {name: who for name, who in mentions.items() if who != person_id}
    return body, markdown.rendered(body, left).html, left
