"""Words of forges: why one does not do what it was asked for, and what helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kb_server.words import Text

WORDS: Mapping[str, Text] = {
    "forge.away": "{forge} cannot be reached at {host}. Try again later.",
    "forge.branch": "{branch} is proposed there with other texts. Close or merge that, then apply this again.",
    "forge.broken": "{forge} has trouble of its own ({status}). Try again later.",
    "forge.certificate": "{forge} at {host} shows no certificate that this wiki trusts. Tell whoever runs the wiki.",
    "forge.forbidden": (
        "{forge} does not let this wiki do that in {repository}. Its token needs the right to write there and to open"
        " pull requests, and what is archived takes nothing: tell whoever runs the wiki."
    ),
    "forge.large": "{forge} answers with more than can be read here. Take the text over by hand.",
    "forge.missing": (
        "{forge} knows no {repository} with that branch, or its token does not reach it. Tell whoever runs the wiki."
    ),
    "forge.moved": "{forge} says that {repository} has moved. Whoever runs the wiki changes KB_FORGE_REPOSITORY.",
    "forge.no_interface": "What answers at {host} is no {forge}. Whoever runs the wiki looks at KB_FORGE_URL.",
    "forge.no_file": "What {forge} has at {path} is not the file it was. Look at it there, then apply this again.",
    "forge.odd": "{forge} answers without saying {what}. Try again later, or take the text over by hand.",
    "forge.refused": (
        "{forge} does not take this ({status}). The text there may have changed, then trying again helps; or a rule"
        " there forbids it."
    ),
    "forge.slow": "{forge} takes too long to answer. Try again later.",
    "forge.token": "{forge} does not know the token of this wiki any more. Whoever runs the wiki has to get a new one.",
    "forge.too_often": (
        "{forge} was asked too often and takes no more for now. Try again in {count} minute.",
        "{forge} was asked too often and takes no more for now. Try again in {count} minutes.",
    ),
}
