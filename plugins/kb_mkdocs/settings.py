"""The few settings of a site that must be so for it to be served under its policy, made so as gently as possible.

Each function changes one thing and only where the site left MkDocs' or Material's default; what an author chose on
purpose stays. Those that a reader would notice say so in one line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import material.extensions.emoji
import pymdownx.emoji  # type: ignore[import-untyped]

from . import diagrams

if TYPE_CHECKING:
    from collections.abc import Callable
    from xml.etree.ElementTree import Element

    from mkdocs.config.defaults import MkDocsConfig

TABLES, EXTRA = ("tables", "markdown.extensions.tables"), ("extra", "markdown.extensions.extra")
EMOJI, FENCES, BUNDLE = "pymdownx.emoji", "pymdownx.superfences", "pymdownx.extra"
_FROM_ELSEWHERE = {  # each draws emoji as pictures from a public address
    None,
    material.extensions.emoji.to_svg,
    pymdownx.emoji.to_png,
    pymdownx.emoji.to_png_sprite,
    pymdownx.emoji.to_svg,
    pymdownx.emoji.to_svg_sprite,
}


def settle(config: MkDocsConfig, fence: Callable[..., str]) -> list[str]:
    """Make the settings of `config` as they must be, and say in words what a reader may notice.

    `fence` shows a Mermaid fence, as a formatter of `pymdownx.superfences`.
    """
    one_scope(config)
    align_by_attribute(config)
    emoji_as_characters(config)
    draw_fences(config, fence)
    return [notice for notice in (system_fonts(config),) if notice]


def one_scope(config: MkDocsConfig) -> None:
    """Let the theme's first inline script be the same on every page, so that one hash allows it."""
    config.extra.setdefault("scope", urlsplit(config.site_url or "/").path or "/")


def align_by_attribute(config: MkDocsConfig) -> None:
    """Let table cells be aligned by `align` and not by `style`, which the policy drops."""
    for name in TABLES:
        if name in config.markdown_extensions:
            _options(config, name).setdefault("use_align_attribute", True)
    for name in EXTRA:  # brings tables of its own
        if name in config.markdown_extensions:
            _options(config, name).setdefault("tables", {}).setdefault("use_align_attribute", True)


def emoji_as_characters(config: MkDocsConfig) -> None:
    """Let emoji be characters and icons inline SVG, where the stock generators would load pictures from elsewhere."""
    if EMOJI in config.markdown_extensions:
        options = _options(config, EMOJI)
        if options.get("emoji_generator") in _FROM_ELSEWHERE:
            options["emoji_generator"] = icon_or_character


def icon_or_character(  # noqa: PLR0913, PLR0917  -- the signature pymdownx calls
    index: str,
    shortname: str,
    alias: str,
    uc: str | None,
    alt: str,
    title: str,
    category: str,
    options: dict[str, Any],
    md: Any,  # noqa: ANN401  -- Markdown's own object, which carries attributes of its extensions
) -> Element | str:
    """An emoji as its character; one of Material's icons as the inline SVG Material makes of it."""
    if uc:
        return "".join(chr(int(code, 16)) for code in uc.split("-"))
    icon: Element = material.extensions.emoji.to_svg(index, shortname, alias, uc, alt, title, category, options, md)
    return icon


def draw_fences(config: MkDocsConfig, formatter: Callable[..., str]) -> None:
    """Let `formatter` show Mermaid fences, where Material's way would load a script from a public address."""
    where = [_options(config, FENCES)] if FENCES in config.markdown_extensions else []
    if BUNDLE in config.markdown_extensions:  # brings fences of its own
        where.append(_options(config, BUNDLE).setdefault(FENCES, {}))
    ours = {"name": diagrams.FENCE, "class": diagrams.FENCE, "format": formatter}
    for options in where:
        others = [fence for fence in options.get("custom_fences") or [] if fence.get("name") != diagrams.FENCE]
        options["custom_fences"] = [*others, ours]


def system_fonts(config: MkDocsConfig) -> str:
    """Turn off the fonts Material would fetch from elsewhere, unless the site's privacy plugin brings them home."""
    privacy = config.plugins.get("material/privacy")
    if config.theme.get("font") is False or (privacy and privacy.config.get("enabled")):
        return ""
    config.theme["font"] = False
    return "Fonts from another address are left out, the reader's own are used. `theme: font: false` agrees to it."


def _options(config: MkDocsConfig, extension: str) -> dict[str, Any]:
    options: dict[str, Any] = config.mdx_configs.setdefault(extension, {})
    return options
