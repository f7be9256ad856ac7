"""Words of applying a suggestion: a pull request, a branch, or texts that somebody takes over by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb_server.words import Text

WORDS: Mapping[str, Text] = {
    "apply.title": "Apply {name}",
    "apply.do": "Apply it",
    "apply.do.what": "Opens a pull request with this text, in the name of whoever suggested it.",
    "apply.again": "Try again",
    "apply.hand": "Apply it by hand",
    "apply.hand.what": "For whoever edits the wiki’s files: put each text in its place, and publish as always.",
    "apply.hand.nav": "If mkdocs.yml has a “nav”, name the new page there, too: without a place in it the build stops.",
    "apply.hand.section": "Instead of the section “{title}” in {path}",
    "apply.hand.page": "As a new file {path}",
    "apply.hand.closes": "Write this into the commit, and the suggestion ends when it is published:",
    "apply.editor": "Open the editor there",
    "apply.copy": "Copy",
    "apply.patch": "Take it as a patch",
    "apply.patch.what": "For git am: it has the text, the reason and who suggested it.",
    "apply.there": "It is proposed",
    "apply.there.link": "Look at the change",
    "apply.there.preview": "See the page with it",
    "apply.there.again": "Closed there? Apply it again",
    "apply.open": "It is open there, and waits to be merged. Nothing was done.",
    "apply.merged": "The text there reads so already. It is live with the next build.",
    "apply.changed": "The text has changed since this was suggested",
    "apply.changed.what": "Nothing was applied. Look at the three texts, and say how it should read now.",
    "apply.changed.read": "As it was read",
    "apply.changed.wanted": "As suggested",
    "apply.changed.now": "As it is now",
    "apply.changed.gone": "It is not there any more, or stands there twice.",
    "apply.no_edits": "This suggestion has no text to apply.",
    "apply.other": "The suggested text was changed just now. Look at it, then apply it again.",
    "apply.refused": "{title}: {what}",
    "suggestion.did.applied": "{name} proposed the change",
}
