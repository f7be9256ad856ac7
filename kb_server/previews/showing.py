"""A page of a preview as it is shown: what it is stands before anything of the page's own, and nothing in it runs.

Its text may be anybody's who may push. So no script runs and no form is sent, the wiki's own included; what is said of
it is the first thing in the document, before any tag of the page, and is styled by nothing that the branch brings.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files

from markupsafe import Markup

_DOCTYPE = re.compile(r"\s*<!doctype html>", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)
_DARK = re.compile(r'<input\b[^<>]*data-md-color-media="\(prefers-color-scheme: dark\)" data-md-color-scheme="slate"')
_SHEET = re.compile(r'<link rel="stylesheet" href="(?P<href>[^"<>?#]*)">')
_SLATE, _BEGINS = re.compile(r"""\[data-md-color-scheme=["']?slate["']?\]"""), "[data-md-color-scheme=default]"
_ICON = re.compile(r'<link rel="icon" href="[^"<>]*">')
_BRACE = re.compile("[{}]")
_LINK, _NO_LINK = re.compile(r'<link\b(?! rel="(?:stylesheet|icon)" )', re.IGNORECASE), "<basefont"
"""Other links, and an element that has no content either and does nothing: no policy keeps a browser from `preconnect`
or `dns-prefetch`, which tell another machine that somebody is looking."""
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
DRAWING = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox"
"""The policy of a drawing that is opened by itself: it shows what is in it, and asks nobody for anything."""
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
    icon = found[0] if (found := _ICON.search(rest)) else ""
    return f"{head}{icon}<style>{style()}</style>{above}{without_links(without_scripts(rest))}{_dark(rest)}"


def without_scripts(html: str) -> str:
    """The page without the scripts that would not run: a browser complains of each. Its safety is the policy's."""
    kept, at = [], 0
    for tag in _SCRIPT.finditer(html):
        if tag.start() < at:  # within a script; to look for its end once more would take the square of the time
            continue
        end = html.find("</script>", tag.end())
        if end < 0:
            break
        kept.append(html[at : tag.start()])
        at = end + len("</script>")
    return "".join([*kept, html[at:]])


def without_links(html: str) -> str:
    """The page without links that have a browser do something, but for styles and icons, which the policy bounds."""
    return _LINK.sub(_NO_LINK, html)


def _dark(html: str) -> str:
    """Links to what makes the page dark for whoever wants that: elsewhere a script sees to it.

    Of a page that has no dark colours there are none.
    """
    if not _DARK.search(html):
        return ""
    sheets = dict.fromkeys(found["href"] for found in _SHEET.finditer(html))
    link = Markup('<link rel="stylesheet" media="(prefers-color-scheme: dark)" href="{}?dark">')
    return "".join(link.format(Markup(href)) for href in sheets)  # noqa: S704  -- it stood in the page just so


def darkened(css: str) -> str:
    """What in a style sheet is about dark colours, said of the colours a page begins with."""
    return "".join(_SLATE.sub(_BEGINS, block) for block in _blocks(css) if _SLATE.search(block))


def _blocks(css: str) -> Iterator[str]:
    """The rules of a style sheet, each as a whole."""
    depth = start = 0
    for brace in _BRACE.finditer(css):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            yield css[start : brace.end()]
            start = brace.end()
