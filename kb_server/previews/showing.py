"""A page of a preview as it is shown: what it is stands before anything of the page's own, and nothing in it runs.

Its text may be anybody's who may push. So no script runs and no form is sent, the wiki's own included; what is said of
it is the first thing in the document, before any tag of the page, and is styled by nothing that the branch brings.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from markupsafe import Markup

_DOCTYPE = re.compile(r"\s*<!doctype html>", re.IGNORECASE)
_STYLES = re.compile(r"(?:^|;)\s*style-src\s+([^;]*)")
_RULES = (
    "default-src 'none'",
    "style-src {styles}",
    "img-src 'self' data:",
    "font-src 'self'",
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    # Without allow-scripts and allow-forms, whatever else is said of them.
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-downloads",
)
SHOWN = ("image/", "font/", "audio/", "video/", "text/css", "text/plain", "text/csv", "application/pdf")
"""The kinds of files that are shown; others are taken home, but for what a browser would run."""
RUN = (".js", ".mjs", ".html", ".htm", ".xhtml", ".xml", ".xsl", ".xslt", ".wasm", ".webmanifest")


@cache
def style() -> str:
    """The styles of what is said above a page, and what hides what does nothing here."""
    folder = files("kb_server.previews") / "templates" / "previews"
    return (folder / "preview.css").read_text(encoding="utf-8").strip()


def policy(published: str) -> str:
    """The policy of a page, with the styles that the published build allows, and ours."""
    found = _STYLES.search(published)
    ours = b64encode(sha256(style().encode()).digest()).decode()
    styles = found[1].strip() if found else "'self'"
    return "; ".join(_RULES).format(styles=f"{styles} 'sha256-{ours}'")


def page(html: str, above: str, title: str) -> str:
    """The page with what is said above it. `above` is HTML; the first title of a document is the one that counts."""
    rest = html[found.end() :] if (found := _DOCTYPE.match(html)) else html
    head = Markup('<!doctype html><meta name="robots" content="noindex"><title>{}</title>').format(title)
    return f"{head}<style>{style()}</style>{above}{rest}"
