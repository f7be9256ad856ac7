"""Pictures: words for those who do not see them, and a weight that a phone on a train can carry."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence

from kb_server.proofreading.markdown import html_pictures
from kb_server.proofreading.models import Finding, Rule
from kb_server.proofreading.page import Page
from kb_server.proofreading.wiki import Wiki

HEAVY = 500_000
"""Bytes of a picture: a screenshot of a whole laptop has half of it."""
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".bmp", ".tif", ".tiff", ".svg")
_ALT = re.compile(r"\salt\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]*))|\salt(?=[\s/>])", re.IGNORECASE)
_FILE = re.compile(
    r"[\w .%-]+\.(?:png|jpe?g|gif|svg|webp)|(?:image|img|screenshot|screen shot|picture|photo)[ \d]*", re.IGNORECASE
)
_DESCRIBE = "Say in a few words what it shows."


def _without_words(pages: Sequence[Page], _wiki: Wiki) -> Iterator[Finding]:
    for page in pages:
        for link in page.links:
            if link.picture and not link.text.strip():
                name = posixpath.basename(link.url)
                yield page.found("alt", "warning", link.at, f"the picture '{name}' has no words for it", _DESCRIBE)
            elif link.picture and _FILE.fullmatch(link.text.strip()):
                message = f"'{link.text.strip()}' does not tell what the picture shows"
                yield page.found("alt", "warning", link.at, message, _DESCRIBE)
        for element in html_pictures(page.bare):
            if not _ALT.search(element[0]):
                hint = f'{_DESCRIBE} Write alt="" where it only decorates.'
                yield page.found("alt", "warning", element.start(), "this picture has no `alt`", hint)


def _heavy(_pages: Sequence[Page], wiki: Wiki) -> Iterator[Finding]:
    for path, size in wiki.files.items():
        if size > HEAVY and path.lower().endswith(_PICTURES):
            message = f"this picture has {size / 1_000_000:.1f} MB, which readers on the way wait for"
            hint = f"Make it smaller than {HEAVY / 1_000_000:.1f} MB: fewer pixels, or WebP."
            yield Finding(wiki.configuration.shown(path), 0, "image-weight", "warning", message, hint)


RULES = (
    Rule("alt", "warning", "a picture without words for those who do not see it"),
    Rule("image-weight", "warning", f"a picture of more than {HEAVY // 1000} kB"),
)
LOOKS = (_without_words, _heavy)
