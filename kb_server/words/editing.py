"""Words of edits: what may not be brought in by one, and why one cannot be put into the text any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb_server.words import Text

WORDS: Mapping[str, Text] = {
    "edit.changed": "The text has changed since this was suggested.",
    "edit.refused.address": "Line {line}: “{what}” leads to something that is no page, no mail and no call.",
    "edit.refused.attributes": "Line {line}: “{what}” gives the text a name or a look. Leave that to an editor.",
    "edit.refused.empty": "Nothing would be left. Say in words that it should go.",
    "edit.refused.front_matter": "The text would become part of what is said about the page. Begin with a sentence.",
    "edit.refused.heading": "Begin with the heading as it stands, {hashes} and its words: they may be others.",
    "edit.refused.html": "Line {line}: “{what}” is HTML. Write Markdown, or leave that to an editor.",
    "edit.refused.instruction": "Line {line}: “{what}” tells a program to do something. Leave that to an editor.",
    "edit.refused.long": "That is more than {most} kilobytes. Suggest it in parts.",
    "edit.refused.name": "“{name}” means something in another part of the page. Choose another name.",
    "edit.refused.path": "“{path}” cannot be a page. Use small letters, digits and hyphens.",
    "edit.refused.picture": "Line {line}: a picture from elsewhere tells them who reads this page. Attach it in words.",
    "edit.refused.same": "Nothing is changed.",
    "edit.refused.spill": "Another part of the page would change, too. Keep the heading, and close every ``` you open.",
    "edit.refused.taken": "There is a page at “{path}”. Choose another name.",
    "edit.refused.unbalanced": "A tag is opened and not closed, or closed and not opened.",
    "edit.refused.unseen": "Line {line}: {what}",
}
