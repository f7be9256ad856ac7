"""The skip link, on every page and to where its content begins.

Material's leads to the first heading: a page without one has no such link, nor has the 404 page, and on a live page the
server puts another heading in its place.
"""

from __future__ import annotations

import re

_LINK = re.compile(r'(<div data-md-component="skip">).*?(</div>)', re.DOTALL)
_CONTENT = '<div class="md-content" data-md-component="content">'
_NAMED = _CONTENT.replace(">", ' id="kb-content">')


def with_link(html: str, words: str) -> str:
    """The page with a skip link saying `words`; a page whose template names its parts otherwise stays as it is."""
    if _CONTENT not in html:
        return html
    link = f'<a href="#kb-content" class="md-skip">{words}</a>'
    linked, found = _LINK.subn(lambda part: part[1] + link + part[2], html, count=1)
    return linked.replace(_CONTENT, _NAMED, 1) if found else html
