"""The Content-Security-Policy of the built site: nothing runs and nothing loads but what the site itself brought.

The theme's few inline scripts and styles are allowed by their hashes. An author's are not: a script in a page's
Markdown stops the build (`running`). Whatever else the policy takes out of a page (a `style` attribute, a picture from
another address) is counted, so that nobody wonders.
"""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field
from hashlib import sha256

from .running import is_inline_script

MOST_HASHES = 40  # more would make a header that proxies refuse
TOO_MANY = (
    "The theme or a plugin puts {count} different scripts and styles into pages, and the header that allows each would "
    'be too long. Put what varies from page to page into <script type="application/json">, and one script beside it.'
)

_RULES = (
    "default-src 'none'",
    "script-src 'self'{scripts}",
    "style-src 'self'{styles}",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
    "object-src 'none'",
)
_INLINE = re.compile(r"<(script|style)\b([^<>]*)>(.*?)</\1\b[^>]*>", re.DOTALL | re.IGNORECASE)

# Within a tag. An attribute value may hold a `>` and so hide what follows it; the policy itself still refuses that.
_STYLE = re.compile(r"<[a-z][^<>]*?[\s/]style\s*=|<style\b", re.IGNORECASE)
_FOREIGN = re.compile(
    r"""<(?:img|script|iframe|video|audio|source|embed|link)\b[^<>]*?\s(?:src|srcset|href)\s*=\s*["']?\s*(?:https?:)?//""",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Hashes:
    """The theme's inline scripts and styles, by their hashes, collected from finished pages."""

    scripts: set[str] = field(default_factory=set)
    styles: set[str] = field(default_factory=set)

    def collect(self, html: str, content: str = "") -> None:
        """Take up the inline scripts and styles of a finished page that do not come from its Markdown `content`."""
        theme = html.replace(content, "", 1) if content else html
        for tag, attributes, body in _INLINE.findall(theme):
            if tag.lower() == "style":
                self.styles.add(_hash(body))
            elif is_inline_script(attributes):
                self.scripts.add(_hash(body))


def too_many(hashes: Hashes) -> str:
    """A warning when there are more inline scripts and styles than a header can list; else ""."""
    count = len(hashes.scripts) + len(hashes.styles)
    return TOO_MANY.format(count=count) if count > MOST_HASHES else ""


def policy(hashes: Hashes) -> str:
    """The header's value, one line."""
    values = {"scripts": _listed(hashes.scripts), "styles": _listed(hashes.styles)}
    return "; ".join(rule.format(**values) for rule in _RULES)


def dropped(content: str) -> tuple[str, ...]:
    """What in a page's rendered Markdown the policy takes out without harm: of "style", "foreign"."""
    kinds = []
    if "style" in content and _STYLE.search(content):
        kinds.append("style")
    if "//" in content and _FOREIGN.search(content):
        kinds.append("foreign")
    return tuple(kinds)


def _hash(text: str) -> str:
    return "'sha256-" + b64encode(sha256(text.encode()).digest()).decode() + "'"


def _listed(hashes: set[str]) -> str:
    return "".join(" " + one for one in sorted(hashes))
